"""The databases of earlier versions, and what a program sees in them."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract.replay import AS_TESTED, PROGRAM, export_as_tables, runner
from tests.fixtures.databases.build import BUILDS, unpack
from tests.fixtures.databases.build import HERE as FOLDER

__all__ = ["BUILDS", "FOLDER", "Seen", "brought_back", "look", "recorded", "troubles", "unpack", "write"]

NOW = "2026-03-10T09:00Z"
COMMANDS = {
    "throughput": ("report", "throughput", "--json"),
    "show": ("show", "maple-dairy", "--json"),
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What a program tells of a database: its export as it is, and the JSON of some commands by name."""

    export: str
    told: dict[str, Any]

    def compared(self) -> dict[str, Any]:
        """All of it, in the form in which it is compared."""
        return {"export": export_as_tables(self.export), **self.told}


def look(work: Path, program: Sequence[str] = PROGRAM) -> Seen:
    """Asks the program about the home folder in `work`; the first question raises the database."""
    export = _output(work, program, "export")
    return Seen(export, {name: json.loads(_output(work, program, *words)) for name, words in COMMANDS.items()})


def troubles(work: Path) -> list[str]:
    """What the doctor finds."""
    return json.loads(_output(work, AS_TESTED, "doctor", "--json"))["problems"]


def brought_back(work: Path, export: Path) -> dict[str, Any]:
    """What a home folder exports into which an export was brought back."""
    work.mkdir()
    shutil.copy(export, work)
    _output(work, AS_TESTED, "import", export.name, "--from", "handoffctl")
    return export_as_tables(_output(work, AS_TESTED, "export"))


def _output(work: Path, program: Sequence[str], *words: str) -> str:
    done = runner(work, program)(*words, now=NOW)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def recorded(build: str) -> Seen:
    """What 0.6.0 saw."""
    folder = FOLDER / build
    told = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in COMMANDS}
    return Seen((folder / "export.jsonl").read_text(encoding="utf-8"), told)


def write(build: str, seen: Seen) -> None:
    """Records it."""
    (FOLDER / build / "export.jsonl").write_text(seen.export, encoding="utf-8")
    for name, value in seen.told.items():
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / build / f"{name}.json").write_text(text, encoding="utf-8")
