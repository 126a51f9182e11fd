"""Finds the files of an export and the table map of each, from the user's map or by recognising their headers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused
from handoffctl.imports.files.sheet import Sheet, open_sheet
from handoffctl.imports.mapping.columns import (
    NO_MATCH,
    ExportFile,
    MatchScore,
    locate_columns,
    match_score,
    shorten_header,
)
from handoffctl.imports.mapping.model import ImportMap, TableMap

MOST_HEADERS = 8
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
EXACT_NAME_SCORE = MatchScore(
    1_000, 0
)  # a file with the exact name of a table is that table, however few of its columns it has


class TableMatch(NamedTuple):
    """The table map that a file fits best."""

    score: MatchScore
    table: TableMap


TableMatches = Mapping[Sheet, TableMatch | None]


@dataclass(frozen=True)
class Export:
    """The files of one program, each with its table map, and the names of the files that are not read."""

    system: str
    import_map: ImportMap
    files: list[ExportFile]
    unread: list[str]

    @property
    def program(self) -> str:
        """The program's name, to show."""
        return self.import_map.program or self.system


@dataclass(frozen=True)
class _OpenedFiles:
    """The files of a folder: those that can be read, and the refusals of the others, by name."""

    sheets: list[Sheet]
    refusals: dict[str, Refused]
    named_sheet: Sheet | None = None  # the file that the user named, if it was not the folder


def open_with_map(path: Path, import_map: ImportMap, system: str) -> Export:
    """Opens a file, or the files of a folder, with the user's own map. Raises Refused."""
    if not import_map.tables:
        if path.is_dir():
            raise Refused(
                f"{escape_controls(str(path))} is a folder, and the map is for one file.", "Name the file inside it."
            )
        return Export(system, import_map, [locate_columns(open_sheet(path), import_map, 1, strict=True)], [])
    opened = _open_files(path, together=False)
    return _build_export(
        system,
        import_map,
        {sheet: _best_table(sheet, import_map.tables) for sheet in opened.sheets},
        opened,
        path,
        strict=True,
    )


def recognise_export(path: Path, import_maps: Mapping[str, ImportMap]) -> Export:
    """Opens an export with the shipped map that fits it best. Raises Refused if none fits."""
    opened = _open_files(path, together=any(import_map.together for import_map in import_maps.values()))
    best: tuple[MatchScore, str, TableMatches] = (NO_MATCH, "", {})
    for system, import_map in import_maps.items():
        alone = [opened.named_sheet] if opened.named_sheet else opened.sheets
        candidates = opened.sheets if import_map.together else alone
        # Beside a named file, only files with the exact names of the program's files belong to the export.
        matches: TableMatches = {
            sheet: _best_table(sheet, import_map.tables, by_name=sheet not in alone) for sheet in candidates
        }
        score = _total_score(matches)
        if score > best[0] and any(matches[sheet] for sheet in alone):
            best = score, system, matches
    _, system, matches = best
    if not system:
        _refuse_unrecognised(path, opened.sheets, import_maps)
    return _build_export(system, import_maps[system], matches, opened, path, strict=False)


def _total_score(matches: TableMatches) -> MatchScore:
    scores = [match.score for match in matches.values() if match]
    return MatchScore(sum(score.known_by for score in scores), sum(score.columns for score in scores))


def _build_export(
    system: str, import_map: ImportMap, matches: TableMatches, opened: _OpenedFiles, path: Path, strict: bool
) -> Export:
    """Raises Refused if a file with a name of the program cannot be read; any other file is only left unread."""
    file_names = {table.file.casefold() for table in import_map.tables if table.file}
    for name, refusal in opened.refusals.items():
        if name.casefold() in file_names and (import_map.together or not opened.named_sheet):
            raise refusal
    files = [
        locate_columns(sheet, match.table, number, strict)
        for number, (sheet, match) in enumerate(matches.items(), 1)
        if match
    ]
    if not files:
        raise Refused(
            f"No file in {escape_controls(str(path))} fits the map.", "Does each table name its file, or known_by?"
        )
    unread = [*(sheet.file for sheet, match in matches.items() if not match), *map(escape_controls, opened.refusals)]
    return Export(system, import_map, files, [] if opened.named_sheet else unread)


def _best_table(sheet: Sheet, tables: Sequence[TableMap], by_name: bool = False) -> TableMatch | None:
    """Returns the table map that the file fits best; None if it fits none."""
    matches: list[TableMatch] = []
    for table in tables:
        if table.file and sheet.file.casefold() == table.file.casefold():
            matches.append(TableMatch(EXACT_NAME_SCORE, table))
        elif not by_name and (table.known_by or not table.file):
            matches.append(TableMatch(match_score(sheet, table), table))
    best = max(matches, key=lambda match: match.score, default=None)
    return best if best and best.score > NO_MATCH else None


def _open_files(path: Path, together: bool) -> _OpenedFiles:
    """Opens the file, with those beside it if they may belong together, or the files of the folder."""
    if not path.is_dir():
        sheet = open_sheet(path)
        if not together:
            return _OpenedFiles([sheet], {}, sheet)
        beside = _open_each(file for file in _list_folder(path.parent) if not file.samefile(path))
        return _OpenedFiles([sheet, *beside.sheets], beside.refusals, sheet)
    paths = _list_folder(path)
    if not paths:
        raise Refused(f"There is no CSV file in {escape_controls(str(path))}.", "Name the file or folder of an export.")
    opened = _open_each(paths)
    if not opened.sheets:
        raise next(iter(opened.refusals.values()))
    return opened


def _list_folder(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix.casefold() in SUFFIXES and file.is_file())
    except OSError as error:
        raise Refused(f"{escape_controls(str(folder))} cannot be read: {error.strerror}.", "Check the path.") from None


def _open_each(files: Iterable[Path]) -> _OpenedFiles:
    sheets, refusals = [], {}
    for file in files:
        try:
            sheets.append(open_sheet(file, may_be_empty=True))
        except Refused as refusal:
            refusals[file.name] = refusal
    return _OpenedFiles(sheets, refusals)


def _refuse_unrecognised(path: Path, sheets: Sequence[Sheet], import_maps: Mapping[str, ImportMap]) -> NoReturn:
    program_names = ", ".join(import_map.program or name for name, import_map in import_maps.items())
    looks_like = (
        f"an export of {program_names}" if len(import_maps) == 1 else f"an export this program knows ({program_names})"
    )
    if path.is_dir():
        longest = max(sheets, key=lambda sheet: sheet.size)
        raise Refused(
            f"No file in {escape_controls(str(path))} looks like {looks_like}.",
            f"Take one file, and write a map for it: handoffctl import --suggest {path / longest.file} > map.yaml",
        )
    headers = list(map(shorten_header, sheets[0].headers))
    listing = ", ".join(headers[:MOST_HEADERS]) + (", ..." if len(headers) > MOST_HEADERS else "")
    raise Refused(
        f"{sheets[0].file} does not look like {looks_like}.",
        f"Its columns are {listing}. Write a map: handoffctl import --suggest {escape_controls(str(path))} > map.yaml",
    )
