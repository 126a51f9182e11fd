"""A stage path, which is stored once for all deals that have it."""

from handoffctl.db.models import Record


class PathRecord(Record, table=True):
    __tablename__ = "path"
    stages: str
