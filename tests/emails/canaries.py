"""Canaries: values that occur nowhere else, where no client may read them, recognized however they are written.

A text is `canary0017`, an amount 987017.32, a number or phone has 73001719 in it, a date is late in the year 2031.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from handoffctl.core.moments import Moment
from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.emails.context import DealSnapshot, EmailContact, TemplateContext, TouchNote
from handoffctl.emails.render_result import WITHHELD
from handoffctl.emails.summary_model import SummaryEmail, hash_of
from handoffctl.meetings.model import Meeting, MeetingGuest
from handoffctl.people.query import LastHandover, Person
from handoffctl.playbook.facts import Facts, Step, Touch
from handoffctl.playbook.model import BUILT_IN, Field, Handoff, Playbook, Stage, Trigger
from handoffctl.promises.model import Promise, ValueEntry

MONTHS = "(?:jul|aug|sep|oct|nov|dec)[a-z]*"
FOUND = (
    re.compile(r"canary\d{4}"),
    re.compile(r"987\d{3}(?:32)?"),
    re.compile(r"73\d{4}19"),
    re.compile(rf"\b{MONTHS}\.? \d{{1,2}}\b|\b\d{{1,2}}\.? {MONTHS}\b|2031"),
)
BETWEEN_DIGITS = re.compile("(?<=\\d)[ ,.'\u2019\u00a0\u202f](?=\\d)")
SEPARATORS = re.compile(r"canary[\s_.-]+(?=\d)")


@dataclass
class Canaries:
    """Makes canaries, each another one, and remembers what each stands for."""

    places: dict[str, str] = field(default_factory=dict)
    dates: int = 0

    def text(self, place: str) -> str:
        name = f"canary{len(self.places):04d}"
        self.places[name] = place
        return name

    def day(self, place: str) -> Moment:
        self.dates += 1
        return (date(2031, 7, 1) + timedelta(days=self.dates % 180)).isoformat()

    def value(self, place: str, field: Field) -> str:
        """Returns a valid value of the field that is a canary; of yes and no there is none."""
        name = self.text(place)
        digits = name.removeprefix("canary")
        return {
            "money": f"987{digits[1:]}.32",
            "number": f"73{digits}19",
            "phone": f"+49 30 73{digits}19",
            "email": f"{name}@acme.example",
            "url": f"https://{name}.example",
            "list": f"{name}; {self.text(place)}",
            "yes_no": "yes",
            "date": self.day(place),
        }.get(field.type, f"{name} and more")

    def found_in(self, text: str) -> list[str]:
        """Returns the canaries that a text has, each with what it stands for."""
        folded = SEPARATORS.sub("canary", text.casefold())
        joined = BETWEEN_DIGITS.sub("", folded)
        found = [match[0] for pattern in FOUND for each in (folded, joined) for match in pattern.finditer(each)]
        return [f"{name} ({self.places.get(name, 'a value')})" for name in dict.fromkeys(found)]


def with_canaries(canaries: Canaries, playbook: Playbook) -> Playbook:
    """Returns the playbook with canaries for everything in it that is internal; names of stages and fields stay."""
    roles = {role: canaries.text(f"role {role}") for role in playbook.roles}
    return playbook.with_values(
        **{
            "title": canaries.text("playbook title"),
            "about": canaries.text("playbook about"),
            "roles": {roles[role]: canaries.text(f"description of {role}") for role in playbook.roles},
            "fields": {name: _field(canaries, name, each) for name, each in playbook.fields.items()},
            "criteria": {
                name: type(each)(
                    **{**vars(each), **{key: canaries.text(f"{key} of {name}") for key in ("label", "why")}}
                )
                for name, each in playbook.criteria.items()
            },
            "stages": {name: _stage(canaries, name, each, roles) for name, each in playbook.stages.items()},
            "handoffs": tuple(_handoff(canaries, each, roles) for each in playbook.handoffs),
        }
    )


def _field(canaries: Canaries, name: str, each: Field) -> Field:
    keys = ("why", "hint") if each.client_facing else ("label", "ask", "why", "hint")
    return each.with_values(**{key: canaries.text(f"{key} of {name}") for key in keys})


def _stage(canaries: Canaries, name: str, each: Stage, roles: Mapping[str, str]) -> Stage:
    texts = {key: canaries.text(f"{key} of stage {name}") for key in ("title", "begins_when")}
    return each.with_values(**texts, owner=roles.get(each.owner, each.owner))


def _handoff(canaries: Canaries, each: Handoff, roles: Mapping[str, str]) -> Handoff:
    return each.with_values(
        **{
            "name": canaries.text("name of a handoff"),
            "reason": canaries.text("reason"),
            "trigger": (each.trigger or Trigger(says="-")).with_values(says=canaries.text("trigger")),
            "sender": roles.get(each.sender, each.sender),
            "receiver": roles.get(each.receiver, each.receiver),
        }
    )


PUBLIC: Mapping[str, str] = {
    "text": "orders come in by phone", "number": "12", "money": "24000", "date": "2026-05-15",
    "email": "orders@acme.example", "phone": "+1 303 555 0142", "url": "https://acme.example", "yes_no": "yes",
    "list": "orders online; no retyping",
}  # fmt: skip
CONTACT = {
    "contact.name": "Jane Doe", "contact.email": "jane@acme.example", "contact.phone": "+1 303 555 0142",
    "contact.title": "COO",
}  # fmt: skip
SAM, ALAN = "Sam Ortiz", "Alan Reed"


def values_of(canaries: Canaries, playbook: Playbook) -> dict[str, str]:
    """Returns a value of every field and built-in value: a canary where it is internal."""
    values = {}
    for name, each in {**playbook.fields, **BUILT_IN}.items():
        if each.client_facing:
            public = each.choices[0] if each.choices else PUBLIC[each.type]
            values[name] = CONTACT.get(name, public)
        else:
            values[name] = canaries.value(f"value of {name}", each)
    return values


@dataclass(frozen=True)
class Told:
    """What varies between the deals of one playbook. `owner` empty: the role owns it, and there is no team."""

    handoff: Handoff | None
    stage: str
    owner: str = ""
    receiver: str = ""
    answered: bool = False
    sent: bool = False


def told_of(playbook: Playbook) -> Iterator[Told]:
    """Yields each handoff with nobody named, before and after it with persons; and no handoff at all."""
    for number, handoff in enumerate([None, *playbook.handoffs]):
        stage = handoff.from_stage if handoff else playbook.first_stage
        yield Told(handoff, stage, answered=number % 2 == 0, sent=True)
        yield Told(handoff, stage, SAM, ALAN, answered=number % 2 == 1, sent=number % 3 > 0)
        yield Told(handoff, handoff.to_stage if _stays(playbook, handoff) else stage, ALAN, ALAN, answered=True)


def _stays(playbook: Playbook, handoff: Handoff | None) -> bool:
    return bool(handoff and handoff.to_stage in playbook.stages)


def for_each_role(playbook: Playbook) -> Iterator[Told]:
    """Yields each handoff with each role as the receiver, and with a person who has that role."""
    for handoff in playbook.handoffs:
        for role in playbook.roles:
            yield Told(handoff, handoff.from_stage, receiver=role)
            yield Told(handoff, handoff.from_stage, SAM, role, answered=True)


def context_of(canaries: Canaries, playbook: Playbook, told: Told, values: Mapping[str, str]) -> TemplateContext:
    """Returns a deal with a canary in everything internal that is recorded of it."""
    return TemplateContext(_snapshot(canaries, playbook, told, values), playbook, told.handoff, receiver=told.receiver)


def _snapshot(canaries: Canaries, playbook: Playbook, told: Told, values: Mapping[str, str]) -> DealSnapshot:
    role = next(iter(playbook.roles), "me")
    ref = canaries.text("deal")
    deal = Deal(
        1, canaries.text("slug of the deal"), canaries.text("name of the deal"),
        Account(1, "acme", "Acme Corp", canaries.text("domain"), False), ref, 1, 1, playbook.playbook, told.stage,
        "open", told.owner or playbook.owner_of(told.stage), "2026-02-02", None, canaries.text("another stage"), None,
    )  # fmt: skip
    touches = [
        TouchNote("call", "out", "held", role, canaries.text("words of a touch"), "2026-03-05T15:00:00Z"),
        TouchNote("email", "in", "", "Jane Doe", canaries.text("words of a touch"), "2026-03-06T15:00:00Z"),
    ]
    facts = Facts(
        ref, values, tuple(Touch(touch.kind, touch.direction, touch.outcome, touch.met, touch.at) for touch in touches),
        step=Step(canaries.text("step"), canaries.day("due date of the step")),
    )  # fmt: skip
    in_summary = {name: each for name, each in playbook.fields.items() if each.summary and each.type != "choice"}
    older = {
        name: "as before" if each.client_facing and each.type in ("text", "list") else values[name]
        for name, each in in_summary.items()
        if name in values
    } | {
        name: canaries.value(f"older {name}", each) for name, each in playbook.fields.items() if not each.client_facing
    }
    return DealSnapshot(
        deal, facts,
        [EmailContact("Jane Doe", "jane@acme.example", None, "COO", canaries.text("level of a contact")),
         EmailContact("Tom Lee", "tom@acme.example", None, "CFO", canaries.text("level of a contact"))],
        touches, _summaries(canaries, told), older if told.answered else {}, {1: older} if told.answered else {},
        _promises(canaries, role),
        [Person(1, SAM, "sam ortiz", "sam@brightline.example", (role,), None, None, "Sam sells"),
         Person(2, ALAN, "alan reed", "alan@brightline.example", tuple(playbook.roles), None, None, "Alan set it up")]
        if told.owner else [],
        _meetings(canaries, role),
        [ValueEntry(1, 1, "no lost orders", "2026-03-01"), ValueEntry(2, -1, canaries.text("a minus"), "2026-03-01")],
        LastHandover(SAM, "2026-03-05") if told.owner == ALAN else None,
        "Looks right." if told.answered else "",
    )  # fmt: skip


def _summaries(canaries: Canaries, told: Told) -> list[SummaryEmail]:
    summaries = [_summary(1, "corrected", "2026-03-06")] if told.answered else []
    summaries += [_summary(2, "sent", None)] if told.sent else []
    return [*summaries, _summary(3, "draft", None, canaries.text("subject of a draft"), canaries.text("draft"))]


def _summary(
    id: int, state: str, answered_at: str | None, subject: str = "Recap of our call on March 2", body: str = "Hi Jane,"
) -> SummaryEmail:
    return SummaryEmail(
        id, 1, state, "K7Q2M", "<handoffctl.K7Q2M@handoffctl.invalid>", "jane@acme.example", subject, body,
        hash_of(subject, body), False, True, "all right", "2026-03-02", answered_at, 1,
    )  # fmt: skip


def _promises(canaries: Canaries, role: str) -> list[Promise]:
    def secret(place: str) -> tuple[str, str]:
        return canaries.text(place), canaries.day(place)

    untold, milestone, kept, dropped = map(secret, ("untold promise", "untold milestone", "kept untold", "dropped"))
    return [
        Promise(1, 1, "sample export", "2026-03-10", "2026-03-05", None, "ours", role, told=True),
        Promise(2, 2, *untold, "2026-03-05", None, "ours", SAM),
        Promise(3, 3, "list of users", "2026-03-09", "2026-03-05", None, "theirs", role),
        Promise(4, 4, "first test orders", "2026-05-04", "2026-03-05", None, "milestone", role, told=True),
        Promise(5, 5, *milestone, "2026-03-05", None, "milestone", role),
        Promise(6, 6, kept[0], kept[1], "2026-03-05", "2026-03-08", "ours", role),
        Promise(7, 7, "setup agreed", "2026-03-07", "2026-03-01", "2026-03-08", "ours", role, told=True),
        Promise(8, 8, dropped[0], dropped[1], "2026-03-05", None, "ours", role, told=True, dropped_at="2026-03-08"),
    ]


def _meetings(canaries: Canaries, role: str) -> list[Meeting]:
    guests = (MeetingGuest("Jane Doe", "jane@acme.example", "client"), MeetingGuest(ALAN, None, "ours"))
    waits = canaries.text("handoff that waits for a meeting")
    return [
        Meeting(1, "uid-1", "2026-03-06T15:00:00Z", 30, role, waits, "no-show", "2026-03-01", 0, None, guests=guests),
        Meeting(2, "uid-2", "2026-03-12T15:00:00Z", 30, role, waits, "booked", "2026-03-01", 0, None, guests=guests),
    ]


def strings_in(value: Any) -> Iterator[str]:
    """Yields every text and day within the variables of a template; names of fields are keys, and no part of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from strings_of(value.values())
    elif isinstance(value, Sequence):
        yield from strings_of(value)
    elif value is not None and value is not WITHHELD and not isinstance(value, bool):
        yield str(value)
        yield str(getattr(value, "iso", ""))


def strings_of(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from strings_in(value)
