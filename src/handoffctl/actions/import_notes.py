"""What is to be said about an import besides its counts: what was inferred, left aside, or read in one of two ways."""

from collections.abc import Mapping, Sequence

from handoffctl.store.incoming.laying import Incoming
from handoffctl.store.incoming.looking import left_out, rows_noted, without_a_date
from handoffctl.transfer.export import Export
from handoffctl.transfer.lexicon import rows_said
from handoffctl.transfer.reading import Reading
from handoffctl.transfer.skipped import Skipped
from handoffctl.transfer.stages import CLOSING, Entered, FoundStage, left_again


def remarks(
    export: Export, reading: Reading, stages: Sequence[FoundStage], entered: Mapping[int, Entered], incoming: Incoming
) -> list[str]:
    """The sentences, each whole."""
    files = _files(export)
    notes = reading.lexicon.notes()
    notes += [rows_said(files[file], said, rows) for file, said, rows in rows_noted(incoming)]
    notes += _on_dates(incoming)
    notes += [stage.why for stage in stages if stage.why]
    notes += [left_again(stage, entered[stage.id].left) for stage in stages
              if stage.kind in CLOSING and entered[stage.id].left]  # fmt: skip
    notes += [f"{part.sheet.file}: {note}" for part in export.parts for note in part.sheet.notes]
    return notes + ([f"Not read: {', '.join(export.unread)}."] if export.unread else [])


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
