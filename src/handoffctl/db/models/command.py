"""A command that wrote: when, its words, what it was, and who gave it."""

from handoffctl.db.models import Table, primary_key


class CommandRecord(Table, table=True):
    __tablename__ = "command"
    id: int | None = primary_key()
    at: str
    words: str
    says: str = ""
    account_id: int | None = None
    deal_id: int | None = None
    undoes_id: int | None = None
    final: str | None = None
    kind: str = ""
    author: str = ""
    wrote_file: str | None = None
