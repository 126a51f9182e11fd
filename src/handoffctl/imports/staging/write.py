"""Writes what is new in an export, in the transaction that compared it."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from handoffctl.db.foreign_keys import references_to
from handoffctl.db.invocation import Invocation
from handoffctl.db.undo_log import install_undo_triggers, set_current_command
from handoffctl.imports.staging.database import FOLDED, StagingDb

# If more stays are added than exist, rebuilding an index takes a third of the time of updating it row by row.
REBUILT_INDEXES = ("one_present_visit", "visit_kinds", "visit_lengths", "visit_present")


@dataclass(frozen=True)
class WriteDetails:
    """What an import writes besides the staged rows: its command and the playbook; and how to read field values."""

    invocation: Invocation
    summary: str
    draft: str | None  # path in the home folder of the draft playbook that the import wrote
    playbook: str
    content: str
    keep_content: bool  # True if new deals keep this content, as they do of a shipped playbook
    read_value: Callable[[str, str], str | None]
    type_of: Callable[[str], str]
    is_of_account: Callable[[str], bool]


def write_import(staging: StagingDb, details: WriteDetails) -> None:
    """Writes everything, or nothing at all if nothing is new. Call it within `main_transaction`."""
    command = staging.scalar("SELECT coalesce(max(id), 0) + 1 FROM command")
    invocation = details.invocation
    staging.execute("""INSERT INTO command (id, at, words, kind, author, says, wrote_file, final)
                       VALUES (:id, :at, :words, :kind, :author, :says, :file, NULL)""",
                    id=command, at=invocation.at, words=invocation.words, kind=invocation.kind,
                    author=invocation.author, says=details.summary, file=details.draft)  # fmt: skip
    install_undo_triggers(staging.connection)
    set_current_command(staging.connection, command)
    revision = _write_revision(staging, command, details)
    kept = revision if details.keep_content else None
    parts = (
        _write_accounts,
        _write_contacts,
        _write_adopted,
        _write_deals,
        _write_stays,
        _write_origins,
        _write_values,
        _write_touches,
    )
    changes = sum(part(staging, command, details) for part in parts)
    if changes and kept is not None:
        staging.execute("UPDATE deal SET revision_id = :kept WHERE command_id = :command AND id IN "
                        "(SELECT id FROM incoming.deals WHERE fate = 'new')", kept=kept, command=command)  # fmt: skip
    if not changes:
        staging.execute("DELETE FROM playbook_revision WHERE command_id = :id", id=command)
        staging.execute("DELETE FROM command WHERE id = :id", id=command)


def _write_revision(staging: StagingDb, command: int, details: WriteDetails) -> int:
    """Archives the content of the playbook unless it is archived, as `archive_revision` does. Returns its id."""
    digest = sha256(details.content.encode()).hexdigest()
    which = "hash = :hash AND" if details.keep_content else ""
    staging.execute(f"""
        INSERT INTO playbook_revision (command_id, playbook, hash, content, at)
        SELECT :command, :playbook, :hash, :content, :at WHERE :hash IS NOT (
            SELECT hash FROM playbook_revision WHERE {which} playbook = :playbook ORDER BY id DESC LIMIT 1)""",
        command=command, playbook=details.playbook, hash=digest, content=details.content,
        at=details.invocation.at)  # fmt: skip
    sql = "SELECT max(id) FROM playbook_revision WHERE playbook = :playbook AND hash = :hash"
    return int(staging.scalar(sql, playbook=details.playbook, hash=digest))


def _write_accounts(staging: StagingDb, command: int, details: WriteDetails) -> int:
    return staging.execute(f"""
        INSERT INTO account (id, command_id, slug, name, folded, domain, unnamed, test)
        SELECT id, :command, slug, name, folded, domain, 0, 0 FROM incoming.accounts WHERE old_id IS NULL
        UNION ALL SELECT account_id, :command, slug, named, {FOLDED.format("named")}, NULL, 1, 0 FROM (
            SELECT *, coalesce(name, contact_name, contact_email, key) AS named FROM incoming.deals
            WHERE fate = 'new' AND account_no IS NULL ORDER BY no)""", command=command) + staging.execute("""
        UPDATE account SET domain = w.domain FROM incoming.accounts AS w
        WHERE w.old_id = account.id AND account.domain IS NULL AND w.domain IS NOT NULL""") + staging.execute("""
        UPDATE account SET name = w.name, folded = w.folded FROM incoming.accounts AS w
        WHERE w.old_id = account.id AND account.folded = account.domain AND w.folded <> account.folded
          AND w.key NOT GLOB 'domain:*'""") + staging.execute("""
        UPDATE account SET name = w.name, folded = w.folded, unnamed = 0 FROM incoming.accounts AS w
        WHERE w.old_id = account.id AND account.unnamed""")  # fmt: skip


def _write_contacts(staging: StagingDb, command: int, details: WriteDetails) -> int:
    changes = staging.execute("""
        INSERT INTO contact (id, command_id, account_id, name, folded, email, phone, title, main)
        SELECT id, :command, account_id, name, folded, email, phone, title,
               row_number() OVER (PARTITION BY account_id ORDER BY no) = 1
               AND NOT EXISTS (SELECT 1 FROM contact AS c WHERE c.account_id = p.account_id)
        FROM incoming.contacts AS p WHERE old_id IS NULL ORDER BY no""", command=command)  # fmt: skip
    for column in ("email", "phone", "title"):  # the export only fills what is empty here
        changes += staging.execute(f"""
            UPDATE contact SET {column} = p.{column} FROM incoming.contacts AS p
            WHERE p.old_id = contact.id AND contact.{column} IS NULL AND p.{column} IS NOT NULL""")
    # An address as a name only stood in for the real one.
    return changes + staging.execute("""
        UPDATE contact SET name = p.name, folded = p.folded FROM incoming.contacts AS p
        WHERE p.old_id = contact.id AND contact.name = contact.email AND p.name <> p.email""")


def _write_adopted(staging: StagingDb, command: int, details: WriteDetails) -> int:
    """Moves deals without an account, and all records about them, to their account; or names that account."""
    if not staging.exists("incoming.deals WHERE own_account IS NOT NULL"):
        return 0
    changes = staging.execute("""
        UPDATE deal SET account_id = f.account_id, slug = f.slug, name = coalesce(f.name, deal.name)
        FROM incoming.deals AS f WHERE f.old_id = deal.id AND f.own_account IS NOT NULL""")
    for table, place in references_to(staging.fetch_all, "account"):
        staging.execute(f"""
            UPDATE main.{table} SET {place} = f.account_id FROM incoming.deals AS f
            WHERE f.own_account = {table}.{place} AND f.account_id <> f.own_account""")
    _merge_contacts(staging)
    staging.execute("""DELETE FROM account WHERE id IN (
                       SELECT own_account FROM incoming.deals WHERE own_account <> account_id)""")
    staging.execute("""
        UPDATE account SET name = f.name, folded = folded(f.name), slug = f.slug FROM incoming.deals AS f
        WHERE f.own_account = account.id AND f.account_id = f.own_account AND f.name IS NOT NULL
          AND f.slug IS NOT NULL""")
    return changes


def _merge_contacts(staging: StagingDb) -> None:
    """Leaves one main contact in each account that deals were moved to, and every person once."""
    in_joined_accounts = "account_id IN (SELECT account_id FROM incoming.deals WHERE own_account <> account_id)"
    first_duplicate = (
        """(SELECT min(o.id) FROM contact AS o WHERE o.account_id = contact.account_id AND o.email = contact.email)"""
    )
    staging.execute(f"""
        UPDATE origin SET contact_id = (SELECT {first_duplicate} FROM contact WHERE contact.id = origin.contact_id)
        WHERE contact_id IN (SELECT id FROM contact WHERE {in_joined_accounts} AND id > {first_duplicate})""")
    staging.execute(f"DELETE FROM contact WHERE {in_joined_accounts} AND id > {first_duplicate}")
    staging.execute(f"""
        UPDATE contact SET main = 0 WHERE main AND {in_joined_accounts} AND id > (
            SELECT min(o.id) FROM contact AS o WHERE o.account_id = contact.account_id AND o.main)""")


def _write_deals(staging: StagingDb, command: int, details: WriteDetails) -> int:
    staging.execute("CREATE TABLE incoming.path (stage_ids TEXT PRIMARY KEY, id INT, stages TEXT)")
    names = {row["id"]: f"{row['playbook']}/{row['name']}" for row in staging.stream("SELECT * FROM incoming.stage")}
    staging.connection.create_function(
        "stages", 1, lambda stage_ids: ">".join(names[int(stage)] for stage in stage_ids.split(">")), deterministic=True
    )
    staging.execute("""
        INSERT INTO incoming.path (stage_ids, stages) SELECT stage_ids, stages(stage_ids) FROM (
            SELECT DISTINCT stage_ids FROM incoming.deal_paths AS w JOIN incoming.deals AS f ON f.no = w.no
            WHERE f.fate IN ('new', 'follows'))""")
    changes = staging.execute(
        """
        INSERT OR IGNORE INTO path (command_id, stages) SELECT :command, stages FROM incoming.path""",
        command=command,
    )
    staging.execute("UPDATE incoming.path SET id = (SELECT id FROM path AS p WHERE p.stages = incoming.path.stages)")
    changes += staging.execute("""
        INSERT INTO deal (id, command_id, account_id, slug, name, amount_cents, expected_close, source, path_id)
        SELECT f.id, :command, f.account_id, f.slug, f.name, f.amount_cents, f.close, f.source, p.id
        FROM incoming.deals AS f JOIN incoming.deal_paths AS w ON w.no = f.no
        JOIN incoming.path AS p ON p.stage_ids = w.stage_ids
        WHERE f.fate = 'new' ORDER BY f.no""", command=command)  # fmt: skip
    changes += staging.execute("""
        UPDATE deal SET amount_cents = coalesce(f.amount_cents, deal.amount_cents),
            expected_close = coalesce(f.close, deal.expected_close), source = coalesce(f.source, deal.source),
            outside_stage = iif(f.fate = 'worked on' AND f.stale IS NULL, f.outside_stage, deal.outside_stage),
            outside_at = iif(f.fate = 'worked on' AND f.stale IS NULL, f.outside_at, deal.outside_at)
        FROM incoming.deals AS f WHERE f.old_id = deal.id AND f.changed""")
    return changes + staging.execute("""
        UPDATE deal SET path_id = p.id FROM incoming.deals AS f JOIN incoming.deal_paths AS w ON w.no = f.no
        JOIN incoming.path AS p ON p.stage_ids = w.stage_ids WHERE f.old_id = deal.id AND f.fate = 'follows'""")


# The columns of a visit: `x` is the staged stay, `y` the one that follows, `a` and `b` their stages.
_VISIT_VALUES = """
    :playbook AS playbook, a.name AS stage, a.kind AS kind, coalesce(x.owner, f.owner, a.owner) AS owner,
    x.entered AS entered_at, y.entered AS left_at,
    CASE WHEN y.at IS NULL OR x.at IS NULL THEN NULL
         WHEN typeof(x.at) = 'integer' AND typeof(y.at) = 'integer' THEN (y.at - x.at) / 86400.0
         ELSE days(x.at, y.at) END AS days,
    iif(y.no IS NULL, NULL, :playbook) AS to_playbook, b.name AS to_stage, b.kind AS to_kind, y.no IS NOT NULL AS ended,
    iif(a.kind = 'open', NULL, a.kind) AS disposition, x.basis AS imported"""
_FROM_STAGED = """
    FROM incoming.deals AS f CROSS JOIN incoming.stay AS x ON x.no = f.no JOIN incoming.stage AS a ON a.id = x.stage
    LEFT JOIN incoming.stay AS y ON y.no = x.no AND y.number = x.number + 1
    LEFT JOIN incoming.stage AS b ON b.id = y.stage"""
_STAGED_COUNT = """(SELECT count(*) FROM incoming.stay AS s JOIN incoming.deals AS f ON f.no = s.no
               WHERE f.old_id = visit.deal_id)"""
_VISIT_COLUMNS = ("playbook", "stage", "kind", "owner", "entered_at", "left_at", "days", "to_playbook", "to_stage",
                  "to_kind", "ended", "disposition", "imported")  # fmt: skip


def _write_stays(staging: StagingDb, command: int, details: WriteDetails) -> int:
    changes = 0
    follows = staging.exists("incoming.deals WHERE fate = 'follows'")
    if follows:
        changes += _rewrite_stays(staging, details)
    dropped_indexes = []
    if staging.scalar("SELECT count(*) FROM incoming.stay") > staging.scalar("SELECT count(*) FROM visit"):
        names = ", ".join(f"'{name}'" for name in REBUILT_INDEXES)
        dropped_indexes = staging.fetch_all(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name IN ({names})"
        )
    for index in dropped_indexes:
        staging.execute(f"DROP INDEX main.{index['name']}")
    changes += staging.execute(f"""
        INSERT INTO visit (command_id, deal_id, number, {", ".join(_VISIT_COLUMNS)})
        SELECT :command, f.id, x.number, {_VISIT_VALUES} {_FROM_STAGED}
        WHERE f.fate = 'new' OR (f.fate = 'follows' AND x.number > (
            SELECT count(*) FROM visit AS v WHERE v.deal_id = f.old_id))
        ORDER BY f.no, x.number""", command=command, playbook=details.playbook)  # fmt: skip
    for index in dropped_indexes:
        staging.execute(index["sql"])
    return changes + (_drop_surplus_stays(staging) if follows else 0)


def _rewrite_stays(staging: StagingDb, details: WriteDetails) -> int:
    """Updates the stays of deals that follow the export, in place; surplus ones are ended, to be deleted."""
    follows = "deal_id IN (SELECT old_id FROM incoming.deals WHERE fate = 'follows')"
    staging.execute(f"UPDATE visit SET ended = 1 WHERE {follows} AND number > {_STAGED_COUNT}")
    assignments = ", ".join(f"{column} = n.{column}" for column in _VISIT_COLUMNS)
    return staging.execute(f"""
        UPDATE visit SET {assignments} FROM (
            SELECT f.old_id, x.number, {_VISIT_VALUES} {_FROM_STAGED} WHERE f.fate = 'follows') AS n
        WHERE n.old_id = visit.deal_id AND n.number = visit.number""", playbook=details.playbook)  # fmt: skip


def _drop_surplus_stays(staging: StagingDb) -> int:
    """Links handoff attempts to the last stay in the stage they were made in, then deletes surplus stays."""
    follows = "deal_id IN (SELECT old_id FROM incoming.deals WHERE fate = 'follows')"
    left = f"v.deal_id = handoff.deal_id AND v.number <= {_STAGED_COUNT.replace('visit.', 'v.')}"
    staging.execute(f"""
        UPDATE handoff SET visit_id = coalesce(
            (SELECT v.id FROM visit AS v WHERE {left} AND v.stage = handoff.from_stage ORDER BY v.number DESC LIMIT 1),
            (SELECT v.id FROM visit AS v WHERE {left} ORDER BY v.number DESC LIMIT 1))
        WHERE {follows}""")
    return staging.execute(f"DELETE FROM visit WHERE {follows} AND number > {_STAGED_COUNT}")


def _write_origins(staging: StagingDb, command: int, details: WriteDetails) -> int:
    """Writes the keys of the records in the export, so that the next import finds them."""
    changes = 0
    for record, sql in (
        ("account", "SELECT key, id FROM incoming.accounts"),
        ("contact", "SELECT key, id FROM incoming.contacts WHERE key IS NOT NULL"),
        ("deal", "SELECT key, id FROM incoming.deals WHERE old_id IS NULL ORDER BY no"),
    ):
        changes += staging.execute(f"""
            INSERT OR IGNORE INTO origin (command_id, record_key, {record}_id)
            SELECT :command, :origin || '{record}:' || key, id FROM ({sql})""", command=command)  # fmt: skip
    return changes


def _write_values(staging: StagingDb, command: int, details: WriteDetails) -> int:
    """Writes further columns as field values: the last of each deal or account, unless somebody set one here."""
    if not staging.exists("incoming.value"):
        return 0
    staging.connection.create_function("value_of", 2, details.read_value)
    staging.connection.create_function("type_of", 1, details.type_of)
    staging.connection.create_function("is_of_account", 1, details.is_of_account)
    staging.execute("""
        CREATE TABLE incoming.last_value AS
        SELECT account_id, deal_id, name, value_of(name, value) AS value FROM (
            SELECT *, row_number() OVER (PARTITION BY account_id, deal_id, name ORDER BY place DESC) AS n FROM (
                SELECT f.account_id, iif(is_of_account(v.name), NULL, f.id) AS deal_id, v.name, v.value,
                       v.rowid AS place
                FROM incoming.value AS v JOIN incoming.deals AS f ON f.key = v.deal WHERE f.stale IS NULL))
        WHERE n = 1""")
    stored_values = (
        "FROM field_value AS k WHERE k.account_id = n.account_id AND k.deal_id IS n.deal_id AND k.name = n.name"
    )
    return staging.execute(f"""
        INSERT INTO field_value (command_id, account_id, deal_id, name, type, value, at, imported)
        SELECT :command, account_id, deal_id, name, type_of(name), value, :at, 1 FROM incoming.last_value AS n
        WHERE value IS NOT NULL AND NOT EXISTS (SELECT 1 {stored_values} AND NOT k.imported)
          AND value IS NOT (SELECT k.value {stored_values} ORDER BY k.id DESC LIMIT 1)""",
                           command=command, at=details.invocation.at)  # fmt: skip


def _write_touches(staging: StagingDb, command: int, details: WriteDetails) -> int:
    if not staging.exists("incoming.touch"):
        return 0
    newest = staging.scalar("SELECT max(id) FROM touch")
    staging.execute("""
        CREATE TABLE incoming.numbered_touch AS
        SELECT *, row_number() OVER (ORDER BY moment(at), rowid) AS n FROM incoming.touch""")
    changes = staging.execute("""
        INSERT INTO touch (id, command_id, account_id, deal_id, kind, direction, outcome, text, at)
        SELECT :newest + n, :command, account_id, deal_id, kind, direction, outcome, text, moment(at)
        FROM incoming.numbered_touch ORDER BY n""", newest=newest, command=command)  # fmt: skip
    return changes + staging.execute("""
        INSERT INTO origin (command_id, record_key, touch_id)
        SELECT :command, :origin || 'touch:' || key, :newest + n FROM incoming.numbered_touch""",
                                     command=command, newest=newest)  # fmt: skip
