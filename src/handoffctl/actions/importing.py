"""Brings in the history of another program: all of the export in one transaction, or nothing of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoffctl.actions.draft import draft_playbook
from handoffctl.actions.home import Home
from handoffctl.actions.import_plan import Plan, Planner
from handoffctl.actions.people import name_of
from handoffctl.actions.rules import Rules, revision, rules
from handoffctl.domain.names import folded, slug
from handoffctl.errors import Refused, UsageFault
from handoffctl.playbook_file import playbook_from_text
from handoffctl.resources import shipped
from handoffctl.transfer.history import History
from handoffctl.transfer.salesforce import read_salesforce

if TYPE_CHECKING:
    from handoffctl.store.writing import Pen

MOST_STAGES = 200
READERS = {"salesforce": read_salesforce}


@dataclass(frozen=True)
class Imported:
    """What an import did, or with `dry` would do."""

    history: History
    plan: Plan
    playbook: str
    made: Path | None
    dry: bool

    def as_json(self) -> dict[str, Any]:
        counts = self.plan.counts
        names = ("accounts_created", "accounts_updated", "unnamed", "contacts_created", "contacts_updated",
                 "deals_created", "deals_updated", "deals_unchanged", "visits")  # fmt: skip
        return {
            "rows": self.history.rows,
            **{name: counts[name] for name in names},
            "touches": 0,
            "skipped": [{"file": one.file, "row": one.row, "reason": one.reason} for one in self.history.skipped],
            "notes": [*self.history.notes, *self.plan.notes],
            "playbook": self.playbook,
            "playbook_file": str(self.made) if self.made else None,
            "dry_run": self.dry,
        }


def bring_in(
    home: Home, path: Path, kind: str, playbook: str | None, make: str | None, dates: str | None, dry: bool
) -> Imported:
    """Reads an export, judged before the playbook, and records it. Raises Refused, RulesFault or UsageFault."""
    if playbook and make:
        raise UsageFault("Either --playbook or --make-playbook.", "Leave one of them out.")
    if kind not in READERS:
        raise UsageFault(f'"{kind}" is no export this program knows.', f"There are: {', '.join(READERS)}.")
    history = READERS[kind](path, home.clock.zone, dates)
    if not history.deals:
        raise Refused(f"{path} holds no deal that could be read.", "Is it the right folder?", _reasons(history))
    used, text = _rules(home, history, playbook, make)
    stages = _stages_matched(history, used)
    if dry:
        with home.reading() as ask:
            plan = Planner(ask, history, used.playbook, stages, home.clock.zone).planned()
        return Imported(history, plan, used.playbook.playbook, None, True)
    try:
        made = _write(used.path, text) if text else None
        with home.writing() as pen:
            plan = Planner(pen.ask, history, used.playbook, stages, home.clock.zone).planned()
            if not plan.empty:
                _record(pen, plan, used, history)
    except BaseException:
        if text:
            used.path.unlink(missing_ok=True)
        raise
    return Imported(history, plan, used.playbook.playbook, made, False)


def _reasons(history: History) -> list[str]:
    return [f"{one.file}, row {one.row}: {one.reason}" for one in history.skipped[:10]]


def _rules(home: Home, history: History, playbook: str | None, make: str | None) -> tuple[Rules, str | None]:
    """The playbook to import into; its text too where it has yet to be written."""
    if make is None:
        return rules(home, playbook or home.configuration.playbook), None
    title = name_of(make, "playbook's name")
    name = slug(title)
    if not any(c.isalnum() for c in title):
        raise UsageFault(
            f'"{title}" cannot be the name of a playbook.', "Take letters or digits: --make-playbook sales"
        )
    path = home.folder / "playbooks" / f"{name}.yaml"
    if path.exists():
        return rules(home, name), None
    if (shipped("playbooks") / f"{name}.yaml").exists():
        raise UsageFault(
            f"{name} is the name of a playbook that came with the program; a draft would hide it.",
            "Give the draft another name, as in: --make-playbook sales",
        )
    if len(history.stages) > MOST_STAGES:
        raise Refused(
            f"The export has {len(history.stages):,} stages; a playbook with more than {MOST_STAGES} helps nobody.",
            "Is the stage column the right one?",
        )
    text = draft_playbook(name, title, history, home.clock.today)
    return Rules(playbook_from_text(text, str(path)), path), text


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _stages_matched(history: History, used: Rules) -> dict[str, str]:
    """The playbook's stage for each of the export's: by name, title or slug. Raises Refused with all that have none."""
    playbook = used.playbook
    known = {folded(playbook.title_of(name)): name for name in playbook.stages} | {
        folded(name): name for name in playbook.stages
    }
    found = {stage: known.get(folded(stage)) or known.get(slug(stage)) for stage in _stages_of(history)}
    lacking = [stage for stage, name in found.items() if name is None]
    if lacking:
        raise Refused(
            f"The playbook {playbook.playbook} has no stage for {len(lacking)} of the export's stages.",
            "Let a draft be made from the export: --make-playbook NAME; or give them a place in your own playbook.",
            [f'no stage called "{stage}"' for stage in lacking],
        )
    return {stage: name for stage, name in found.items() if name is not None}


def _stages_of(history: History) -> list[str]:
    return list(dict.fromkeys(stay.stage for deal in history.deals for stay in deal.stays))


def _record(pen: "Pen", plan: Plan, used: Rules, history: History) -> None:
    from handoffctl.store.stays import drop
    from handoffctl.store.tables.people import Account, Contact, Deal, Origin
    from handoffctl.store.tables.staying import Path as Way
    from handoffctl.store.tables.staying import Visit

    pen.add_many(Account, plan.accounts)
    pen.add_many(Contact, plan.contacts)
    pen.add_many(Way, plan.paths)
    pen.add_many(Deal, plan.deals)
    drop(pen, plan.surplus_visits)
    by_name: dict[str, Any] = {"account": Account, "contact": Contact, "deal": Deal, "visit": Visit}
    for table, id, columns in plan.changes:
        pen.change(by_name[table], id, **columns)
    pen.add_many(Visit, plan.visits)
    pen.add_many(Origin, plan.origins)
    revision(pen, used)
    counts = plan.counts
    pen.says(
        f"Imported {history.system}: {counts['accounts_created']} accounts, {counts['contacts_created']} contacts, "
        f"{counts['deals_created']} deals new, {counts['deals_updated']} changed."
    )
