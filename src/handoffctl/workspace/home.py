"""The home folder of the user: database, configuration, playbooks, templates; and the clock of this run."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from handoffctl.core.business_time import WorkCalendar, parse_work_calendar
from handoffctl.core.moments import (
    HOW_TO_WRITE,
    Clock,
    Moment,
    NotAMoment,
    format_local,
    is_before,
    parse_iso,
    parse_user,
    to_instant,
)
from handoffctl.db import file as database_file
from handoffctl.db.invocation import Invocation
from handoffctl.db.query import QueryConnection, query_connection, read_only
from handoffctl.db.session import WriteSession, writing
from handoffctl.errors import Refused, UsageFault
from handoffctl.workspace.configuration import configuration

if TYPE_CHECKING:
    from handoffctl.workspace.configuration import Configuration


BeforeCommit = Callable[["Home", WriteSession], None]


@dataclass(frozen=True)
class Notice:
    """A sentence about something this run noticed. For a trigger it names the deal and the handoff."""

    sentence: str
    deal_id: int | None = None
    handoff: str = ""


class Home:
    """The workspace of one run of the program. `words` is what the user typed, `kind` the command in it."""

    def __init__(
        self,
        folder: Path,
        database: Path | None = None,
        now: str | None = None,
        words: str = "",
        kind: str = "",
        before_commit: "BeforeCommit | None" = None,
    ) -> None:
        self.folder = folder
        self.database = (database or folder / "handoffctl.db").absolute()  # else ":memory:" would be no file
        self.words, self.kind = words, kind
        self.before_commit = before_commit  # called at the end of each writing transaction that is about an account
        self.read_files: dict[Path, tuple[object, object]] = {}  # parsed files by path, each with its stamp when read
        self.read_revisions: dict[str, object] = {}  # parsed contents from the database, by hash
        self.notices: list[Notice] = []  # printed at the end of this run, as triggers with what to type
        self._now = now
        self._joining = False  # True while everything that is written belongs to one command
        self._continues: int | None = None  # the id of that command, once it is recorded

    @cached_property
    def configuration(self) -> "Configuration":
        return configuration(self.folder / "config.yaml")

    @property
    def author(self) -> str:
        """Returns the user's name, `me.name` of the configuration; empty if not set. Raises RulesFault."""
        return self.configuration.name

    @property
    def invocation(self) -> Invocation:
        """Returns the time, words, kind and author recorded with each write. Raises RulesFault and UsageFault."""
        return Invocation(self.clock.now, self.words, self.kind, self.author, self._continues)

    @contextmanager
    def recording_as(self, kind: str) -> Iterator[None]:
        """Records what the block writes as a command of this kind, as for each answer of an interview."""
        typed, self.kind = self.kind, kind
        try:
            yield
        finally:
            self.kind = typed

    @contextmanager
    def as_one_command(self) -> Iterator[None]:
        """Records what the block writes as one command, in however many transactions, so that one undo takes it back.

        Where somebody is asked something in between, no transaction may wait for the answer.
        """
        self._joining = True
        try:
            yield
        finally:
            self._joining, self._continues = False, None

    @cached_property
    def clock(self) -> Clock:
        """Returns the present moment in the user's zone. Raises UsageFault if --now or TZ cannot be read."""
        try:
            datetime.now(UTC).astimezone()
        except ValueError:
            raise UsageFault(f"TZ={os.environ.get('TZ', '')} is no time zone.", "As in: TZ=Europe/Berlin") from None
        zone = self.configuration.zone if (self.folder / "config.yaml").exists() else None
        if not self._now:
            return Clock(to_instant(datetime.now(UTC)), zone)
        try:
            return Clock(parse_iso(self._now, zone), zone)
        except NotAMoment as fault:
            raise UsageFault(f"--now: {fault}", "Write a date like 2026-03-01 or 2026-03-01T09:00.") from None

    @cached_property
    def week(self) -> WorkCalendar:
        """Returns the user's working days and hours."""
        settings = self.configuration
        return parse_work_calendar(settings.workdays, settings.holidays, settings.hours)

    def moment(self, option: str, text: str, hint: str = HOW_TO_WRITE) -> Moment:
        """Parses the moment typed for an option. Raises Refused."""
        try:
            return parse_user(text, self.clock)
        except NotAMoment as fault:
            raise Refused(f"{option}: {fault}", hint) from None

    def past_moment(self, option: str, text: str) -> Moment:
        """Parses the moment typed for an option, or returns now. Raises Refused for a moment in the future."""
        when = self.moment(option, text) if text else self.clock.now
        if is_before(self.clock.now, when, self.clock.zone):
            raise Refused(f"{option}: {format_local(when, self.clock.zone)} is in the future.", "Nothing was recorded.")
        return when

    @contextmanager
    def reading(self) -> Iterator[QueryConnection]:
        """Opens a read-only snapshot of the database, or an empty one if there is no file yet. Raises Refused."""
        try:
            with closing(self._reader()) as connection:
                yield query_connection(connection)
        except sqlite3.Error as error:
            raise database_file.refusal(error, self.database) from error

    def _reader(self) -> sqlite3.Connection:
        database_file.check_before_opening(self.database)
        if not self.database.exists():
            return database_file.empty_in_memory()
        connection = read_only(self.database)
        try:
            version = database_file.version_of(connection, self.database)
        except BaseException:
            connection.close()
            raise
        if version == database_file.VERSION:
            return connection
        connection.close()
        if version == 0:
            return database_file.empty_in_memory()
        database_file.make_ready(self.database, self.author)
        return read_only(self.database)

    @contextmanager
    def writing(self) -> Iterator[WriteSession]:
        """Opens the one transaction for everything the command writes; calls `before_commit` at its end. Raises
        Refused."""
        self.create_folder()
        with writing(self.database, self.invocation) as session:
            yield session
            if self.before_commit and session.detect_triggers and session.command.account_id is not None:
                self.before_commit(self, session)
        if self._joining:
            self._continues = session.command.id

    def create_folder(self) -> None:
        """Creates the home folder, readable by its owner only."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def home_folder(option: str | None) -> Path:
    """Returns the home folder: --home, else HANDOFFCTL_HOME, else the platform's folder for user data."""
    folder = option or os.environ.get("HANDOFFCTL_HOME")
    if folder:
        return Path(os.path.expanduser(folder))
    from platformdirs import user_data_path

    return user_data_path("handoffctl", appauthor=False)
