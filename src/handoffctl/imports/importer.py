"""Brings in the history of another program: all of the export in one transaction, or nothing of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoffctl.core.field_values import BadValue, parsed
from handoffctl.core.moments import Clock
from handoffctl.deals.duplicates_query import with_arriving
from handoffctl.deals.merge import alike
from handoffctl.errors import Refused, UsageFault
from handoffctl.imports.cells.amounts import Amounts
from handoffctl.imports.cells.dates import DateOrder, DateReader, Undecided, order_named
from handoffctl.imports.cells.parsers import Cells
from handoffctl.imports.files.sheet import Skipped
from handoffctl.imports.mapping.columns import Part
from handoffctl.imports.mapping.library import own_map, programs, shipped_map
from handoffctl.imports.mapping.recognise import Export, mapped, recognised
from handoffctl.imports.remarks import remarks, skipped_rows
from handoffctl.imports.rows.context import Lexicon
from handoffctl.imports.rows.reader import Reading
from handoffctl.imports.rows.stages import CLOSING, Entered, FoundStage
from handoffctl.imports.rows.survey import survey
from handoffctl.imports.staging.accounts import settle_accounts
from handoffctl.imports.staging.contacts import settle_contacts
from handoffctl.imports.staging.database import Incoming, laid_beside, laying, settling
from handoffctl.imports.staging.deals import settle_changes, settle_fates
from handoffctl.imports.staging.preview import Before, counts, first_deals, is_empty, named_accounts
from handoffctl.imports.staging.stays import join_stages, settle_deals, settle_stays
from handoffctl.imports.staging.touches import settle_touches
from handoffctl.imports.staging.write import Signed, write
from handoffctl.imports.target_playbook import Into, into
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

MOST_LEFT_OUT = 3
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    path: Path
    program: str = ""
    map: Path | None = None
    playbook: str | None = None
    make: str | None = None
    dates: str | None = None
    dry: bool = False


@dataclass
class Imported:
    """What an import did, or with `dry` would do."""

    program: str
    recognised: bool
    dry: bool
    rows: int
    counts: dict[str, int]
    skipped: list[Skipped]
    notes: list[str]
    stages: tuple[FoundStage, ...]
    playbook: str
    made: Path | None
    duplicates: list[list[dict[str, Any]]]
    before: list[Before] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "program": self.program, "rows": self.rows, **self.counts,
            "skipped": [{"file": one.file, "row": one.row, "reason": one.reason} for one in self.skipped],
            "notes": self.notes, "duplicates": self.duplicates,
            "playbook": self.playbook, "playbook_file": str(self.made) if self.made else None,
            "dry_run": self.dry,
        }  # fmt: skip
        if self.dry:
            found["stages"] = [{"stage": stage.name, "kind": stage.kind} for stage in self.stages]
            found["first"] = [one.as_json() for one in self.before]
        return found


def bring_in(home: Home, asked: Asked, tell: Tell = lambda done, size: None) -> Imported:
    """Reads an export, judged before the playbook, and records it. `tell` hears how many bytes of how many are read.

    Raises Refused, RulesFault, NotFound or UsageFault; then nothing has been written.
    """
    if asked.playbook and asked.make:
        raise UsageFault("Either --playbook or --make-playbook.", "Leave one of them out.")
    export = _export(asked)
    zone = export.rules.zone_of_times or home.clock.zone
    if not asked.dry:
        home.make()
    with laid_beside(home.database, zone, export.system, asked.dry) as incoming:
        reading = _laid(incoming, export, asked, home.clock, tell)
        with settling(incoming, asked.dry):
            return _settled(home, asked, export, reading, incoming)


def _export(asked: Asked) -> Export:
    if asked.map:
        if asked.program:
            raise UsageFault("Either --from or --map.", "Leave one of them out.")
        system, rules = own_map(asked.map)
        return mapped(asked.path, rules, system)
    names = [asked.program.casefold()] if asked.program else list(programs())
    return recognised(asked.path, {name: shipped_map(name) for name in names})


def _laid(incoming: Incoming, export: Export, asked: Asked, clock: Clock, tell: Tell) -> Reading:
    """Lays the export down beside the database. Most exports say at once how they write dates and amounts; where one
    leaves that open, all of it is looked through first."""
    given = asked.dates or export.rules.dates
    try:
        return _read(incoming, export, order_named(given) if given else None, Amounts(decided=False), clock, tell)
    except Undecided:
        order, amounts = survey(export.parts, given)
        incoming.begin_anew()
        return _read(incoming, export, order, amounts, clock, tell)


def _read(
    incoming: Incoming, export: Export, order: DateOrder | None, amounts: Amounts, clock: Clock, tell: Tell
) -> Reading:
    rules = export.rules
    cells = Cells(rules.ids, rules.same, DateReader(order, rules.zone_of_times or clock.zone), amounts)
    size = sum(part.sheet.size for part in export.parts)
    done = 0

    def told(part: Part) -> None:
        tell(min(size, done + part.sheet.position), size)

    reading = Reading(export.parts, Lexicon(rules, cells, clock.now), incoming.take)
    with laying(incoming):
        for part in reading.parts:
            reading.read(part, told)
            done += part.sheet.size
    return reading


def _settled(home: Home, asked: Asked, export: Export, reading: Reading, incoming: Incoming) -> Imported:
    """Compares what was laid down with the records, and writes it unless the run is dry."""
    found = reading.lexicon.stages.kinds()
    incoming.take("stage", {"id": [one.id for one in found], "closing": [one.kind in CLOSING for one in found]})
    settle_deals(incoming)
    entered = {stage: Entered(*seen) for stage, seen in settle_stays(incoming, reading.lexicon.reopened).items()}
    stages = reading.lexicon.stages.in_order(found, entered)
    if is_empty(incoming) or (not stages and _tells_of_deals(export)):
        reasons = [f"{one.file}, row {one.row}: {one.reason}" for one in skipped_rows(export, reading, incoming)[:10]]
        hint = f"Is --dates {asked.dates} right?" if asked.dates else "Is it the right file?"
        raise Refused(f"{asked.path} holds no deal that could be read.", hint, reasons)
    target = into(home, stages, _fields(export), asked.playbook, asked.make, _called(export))
    _match(incoming, target)
    if len(set(target.stages.values())) < len(target.stages):
        join_stages(incoming)
    for settle in (settle_accounts, settle_fates, settle_contacts, settle_touches, settle_changes):
        settle(incoming)
    done = Imported(
        _called(export), not (asked.program or asked.map), asked.dry, reading.rows, counts(incoming),
        skipped_rows(export, reading, incoming),
        remarks(export, reading, stages, entered, incoming, asked.map is not None, target.text is not None, asked.dry),
        stages, target.rules.playbook.playbook, None, alike(with_arriving(incoming.rows), named_accounts(incoming)),
    )  # fmt: skip
    if asked.dry:
        done.before = first_deals(incoming)
    else:
        done.made = _written(home, incoming, target, done)
    return done


def _written(home: Home, incoming: Incoming, target: Into, done: Imported) -> Path | None:
    says = (f"Imported {done.program}: {done.counts['accounts_created']} accounts, "
            f"{done.counts['contacts_created']} contacts, {done.counts['deals_created']} deals new, "
            f"{done.counts['deals_updated']} changed.")  # fmt: skip
    try:
        made = target.written()
        used = target.rules
        signed = Signed(
            home.clock.now, home.words, says, used.playbook.playbook, used.path.read_text(encoding="utf-8"),
            _reader(home, target, done.notes), lambda name: used.playbook.fields[name].type,
            lambda name: used.playbook.fields[name].of == "account",
        )  # fmt: skip
        write(incoming, signed)
    except BaseException:
        target.unwritten()
        raise
    return made


def _reader(home: Home, target: Into, notes: list[str]) -> Callable[[str, str], str | None]:
    """Reads a value as the playbook's field has it; what it refuses, placeholders too, is left out and said."""

    left_out: Counter[str] = Counter()

    def value(name: str, text: str) -> str | None:
        try:
            return parsed(target.rules.playbook.fields[name], text, home.clock)
        except BadValue as fault:
            left_out[name] += 1
            if left_out[name] <= MOST_LEFT_OUT:
                notes.append(f"{name}: {fault} It was left out.")
            elif left_out[name] == MOST_LEFT_OUT + 1:
                notes.append(f"{name}: more values like these were left out.")
            return None

    return value


def _match(incoming: Incoming, target: Into) -> None:
    """Names the stages as the playbook does; those that the export does not have are there too."""
    playbook = target.rules.playbook
    for id, name in target.stages.items():
        incoming.do("UPDATE incoming.stage SET playbook = :playbook, name = :name, title = :title, "
                    "kind = :kind, owner = :owner "
                    "WHERE id = :id", id=id, **_stage(playbook, name))  # fmt: skip
    for name in set(playbook.stages) - set(target.stages.values()):
        incoming.do("INSERT INTO incoming.stage (playbook, name, title, kind, owner) "
                    "VALUES (:playbook, :name, :title, :kind, :owner)", **_stage(playbook, name))  # fmt: skip


def _stage(playbook: Playbook, name: str) -> dict[str, str]:
    kind, owner = playbook.stages[name].kind, playbook.owner_of(name)
    title = playbook.title_of(name)
    return {"playbook": playbook.playbook, "name": name, "title": title, "kind": kind, "owner": owner}


def _called(export: Export) -> str:
    return export.rules.program or export.system


def _fields(export: Export) -> list[str]:
    return list(dict.fromkeys(name for part in export.parts for name in part.table.fields))


def _tells_of_deals(export: Export) -> bool:
    return any(part.table.rows in ("deals", "changes") for part in export.parts)
