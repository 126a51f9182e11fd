"""Queries for the ledger of summaries: those of a deal, the unanswered ones, and what a client confirmed with one."""

from handoffctl.db.query import Query, Row
from handoffctl.deals.lookup_query import Deal, full_deal_ref
from handoffctl.deals.stays_query import deal_names
from handoffctl.emails.summary_model import DealSummary, SummaryEmail

_COLUMNS = """s.id, s.deal_id, s.state, s.sent_at, s.confirmed_at, s.reference, s.sent_as, s.recipient, s.subject,
              s.body, s.hash, s.edited, s.announced, s.text_command_id, s.since_id, s.question, s.nudged_at,
              (SELECT n.note FROM answer AS n WHERE n.summary_id = s.id AND n.note IS NOT NULL
               ORDER BY n.id DESC LIMIT 1) AS note,
              (SELECT n.line FROM answer AS n WHERE n.summary_id = s.id AND n.taken_as = s.state
               ORDER BY n.id DESC LIMIT 1) AS answer_line,
              (SELECT n.mail FROM answer AS n WHERE n.summary_id = s.id AND n.taken_as = s.state
               ORDER BY n.id DESC LIMIT 1) AS answer_mail"""


def _summary(row: Row) -> SummaryEmail:
    announced = None if row["announced"] is None else bool(row["announced"])
    return SummaryEmail(
        row["id"], row["deal_id"], row["state"], row["reference"] or "", row["sent_as"] or "", row["recipient"] or "",
        row["subject"] or "", row["body"] or "", row["hash"] or "", bool(row["edited"]), announced, row["note"] or "",
        row["sent_at"], row["confirmed_at"], row["text_command_id"], row["since_id"], row["question"] or "",
        row["answer_line"] or "", row["answer_mail"] or "", row["nudged_at"],
    )  # fmt: skip


def of_deal(query: Query, deal_id: int) -> list[SummaryEmail]:
    """Returns every summary of a deal in the order in which they were sent; a draft comes last."""
    sql = f"SELECT {_COLUMNS} FROM summary AS s WHERE s.deal_id = :deal ORDER BY s.state = 'draft', s.sent_at, s.id"
    rows = query(sql, deal=deal_id)
    return [_summary(row) for row in rows]


def draft_of(query: Query, deal_id: int) -> SummaryEmail | None:
    """Returns the draft of a deal, or None."""
    return next((summary for summary in of_deal(query, deal_id) if summary.state == "draft"), None)


def by_id(query: Query, deal_id: int, summary_id: int) -> SummaryEmail:
    """Returns the summary of the deal with this id."""
    return next(summary for summary in of_deal(query, deal_id) if summary.id == summary_id)


# A later summary takes the place of an unanswered one, and a closed deal waits for no answer.
_WAITING = """s.state IN ('draft', 'sent') AND v.kind = 'open' AND NOT EXISTS
    (SELECT 1 FROM summary AS t WHERE t.deal_id = s.deal_id AND (t.sent_at, t.id) > (s.sent_at, s.id)
     AND t.state <> 'draft')"""

_LISTED = f"""
    SELECT {_COLUMNS}, a.slug AS account, a.id AS account_id, a.name, d.slug AS deal, v.playbook
    FROM summary AS s JOIN deal AS d ON d.id = s.deal_id JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    JOIN account AS a ON a.id = d.account_id
    WHERE {{where}} ORDER BY s.sent_at IS NULL, s.sent_at, s.id"""


def of_every_deal(
    query: Query, answered_too: bool, account_id: int | None = None, deal_id: int | None = None
) -> list[DealSummary]:
    """Returns the drafts and the unanswered summaries, or with `answered_too` all of them, oldest first."""
    where = "1" if answered_too else _WAITING
    if account_id is not None:
        where += " AND a.id = :account AND d.id = coalesce(:deal, d.id)"
    named = {} if account_id is None else {"account": account_id, "deal": deal_id}
    return _deal_summaries(query, query(_LISTED.format(where=where), **named))


def every_sent(query: Query) -> list[DealSummary]:
    """Returns every summary that was sent, including those of closed deals: the ones a reply may answer."""
    return _deal_summaries(query, query(_LISTED.format(where="s.state <> 'draft'")))


def _deal_summaries(query: Query, rows: list[Row]) -> list[DealSummary]:
    names = deal_names(query, sorted({row["deal_id"] for row in rows}))
    return [
        DealSummary(
            _summary(row), row["account_id"], row["account"], row["name"], row["deal"], row["playbook"],
            names[row["deal_id"]].ref,
        )
        for row in rows
    ]  # fmt: skip


def references(query: Query) -> set[str]:
    """Returns the references of all summaries."""
    return {row[0] for row in query("SELECT reference FROM summary WHERE reference IS NOT NULL")}


def ids_with_reference(query: Query, reference: str) -> list[int]:
    """Returns the ids of the summaries with this reference."""
    return [row[0] for row in query("SELECT id FROM summary WHERE reference = :reference", reference=reference)]


def deal_with_reference(query: Query, reference: str) -> str | None:
    """Returns the name `account/deal` of the deal whose summary has this reference, in any case; None if none has."""
    sql = """SELECT a.slug AS account, d.slug AS deal FROM summary AS s JOIN deal AS d ON d.id = s.deal_id
             JOIN account AS a ON a.id = d.account_id WHERE s.reference = :reference"""
    rows = query(sql, reference=reference.strip().upper())
    return full_deal_ref(rows[0]["account"], rows[0]["deal"]) if len(rows) == 1 else None


def is_recorded_reply(query: Query, hash: str) -> bool:
    """Returns True if an answer was recorded from the mail with this hash."""
    return bool(query("SELECT 1 FROM answer WHERE hash = :hash", hash=hash))


_RECORDED = """
    SELECT name, value, command_id FROM field_value
    WHERE (account_id = :account AND deal_id IS NULL OR deal_id = :deal) AND NOT forgotten ORDER BY id"""


def confirmed_values(query: Query, deal: Deal, summary: SummaryEmail) -> dict[str, str]:
    """Returns the values known when the text was written, with the corrections of the client."""
    answers = _answer_commands(query, summary)
    values: dict[str, str] = {}
    for row in query(_RECORDED, account=deal.account.id, deal=deal.id):
        in_text = summary.text_command is not None and row["command_id"] <= summary.text_command
        if in_text or row["command_id"] in answers:
            values[row["name"]] = row["value"]
    return values


def _answer_commands(query: Query, summary: SummaryEmail) -> set[int]:
    """Returns the ids of the commands that recorded the client's answers."""
    return {row[0] for row in query("SELECT command_id FROM answer WHERE summary_id = :id", id=summary.id)}


def client_line(query: Query, summary: SummaryEmail) -> str:
    """Returns the line with which the client answered this summary last, or an empty text if none was kept."""
    sql = "SELECT line FROM answer WHERE summary_id = :id AND line IS NOT NULL ORDER BY id DESC LIMIT 1"
    rows = query(sql, id=summary.id)
    return str(rows[0]["line"]) if rows else ""


def corrections(query: Query, summary: SummaryEmail) -> dict[str, str]:
    """Returns the values that the client corrected with their answer."""
    sql = """SELECT v.name, v.value FROM answer AS n JOIN field_value AS v ON v.command_id = n.command_id
             WHERE n.summary_id = :id AND n.taken_as = 'corrected' AND NOT v.forgotten ORDER BY v.id"""
    return {row["name"]: row["value"] for row in query(sql, id=summary.id)}
