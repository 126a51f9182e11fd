"""Suggests a map for a file: what its columns are called and hold, beside how the exports of known programs look."""

from itertools import islice
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.imports.files.sheet import Sheet, open_sheet
from handoffctl.imports.mapping.library import programs, shipped_map
from handoffctl.imports.mapping.recognise import recognised
from handoffctl.imports.suggest.column_names import vocabulary
from handoffctl.imports.suggest.column_profile import look
from handoffctl.imports.suggest.inference import guess_of
from handoffctl.imports.suggest.map_text import map_text
from handoffctl.imports.suggest.model import Recognised

# Files are sorted mostly: the first deals alone may all be closed. So many rows are taken that others are among them.
MOST_ROWS, LEAST_ROWS, MOST_CELLS = 20_000, 200, 1_000_000


def suggestion(path: Path) -> str:
    """A map for the file as YAML text, with remarks on what was guessed and why. Raises Refused."""
    sheet = open_sheet(path)
    most = max(LEAST_ROWS, min(MOST_ROWS, MOST_CELLS // len(sheet.headers)))
    looked = look(sheet.file, sheet.headers, (cells for _, cells in islice(sheet.records(), most)))
    known = vocabulary(shipped_map(name) for name in programs())
    return map_text(guess_of(looked, known, _recognised(path, sheet)))


def _recognised(path: Path, sheet: Sheet) -> Recognised | None:
    """What a known program's own map says of this file, where it is an export of one."""
    try:
        export = recognised(path, {name: shipped_map(name) for name in programs()})
    except Refused:
        return None
    part = next((part for part in export.parts if part.sheet.headers == sheet.headers), None)
    return Recognised(export.system, export.rules, part.table, part.places) if part else None
