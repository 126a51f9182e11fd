"""An account. `folded` is its name as names are compared."""

from handoffctl.db.models import Record


class AccountRecord(Record, table=True):
    __tablename__ = "account"
    slug: str
    name: str
    folded: str
    domain: str | None = None
    unnamed: int = 0
    test: int = 0
