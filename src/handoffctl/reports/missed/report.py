"""Works out what was missed: triggers seen without a handoff, deals moved outside, returns; and how long waits are."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from handoffctl.core.moments import Moment, days_between, local_date, order
from handoffctl.db.query import Row
from handoffctl.deals.facts_query import facts
from handoffctl.handoffs.triggers import handoffs_with_criteria, matching_triggers
from handoffctl.playbook.model import Handoff
from handoffctl.reports.context import ReportContext
from handoffctl.reports.missed import query as missed
from handoffctl.reports.missed.figures import Seen, Stay, Wait, present, wait, waits

TELL_EVERY = 100


def look(frame: ReportContext) -> dict[str, Any]:
    """What was missed in the window, as plain values."""
    names = _Names(frame)
    handoffs = {(one.from_stage, one.key): one for one in frame.playbook.handoffs}
    seen = [(row, _wait(frame, row, made)) for row, made in _sightings(frame, handoffs)]
    waiting = [_seen(names, row, handoffs, one.days) for row, one in seen if one.outcome == "waiting"]
    return {
        **frame.head(),
        "triggers_with_criteria": sum(
            len(handoffs_with_criteria(frame.playbook, stage)) for stage in frame.playbook.stages
        ),
        "waiting": sorted([*waiting, *_since_nobody_knows_when(frame, names)], key=_longest_first),
        "missed": _newest_first(frame, "seen_at", [
            {**_seen(names, row, handoffs, one.days, to_do=False), "ended": _ended(frame, row)}
            for row, one in seen if one.outcome == "missed"
        ]),
        "outside": _newest_first(frame, "outside_at", _outside(frame, names)),
        "returns": _newest_first(frame, "returned_at", _returns(frame, names)),
        "waits": list(_waits(handoffs, [((row["stage"], row["handoff"]), one) for row, one in seen])),
    }  # fmt: skip


@dataclass
class _Names:
    """What commands call a deal: by its account alone where that means no other, at the moment of the report."""

    frame: ReportContext
    several: set[int] = field(init=False)
    known: dict[int, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.several = set(missed.accounts_with_several(self.frame.query))

    def of(self, row: Mapping[str, Any] | Row) -> dict[str, Any]:
        alone = row["account_id"] not in self.several or self._alone(row["account_id"], row["deal_id"])
        ref = row["account"] if alone else f"{row['account']}/{row['deal']}"
        return {"account": row["account"], "deal": row["deal"], "ref": ref}

    def _alone(self, account: int, deal: int) -> bool:
        if account not in self.known:
            self.known[account] = dict(self._kinds(account))
        kinds = self.known[account]
        return len(kinds) == 1 or (kinds.get(deal) == "open" and list(kinds.values()).count("open") == 1)

    def _kinds(self, account: int) -> Iterator[tuple[int, str]]:
        """The deals that the account has by then, with the kind of the stage each is in."""
        for deal, stays in groupby(missed.stays_of_account(self.frame.query, account), lambda row: row["deal_id"]):
            there = _present(self.frame, list(stays))
            if there:
                yield deal, there["kind"]


def _present(frame: ReportContext, stays: list[Row]) -> Row | None:
    place = present([Stay(row["entered_at"], row["left_at"], bool(row["ended"])) for row in stays], frame.window)
    return None if place is None else stays[place]


def _sightings(frame: ReportContext, handoffs: Mapping[tuple[str, str], Handoff]) -> Iterator[tuple[Row, list[Moment]]]:
    """The triggers seen in the window, with when their handoff was made; without those of handoffs that are gone."""
    made = missed.handed_off(frame.query)
    gone: dict[str, None] = {}
    for row in missed.sightings(frame.query, frame.playbook.playbook):
        if not frame.window.has(row["at"]):
            continue
        if (row["stage"], row["handoff"]) in handoffs:
            yield row, made.get((row["visit_id"], row["handoff"]), [])
        else:
            gone[row["handoff"]] = None
    if gone:
        frame.remarks.append(f"Left out are triggers of handoffs the playbook no longer has: {', '.join(gone)}.")


def _wait(frame: ReportContext, row: Row, made: list[Moment]) -> Wait:
    return wait(Seen(row["at"], made, bool(row["ended"]), row["left_at"]), frame.window)


def _seen(
    names: _Names, row: Row, handoffs: Mapping[tuple[str, str], Handoff], days: float | None, to_do: bool = True
) -> dict[str, Any]:
    return _line(names.of(row), handoffs[row["stage"], row["handoff"]], names.frame, row["at"], days, to_do)


def _line(
    named: dict[str, Any],
    handoff: Handoff,
    frame: ReportContext,
    at: Moment | None,
    days: float | None,
    to_do: bool = True,
) -> dict[str, Any]:
    command = {"command": f"handoffctl handoff {named['ref']} --to {shlex.quote(handoff.key)}"} if to_do else {}
    return {
        **named,
        "stage": handoff.from_stage,
        "stage_title": frame.playbook.title_of(handoff.from_stage),
        "handoff": handoff.key,
        "trigger": handoff.trigger.says if handoff.trigger else "",
        "seen_at": at,
        "day": _day(frame, at),
        "days": days,
        **command,
    }


def _since_nobody_knows_when(frame: ReportContext, names: _Names) -> Iterator[dict[str, Any]]:
    """Open deals in which a trigger holds now that no command has seen: they came with an import, or time did it."""
    if not frame.window.everything:
        return
    playbook = frame.playbook
    watched = {stage: handoffs_with_criteria(playbook, stage) for stage in playbook.stages}
    asked = [
        (found, [handoff for handoff in handoffs if handoff.key in keys])
        for stage, handoffs in watched.items() if handoffs
        for found, keys in missed.unseen(frame.query, playbook.playbook, stage, [one.key for one in handoffs])
    ]  # fmt: skip
    newest = missed.newest_commands(frame.query) if asked else {}
    told_since = {
        account for account, moments in newest.items() if not all(frame.window.happened(at) for at in moments)
    }
    if told_since & {None, *(found.account.id for found, _ in asked)}:
        frame.remarks.append("Left out is what held then and was not recorded: what was known then is not kept.")
    for done, (found, handoffs) in enumerate(asked):
        if done % TELL_EVERY == 0:
            frame.tell(done, len(asked))
        if told_since & {None, found.account.id}:
            continue
        for handoff in matching_triggers(playbook, handoffs, facts(frame.query, found), frame.clock):
            row = {"account_id": found.account.id, "account": found.account.slug, "deal_id": found.id}
            yield _line(names.of({**row, "deal": found.slug}), handoff, frame, None, None)
    if asked:
        frame.tell(len(asked), len(asked))


def _day(frame: ReportContext, moment: Moment | None) -> str | None:
    """The local day, as people read it."""
    return None if moment is None else local_date(moment, frame.clock.zone).isoformat()


def _ended(frame: ReportContext, row: Row) -> str:
    """How a stay ended, in words."""
    if row["returned_at"] is not None and row["returned_at"] == row["left_at"]:
        return f"returned to {frame.playbook.title_of(row['to_stage'])}"
    if row["next_handoff"]:
        return f"handed off: {row['next_handoff']}"
    if row["to_kind"] in ("won", "lost", "nurture"):
        return f"closed as {row['disposition'] or row['to_kind']}"
    if row["to_kind"] == "moved":
        return f"moved to {row['to_playbook']}/{row['to_stage']}"
    return f"moved to {frame.playbook.title_of(row['to_stage'])}" if row["to_stage"] else "ended"


def _outside(frame: ReportContext, names: _Names) -> Iterator[dict[str, Any]]:
    for _, stays in groupby(missed.moved_outside(frame.query), lambda row: row["deal_id"]):
        here = _present(frame, list(stays))
        if here is None or here["playbook"] != frame.playbook.playbook or here["stage"] == here["outside_stage"]:
            continue
        if frame.window.has(here["outside_at"]):
            told = {part: here[part] for part in ("stage", "outside_stage", "outside_at")}
            titles = {f"{part}_title": frame.playbook.title_of(here[part]) for part in ("stage", "outside_stage")}
            yield names.of(here) | told | titles | {"day": _day(frame, here["outside_at"])}


def _returns(frame: ReportContext, names: _Names) -> Iterator[dict[str, Any]]:
    for row in missed.returns(frame.query, frame.playbook.playbook):
        if frame.window.has(row["returned_at"]):
            yield {
                **names.of(row),
                "stage": row["stage"],
                "handoff": row["name"],
                **{part: row[part] for part in ("from_owner", "to_owner", "at", "returned_at")},
                "days": days_between(row["at"], row["returned_at"], frame.clock.zone),
                "because": row["because"],
                "missing": (row["missing"] or "").split("\n") if row["missing"] else [],
            }


def _waits(
    handoffs: Mapping[tuple[str, str], Handoff], seen: list[tuple[tuple[str, str], Wait]]
) -> Iterator[dict[str, Any]]:
    """Of each handoff whose trigger has criteria or was ever told of, in the playbook's order."""
    found: dict[tuple[str, str], list[Wait]] = {}
    for place, one in seen:
        found.setdefault(place, []).append(one)
    for place, handoff in handoffs.items():
        if place in found or (handoff.trigger and handoff.trigger.when):
            made = waits(found.get(place, []))
            yield {
                "handoff": handoff.key, "from": handoff.from_stage, "to": handoff.to, "seen": made.seen,
                "handed_off": made.handed_off, "still_waiting": made.still_waiting, "median_days": made.median,
                "median_days_low": made.low, "median_days_high": made.high, "p85_days_completed": made.p85_completed,
            }  # fmt: skip


def _longest_first(line: Mapping[str, Any]) -> tuple[bool, float, str]:
    return line["days"] is None, -(line["days"] or 0.0), line["ref"]


def _newest_first(frame: ReportContext, moment: str, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By this moment, backwards; where it is not known, at the end."""
    asked = list(lines)
    known = [line for line in asked if line[moment]]
    unknown = [line for line in asked if not line[moment]]
    return sorted(known, key=lambda line: order(line[moment], frame.clock.zone), reverse=True) + unknown
