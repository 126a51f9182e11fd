"""What is to be said about an import besides its counts: what was inferred, left aside, or read in one of two ways."""

from collections.abc import Mapping, Sequence

from handoffctl.errors import nearest
from handoffctl.imports.files.sheet import Skipped
from handoffctl.imports.mapping.columns import shortened
from handoffctl.imports.mapping.recognise import Export
from handoffctl.imports.rows.context import rows_said
from handoffctl.imports.rows.reader import Reading
from handoffctl.imports.rows.stages import CLOSING, Entered, FoundStage, StagesSeen, left_again
from handoffctl.imports.staging.database import Incoming
from handoffctl.imports.staging.preview import kept_back, left_out, rows_noted, without_a_date

MOST_NAMED = 12


def remarks(
    export: Export, reading: Reading, stages: Sequence[FoundStage], entered: Mapping[int, Entered], incoming: Incoming,
    own_map: bool, drafted: bool, dry: bool,
) -> list[str]:  # fmt: skip
    """The sentences, each whole."""
    files = _files(export)
    notes = reading.lexicon.notes()
    notes += [rows_said(files[file], said, rows) for file, said, rows in rows_noted(incoming)]
    notes += _on_dates(incoming)
    notes += _on_stages(reading.lexicon.stages, stages, entered, own_map, drafted)
    notes += [note for part in export.parts for note in part.sheet.notes]
    notes += _kept_back(incoming)
    if dry:
        notes += [f"Columns of {part.sheet.file} that are not used: {_some(part.unused())}."
                  for part in export.parts if part.unused()]  # fmt: skip
    return notes + ([f"Not read: {_some(export.unread)}."] if export.unread else [])


def _on_stages(
    seen: StagesSeen, stages: Sequence[FoundStage], entered: Mapping[int, Entered], own_map: bool, drafted: bool
) -> list[str]:
    notes = [stage.why for stage in stages if stage.why]
    notes += [left_again(stage, entered[stage.id].left) for stage in stages
              if stage.kind in CLOSING and entered[stage.id].left]  # fmt: skip
    if own_map:
        names = [stage.name for stage in stages]
        notes += [f'The map speaks of a stage "{name}" that no deal was in {nearest(name, names)}'.rstrip() + "."
                  for name in seen.unknown()]  # fmt: skip
    if drafted and seen.order_is_guessed(stages):
        notes.append(
            "The order of the open stages is a guess; put them in order in the playbook, or under order: in a map."
        )
    return notes


def _kept_back(incoming: Incoming) -> list[str]:
    names = kept_back(incoming)
    if not names:
        return []
    were = "1 deal was" if len(names) == 1 else f"{len(names):,} deals were"
    return [f"{were} worked on here and kept the stage it has here, though the export has another: {_some(names)}."]


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(shortened, names[:MOST_NAMED])) + (
        f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    )


def _on_dates(incoming: Incoming) -> list[str]:
    deals, undated = without_a_date(incoming)
    if not undated:
        return []
    if undated < deals:
        return [f"Of {undated:,} deals the export does not say since when they are in their stage."]
    return ["The export does not say since when deals are in their stages, so reports have no lengths yet. "
            "If the program can export the history of stages too, import that as well."]  # fmt: skip


def skipped_rows(export: Export, reading: Reading, incoming: Incoming) -> list[Skipped]:
    """Every row that was left out, by file and row."""
    files = _files(export)
    found = reading.skipped + [Skipped(files[file], row, reason) for file, row, reason in left_out(incoming)]
    return sorted(found, key=lambda one: (one.file, one.row))


def _files(export: Export) -> dict[int, str]:
    return {part.number: part.sheet.file for part in export.parts}
