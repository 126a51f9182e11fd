"""A seller's home folder, and the program run on it: as a process of its own, or in this one where cases are many."""

import contextlib
import io
import json
import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.terminal import shell, sits  # noqa: F401

NOT_OURS = ("HANDOFFCTL_", "_HANDOFFCTL_", "COMP_")
NOT_OURS_EITHER = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TZ")

# No law looks at the clock, and the short run tries the same examples every day; the trials try others.
settings.register_profile("laws", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("laws"), derandomize=True, database=None)
TRIALS = "HANDOFFCTL_FUZZ" in os.environ
settings.load_profile("laws" if TRIALS else "same")


@dataclass(frozen=True)
class Ran:
    """What a run gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Gives the tests of one run a cache folder that they share, so that none is written for the user."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith(NOT_OURS) or name in NOT_OURS_EITHER:
            monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def _hears_ctrl_c() -> Iterator[None]:
    """Tests that run in the background were told not to hear Ctrl-C, and so would the programs that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder; nothing makes it before the program does."""
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    """`run("add", "Acme Corp", now="2026-03-02")`: a process of its own, without a terminal."""

    def run(*words: str | bytes, now: str = "", tz: str = "", input: str = "", **more: str) -> Ran:
        command = [sys.executable, "-m", "handoffctl", "--home", str(home), *(["--now", now] if now else []), *words]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **({"TZ": tz} if tz else {}), **more}
        done = subprocess.run(command, input=input.encode(), capture_output=True, env=environment, timeout=60)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def sandboxed() -> None:
    """Makes `quick` render each template in a process of its own, with limits, as the program does."""


def _within_no_limits(work: Callable[[], Any]) -> Any:
    """Does the work of the sandbox in this process, and gives its result the way through JSON that it has there."""
    return json.loads(json.dumps(work()))


@pytest.fixture
def quick(home: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Run:
    """The same in this process, twenty times as fast. A bug raises here instead of ending in a traceback.

    Templates are rendered in this process too, for a process costs ten times what a template does. It is not so in a
    test that asks for `sandboxed`, and not in the long trials.
    """
    from handoffctl.app import main

    if "sandboxed" not in request.fixturenames and not TRIALS:
        monkeypatch.setattr("handoffctl.emails.engine.within_limits", _within_no_limits)

    def quick(*words: str, now: str = "", tz: str = "", input: str = "") -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as here:
            if tz:
                here.setenv("TZ", tz)
                time.tzset()
            here.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input.encode()), encoding="utf-8"))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(["--home", str(home), *(["--now", now] if now else []), *words])
        time.tzset()
        return Ran(code, out.getvalue(), err.getvalue())

    return quick


@pytest.fixture
def does(request: pytest.FixtureRequest, quick: Run) -> Run:
    """`does("add", "Acme Corp", now="2026-03-02")`: the same, and the exit code must be 0, or `code`.

    Without `now` it is the constant NOW of the test's module.
    """

    def does(*words: str, now: str = "", code: int = 0, **more: str) -> Ran:
        ran = quick(*words, now=now or request.module.NOW, **more)
        assert ran.code == code, (words, ran)
        return ran

    return does


@pytest.fixture
def rows(home: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """`rows("SELECT ...")`: what the database holds."""

    def rows(sql: str, *given: object) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(home / "handoffctl.db")) as connection:
            return connection.execute(sql, given).fetchall()

    return rows


@pytest.fixture
def dump(home: Path) -> Callable[[], list[str]]:
    """Everything in the database as SQL; nothing where there is none."""

    def dump() -> list[str]:
        if not (home / "handoffctl.db").exists():
            return []
        with contextlib.closing(sqlite3.connect(home / "handoffctl.db")) as connection:
            return list(connection.iterdump())

    return dump


@pytest.fixture
def playbook(home: Path) -> Callable[[str], None]:
    """Puts a playbook into the home folder, under the name that stands in its first line."""

    def playbook(text: str) -> None:
        folder = home / "playbooks"
        folder.mkdir(parents=True, exist_ok=True)
        name = text.strip().partition("\n")[0].removeprefix("playbook:").strip()
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    return playbook


_MADE: dict[str, Path] = {}


@pytest.fixture
def once(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[], object]], None]:
    """`once(make)`: what `make()` does to the home folder is done for the first test, and copied for the others."""

    def once(make: Callable[[], object]) -> None:
        name = f"{make.__module__}.{make.__qualname__}"
        if name in _MADE:
            shutil.copytree(_MADE[name], home, dirs_exist_ok=True)
            return
        make()
        aside = tmp_path_factory.mktemp("made") / "home"
        shutil.copytree(home, aside)
        _MADE[name] = aside

    return once


# What somebody would really answer, by field; then by the shape that a `fix` shows.
ANSWERS = {
    "contact.email": "ada@acme.example",
    "contact.phone": "+49 30 1234567",
    "delivered_by": "me",
    "priorities": "fewer returns; faster invoices",
    "timeline": "before the summer, or the season is lost",
}
SENTENCE = "their old tool broke in May"
SHAPES = {
    "TEXT": SENTENCE,
    "AMOUNT": "12,500",
    "NUMBER": "12",
    "DATE": "2026-09-01",
    "ADDRESS": "ada@acme.example",
    "yes": "yes",
}


@pytest.fixture
def answered() -> Callable[[str], list[str]]:
    """The words of a `fix`, with an answer where it says TEXT, AMOUNT and the like."""

    def sensible(word: str) -> str:
        name, equals, shape = word.partition("=")
        if not equals:
            return SENTENCE if word == "TEXT" else word
        return f"{name}={ANSWERS.get(name) or SHAPES.get(shape) or shape.partition('|')[0]}"

    def answered(fix: str) -> list[str]:
        program, *words = shlex.split(fix)
        assert program == "handoffctl"
        return [sensible(word) for word in words]

    return answered


@pytest.fixture
def ready(quick: Run, answered: Callable[[str], list[str]]) -> Callable[..., list[str]]:
    """Puts right what the next handoff of an account lacks, by the very commands it names; gives the items' names."""

    def ready(account: str, *to: str, now: str) -> list[str]:
        done: list[str] = []
        fixes: list[str] = []  # a gap may take several commands: a summary is sent, and then confirmed
        while missing := quick("check", account, *to, "--json", now=now).json["missing"]:
            assert missing[0]["fix"] not in fixes, f"{missing[0]['fix']} did not remove the gap"
            fixes.append(missing[0]["fix"])
            ran = quick(*answered(missing[0]["fix"]), now=now)
            assert ran.code == 0, (missing[0], ran)
            if missing[0]["fix"].startswith("handoffctl summary draft"):
                assert quick("summary", "sent", account, now=now).code == 0
                fixes = [fix for fix in fixes if "summary confirm" not in fix]
            done.append(missing[0]["name"])
        return done

    return ready
