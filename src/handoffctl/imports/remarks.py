"""Remarks on an import besides its counts: what was inferred or left aside, and what can be read in two ways."""

from collections.abc import Mapping, Sequence

from handoffctl.errors import nearest
from handoffctl.imports.files.sheet import SkippedRow
from handoffctl.imports.mapping.columns import shorten_header
from handoffctl.imports.mapping.recognise import Export
from handoffctl.imports.rows.context import row_remark
from handoffctl.imports.rows.reader import ExportReader
from handoffctl.imports.rows.stages import CLOSING, ExportStage, StageCollector, StageUsage, exit_remark
from handoffctl.imports.staging.database import StagingDb
from handoffctl.imports.staging.preview import count_undated, deals_kept_back, noted_rows, read_skipped

MOST_NAMED = 12


def import_remarks(
    export: Export, reader: ExportReader, stages: Sequence[ExportStage], usage: Mapping[int, StageUsage],
    staging: StagingDb, has_own_map: bool, is_draft: bool, dry: bool,
) -> list[str]:  # fmt: skip
    """Everything to tell the user about the import, as whole sentences."""
    files = _file_names(export)
    remarks = reader.context.remarks()
    remarks += [row_remark(files[note.file], note.text, note.rows) for note in noted_rows(staging)]
    remarks += _date_remarks(staging)
    remarks += _stage_remarks(reader.context.stages, stages, usage, has_own_map, is_draft)
    remarks += [note for export_file in export.files for note in export_file.sheet.notes]
    remarks += _kept_back_remarks(staging)
    if dry:
        unused = {export_file.sheet.file: export_file.unused_headers() for export_file in export.files}
        remarks += [f"Columns of {file} that are not used: {_listing(headers)}."
                    for file, headers in unused.items() if headers]  # fmt: skip
    return remarks + ([f"Not read: {_listing(export.unread)}."] if export.unread else [])


def _stage_remarks(
    collector: StageCollector,
    stages: Sequence[ExportStage],
    usage: Mapping[int, StageUsage],
    has_own_map: bool,
    is_draft: bool,
) -> list[str]:
    remarks = [stage.reason for stage in stages if stage.reason]
    remarks += [exit_remark(stage, usage[stage.id].exits) for stage in stages
                if stage.kind in CLOSING and usage[stage.id].exits]  # fmt: skip
    if has_own_map:
        names = [stage.name for stage in stages]
        remarks += [f'The map speaks of a stage "{name}" that no deal was in {nearest(name, names)}'.rstrip() + "."
                    for name in collector.unused_map_stages()]  # fmt: skip
    if is_draft and collector.order_is_guessed(stages):
        remarks.append(
            "The order of the open stages is a guess; put them in order in the playbook, or under order: in a map."
        )
    return remarks


def _kept_back_remarks(staging: StagingDb) -> list[str]:
    names = deals_kept_back(staging)
    if not names:
        return []
    were = "1 deal was" if len(names) == 1 else f"{len(names):,} deals were"
    return [f"{were} worked on here and kept the stage it has here, though the export has another: {_listing(names)}."]


def _listing(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    return ", ".join(map(shorten_header, names[:MOST_NAMED])) + (
        f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    )


def _date_remarks(staging: StagingDb) -> list[str]:
    deals, undated = count_undated(staging)
    if not undated:
        return []
    if undated < deals:
        return [f"Of {undated:,} deals the export does not say since when they are in their stage."]
    return ["The export does not say since when deals are in their stages, so reports have no lengths yet. "
            "If the program can export the history of stages too, import that as well."]  # fmt: skip


def skipped_rows(export: Export, reader: ExportReader, staging: StagingDb) -> list[SkippedRow]:
    """Every row that was left out, sorted by file and row."""
    files = _file_names(export)
    rows = reader.skipped + [SkippedRow(files[row.file], row.row, row.reason) for row in read_skipped(staging)]
    return sorted(rows, key=lambda row: (row.file, row.row))


def _file_names(export: Export) -> dict[int, str]:
    return {export_file.number: export_file.sheet.file for export_file in export.files}
