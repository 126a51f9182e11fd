"""Suggests a map for a file, from its columns and rows and the maps of known programs."""

from itertools import islice
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.imports.files.sheet import Sheet, open_sheet
from handoffctl.imports.mapping.library import load_shipped_map, shipped_maps
from handoffctl.imports.mapping.recognise import recognise_export
from handoffctl.imports.suggest.column_names import build_vocabulary
from handoffctl.imports.suggest.column_profile import profile_file
from handoffctl.imports.suggest.inference import guess_map
from handoffctl.imports.suggest.map_text import write_map
from handoffctl.imports.suggest.model import RecognisedFile

# Most files are sorted, and the first deals may all be closed, so enough rows are read to include others.
MOST_ROWS, LEAST_ROWS, MOST_CELLS = 20_000, 200, 1_000_000


def suggest_map(path: Path) -> str:
    """Returns a map for the file as YAML text, with remarks on what was guessed and why. Raises Refused."""
    sheet = open_sheet(path)
    most_rows = max(LEAST_ROWS, min(MOST_ROWS, MOST_CELLS // len(sheet.headers)))
    profile = profile_file(sheet.file, sheet.headers, (cells for _, cells in islice(sheet.records(), most_rows)))
    vocabulary = build_vocabulary(load_shipped_map(name) for name in shipped_maps())
    return write_map(guess_map(profile, vocabulary, _recognise(path, sheet)))


def _recognise(path: Path, sheet: Sheet) -> RecognisedFile | None:
    """Returns what the shipped map of a known program says of this file; None if it is no export of one."""
    try:
        export = recognise_export(path, {name: load_shipped_map(name) for name in shipped_maps()})
    except Refused:
        return None
    part = next((part for part in export.files if part.sheet.headers == sheet.headers), None)
    return RecognisedFile(export.system, export.import_map, part.table, part.indexes) if part else None
