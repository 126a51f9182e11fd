"""The previous content of a row that a command changed or deleted."""

from handoffctl.db.models import Record


class FormerRecord(Record, table=True):
    __tablename__ = "former"
    of_table: str
    of_row: int
    was: str
