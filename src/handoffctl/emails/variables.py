"""Everything a template may use, as plain values; what is not known is None. VARIABLES says what each means."""

from collections.abc import Mapping
from typing import Any

from handoffctl.core.moments import Moment, local_date
from handoffctl.deals.lookup_query import Deal
from handoffctl.emails.context import Material, Occasion, changed_since
from handoffctl.emails.summary_model import ANSWERED, Summary, age, standing
from handoffctl.emails.summary_sections import heads, key_points, lines_of
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.requirements import asks
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home

VARIABLES: Mapping[str, str] = {
    "account.name": "the account's name",
    "account.domain": "its web domain",
    "deal.name": "what the deal is called, where it has a name",
    "deal.ref": "how a command names it",
    "deal.amount": "what it is worth",
    "deal.expected_close": "when they mean to decide, as a date",
    "deal.source": "where it came from",
    "contact.name": "the main contact",
    "contact.first_name": "how to greet them",
    "contact.email": "their address",
    "contact.phone": "their number",
    "contact.title": "their job title",
    "contact.level": "user, manager, director, vp or c-suite",
    "contacts": "all contacts: each with name, email, phone, title, level",
    "me.name": "you, as config.yaml has it",
    "me.email": "your address",
    "me.signature": "what stands below your mails; else your name, else nothing",
    "sender.name": "who hands off: a person, or a role",
    "sender.role": "what the role does, in the playbook's words",
    "sender.person": "the name again where it is a person's",
    "sender.email": "that person's address",
    "receiver.name": "who takes over, or whom --for names: a person, or a role",
    "receiver.role": "what the role does",
    "receiver.person": "the name again where it is a person's",
    "receiver.email": "that person's address",
    "from_stage": "the stage the deal is in or leaves",
    "to_stage": "the stage it goes to",
    "stages": "all stages in order: each with name, title, begins_when, here",
    "trigger": "what calls for the handoff; also reason, benefit",
    "reason": "why it happens",
    "benefit": "what the prospect gains",
    "fields.NAME": "what is known under that name, as text: fields.situation",
    "lines.NAME": "the same as a list of lines, for several: {% for line in lines.priorities or [] %}",
    "known": "all that is known: each with name, label, lines, head, confirmed, changed",
    "unknown": "what is not known yet and could be asked, most wanted first: each with name, label, ask, why",
    "heads": "the heads of the summary that have something under them: each with title, lines",
    "key_points": "the three things to say first, in a live handoff",
    "touches": "what happened, oldest first: each with on, kind, direction, outcome, with, text",
    "step.text": "the next step",
    "step.due": "its date",
    "summary": "the summary that was sent last: state, sent_on, to, subject, reference, working_days",
    "summaries": "those the client answered, oldest first: each with on, sent_on, state, to, subject, reference, body, "
    "lines, note, corrections (label, value)",
    "changed": "what is another now than the client confirmed: each with label, was, now",
    "promises": "each with text, on, by, kept",
    "reference": "five letters that stand for this mail; in the subject, an answer is found by them",
    "today": "the date",
}


def variables(home: Home, about: Occasion, reference: str = "") -> dict[str, Any]:
    """The mapping for a template. Its names are those of VARIABLES."""
    of, playbook, handoff = about.of, about.playbook, about.handoff
    found, values = of.found, of.known.values
    fields = {name: values.get(name) for name in playbook.fields}
    me = home.configuration
    return {
        "account": {"name": found.account.name, "domain": found.account.domain},
        "deal": {"name": found.name, "ref": found.ref, **{part: values.get(f"deal.{part}") for part in _OF_DEAL}},
        "contact": _contact(about),
        "contacts": [_person(one) for one in of.people],
        "me": {"name": me.name or None, "email": me.email or None, "signature": me.signature or me.name},
        "sender": _owner(about, about.sender or found.owner, handoff.sender if handoff else ""),
        "receiver": _owner(about, about.takes_over, about.role_taking_over),
        "from_stage": playbook.title_of(about.left),
        "to_stage": about.to_title or (playbook.title_of(about.entered) if about.entered else None),
        "stages": [_stage(playbook, name, found) for name in playbook.stages],
        "trigger": handoff.trigger.says if handoff and handoff.trigger else None,
        "reason": (handoff and handoff.reason) or None,
        "benefit": (handoff and handoff.benefit) or None,
        "fields": fields,
        "lines": {name: _items(playbook, name, value) for name, value in fields.items()},
        "known": _known(of, playbook),
        "unknown": _unknown(about),
        "heads": heads(playbook, of.known, home.clock.zone),
        "key_points": key_points(playbook, of.known),
        "touches": [_touch(home, one) for one in of.spoken],
        "step": {"text": of.known.step.text, "due": _day(home, of.known.step.due)} if of.known.step else None,
        "summary": _last_sent(home, of, playbook),
        "summaries": [_answered(home, of, playbook, one) for one in of.said if one.state in ANSWERED],
        "changed": [
            {"label": playbook.label_of(name), "was": was, "now": values[name]}
            for name, was in changed_since(of, playbook).items()
        ],
        "promises": [_promise(home, one) for one in of.promised],
        "reference": reference,
        "today": home.clock.today.isoformat(),
    }  # fmt: skip


_OF_DEAL = ("amount", "expected_close", "source")
_OF_PERSON = ("name", "email", "phone", "title", "level")
NOTHING = ("none", "nothing", "no")
TITLES = ("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "sir", "dame", "madame", "monsieur")


def _contact(about: Occasion) -> dict[str, str | None]:
    """Who the mail goes to: the main contact, or whoever has the address that was named."""
    values = about.of.known.values
    contact: dict[str, str | None] = {part: values.get(f"contact.{part}") for part in _OF_PERSON}
    if about.addressee and about.addressee != contact["email"]:
        others = [one for one in about.of.people if one["email"] and one["email"] == about.addressee]
        contact = _person(others[0]) if others else {**dict.fromkeys(_OF_PERSON), "email": about.addressee}
    return contact | {"first_name": greeted(contact["name"]) if contact["name"] else None}


def _person(one: Mapping[str, Any]) -> dict[str, str | None]:
    return {part: one[part] or None for part in _OF_PERSON}


def greeted(name: str) -> str:
    """What to call somebody after "Hello": the first word, or the whole name where that is a title or a last name."""
    first = name.partition(" ")[0]
    return name if first.endswith((".", ",")) or first.casefold() in TITLES else first


def _owner(about: Occasion, name: str, role: str) -> dict[str, str | None]:
    """A role, or a person with what the playbook says of this role, or else of the first one they have in it."""
    says = about.playbook.roles
    person = next((one for one in about.of.team if one.name == name and name not in says), None)
    roles = [one for one in (role, *person.roles) if one in person.roles and one in says] if person else [name]
    told = next((says[one] for one in roles if one in says), "")
    return {"name": name, "role": told, "person": person.name if person else None,
            "email": person.email if person else None}  # fmt: skip


def _stage(playbook: Playbook, name: str, found: Deal) -> dict[str, Any]:
    stage = playbook.stages[name]
    return {"name": name, "title": playbook.title_of(name), "begins_when": stage.begins_when or None,
            "here": name == found.stage}  # fmt: skip


def _day(home: Home, moment: Moment | None) -> str | None:
    return local_date(moment, home.clock.zone).isoformat() if moment else None


def _items(playbook: Playbook, name: str, value: str | None) -> list[str] | None:
    """The lines to list; a bare "none" is an answer, and lists nothing."""
    return [] if value and value.casefold() in NOTHING else lines_of(playbook.fields[name], value)


def _known(of: Material, playbook: Playbook) -> list[dict[str, Any]]:
    others = changed_since(of, playbook)
    return [
        {"name": name, "label": playbook.label_of(name), "lines": lines_of(field, of.known.values[name]),
         "head": field.summary or None, "changed": name in others,
         "confirmed": of.confirmed.get(name) == of.known.values[name]}
        for name, field in playbook.fields.items()
        if name in of.known.values
    ]  # fmt: skip


def _unknown(about: Occasion) -> list[dict[str, Any]]:
    """Fields to ask the client for, those that the next handoffs want first; what only earlier ones wanted is past."""
    of, playbook = about.of, about.playbook
    ahead = _from_here_on(playbook, about.entered or about.left)
    wanted = [name for handoff in ahead for items in [_asks(playbook, handoff)] for name in items]
    asked_ever = {name for handoff in playbook.handoffs for name in _asks(playbook, handoff)}
    free = [name for name in playbook.fields if name not in asked_ever] if ahead else []
    return [
        {"name": name, "label": playbook.label_of(name), "ask": field.ask or None, "why": field.why or None}
        for name in dict.fromkeys([*wanted, *free])
        if name not in of.known.values and (field := playbook.fields.get(name))
    ]


def _from_here_on(playbook: Playbook, stage: str) -> list[Handoff]:
    """The handoffs that leave this stage, and those that leave where they lead, nearest first."""
    found: list[Handoff] = []
    stages = [stage]
    for here in stages:
        for handoff in playbook.leaving(here):
            found.append(handoff)
            if handoff.to_playbook is None and handoff.to_stage not in stages:
                stages.append(handoff.to_stage)
    return found


def _asks(playbook: Playbook, handoff: Handoff) -> list[str]:
    if handoff.to_playbook:
        return [*handoff.required, *handoff.nice_to_have]
    items = asks(playbook, handoff)
    return [*items.required, *items.nice_to_have]


def _touch(home: Home, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "on": _day(home, one["at"]), "kind": one["kind"], "direction": one["direction"],
        "outcome": one["outcome"] or None, "with": one["met"] or None, "text": one["text"] or None,
    }  # fmt: skip


def _last_sent(home: Home, of: Material, playbook: Playbook) -> dict[str, Any] | None:
    sent = [one for one in of.said if one.state != "draft"]
    if not sent:
        return None
    last, week = sent[-1], home.week
    return {
        "state": standing(last, home.clock, week, playbook.confirm_within), "sent_on": _day(home, last.sent_at),
        "to": last.recipient or None, "subject": last.subject or None, "reference": last.reference or None,
        "working_days": age(last, home.clock, week),
    }  # fmt: skip


def _answered(home: Home, of: Material, playbook: Playbook, one: Summary) -> dict[str, Any]:
    return {
        "on": _day(home, one.answered_at), "sent_on": _day(home, one.sent_at), "state": one.state,
        "to": one.recipient or None, "subject": one.subject or None, "body": one.body or None,
        "lines": one.body.splitlines(), "note": one.note or None, "reference": one.reference or None,
        "corrections": [
            {"label": playbook.label_of(name), "value": value} for name, value in of.corrections[one.id].items()
        ],
    }  # fmt: skip


def _promise(home: Home, one: Promise) -> dict[str, Any]:
    return {"text": one.text, "by": _day(home, one.due), "kept": one.kept_at is not None, "on": _day(home, one.at)}
