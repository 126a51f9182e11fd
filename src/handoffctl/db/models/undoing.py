"""What rows were before a command changed or removed them."""

from handoffctl.db.models import Record


class Former(Record, table=True):
    of_table: str
    of_row: int
    was: str
