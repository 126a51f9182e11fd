"""Opens the database with a temporary file beside it, and lays down there what an export says."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path

from handoffctl.core.moments import Zone, before, days_between, of_seconds, order
from handoffctl.core.names import folded, slug
from handoffctl.db.file import born_in_memory, make_ready, opened, refusal, statements

TABLES = Path(__file__).with_name("tables.sql")
CACHE_KIB = 3_000  # of memory for each of the two files: more makes nothing faster
MOST_AT_ONCE = 500
# Most ids and names are plain letters and digits; for those SQLite itself is faster than calling back.
SLUG = "iif({0} GLOB '*[^A-Za-z0-9]*', slug({0}), lower(substr({0}, 1, 60)))"
FOLDED = "iif({0} GLOB '*[^A-Za-z0-9]*', folded({0}), lower({0}))"
Staged = float | str | None
Answer = str | float | None


class Incoming:
    """A connection on which `main` is the database and `incoming` what arrives."""

    def __init__(self, connection: sqlite3.Connection, zone: Zone, system: str) -> None:
        self.connection = connection
        self.system = system
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("PRAGMA threads = 2")
        for name, count, function in (
            ("folded", 1, _of_text(folded)), ("slug", 1, _of_text(slug)), ("moment", 1, moment),
            ("days", 2, partial(_days, zone)), ("place_in_time", 1, partial(_place_in_time, zone)),
            ("is_before", 2, partial(_is_before, zone)),
        ):  # fmt: skip
            connection.create_function(name, count, self._called(function), deterministic=True)
        self.told: dict[str, set[str]] = {}
        self.fault: BaseException | None = None
        # Rows are only taken away where an earlier import made them; and to look up every new row's deal takes long.
        self.checks = self.any("origin")
        self.do(f"PRAGMA foreign_keys = {'ON' if self.checks else 'OFF'}")
        self._begin()

    def _called(self, function: Callable[..., Answer]) -> Callable[..., Answer]:
        """SQLite swallows what goes wrong while it calls back: Ctrl-C, most of all."""

        def called(*given: object) -> Answer:
            try:
                return function(*given)
            except BaseException as fault:
                self.fault = fault
                raise

        return called

    def begin_anew(self) -> None:
        """Takes another temporary file: the one there is has no journal, so nothing in it can be taken back."""
        self.connection.execute("DETACH DATABASE incoming")
        self.told.clear()
        self._begin()

    def _begin(self) -> None:
        self.connection.execute("ATTACH DATABASE '' AS incoming")
        self.connection.execute(f"PRAGMA incoming.cache_size = -{CACHE_KIB}")
        self.connection.execute("PRAGMA incoming.journal_mode = OFF")
        for statement in statements(TABLES.read_text(encoding="utf-8")):
            self.do(statement)

    def take(self, kind: str, columns: Mapping[str, Sequence[object]]) -> None:
        """Lays down rows, given by columns. Not within a transaction on the database: nobody has to wait."""
        if kind == "entry":
            columns = _with_places(columns)
        self.told.setdefault(kind, set()).update(columns)
        count = len(next(iter(columns.values())))
        values = chain.from_iterable(zip(*columns.values(), strict=True))
        while count:  # many rows in one statement take half the time of one by one
            rows = min(count, MOST_AT_ONCE)
            given = tuple(islice(values, rows * len(columns)))
            self.connection.execute(_insertion(kind, tuple(columns), rows), given)
            count -= rows

    def tells(self, kind: str, *columns: str) -> bool:
        """Whether rows of this kind arrived with one of these columns."""
        return bool(self.told.get(kind, set()).intersection(columns))

    def do(self, sql: str, /, **named: object) -> int:
        """Carries out a statement; gives how many rows it touched. `:origin` is always known to it."""
        return self.connection.execute(sql, {"origin": self.origin, **named}).rowcount

    def rows(self, sql: str, /, **named: object) -> list[sqlite3.Row]:
        return list(self.each(sql, **named))

    def each(self, sql: str, /, **named: object) -> Iterator[sqlite3.Row]:
        """The rows one by one, where they may be many."""
        return self.connection.execute(sql, {"origin": self.origin, **named})

    def one(self, sql: str, /, **named: object) -> int:
        """A single number; 0 for none."""
        row = next(self.each(sql, **named), None)
        return int(row[0] or 0) if row else 0

    def any(self, rows: str, /, **named: object) -> bool:
        """Whether there is one of these rows, as in `incoming.touch WHERE key IS NULL`."""
        return bool(self.one(f"SELECT EXISTS (SELECT 1 FROM {rows})", **named))

    @property
    def origin(self) -> str:
        """How the keys of this export's records begin, as in `salesforce:`."""
        return f"{self.system}:"


@cache
def _insertion(kind: str, columns: tuple[str, ...], rows: int) -> str:
    marks = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO incoming.{kind} ({', '.join(columns)}) VALUES {', '.join([marks] * rows)}"


@contextmanager
def laid_beside(path: Path, zone: Zone, system: str, dry: bool) -> Iterator[Incoming]:
    """The database, made first where there is none; with `dry` it is only read, or stands empty in memory."""
    incoming = None
    try:
        with closing(_opened(path, dry)) as connection:
            incoming = Incoming(connection, zone, system)
            yield incoming
    except sqlite3.Error as error:
        if incoming and incoming.fault:
            raise incoming.fault from None
        raise refusal(error, path) from error


def _opened(path: Path, dry: bool) -> sqlite3.Connection:
    if dry and not path.exists():
        return born_in_memory()
    make_ready(path)
    if not dry:
        return opened(path)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 30000")
    return connection


@contextmanager
def laying(incoming: Incoming) -> Iterator[None]:
    """A transaction on the temporary file alone, which makes laying down fast: nobody has to wait for it."""
    with _begun(incoming.connection, "DEFERRED"):
        yield


@contextmanager
def settling(incoming: Incoming, dry: bool) -> Iterator[None]:
    """The transaction on the database: for reading it as of one moment, or with nobody else writing."""
    if not dry and not incoming.checks:
        with _begun(incoming.connection, "IMMEDIATE"):
            incoming.checks = incoming.any("origin")  # another import may have been written since this one began
            if not incoming.checks:
                yield
                return
        incoming.do("PRAGMA foreign_keys = ON")
    with _begun(incoming.connection, "DEFERRED" if dry else "IMMEDIATE"):
        yield


@contextmanager
def _begun(connection: sqlite3.Connection, mode: str) -> Iterator[None]:
    connection.execute(f"BEGIN {mode}")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def moment(staged: Staged) -> str | None:
    """A moment as the records keep it."""
    return of_seconds(staged) if isinstance(staged, float | int) else staged


# A file, a row in it, and which entry of the row, as one number that sorts as the export does.
FILE, ROW = "({0} >> 44)", "({0} >> 12 & 4294967295)"


def _with_places(columns: Mapping[str, Sequence[object]]) -> Mapping[str, Sequence[object]]:
    rows: Sequence[int] = columns["row"]  # type: ignore[assignment]
    file = int(columns["file"][0]) << 44  # type: ignore[call-overload]  # all of them come from one file
    if "number" in columns:
        numbers: Sequence[int] = columns["number"]  # type: ignore[assignment]
        places = [file | row << 12 | number for row, number in zip(rows, numbers, strict=True)]
    else:
        places = [file | row << 12 for row in rows]
    others = {name: values for name, values in columns.items() if name not in ("file", "row", "number")}
    return {"place": places, **others}


def _of_text(function: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda text: None if text is None else function(text)


def _days(zone: Zone, start: Staged, end: Staged) -> float | None:
    begun, ended = moment(start), moment(end)
    return None if begun is None or ended is None else days_between(begun, ended, zone)


def _place_in_time(zone: Zone, staged: Staged) -> str | None:
    """A text that sorts dates and instants among each other."""
    found = moment(staged)
    return None if found is None else "".join(map(str, order(found, zone)))


def _is_before(zone: Zone, one: Staged, other: Staged) -> bool | None:
    first, second = moment(one), moment(other)
    return None if first is None or second is None else before(first, second, zone)
