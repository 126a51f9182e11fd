"""What rows were before a command changed or removed them."""

from handoffctl.store.tables import Written


class Former(Written, table=True):
    of_table: str
    of_row: int
    was: str
