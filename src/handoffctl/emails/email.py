"""Renders an e-mail about a deal from a template and from what is on record. Sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import deal
from handoffctl.deals.playbook import rules_of
from handoffctl.emails.context import Occasion, material
from handoffctl.emails.email_style import MOST_SECONDS, MOST_WORDS, PITCHING, pitching, seconds_to_say, words
from handoffctl.emails.engine import NoSuchVariable, Unknown, letter
from handoffctl.emails.summary_model import ANSWERED
from handoffctl.emails.summary_sections import empty_heads
from handoffctl.emails.templates import template as template_file
from handoffctl.emails.variables import VARIABLES, variables
from handoffctl.errors import NotReady, RulesFault, UsageFault, closest, nearest
from handoffctl.people.query import named
from handoffctl.playbook.criteria import DealState, item_fix
from handoffctl.playbook.handoff_names import ahead
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.workspace.home import Home

SUMMARIES = ("summary", "summary-internal")


@dataclass(frozen=True)
class Email:
    """One e-mail, ready to paste. The remarks are for its writer, not for its reader."""

    template: str
    to: str
    to_name: str
    subject: str
    body: str
    remarks: tuple[str, ...] = ()
    internal: bool = False  # for one's own side, and so addressed to nobody

    @property
    def pasted(self) -> str:
        """As it stands on the screen, in a pipe and on the clipboard."""
        return f"Subject: {self.subject}\n\n{self.body}"

    def as_json(self) -> dict[str, Any]:
        return {"template": self.template, "to": self.to, "subject": self.subject, "body": self.body}


class NotYetKnown(NotReady):
    """A template would print what is not known; `labels` names each such item."""

    def __init__(self, labels: Sequence[str], message: str, hint: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message, hint, problems)
        self.labels = labels


def email(home: Home, name: str, ref: str, receiver: str, allow_prefix: bool) -> tuple[Occasion, Email]:
    """The e-mail of this template for a deal, seen from its next handoff where there is only one."""
    source = template_file(home, name)
    with home.reading() as query:
        found = deal(query, ref, allow_prefix, ("open", "won"))
        of = material(query, found, facts(query, found))
    playbook = rules_of(home, found).playbook
    person = named(of.team, receiver)
    receiver, roles = (person.name, person.roles) if person else (receiver, (receiver,))
    remark = _unknown_role(playbook, receiver) if receiver and not person else ""
    onward = ahead(playbook, found.stage)
    fitting = [one for one in onward if one.receiver and one.receiver in roles] or onward
    occasion = Occasion(of, playbook, fitting[0] if len(fitting) == 1 else None, receiver=receiver)
    made = rendered(home, source.name, occasion)
    return occasion, replace(made, remarks=(*made.remarks, remark)) if remark else made


def _unknown_role(playbook: Playbook, receiver: str) -> str:
    """Somebody the playbook does not know may be briefed too, an expert say; but a slip of the pen is none."""
    if receiver in playbook.roles:
        return ""
    if closest(receiver, list(playbook.roles)):
        raise UsageFault(
            f'The playbook {playbook.playbook} has no role "{receiver}" {nearest(receiver, list(playbook.roles))}.',
            f"Its roles: {', '.join(playbook.roles)}.",
        )
    known = ", ".join(playbook.roles)
    return f'The playbook has no role "{receiver}", so nothing is said of what they do. It has: {known}.'


def rendered(home: Home, name: str, occasion: Occasion, reference: str = "") -> Email:
    """Raises NotFound for no such template, RulesFault for a faulty one, NotReady when it needs what is not known."""
    source = template_file(home, name).source
    _refuse_nothing_to_say(name, occasion)
    known = variables(home, occasion, reference)
    try:
        subject, body, internal = letter(name, source, known)
    except Unknown as fault:
        raise _needs(name, occasion, fault.names, home) from None
    except NoSuchVariable as fault:
        names = [*occasion.playbook.fields, *(part for one in VARIABLES for part in one.split("."))]
        raise RulesFault(
            f'The template {name} uses "{fault.name}", and there is no such variable '
            f"{_in_fields(occasion.playbook, fault.name) or nearest(fault.name, names)}".rstrip()
            + ".",
            "See what there is with: handoffctl template show --variables",
        ) from None
    person = {} if internal else known["contact"]
    remarks = remarks_on(name, occasion, body, known)
    return Email(name, person.get("email") or "", person.get("name") or "", subject, body, remarks, internal)


def _in_fields(playbook: Playbook, name: str) -> str:
    return f"(write it as fields.{name})" if name in playbook.fields else ""


def _refuse_nothing_to_say(name: str, occasion: Occasion) -> None:
    fields, values = occasion.playbook.fields.items(), occasion.of.known.values
    if name != "summary" or any(field.summary and name in values for name, field in fields):
        return
    feeding = [name for name, field in fields if field.summary]
    raise NotReady(
        f"There is nothing to sum up for {occasion.deal.called} yet.",
        f'Record what you heard: handoffctl set {occasion.deal.ref} {feeding[0] if feeding else "NAME"}="TEXT"',
    )


def _needs(name: str, occasion: Occasion, asked: Sequence[str], home: Home) -> NotYetKnown:
    """The refusal of a template that would print what is not known, with the command for each."""
    playbook, found = occasion.playbook, occasion.deal
    items = dict.fromkeys(one.removeprefix("fields.").removeprefix("lines.") for one in asked)
    items = dict.fromkeys("contact.name" if one == "contact.first_name" else one for one in items)
    labels = [playbook.label_of(one) if playbook.field(one) else in_words(one) for one in items]
    ways = [_way(occasion, one, home) for one in items]
    said = f"The template {name} needs what is not known for {found.called}: {', '.join(labels)}."
    if len(ways) == 1:
        return NotYetKnown(labels, said, f"Fill it with: {ways[0]}")
    return NotYetKnown(labels, said, "Fill them with these commands.", ways)


def _way(occasion: Occasion, name: str, home: Home) -> str:
    playbook, ref = occasion.playbook, occasion.deal.ref
    if playbook.field(name):
        return str(item_fix(name, DealState(playbook, occasion.of.known, home.clock)))
    top, _, part = name.partition(".")
    return {
        "me": f'in {home.folder / "config.yaml"}:  me: {{{part or "name"}: "..."}}',
        "step": f'handoffctl step {ref} "TEXT" --due +3d',
        "summary": f"handoffctl summary sent {ref}",
    }.get(top, f"(no command fills {name}; ask for it first, as in: {{% if {name} %}})")


def remarks_on(name: str, occasion: Occasion, body: str, known: Mapping[str, Any]) -> tuple[str, ...]:
    """What its writer should know: empty heads, length, pitching, points that take too long, a nudge out of season."""
    found = []
    if name in SUMMARIES:
        if empty := empty_heads(occasion.playbook, occasion.of.known):
            found.append(f"Left out, for nothing is known of it yet: {', '.join(empty)}.")
        found += remarks_on_words(occasion.playbook, body)
    if name == "nudge" and (remark := _too_soon(known["summary"])):
        found.append(remark)
    seconds = seconds_to_say(" ".join(known["key_points"]))
    if name == "live-handoff" and seconds > MOST_SECONDS:
        found.append(f"The key points take {seconds:.0f} seconds to say; {MOST_SECONDS} is the most one listens to.")
    return tuple(found)


def _too_soon(last: Mapping[str, Any] | None) -> str:
    if last is None:
        return "No summary was sent yet."
    if last["state"] in ANSWERED:
        return f"They {last['state']} it already."
    return "" if last["state"] == "silent" else f"It is not silent yet: sent {last['working_days']} working days ago."


def remarks_on_words(playbook: Playbook, body: str) -> list[str]:
    """Whether a summary is longer than about 200 words, or speaks of you instead of the client."""
    found = []
    if (count := words(body)) > MOST_WORDS:
        found.append(f"It has {count} words; a summary of more than {MOST_WORDS} is not read. Shorten the fields.")
    phrases = PITCHING if playbook.pitching is None else playbook.pitching
    if pitched := pitching(body, phrases):
        found.append(f"It pitches: {', '.join(pitched)}. A summary is about the client.")
    return found
