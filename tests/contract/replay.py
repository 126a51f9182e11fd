"""Runs recorded stories through the command line, and turns what the program gives into what can be compared.

Nothing here imports the program: it is whatever command line it is given, today's or one of years to come.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.warm import warm_program

HERE = Path(__file__).parent
STORIES = HERE / "stories"
RECORDED = HERE / "story_0_6_0"  # what 0.6.0 gave to scripts: never recorded anew
TEXTS = HERE / "texts"  # what people read: may change
CHAPTERS = tuple(sorted(path.parent.name for path in STORIES.glob("*/story.txt")))
PROGRAM = (sys.executable, "-m", "handoffctl")
WARM = ("warm",)  # the same, loaded once for all commands
# The long trials start Python for each command, as users do.
AS_TESTED = WARM if hasattr(os, "fork") and "HANDOFFCTL_FUZZ" not in os.environ else PROGRAM

# What a command writes beside the home folder is kept with its output where it is text for people or their programs.
KEPT_FILES = (".ics", ".eml")

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
SHIPPED = re.compile(r"(?<![\w/.])/[^\s\"':]*/(?=(?:playbooks|templates)\b)")
VERSION = re.compile(r"\b(handoffctl|version) {1,9}\d+\.\d+\.\d+\S*")
BYTES = re.compile(r"\b[\d,]+ bytes\b")


@dataclass(frozen=True)
class Command:
    """One line of a story: the moment, and the words after `handoffctl`."""

    at: str
    words: tuple[str, ...]

    @property
    def copies(self) -> bool:
        """Is it `copy FILE TO`, which the story does itself?"""
        return self.words[0] == "copy"

    @property
    def typed(self) -> str:
        """The command as somebody types it."""
        return shlex.join(["handoffctl", *self.words])


@dataclass(frozen=True)
class Outcome:
    """What one command gave: the exit code, both streams, and the files it wrote beside the home folder."""

    command: Command
    exit: int
    stdout: str
    stderr: str
    files: Mapping[str, str] = field(default_factory=dict)

    def contract(self) -> dict[str, Any]:
        """What scripts rely on: the exit code, and the JSON where it is asked for."""
        kept: dict[str, Any] = {"at": self.command.at, "command": self.command.typed, "exit": self.exit}
        words = self.command.words
        if "--json" in words and self.stdout:
            kept["json"] = without_what_varies(json.loads(self.stdout), words)
        elif words == ("playbook", "schema"):
            kept["json"] = json.loads(self.stdout)
        elif words[-1] == "export" and self.exit == 0:
            kept["export"] = export_as_tables(self.stdout)
        return kept

    def text(self) -> str:
        """What people read, as a transcript: stdout as it is, each line of stderr after a `!`."""
        lines = [f"$ {self.command.typed}"]
        if "json" not in (kept := self.contract()) and "export" not in kept:
            lines += self.stdout.splitlines()
        lines += [f"! {line}".rstrip() for line in self.stderr.splitlines()]
        for name, content in self.files.items():
            lines += [f"> {name}", *(f"| {line}".rstrip() for line in content.splitlines())]
        return "\n".join(lines) + "\n"


def story(chapter: str) -> list[Command]:
    """The commands of a chapter, in order."""
    lines = (STORIES / chapter / "story.txt").read_text(encoding="utf-8").splitlines()
    told = (line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))
    return [Command(at, tuple(shlex.split(words))) for at, words in told]


def replay(chapter: str, work: Path, program: Sequence[str] = PROGRAM) -> list[Outcome]:
    """Runs a chapter in the folder `work`, which must be empty or not there yet."""
    work = work.resolve()
    shutil.copytree(STORIES / chapter, work, dirs_exist_ok=True)
    return list(_outcomes(story(chapter), work, program))


def _outcomes(commands: Sequence[Command], work: Path, program: Sequence[str]) -> Iterator[Outcome]:
    run = runner(work, program)
    before = _files(work)
    for command in commands:
        if command.copies:
            shutil.copy(work / command.words[1], work / command.words[2])
            continue
        done = run(*command.words, now=command.at)
        after = _files(work)
        written = {
            name: _content(work / name, work) for name in sorted(after) if after[name] != before.get(name, (0, 0))
        }
        before = after
        yield Outcome(command, done.returncode, normal(done.stdout, work), normal(done.stderr, work), written)


def runner(work: Path, program: Sequence[str] = PROGRAM) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run("list", now="2026-03-02T09:00Z")`: the program in a folder, whose `home` is its home folder.

    It gets an environment of its own: nothing of who runs the tests, and where, reaches it.
    """

    def run(*words: str, now: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "HANDOFFCTL_HOME": str(work / "home"), "HANDOFFCTL_NOW": now, "TZ": "UTC", "COLUMNS": "100",
            "HOME": str(work), "XDG_CACHE_HOME": str(work.parent / "cache"),
            "TMPDIR": str(work.parent), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8",
            "PYTHONIOENCODING": "utf-8", "EDITOR": "true",
        }  # fmt: skip
        if program == WARM:
            return warm_program().run(words, work, environment)
        return subprocess.run(
            [*program, *words], cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            encoding="utf-8", check=False,
        )  # fmt: skip

    return run


def _files(work: Path) -> dict[str, tuple[int, int]]:
    """The files beside the home folders, each with what changes when it is written."""
    homes = {path.parent for path in work.glob("*/*.db")} | {work / "home"}
    there = [path for path in work.rglob("*") if path.is_file() and not homes & set(path.parents)]
    return {
        path.relative_to(work).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in there
        if ".db-" not in path.name
    }


def _content(path: Path, work: Path) -> str:
    return normal(path.read_text(encoding="utf-8"), work) if path.suffix in KEPT_FILES else ""


def normal(text: str, work: Path) -> str:
    """The text without what differs from place to place: folders, the version, ids that are drawn by lot."""
    text = text.replace(str(work), "WORK")
    text = SHIPPED.sub("SHIPPED/", text)
    text = VERSION.sub(r"\1 VERSION", text)
    text = BYTES.sub("N bytes", text)
    return UUID.sub("UUID", text)


def without_what_varies(value: Any, words: Sequence[str]) -> Any:
    """The JSON of a command without what differs from machine to machine, and the number of the schema."""
    varying = {
        "doctor": ("version", "python", "sqlite", "shipped_playbooks", "encoding", "schema"),
        "backup": ("bytes",),
    }  # fmt: skip
    names = next((varying[word] for word in words if word in varying), ())
    return {name: "VARIES" if name in names else inner for name, inner in value.items()}


def export_as_tables(text: str) -> dict[str, Any]:
    """An export as JSON Lines, by table and by file: so a new table or column shifts none of the others.

    The number of the schema and the count of all rows are left out. What undo keeps of a row is taken apart too.
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    files: dict[str, str] = {}
    for line in map(json.loads, text.splitlines()):
        if "row" in line:
            row = line["row"]
            if line["table"] == "former":
                row = {**row, "was": json.loads(row["was"])}
            tables.setdefault(line["table"], []).append(row)
        elif "file" in line:
            files[line["file"]] = line["text"]
    return {"tables": tables, "files": files}


def printed(value: Any) -> str:
    """How `--json` prints an object: two spaces deep, unescaped but for what could steer a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text) + "\n"


def transcript(outcomes: Sequence[Outcome]) -> str:
    """What people read in a whole chapter."""
    return "\n".join(outcome.text() for outcome in outcomes)
