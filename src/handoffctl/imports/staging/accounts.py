"""The accounts and contacts that arrive: which are known, by id, name, domain or address, and which are new."""

from collections.abc import Sequence

from handoffctl.imports.staging.database import Incoming

# The tables whose rows belong to accounts, and the kinds of row that they were made from.
TELLING = {"found": ("deal", "entry"), "contact": ("contact",), "touch": ("touch",)}


def settle_accounts(incoming: Incoming) -> None:
    """Makes `who`: each account with a name of its own once, with the id it has or will have; deals, contacts and
    touches that name one are given it. Deals that name none are given accounts of their own later, with their ids."""
    incoming.do("""
        CREATE TABLE incoming.who (no INTEGER PRIMARY KEY, key TEXT UNIQUE, name TEXT, folded TEXT, domain TEXT,
                                   there INT, id INT, slug TEXT, file INT, row INT)""")
    for table in ("contact", "touch"):
        incoming.do(f"ALTER TABLE incoming.{table} ADD COLUMN account_no INT")
        incoming.do(f"ALTER TABLE incoming.{table} ADD COLUMN account_id INT")
    _listed(incoming)
    telling = {table: kinds for table, kinds in TELLING.items()
               if any(incoming.tells(kind, "account_key", "account", "domain") for kind in kinds)}  # fmt: skip
    for table in telling:
        _imported_before(incoming, table)
    if "found" in telling:
        _named_by_deals(incoming)
    for table in telling:
        _given_their_account(incoming, table, "account_key", "account")
    _websites(incoming)
    for table in telling:
        _given_their_account(incoming, table, "domain")
    _by_contact(incoming)
    _known(incoming)
    numbered(incoming, "who", "account")
    _slugs(incoming)
    for table in TELLING:
        if incoming.any(f"incoming.{table} WHERE account_no IS NOT NULL"):
            incoming.do(f"""UPDATE incoming.{table} SET account_id = w.id FROM incoming.who AS w
                            WHERE w.no = {table}.account_no""")


def _listed(incoming: Incoming) -> None:
    """The accounts that have rows of their own."""
    incoming.do("""
        INSERT INTO incoming.skipped SELECT file, row, 'repeats the id of row ' || first FROM (
            SELECT file, row, rowid AS id, min(rowid) OVER same AS one, first_value(row) OVER same AS first
            FROM incoming.account WHERE account_key IS NOT NULL
            WINDOW same AS (PARTITION BY account_key ORDER BY rowid)) WHERE id > one""")
    incoming.do("""
        INSERT OR IGNORE INTO incoming.who (key, name, domain, file, row)
        SELECT coalesce(account_key, 'name:' || folded(account)), account, domain, file, row
        FROM incoming.account ORDER BY rowid""")
    incoming.do("UPDATE incoming.who SET folded = folded(name)")
    incoming.do("CREATE INDEX incoming.who_by_name ON who (folded)")
    incoming.do("CREATE INDEX incoming.who_by_domain ON who (domain)")


def _imported_before(incoming: Incoming, table: str) -> None:
    """Accounts that an earlier import brought and this one only names by their id."""
    if not _some(incoming, table, "account_key"):
        return
    incoming.do(f"""
        INSERT OR IGNORE INTO incoming.who (key, name, folded, domain)
        SELECT DISTINCT t.account_key, a.name, a.folded, a.domain FROM incoming.{table} AS t
        JOIN origin AS o ON o.record_key = :origin || 'account:' || t.account_key
        JOIN account AS a ON a.id = o.account_id
        """)  # fmt: skip


def _named_by_deals(incoming: Incoming) -> None:
    """Accounts that no row lists but a deal names, if it is new or stood alone so far. Contacts alone make none:
    programs are full of people nobody ever sold to."""
    for given, key, name, unless in (
        ("account_key IS NOT NULL AND account IS NOT NULL", "account_key", "account", "FALSE"),
        ("account_key IS NULL AND account IS NOT NULL", "'name:' || folded(account)", "account",
         "EXISTS (SELECT 1 FROM incoming.who AS w WHERE w.folded = folded(f.account))"),
        ("account_key IS NULL AND account IS NULL AND domain IS NOT NULL", "'domain:' || domain", "domain",
         "EXISTS (SELECT 1 FROM incoming.who AS w WHERE w.domain = f.domain)"),
    ):  # fmt: skip
        incoming.do(f"""
            INSERT OR IGNORE INTO incoming.who (key, name, folded, domain, file, row)
            SELECT {key}, {name}, folded({name}), domain, file, row FROM incoming.found AS f
            WHERE {given} AND NOT {unless} AND (there IS NULL OR EXISTS (
                SELECT 1 FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE d.id = f.there AND a.unnamed
                AND NOT EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id AND NOT v.imported)))
            ORDER BY row, no""")


def _given_their_account(incoming: Incoming, table: str, *ways: str) -> None:
    """The account of rows that name it: by id, by a name that only one has, or by domain."""
    for given, same in (
        ("account_key", "w.key = t.account_key"), ("account", "w.folded = folded(t.account)"),
        ("domain", "w.domain = t.domain"),
    ):  # fmt: skip
        if given in ways and _some(incoming, table, given):
            incoming.do(f"""
                UPDATE incoming.{table} SET account_no = f.no FROM (
                    SELECT t.rowid AS id, min(w.no) AS no FROM incoming.{table} AS t JOIN incoming.who AS w ON {same}
                    WHERE t.account_no IS NULL AND t.{given} IS NOT NULL GROUP BY t.rowid HAVING count(*) = 1) AS f
                WHERE f.id = {table}.rowid""")


def _some(incoming: Incoming, table: str, column: str) -> bool:
    return incoming.any(f"incoming.{table} WHERE {column} IS NOT NULL")


def _by_contact(incoming: Incoming) -> None:
    """A deal that names only a person belongs to that person's account, and a person without one to the deal's."""
    if not incoming.told.get("contact"):
        return
    incoming.do("CREATE INDEX incoming.contact_by_key ON contact (key)")
    incoming.do("CREATE INDEX incoming.contact_by_email ON contact (email)")
    for person, deal in (("key", "contact_key"), ("email", "contact_email")):
        if not incoming.any(f"incoming.found WHERE {deal} IS NOT NULL"):
            continue
        incoming.do(f"""
            UPDATE incoming.found SET account_no = (
                SELECT min(c.account_no) FROM incoming.contact AS c WHERE c.{person} = found.{deal})
            WHERE account_no IS NULL AND {deal} IS NOT NULL""")
        incoming.do(f"CREATE INDEX incoming.found_by_{deal} ON found ({deal})")
        incoming.do(f"""
            UPDATE incoming.contact SET account_no = (
                SELECT min(f.account_no) FROM incoming.found AS f WHERE f.{deal} = contact.{person})
            WHERE account_no IS NULL AND {person} IS NOT NULL""")


def _websites(incoming: Incoming) -> None:
    """An account's website may stand only beside its people."""
    if incoming.tells("contact", "domain") and incoming.tells("contact", "account", "account_key"):
        incoming.do("""
            UPDATE incoming.who SET domain = (
                SELECT min(c.domain) FROM incoming.contact AS c WHERE c.account_no = who.no)
            WHERE domain IS NULL""")


def _known(incoming: Incoming) -> None:
    """Finds accounts among the records: by their id in this export, else by a name, or a domain, that only one has."""
    if not incoming.any("account"):
        return
    incoming.do("""UPDATE incoming.who SET there = (SELECT account_id FROM origin
                   WHERE record_key = :origin || 'account:' || key)""")  # fmt: skip
    # A record that has another id in this export is another account; one that is only named is whom it names.
    free = """(w.key GLOB 'name:*' OR w.key GLOB 'domain:*' OR NOT EXISTS (
                   SELECT 1 FROM origin AS o WHERE o.account_id = a.id AND o.record_key >= :origin
                   AND o.record_key < :end AND o.record_key NOT GLOB :origin || 'account:name:*'
                   AND o.record_key NOT GLOB :origin || 'account:domain:*'))"""
    for same in ("a.folded = w.folded", "a.domain = w.domain AND w.key = 'domain:' || w.domain",
                 "a.domain = w.domain AND a.folded = a.domain"):  # fmt: skip
        incoming.do(
            f"""
            UPDATE incoming.who SET there = f.id FROM (
                SELECT min(no) AS no, id FROM (
                    SELECT w.no, min(a.id) AS id FROM incoming.who AS w JOIN account AS a ON {same}
                    WHERE w.there IS NULL AND a.test = 0 AND NOT a.unnamed AND {free} GROUP BY w.no HAVING count(*) = 1)
                GROUP BY id) AS f
            WHERE f.no = who.no AND f.id NOT IN (SELECT there FROM incoming.who WHERE there IS NOT NULL)""",
            end=f"{incoming.system};",
        )


def numbered(incoming: Incoming, table: str, records: str) -> None:
    """Gives new rows ids after those of the records: nobody else writes meanwhile."""
    newest = incoming.one(f"SELECT max(id) FROM {records}")
    incoming.do(f"UPDATE incoming.{table} SET id = coalesce(there, :newest + no)", newest=newest)


def _slugs(incoming: Incoming) -> None:
    incoming.do("UPDATE incoming.who SET slug = slug(name) WHERE there IS NULL")
    incoming.do("CREATE INDEX incoming.who_by_slug ON who (slug)")
    number_again(incoming, "who", "slug", "there IS NULL", ("account AS o WHERE o.slug",))


def number_again(
    incoming: Incoming, table: str, column: str, new: str, taken: Sequence[str], within: str | None = None
) -> None:
    """Numbers the names to type that are taken, or that several new rows have: `acme-2`, `acme-3`.

    `taken` says where names are that new rows must keep clear of; `within` is the column inside whose values they
    must differ, if not everywhere.
    """
    same = f"AND o.{within} = t.{within}" if within else ""
    before = f"incoming.{table} AS o WHERE o.no < t.no AND {new} AND o.{column}"
    clash = " OR ".join(f"EXISTS (SELECT 1 FROM {place} = t.{column} {same})" for place in (*taken, before))
    again = incoming.rows(f"""SELECT no, {column} AS slug, {within or 0} AS among FROM incoming.{table} AS t
                              WHERE {new} AND ({clash}) ORDER BY no""")  # fmt: skip
    own = f"incoming.{table} AS o WHERE o.{column}"
    inside = f"AND o.{within} = :among" if within else ""
    free = " OR ".join(f"EXISTS (SELECT 1 FROM {place} = :slug {inside})" for place in (*taken, own))
    numbers: dict[tuple[object, str], int] = {}
    for row in again:
        number = numbers.get((row["among"], row["slug"]), 2)
        while incoming.one(f"SELECT {free}", slug=f"{row['slug']}-{number}", among=row["among"]):
            number += 1
        numbers[row["among"], row["slug"]] = number + 1
        incoming.do(f"UPDATE incoming.{table} SET {column} = :slug WHERE no = :no",
                    slug=f"{row['slug']}-{number}", no=row["no"])  # fmt: skip
