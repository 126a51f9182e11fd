"""What rows were before a command changed or removed them."""

from handoffctl.db.models import Written


class Former(Written, table=True):
    of_table: str
    of_row: int
    was: str
