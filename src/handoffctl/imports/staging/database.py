"""Opens the database with a temporary staging database attached, and adds the rows of an export to it."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path

from handoffctl.core.moments import Zone, days_between, from_epoch, is_before, sort_key
from handoffctl.core.names import fold, slugify
from handoffctl.db.file import empty_in_memory, make_ready, open_for_writing, refusal, statements

TABLES = Path(__file__).with_name("tables.sql")
CACHE_KIB = 3_000  # of memory for each of the two files; more is no faster
MOST_AT_ONCE = 500  # rows in one INSERT
# Most ids and names are plain letters and digits; for those SQLite itself is faster than a Python function.
SLUG = "iif({0} GLOB '*[^A-Za-z0-9]*', slug({0}), lower(substr({0}, 1, 60)))"
FOLDED = "iif({0} GLOB '*[^A-Za-z0-9]*', folded({0}), lower({0}))"
StagedMoment = float | str | None
SqlValue = str | float | None


class StagingDb:
    """A connection on which the schema `main` is the database and `incoming` the staging tables."""

    def __init__(self, connection: sqlite3.Connection, zone: Zone, system: str) -> None:
        self.connection = connection
        self.system = system
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("PRAGMA threads = 2")
        for name, count, function in (
            ("folded", 1, _null_safe(fold)), ("slug", 1, _null_safe(slugify)), ("moment", 1, stored_moment),
            ("days", 2, partial(_days, zone)), ("place_in_time", 1, partial(_time_sort_key, zone)),
            ("is_before", 2, partial(_is_before, zone)),
        ):  # fmt: skip
            connection.create_function(name, count, self._capturing_errors(function), deterministic=True)
        self.staged_columns: dict[str, set[str]] = {}
        self.callback_error: BaseException | None = None
        # Only with an earlier import are rows deleted, and checking the foreign keys of every new row takes long.
        self.has_imports = self.exists("origin")
        self.execute(f"PRAGMA foreign_keys = {'ON' if self.has_imports else 'OFF'}")
        self._attach()

    def _capturing_errors(self, function: Callable[..., SqlValue]) -> Callable[..., SqlValue]:
        """Wraps a function that SQLite calls: SQLite hides what it raises, Ctrl-C too, so that is kept here."""

        def capturing(*arguments: object) -> SqlValue:
            try:
                return function(*arguments)
            except BaseException as callback_error:
                self.callback_error = callback_error
                raise

        return capturing

    def restart(self) -> None:
        """Starts over with an empty temporary file: the present one has no journal and cannot be rolled back."""
        self.connection.execute("DETACH DATABASE incoming")
        self.staged_columns.clear()
        self._attach()

    def _attach(self) -> None:
        self.connection.execute("ATTACH DATABASE '' AS incoming")
        self.connection.execute(f"PRAGMA incoming.cache_size = -{CACHE_KIB}")
        self.connection.execute("PRAGMA incoming.journal_mode = OFF")
        for statement in statements(TABLES.read_text(encoding="utf-8")):
            self.execute(statement)

    def add_rows(self, kind: str, columns: Mapping[str, Sequence[object]]) -> None:
        """Adds rows, given by columns, to a staging table. No transaction on the database may be open."""
        if kind == "entry":
            columns = _with_places(columns)
        self.staged_columns.setdefault(kind, set()).update(columns)
        count = len(next(iter(columns.values())))
        values = chain.from_iterable(zip(*columns.values(), strict=True))
        while count:  # many rows in one statement take half the time of single ones
            row_count = min(count, MOST_AT_ONCE)
            values_of_rows = tuple(islice(values, row_count * len(columns)))
            self.connection.execute(_insert_sql(kind, tuple(columns), row_count), values_of_rows)
            count -= row_count

    def has_columns(self, kind: str, *columns: str) -> bool:
        """True if rows of this kind were staged with one of these columns."""
        return bool(self.staged_columns.get(kind, set()).intersection(columns))

    def execute(self, sql: str, /, **named: object) -> int:
        """Executes a statement and returns the number of rows it changed. `:origin` is always bound."""
        return self.connection.execute(sql, {"origin": self.key_prefix, **named}).rowcount

    def fetch_all(self, sql: str, /, **named: object) -> list[sqlite3.Row]:
        """Returns all rows of a query."""
        return list(self.stream(sql, **named))

    def stream(self, sql: str, /, **named: object) -> Iterator[sqlite3.Row]:
        """Yields the rows of a query, which may be many."""
        return self.connection.execute(sql, {"origin": self.key_prefix, **named})

    def scalar(self, sql: str, /, **named: object) -> int:
        """Returns a single number; 0 for NULL or no row."""
        row = next(self.stream(sql, **named), None)
        return int(row[0] or 0) if row else 0

    def exists(self, rows: str, /, **named: object) -> bool:
        """True if there is such a row, as in `incoming.touch WHERE key IS NULL`."""
        return bool(self.scalar(f"SELECT EXISTS (SELECT 1 FROM {rows})", **named))

    @property
    def key_prefix(self) -> str:
        """The prefix of the keys of this export's records, as in `salesforce:`."""
        return f"{self.system}:"


@cache
def _insert_sql(kind: str, columns: tuple[str, ...], row_count: int) -> str:
    marks = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO incoming.{kind} ({', '.join(columns)}) VALUES {', '.join([marks] * row_count)}"


@contextmanager
def open_staging(path: Path, zone: Zone, system: str, dry: bool, author: str) -> Iterator[StagingDb]:
    """Opens the database or creates it; with `dry` it is only read, or empty and in memory. Raises Refused.

    `author` is who gave the commands in a database from before they named one.
    """
    staging = None
    try:
        with closing(_open_main(path, dry, author)) as connection:
            staging = StagingDb(connection, zone, system)
            yield staging
    except sqlite3.Error as error:
        if staging and staging.callback_error:
            raise staging.callback_error from None
        raise refusal(error, path) from error


def _open_main(path: Path, dry: bool, author: str) -> sqlite3.Connection:
    if dry and not path.exists():
        return empty_in_memory()
    make_ready(path, author)
    if not dry:
        return open_for_writing(path)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 30000")
    return connection


@contextmanager
def staging_transaction(staging: StagingDb) -> Iterator[None]:
    """A transaction on the temporary file alone: it makes staging fast and locks nobody out."""
    with _transaction(staging.connection, "DEFERRED"):
        yield


@contextmanager
def main_transaction(staging: StagingDb, dry: bool) -> Iterator[None]:
    """The transaction on the database: a read snapshot with `dry`, else the exclusive right to write."""
    if not dry and not staging.has_imports:
        with _transaction(staging.connection, "IMMEDIATE"):
            staging.has_imports = staging.exists("origin")  # another import may have been written since this one began
            if not staging.has_imports:
                yield
                return
        staging.execute("PRAGMA foreign_keys = ON")
    with _transaction(staging.connection, "DEFERRED" if dry else "IMMEDIATE"):
        yield


@contextmanager
def _transaction(connection: sqlite3.Connection, mode: str) -> Iterator[None]:
    connection.execute(f"BEGIN {mode}")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def stored_moment(staged: StagedMoment) -> str | None:
    """Returns a moment as the records store it."""
    return from_epoch(staged) if isinstance(staged, float | int) else staged


# An entry's place: its file, its row and its number in the row, in one number that sorts as the export does.
FILE, ROW = "({0} >> 44)", "({0} >> 12 & 4294967295)"


def _with_places(columns: Mapping[str, Sequence[object]]) -> Mapping[str, Sequence[object]]:
    rows: Sequence[int] = columns["row"]  # type: ignore[assignment]
    file = int(columns["file"][0]) << 44  # type: ignore[call-overload]  # all rows are from one file
    if "number" in columns:
        numbers: Sequence[int] = columns["number"]  # type: ignore[assignment]
        places = [file | row << 12 | number for row, number in zip(rows, numbers, strict=True)]
    else:
        places = [file | row << 12 for row in rows]
    others = {name: values for name, values in columns.items() if name not in ("file", "row", "number")}
    return {"place": places, **others}


def _null_safe(function: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda text: None if text is None else function(text)


def _days(zone: Zone, start: StagedMoment, end: StagedMoment) -> float | None:
    begun, ended = stored_moment(start), stored_moment(end)
    return None if begun is None or ended is None else days_between(begun, ended, zone)


def _time_sort_key(zone: Zone, staged: StagedMoment) -> str | None:
    """Returns a text by which dates and instants sort together."""
    stored = stored_moment(staged)
    return None if stored is None else "".join(map(str, sort_key(stored, zone)))


def _is_before(zone: Zone, start: StagedMoment, end: StagedMoment) -> bool | None:
    stored_start, stored_end = stored_moment(start), stored_moment(end)
    return None if stored_start is None or stored_end is None else is_before(stored_start, stored_end, zone)
