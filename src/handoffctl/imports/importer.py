"""Imports the history of another program: all of the export in one transaction, or nothing of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from handoffctl.core.field_values import BadValue, parse_value
from handoffctl.core.json_record import OMITTED, JoinedRecords, Omitted
from handoffctl.core.moments import Clock
from handoffctl.deals.duplicates import ComparedAccount
from handoffctl.deals.duplicates_query import with_arriving
from handoffctl.deals.merge import likely_duplicates
from handoffctl.errors import Refused, UsageFault
from handoffctl.imports.cells.amounts import AmountParser
from handoffctl.imports.cells.dates import AmbiguousFormat, DateOrder, DateParser, parse_date_order
from handoffctl.imports.cells.parsers import CellParser
from handoffctl.imports.files.sheet import SkippedRow
from handoffctl.imports.mapping.columns import ExportFile
from handoffctl.imports.mapping.library import load_own_map, load_shipped_map, shipped_maps
from handoffctl.imports.mapping.recognise import Export, open_with_map, recognise_export
from handoffctl.imports.remarks import import_remarks, skipped_rows
from handoffctl.imports.rows.context import ImportContext
from handoffctl.imports.rows.format_scan import scan_formats
from handoffctl.imports.rows.reader import ExportReader
from handoffctl.imports.rows.stages import ExportStage
from handoffctl.imports.staging.accounts import resolve_accounts
from handoffctl.imports.staging.contacts import resolve_contacts
from handoffctl.imports.staging.database import StagingDb, main_transaction, open_staging, staging_transaction
from handoffctl.imports.staging.deals import classify_deals, mark_changed_deals
from handoffctl.imports.staging.preview import (
    DealPreview,
    ImportCounts,
    count_changes,
    is_empty,
    named_accounts,
    preview_deals,
)
from handoffctl.imports.staging.stages import PlaybookStage, add_stages, join_stages, match_stages
from handoffctl.imports.staging.stays import build_stays, resolve_deals
from handoffctl.imports.staging.touches import resolve_touches
from handoffctl.imports.staging.write import WriteDetails, write_import
from handoffctl.imports.target_playbook import TargetPlaybook, resolve_target
from handoffctl.playbook.library import is_shipped
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

MOST_LEFT_OUT = 3
ProgressCallback = Callable[[int, int], None]  # the bytes read so far, and those there are


@dataclass(frozen=True)
class ImportRequest:
    """What the user asked to import, and how."""

    path: Path
    program: str = ""
    map: Path | None = None
    playbook: str | None = None
    make: str | None = None
    dates: str | None = None
    dry: bool = False

    @property
    def is_recognised(self) -> bool:
        """True if the program is recognised by the columns, as neither it nor a map was named."""
        return not (self.program or self.map)


class ImportedRows(NamedTuple):
    """The program that wrote an export, and how many rows of it were read."""

    program: str
    rows: int


class PreviewStage(NamedTuple):
    """A stage of the export, and of which kind it is."""

    stage: str
    kind: str


class ImportRemarks(NamedTuple):
    """What an import tells besides its counts. The stages and the first deals are left out unless it is a dry run."""

    skipped: list[SkippedRow]
    notes: list[str]
    duplicates: list[list[ComparedAccount]]
    playbook: str
    playbook_file: str | None
    dry_run: bool
    stages: list[PreviewStage] | Omitted
    first: list[DealPreview] | Omitted


@dataclass
class ImportResult:
    """What an import recorded, or with `dry` would record."""

    program: str
    recognised: bool
    dry: bool
    rows: int
    counts: ImportCounts
    skipped: list[SkippedRow]
    notes: list[str]
    stages: tuple[ExportStage, ...]
    playbook: str
    playbook_file: Path | None
    duplicates: list[list[ComparedAccount]]
    preview: list[DealPreview] = field(default_factory=list)

    def as_json(self) -> JoinedRecords:
        """Returns the document that `import --json` prints."""
        remarks = ImportRemarks(
            self.skipped,
            self.notes,
            self.duplicates,
            self.playbook,
            str(self.playbook_file) if self.playbook_file else None,
            self.dry,
            [PreviewStage(stage.name, stage.kind) for stage in self.stages] if self.dry else OMITTED,
            self.preview if self.dry else OMITTED,
        )
        return JoinedRecords(ImportedRows(self.program, self.rows), self.counts, remarks)


def run_import(
    home: Home, request: ImportRequest, on_progress: ProgressCallback = lambda done, size: None
) -> ImportResult:
    """Reads an export, checks it against the playbook, and records it unless the run is dry.

    Raises Refused, RulesFault, NotFound or UsageFault; then nothing has been written.
    """
    if request.playbook and request.make:
        raise UsageFault("Either --playbook or --make-playbook.", "Leave one of them out.")
    export = _open_export(request)
    zone = export.import_map.zone_of_times or home.clock.zone
    if not request.dry:
        home.create_folder()
    with open_staging(home.database, zone, export.system, request.dry, home.author) as staging:
        reader = _stage_export(staging, export, request, home.clock, on_progress)
        with main_transaction(staging, request.dry):
            return _record(home, request, export, reader, staging)


def _open_export(request: ImportRequest) -> Export:
    if request.map:
        if request.program:
            raise UsageFault("Either --from or --map.", "Leave one of them out.")
        system, import_map = load_own_map(request.map)
        return open_with_map(request.path, import_map, system)
    programs = [request.program.casefold()] if request.program else list(shipped_maps())
    return recognise_export(request.path, {name: load_shipped_map(name) for name in programs})


def _stage_export(
    staging: StagingDb, export: Export, request: ImportRequest, clock: Clock, on_progress: ProgressCallback
) -> ExportReader:
    """Reads the export into the staging tables.

    Most exports show from their first rows how they write dates and amounts. Where one does not, all of it is scanned
    for that, and then read again.
    """
    chosen = request.dates or export.import_map.dates
    order = parse_date_order(chosen) if chosen else None
    try:
        return _read_export(staging, export, order, AmountParser(decided=False), clock, on_progress)
    except AmbiguousFormat:
        order, amounts = scan_formats(export.files, chosen)
        staging.restart()
        return _read_export(staging, export, order, amounts, clock, on_progress)


def _read_export(
    staging: StagingDb,
    export: Export,
    order: DateOrder | None,
    amounts: AmountParser,
    clock: Clock,
    on_progress: ProgressCallback,
) -> ExportReader:
    import_map = export.import_map
    dates = DateParser(order, import_map.zone_of_times or clock.zone)
    cells = CellParser(import_map.ids, import_map.same, dates, amounts)
    size = sum(export_file.sheet.size for export_file in export.files)
    bytes_read = 0

    def report(export_file: ExportFile) -> None:
        on_progress(min(size, bytes_read + export_file.sheet.position), size)

    reader = ExportReader(export.files, ImportContext(import_map, cells, clock.now), staging.add_rows)
    with staging_transaction(staging):
        for export_file in reader.files:
            reader.read(export_file, report)
            bytes_read += export_file.sheet.size
    return reader


def _record(
    home: Home, request: ImportRequest, export: Export, reader: ExportReader, staging: StagingDb
) -> ImportResult:
    """Compares the staged rows with the records, and writes what is new unless the run is dry."""
    collector = reader.context.stages
    stages_met = collector.kinds()
    add_stages(staging, stages_met)
    resolve_deals(staging)
    usage = build_stays(staging, reader.context.reopened)
    stages = collector.in_order(stages_met, usage)
    if is_empty(staging) or (not stages and _has_deals(export)):
        raise _nothing_read(request, export, reader, staging)
    target = resolve_target(home, stages, _field_names(export), request.playbook, request.make, export.program)
    _resolve_records(staging, target)
    remarks = import_remarks(
        export, reader, stages, usage, staging,
        has_own_map=request.map is not None, is_draft=target.draft is not None, dry=request.dry,
    )  # fmt: skip
    result = ImportResult(
        export.program, request.is_recognised, request.dry, reader.rows, count_changes(staging),
        skipped_rows(export, reader, staging), remarks, stages, target.rules.playbook.playbook, None,
        likely_duplicates(with_arriving(staging.fetch_all), named_accounts(staging)),
    )  # fmt: skip
    if request.dry:
        result.preview = preview_deals(staging)
    else:
        result.playbook_file = _write(home, staging, target, result)
    return result


def _nothing_read(request: ImportRequest, export: Export, reader: ExportReader, staging: StagingDb) -> Refused:
    reasons = [f"{row.file}, row {row.row}: {row.reason}" for row in skipped_rows(export, reader, staging)[:10]]
    hint = f"Is --dates {request.dates} right?" if request.dates else "Is it the right file?"
    return Refused(f"{request.path} holds no deal that could be read.", hint, reasons)


def _resolve_records(staging: StagingDb, target: TargetPlaybook) -> None:
    """Matches the staged stages with the playbook, and accounts, deals, contacts and touches with the records."""
    playbook = target.rules.playbook
    matched = {id: _playbook_stage(playbook, name) for id, name in target.stages.items()}
    names = set(target.stages.values())
    match_stages(staging, matched, [_playbook_stage(playbook, name) for name in playbook.stages if name not in names])
    if len(names) < len(matched):
        join_stages(staging)
    for resolve in (resolve_accounts, classify_deals, resolve_contacts, resolve_touches, mark_changed_deals):
        resolve(staging)


def _playbook_stage(playbook: Playbook, name: str) -> PlaybookStage:
    kind, owner = playbook.stages[name].kind, playbook.owner_of(name)
    return PlaybookStage(playbook.playbook, name, playbook.title_of(name), kind, owner)


def _write(home: Home, staging: StagingDb, target: TargetPlaybook, result: ImportResult) -> Path | None:
    """Writes the draft playbook, if there is one, and the records. Returns the draft's path."""
    counts = result.counts
    summary = (
        f"Imported {result.program}: {counts.accounts_created} accounts, {counts.contacts_created} contacts, "
        f"{counts.deals_created} deals new, {counts.deals_updated} changed."
    )
    playbook_file = target.write_draft()
    try:
        playbook, path = target.rules.playbook, target.rules.path
        draft = playbook_file.relative_to(home.folder).as_posix() if playbook_file else None
        details = WriteDetails(
            home.invocation, summary, draft, playbook.playbook, path.read_text(encoding="utf-8"),
            is_shipped(target.rules),
            _value_reader(home, playbook, result.notes), lambda name: playbook.fields[name].type,
            lambda name: playbook.fields[name].of == "account",
        )  # fmt: skip
        write_import(staging, details)
    except BaseException:
        target.remove_draft()
        raise
    return playbook_file


def _value_reader(home: Home, playbook: Playbook, notes: list[str]) -> Callable[[str, str], str | None]:
    """Returns a reader of field values: None for what the field refuses, placeholders too, with a note on it."""
    refused: Counter[str] = Counter()

    def value(name: str, text: str) -> str | None:
        try:
            return parse_value(playbook.fields[name], text, home.clock)
        except BadValue as fault:
            refused[name] += 1
            if refused[name] <= MOST_LEFT_OUT:
                notes.append(f"{name}: {fault} It was left out.")
            elif refused[name] == MOST_LEFT_OUT + 1:
                notes.append(f"{name}: more values like these were left out.")
            return None

    return value


def _field_names(export: Export) -> list[str]:
    return list(dict.fromkeys(name for export_file in export.files for name in export_file.table.fields))


def _has_deals(export: Export) -> bool:
    return any(export_file.table.rows in ("deals", "changes") for export_file in export.files)
