"""Reads rows that deals refer to: owners, stages, accounts, contacts."""

from handoffctl.core.names import NotAName
from handoffctl.imports.cells.parsers import require_all
from handoffctl.imports.rows.batch import RowBatch, StagedRows
from handoffctl.imports.rows.context import ImportContext
from handoffctl.imports.rows.stages import parse_flag


def read_owners(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Remembers the names of owners by their ids. Adds no rows to the staging tables."""
    names = context.cells.names(batch.column("owner")) if batch.has("owner") else context.person_columns(batch)["name"]
    for key, name in zip(context.cells.ids(batch.column("owner_id")), names, strict=True):
        if key and isinstance(name, str):
            context.owners[key] = name
    return []


def read_stages(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Remembers the names, order and kinds of stages by their ids. Adds no rows to the staging tables."""
    for code, name, position, closed, won in batch.columns("stage_id", "stage", "position", "closed", "won"):
        closes = parse_flag(closed) or parse_flag(won)
        context.stages.register(
            code, name or code, position, ("won" if parse_flag(won) else "lost") if closes else None
        )
    return []


def read_accounts(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Reads a row for each account; one without a name is called by its domain. Raises InvalidCell or NotAName."""
    columns = context.account_columns(batch)
    if "account_key" in columns:
        require_all(columns["account_key"], batch.header("account_id"))
    domains = columns.get("domain") or [None] * len(batch)
    columns["account"] = [
        name or domain for name, domain in zip(columns.get("account") or domains, domains, strict=True)
    ]
    if None in columns["account"]:
        raise NotAName("The account name is empty.")
    return [("account", batch.with_origin(columns))]


def read_contacts(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Reads a row for each contact; one without a name is called by its address. Raises InvalidCell or NotAName."""
    columns = context.account_columns(batch) | context.person_columns(batch)
    if None in columns["name"]:
        raise NotAName("The name is empty.")
    if batch.has("contact_id"):
        columns["key"] = context.required_ids(batch, "contact_id")
    return [("contact", batch.with_origin(columns))]
