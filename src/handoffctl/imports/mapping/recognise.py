"""Which files belong to an export, and which table each of them is: told by a map, or recognised by the headers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from handoffctl.core.names import visible
from handoffctl.errors import Refused
from handoffctl.imports.files.sheet import Sheet, open_sheet
from handoffctl.imports.mapping.columns import Part, fits, part, shortened
from handoffctl.imports.mapping.model import Map, Table

MOST_HEADERS = 8
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
NAMED = (1_000, 0)  # a file of the very name a table has is that table, however few of its columns it has

Found = Mapping[Sheet, tuple[tuple[int, int], Table] | None]


@dataclass(frozen=True)
class Export:
    """The files of one program, each with its table; and the names of those that nothing was read from."""

    system: str
    rules: Map
    parts: list[Part]
    unread: list[str]


@dataclass(frozen=True)
class _Files:
    """The files of a folder, and those of them that cannot be read with what is wrong with each."""

    sheets: list[Sheet]
    amiss: dict[str, Refused]
    named: Sheet | None = None  # the file that was named, where it was not the folder


def mapped(path: Path, rules: Map, system: str) -> Export:
    """The file, or the files of the folder, read by the user's own map."""
    if not rules.tables:
        if path.is_dir():
            raise Refused(f"{visible(str(path))} is a folder, and the map is for one file.", "Name the file inside it.")
        return Export(system, rules, [part(open_sheet(path), rules, 1, strict=True)], [])
    files = _files(path, together=False)
    return _export(system, rules, {sheet: _best(sheet, rules.tables) for sheet in files.sheets}, files, path, True)


def recognised(path: Path, programs: Mapping[str, Map]) -> Export:
    """The program whose exports look like this, and its tables. Raises Refused where there is none."""
    files = _files(path, together=any(rules.together for rules in programs.values()))
    best: tuple[tuple[int, int], str, Found] = ((0, 0), "", {})
    for system, rules in programs.items():
        alone = [files.named] if files.named else files.sheets
        mine = files.sheets if rules.together else alone
        # Beside a file that was named only those belong to it that have the very names of the program's files.
        found = {sheet: _best(sheet, rules.tables, by_name=sheet not in alone) for sheet in mine}
        fits = [one[0] for one in found.values() if one]
        score = sum(one for one, _ in fits), sum(other for _, other in fits)
        if score > best[0] and any(found[sheet] for sheet in alone):
            best = score, system, found
    if not best[1]:
        _refuse(path, files.sheets, programs)
    return _export(best[1], programs[best[1]], best[2], files, path, False)


def _export(system: str, rules: Map, found: Found, files: _Files, path: Path, strict: bool) -> Export:
    """Raises Refused where a file of a name that the program has cannot be read; any other is only left unread."""
    wanted = {table.file.casefold() for table in rules.tables if table.file}
    for name, refusal in files.amiss.items():
        if name.casefold() in wanted and (rules.together or not files.named):
            raise refusal
    parts = [part(sheet, one[1], number, strict) for number, (sheet, one) in enumerate(found.items(), 1) if one]
    if not parts:
        raise Refused(f"No file in {visible(str(path))} fits the map.", "Does each table name its file, or known_by?")
    unread = [*(sheet.file for sheet, one in found.items() if not one), *map(visible, files.amiss)]
    return Export(system, rules, parts, [] if files.named else unread)


def _best(sheet: Sheet, tables: Sequence[Table], by_name: bool = False) -> tuple[tuple[int, int], Table] | None:
    """The table that the file fits best, and how well; None where it fits none."""
    scores: list[tuple[tuple[int, int], Table]] = []
    for table in tables:
        if table.file and sheet.file.casefold() == table.file.casefold():
            scores.append((NAMED, table))
        elif not by_name and (table.known_by or not table.file):
            scores.append((fits(sheet, table), table))
    best = max(scores, key=lambda score: score[0], default=None)
    return best if best and best[0] > (0, 0) else None


def _files(path: Path, together: bool) -> _Files:
    """The file, with those beside it where they may belong together; or the files of the folder."""
    if not path.is_dir():
        named = open_sheet(path)
        if not together:
            return _Files([named], {}, named)
        beside = _opened(file for file in _in_folder(path.parent) if not file.samefile(path))
        return _Files([named, *beside.sheets], beside.amiss, named)
    there = _in_folder(path)
    if not there:
        raise Refused(f"There is no CSV file in {visible(str(path))}.", "Name the file or folder of an export.")
    found = _opened(there)
    if not found.sheets:
        raise next(iter(found.amiss.values()))
    return found


def _in_folder(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix.casefold() in SUFFIXES and file.is_file())
    except OSError as error:
        raise Refused(f"{visible(str(folder))} cannot be read: {error.strerror}.", "Check the path.") from None


def _opened(files: Iterable[Path]) -> _Files:
    sheets, amiss = [], {}
    for file in files:
        try:
            sheets.append(open_sheet(file, may_be_empty=True))
        except Refused as refusal:
            amiss[file.name] = refusal
    return _Files(sheets, amiss)


def _refuse(path: Path, sheets: Sequence[Sheet], programs: Mapping[str, Map]) -> NoReturn:
    known = ", ".join(rules.program or name for name, rules in programs.items())
    one = f"an export of {known}" if len(programs) == 1 else f"an export this program knows ({known})"
    if path.is_dir():
        longest = max(sheets, key=lambda sheet: sheet.size)
        raise Refused(
            f"No file in {visible(str(path))} looks like {one}.",
            f"Take one file, and write a map for it: handoffctl import --suggest {path / longest.file} > map.yaml",
        )
    headers = list(map(shortened, sheets[0].headers))
    named = ", ".join(headers[:MOST_HEADERS]) + (", ..." if len(headers) > MOST_HEADERS else "")
    raise Refused(
        f"{sheets[0].file} does not look like {one}.",
        f"Its columns are {named}. Write a map: handoffctl import --suggest {visible(str(path))} > map.yaml",
    )
