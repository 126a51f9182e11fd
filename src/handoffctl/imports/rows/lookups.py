"""Rows about what deals refer to: owners, stages, accounts, contacts."""

from handoffctl.core.names import NotAName
from handoffctl.imports.cells.parsers import needed
from handoffctl.imports.rows.batch import Chunk, Laid
from handoffctl.imports.rows.context import Lexicon
from handoffctl.imports.rows.stages import flag


def owners(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """The names that ids of owners stand for. Nothing is laid down."""
    names = lexicon.cells.names(chunk.column("owner")) if chunk.has("owner") else lexicon.person(chunk)["name"]
    for key, name in zip(lexicon.cells.keys(chunk.column("owner_id")), names, strict=True):
        if key and isinstance(name, str):
            lexicon.owners[key] = name
    return []


def stages(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """The names, order and kinds that ids of stages stand for. Nothing is laid down."""
    for code, name, place, closed, won in chunk.columns("stage_id", "stage", "position", "closed", "won"):
        final = flag(closed) or flag(won)
        lexicon.stages.call(code, name or code, place, ("won" if flag(won) else "lost") if final else None)
    return []


def accounts(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """A row for each account; one without a name is called by its domain. Raises Unfit or NotAName."""
    made = lexicon.who(chunk)
    if "account_key" in made:
        needed(made["account_key"], chunk.said("account_id"))
    domains = made.get("domain") or [None] * len(chunk)
    made["account"] = [name or domain for name, domain in zip(made.get("account") or domains, domains, strict=True)]
    if None in made["account"]:
        raise NotAName("The account name is empty.")
    return [("account", chunk.placed(made))]


def contacts(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """A row for each contact; one without a name is called by the address. Raises Unfit or NotAName."""
    made = lexicon.who(chunk) | lexicon.person(chunk)
    if None in made["name"]:
        raise NotAName("The name is empty.")
    if chunk.has("contact_id"):
        made["key"] = lexicon.keys(chunk, "contact_id")
    return [("contact", chunk.placed(made))]
