"""Writes what arrives and is new, all in the transaction that compared it."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from handoffctl.db.foreign_keys import naming
from handoffctl.db.undo_log import install_undo_triggers, set_current_command
from handoffctl.imports.staging.database import FOLDED, Incoming

# An index is built at once in a third of the time that row by row takes, where more stays arrive than are there.
REBUILT = ("one_present_visit", "visit_kinds", "visit_lengths", "visit_present")


@dataclass(frozen=True)
class Signed:
    """Under what an import is written: its command, the playbook, and how a value of a field is read."""

    at: str
    words: str
    says: str
    playbook: str
    content: str
    value: Callable[[str, str], str | None]
    type_of: Callable[[str], str]
    is_of_account: Callable[[str], bool]


def write(incoming: Incoming, signed: Signed) -> None:
    """Writes everything, and nothing at all where nothing is new. To be called within a transaction."""
    command = incoming.one("SELECT coalesce(max(id), 0) + 1 FROM command")
    incoming.do("INSERT INTO command (id, at, words, says, final) VALUES (:id, :at, :words, :says, NULL)",
                id=command, at=signed.at, words=signed.words, says=signed.says)  # fmt: skip
    install_undo_triggers(incoming.connection)
    set_current_command(incoming.connection, command)
    parts = (_accounts, _contacts, _adopted, _deals, _stays, _origins, _values, _touches)
    if sum(part(incoming, command, signed) for part in parts):
        _revision(incoming, command, signed)
    else:
        incoming.do("DELETE FROM command WHERE id = :id", id=command)


def _revision(incoming: Incoming, command: int, signed: Signed) -> None:
    """Keeps the content of the playbook, unless it is the one kept last."""
    digest = sha256(signed.content.encode()).hexdigest()
    incoming.do("""
        INSERT INTO playbook_revision (command_id, playbook, hash, content, at)
        SELECT :command, :playbook, :hash, :content, :at WHERE :hash IS NOT (
            SELECT hash FROM playbook_revision WHERE playbook = :playbook ORDER BY id DESC LIMIT 1)""",
        command=command, playbook=signed.playbook, hash=digest, content=signed.content, at=signed.at)  # fmt: skip


def _accounts(incoming: Incoming, command: int, signed: Signed) -> int:
    return incoming.do(f"""
        INSERT INTO account (id, command_id, slug, name, folded, domain, unnamed, test)
        SELECT id, :command, slug, name, folded, domain, 0, 0 FROM incoming.who WHERE there IS NULL
        UNION ALL SELECT account_id, :command, slug, named, {FOLDED.format("named")}, NULL, 1, 0 FROM (
            SELECT *, coalesce(name, contact_name, contact_email, key) AS named FROM incoming.found
            WHERE fate = 'new' AND account_no IS NULL ORDER BY no)""", command=command) + incoming.do("""
        UPDATE account SET domain = w.domain FROM incoming.who AS w
        WHERE w.there = account.id AND account.domain IS NULL AND w.domain IS NOT NULL""") + incoming.do("""
        UPDATE account SET name = w.name, folded = w.folded FROM incoming.who AS w
        WHERE w.there = account.id AND account.folded = account.domain AND w.folded <> account.folded
          AND w.key NOT GLOB 'domain:*'""") + incoming.do("""
        UPDATE account SET name = w.name, folded = w.folded, unnamed = 0 FROM incoming.who AS w
        WHERE w.there = account.id AND account.unnamed""")  # fmt: skip


def _contacts(incoming: Incoming, command: int, signed: Signed) -> int:
    made = incoming.do("""
        INSERT INTO contact (id, command_id, account_id, name, folded, email, phone, title, main)
        SELECT id, :command, account_id, name, folded, email, phone, title,
               row_number() OVER (PARTITION BY account_id ORDER BY no) = 1
               AND NOT EXISTS (SELECT 1 FROM contact AS c WHERE c.account_id = p.account_id)
        FROM incoming.person AS p WHERE there IS NULL ORDER BY no""", command=command)  # fmt: skip
    for column in ("email", "phone", "title"):  # what was written here stays; the export fills what is empty
        made += incoming.do(f"""
            UPDATE contact SET {column} = p.{column} FROM incoming.person AS p
            WHERE p.there = contact.id AND contact.{column} IS NULL AND p.{column} IS NOT NULL""")
    # Nobody is called like their address: that only stood in for the name.
    return made + incoming.do("""
        UPDATE contact SET name = p.name, folded = p.folded FROM incoming.person AS p
        WHERE p.there = contact.id AND contact.name = contact.email AND p.name <> p.email""")


def _adopted(incoming: Incoming, command: int, signed: Signed) -> int:
    """Deals that stood alone come to their account, with what hangs on them; or get their name."""
    if not incoming.any("incoming.found WHERE alone IS NOT NULL"):
        return 0
    made = incoming.do("""
        UPDATE deal SET account_id = f.account_id, slug = f.slug, name = coalesce(f.name, deal.name)
        FROM incoming.found AS f WHERE f.there = deal.id AND f.alone IS NOT NULL""")
    for table, place in naming(incoming.rows, "account"):
        incoming.do(f"""
            UPDATE main.{table} SET {place} = f.account_id FROM incoming.found AS f
            WHERE f.alone = {table}.{place} AND f.account_id <> f.alone""")
    _one_of_each(incoming)
    incoming.do("""DELETE FROM account WHERE id IN (
                       SELECT alone FROM incoming.found WHERE alone <> account_id)""")
    incoming.do("""
        UPDATE account SET name = f.name, folded = folded(f.name), slug = f.slug FROM incoming.found AS f
        WHERE f.alone = account.id AND f.account_id = f.alone AND f.name IS NOT NULL AND f.slug IS NOT NULL""")
    return made


def _one_of_each(incoming: Incoming) -> None:
    """Where accounts have come together, each has one main contact, and every person once."""
    there = "account_id IN (SELECT account_id FROM incoming.found WHERE alone <> account_id)"
    same = (
        """(SELECT min(o.id) FROM contact AS o WHERE o.account_id = contact.account_id AND o.email = contact.email)"""
    )
    incoming.do(f"""
        UPDATE origin SET contact_id = (SELECT {same} FROM contact WHERE contact.id = origin.contact_id)
        WHERE contact_id IN (SELECT id FROM contact WHERE {there} AND id > {same})""")
    incoming.do(f"DELETE FROM contact WHERE {there} AND id > {same}")
    incoming.do(f"""
        UPDATE contact SET main = 0 WHERE main AND {there} AND id > (
            SELECT min(o.id) FROM contact AS o WHERE o.account_id = contact.account_id AND o.main)""")


def _deals(incoming: Incoming, command: int, signed: Signed) -> int:
    incoming.do("CREATE TABLE incoming.path (way TEXT PRIMARY KEY, id INT, stages TEXT)")
    names = {row["id"]: f"{row['playbook']}/{row['name']}" for row in incoming.each("SELECT * FROM incoming.stage")}
    incoming.connection.create_function(
        "stages", 1, lambda way: ">".join(names[int(stage)] for stage in way.split(">")), deterministic=True
    )
    incoming.do("""
        INSERT INTO incoming.path (way, stages) SELECT way, stages(way) FROM (
            SELECT DISTINCT way FROM incoming.went AS w JOIN incoming.found AS f ON f.no = w.no
            WHERE f.fate IN ('new', 'follows'))""")
    made = incoming.do(
        """
        INSERT OR IGNORE INTO path (command_id, stages) SELECT :command, stages FROM incoming.path""",
        command=command,
    )
    incoming.do("UPDATE incoming.path SET id = (SELECT id FROM path AS p WHERE p.stages = incoming.path.stages)")
    made += incoming.do("""
        INSERT INTO deal (id, command_id, account_id, slug, name, amount_cents, expected_close, source, path_id)
        SELECT f.id, :command, f.account_id, f.slug, f.name, f.amount_cents, f.close, f.source, p.id
        FROM incoming.found AS f JOIN incoming.went AS w ON w.no = f.no JOIN incoming.path AS p ON p.way = w.way
        WHERE f.fate = 'new' ORDER BY f.no""", command=command)  # fmt: skip
    made += incoming.do("""
        UPDATE deal SET amount_cents = coalesce(f.amount_cents, deal.amount_cents),
            expected_close = coalesce(f.close, deal.expected_close), source = coalesce(f.source, deal.source),
            outside_stage = iif(f.fate = 'worked on' AND f.stale IS NULL, f.outside_stage, deal.outside_stage),
            outside_at = iif(f.fate = 'worked on' AND f.stale IS NULL, f.outside_at, deal.outside_at)
        FROM incoming.found AS f WHERE f.there = deal.id AND f.changed""")
    return made + incoming.do("""
        UPDATE deal SET path_id = p.id FROM incoming.found AS f JOIN incoming.went AS w ON w.no = f.no
        JOIN incoming.path AS p ON p.way = w.way WHERE f.there = deal.id AND f.fate = 'follows'""")


# A visit as it arrives: `x` is the stay, `y` the one that follows, `a` and `b` their stages.
_VISIT = """
    :playbook AS playbook, a.name AS stage, a.kind AS kind, coalesce(x.owner, f.owner, a.owner) AS owner,
    x.entered AS entered_at, y.entered AS left_at,
    CASE WHEN y.at IS NULL OR x.at IS NULL THEN NULL
         WHEN typeof(x.at) = 'integer' AND typeof(y.at) = 'integer' THEN (y.at - x.at) / 86400.0
         ELSE days(x.at, y.at) END AS days,
    iif(y.no IS NULL, NULL, :playbook) AS to_playbook, b.name AS to_stage, b.kind AS to_kind, y.no IS NOT NULL AS ended,
    iif(a.kind = 'open', NULL, a.kind) AS disposition, x.told AS imported"""
_ARRIVING = """
    FROM incoming.found AS f CROSS JOIN incoming.stay AS x ON x.no = f.no JOIN incoming.stage AS a ON a.id = x.stage
    LEFT JOIN incoming.stay AS y ON y.no = x.no AND y.number = x.number + 1
    LEFT JOIN incoming.stage AS b ON b.id = y.stage"""
_ARRIVED = """(SELECT count(*) FROM incoming.stay AS s JOIN incoming.found AS f ON f.no = s.no
               WHERE f.there = visit.deal_id)"""
_COLUMNS = ("playbook", "stage", "kind", "owner", "entered_at", "left_at", "days", "to_playbook", "to_stage", "to_kind",
            "ended", "disposition", "imported")  # fmt: skip


def _stays(incoming: Incoming, command: int, signed: Signed) -> int:
    made = 0
    follows = incoming.any("incoming.found WHERE fate = 'follows'")
    if follows:
        made += _rewritten(incoming, signed)
    rebuilt = []
    if incoming.one("SELECT count(*) FROM incoming.stay") > incoming.one("SELECT count(*) FROM visit"):
        names = ", ".join(f"'{name}'" for name in REBUILT)
        rebuilt = incoming.rows(f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name IN ({names})")
    for index in rebuilt:
        incoming.do(f"DROP INDEX main.{index['name']}")
    made += incoming.do(f"""
        INSERT INTO visit (command_id, deal_id, number, {", ".join(_COLUMNS)})
        SELECT :command, f.id, x.number, {_VISIT} {_ARRIVING}
        WHERE f.fate = 'new' OR (f.fate = 'follows' AND x.number > (
            SELECT count(*) FROM visit AS v WHERE v.deal_id = f.there))
        ORDER BY f.no, x.number""", command=command, playbook=signed.playbook)  # fmt: skip
    for index in rebuilt:
        incoming.do(index["sql"])
    return made + (_dropped(incoming) if follows else 0)


def _rewritten(incoming: Incoming, signed: Signed) -> int:
    """The stays of deals never worked on here follow the export, in place; those too many are ended, to be dropped."""
    follows = "deal_id IN (SELECT there FROM incoming.found WHERE fate = 'follows')"
    incoming.do(f"UPDATE visit SET ended = 1 WHERE {follows} AND number > {_ARRIVED}")
    taken = ", ".join(f"{column} = n.{column}" for column in _COLUMNS)
    return incoming.do(f"""
        UPDATE visit SET {taken} FROM (SELECT f.there, x.number, {_VISIT} {_ARRIVING} WHERE f.fate = 'follows') AS n
        WHERE n.there = visit.deal_id AND n.number = visit.number""", playbook=signed.playbook)  # fmt: skip


def _dropped(incoming: Incoming) -> int:
    """Attempts to hand a deal off go to the stay in the stage they were made in; then stays too many are dropped."""
    follows = "deal_id IN (SELECT there FROM incoming.found WHERE fate = 'follows')"
    left = f"v.deal_id = handoff.deal_id AND v.number <= {_ARRIVED.replace('visit.', 'v.')}"
    incoming.do(f"""
        UPDATE handoff SET visit_id = coalesce(
            (SELECT v.id FROM visit AS v WHERE {left} AND v.stage = handoff.from_stage ORDER BY v.number DESC LIMIT 1),
            (SELECT v.id FROM visit AS v WHERE {left} ORDER BY v.number DESC LIMIT 1))
        WHERE {follows}""")
    return incoming.do(f"DELETE FROM visit WHERE {follows} AND number > {_ARRIVED}")


def _origins(incoming: Incoming, command: int, signed: Signed) -> int:
    """What the records are called in the export, so that the next import finds them."""
    made = 0
    for record, sql in (
        ("account", "SELECT key, id FROM incoming.who"),
        ("contact", "SELECT key, id FROM incoming.person WHERE key IS NOT NULL"),
        ("deal", "SELECT key, id FROM incoming.found WHERE there IS NULL ORDER BY no"),
    ):
        made += incoming.do(f"""
            INSERT OR IGNORE INTO origin (command_id, record_key, {record}_id)
            SELECT :command, :origin || '{record}:' || key, id FROM ({sql})""", command=command)  # fmt: skip
    return made


def _values(incoming: Incoming, command: int, signed: Signed) -> int:
    """Further columns kept as fields: the last value of each deal, or account, unless somebody gave one here."""
    if not incoming.any("incoming.value"):
        return 0
    incoming.connection.create_function("value_of", 2, signed.value)
    incoming.connection.create_function("type_of", 1, signed.type_of)
    incoming.connection.create_function("is_of_account", 1, signed.is_of_account)
    incoming.do("""
        CREATE TABLE incoming.told_value AS
        SELECT account_id, deal_id, name, value_of(name, value) AS value FROM (
            SELECT *, row_number() OVER (PARTITION BY account_id, deal_id, name ORDER BY place DESC) AS n FROM (
                SELECT f.account_id, iif(is_of_account(v.name), NULL, f.id) AS deal_id, v.name, v.value,
                       v.rowid AS place
                FROM incoming.value AS v JOIN incoming.found AS f ON f.key = v.deal WHERE f.stale IS NULL))
        WHERE n = 1""")
    known = "FROM field_value AS k WHERE k.account_id = n.account_id AND k.deal_id IS n.deal_id AND k.name = n.name"
    return incoming.do(f"""
        INSERT INTO field_value (command_id, account_id, deal_id, name, type, value, at, imported)
        SELECT :command, account_id, deal_id, name, type_of(name), value, :at, 1 FROM incoming.told_value AS n
        WHERE value IS NOT NULL AND NOT EXISTS (SELECT 1 {known} AND NOT k.imported)
          AND value IS NOT (SELECT k.value {known} ORDER BY k.id DESC LIMIT 1)""",
        command=command, at=signed.at)  # fmt: skip


def _touches(incoming: Incoming, command: int, signed: Signed) -> int:
    if not incoming.any("incoming.touch"):
        return 0
    newest = incoming.one("SELECT max(id) FROM touch")
    incoming.do("CREATE TABLE incoming.told AS SELECT *, row_number() OVER (ORDER BY moment(at), rowid) AS n "
                "FROM incoming.touch")  # fmt: skip
    made = incoming.do("""
        INSERT INTO touch (id, command_id, account_id, deal_id, kind, direction, outcome, text, at)
        SELECT :newest + n, :command, account_id, deal_id, kind, direction, outcome, text, moment(at)
        FROM incoming.told ORDER BY n""", newest=newest, command=command)  # fmt: skip
    return made + incoming.do("""
        INSERT INTO origin (command_id, record_key, touch_id)
        SELECT :command, :origin || 'touch:' || key, :newest + n FROM incoming.told""",
        command=command, newest=newest)  # fmt: skip
