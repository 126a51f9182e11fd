"""Whether templates are sound: rendered for a deal with everything, and for one with only what must be known."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.deals.stays_query import playbooks_used
from handoffctl.emails.context import Material, Occasion
from handoffctl.emails.email import NotYetKnown, rendered
from handoffctl.emails.engine import faults_of
from handoffctl.emails.summary_model import Summary, hash_of
from handoffctl.emails.templates import TemplateFile, template, templates
from handoffctl.emails.variables import variables
from handoffctl.errors import HandoffError, NotReady, RulesFault
from handoffctl.playbook.facts import Facts, Step
from handoffctl.playbook.library import files, rules
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP, Field, Handoff, Playbook
from handoffctl.playbook.requirements import asks
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home


def overview(home: Home) -> list[dict[str, Any]]:
    """Every template: its name, whose it is, what it is for."""
    return [_told(home, name, path) for name, path in templates(home).items()]


def _told(home: Home, name: str, path: Path) -> dict[str, Any]:
    whose = "yours" if path.parent == home.folder / "templates" else "shipped"
    try:
        about = template(home, name).about
    except RulesFault as fault:  # one that cannot be read does not hide the others
        about = fault.message
    return {"name": name, "whose": whose, "about": about, "path": str(path)}


@dataclass(frozen=True)
class Findings:
    """What a check found. Remarks are no faults: such a template is only refused while something is not known."""

    faults: list[str]
    remarks: list[str]


def check(home: Home, name: str | None = None, shipped_too: bool = True) -> Findings:
    """Looks at one template, or at all and at those that handoffs call for. Raises NotFound for none of that name.

    A template of one's own must do for the playbooks in use, a shipped one for all.
    """
    found = Findings([], [])
    every_playbook = dict(_playbooks(home, found))
    playbooks, in_use = list(every_playbook.values()), _in_use(home, every_playbook)
    whole = variables(home, Occasion(_fullest(playbooks[0]), playbooks[0])) if playbooks else {}
    folder = home.folder / "templates"
    paths = templates(home)
    every = [each for each, path in paths.items() if shipped_too or path.parent == folder]
    for each in [name] if name else every:
        own = each in paths and paths[each].parent == folder
        try:
            _check(home, template(home, each), in_use if own else playbooks, whole, found)
        except RulesFault as fault:
            found.faults.append(fault.message)
    if name is None:
        known = templates(home)
        found.faults.extend(
            f'{playbook.playbook}: the handoff {_way(handoff)} calls for the template "{called}", which is not there.'
            for playbook in playbooks
            for handoff in playbook.handoffs
            for called in handoff.emails
            if called not in known
        )
    return found


def _in_use(home: Home, playbooks: Mapping[Path, Playbook]) -> list[Playbook]:
    """Those in the home folder, the usual one, and those that deals are in."""
    used = {home.configuration.playbook}
    with suppress(HandoffError), home.reading() as query:  # a database that cannot be read is told of elsewhere
        used |= {*playbooks_used(query)}
    own = home.folder / "playbooks"
    return [rules for path, rules in playbooks.items() if path.parent == own or rules.playbook in used]


def _playbooks(home: Home, found: Findings) -> Iterator[tuple[Path, Playbook]]:
    for name, path in files(home).items():
        try:
            yield path, rules(home, name).playbook
        except HandoffError:
            found.remarks.append(f"The playbook {name} is faulty, and was left out: handoffctl playbook check {name}")


def _way(handoff: Handoff) -> str:
    return f"{handoff.from_stage} -> {handoff.key}"


def _check(home: Home, one: TemplateFile, playbooks: list[Playbook], whole: Mapping[str, Any], found: Findings) -> None:
    fields = {name for playbook in playbooks for name in playbook.fields}
    faults = faults_of(one.source, whole, fields)
    if faults:
        found.faults.extend(f"{one.path}, {fault}" for fault in faults)
        return
    for about, must_pass in _occasions(one.name, home, playbooks):
        try:
            rendered(home, one.name, about, "K7Q2M")
        except NotReady as fault:
            asked = f"{', '.join(fault.labels)}." if isinstance(fault, NotYetKnown) else "anything for a head of it"
            if must_pass and about.handoff:
                found.faults.append(
                    f"{one.path}: {about.playbook.playbook} calls for it at {_way(about.handoff)}, "
                    f"but does not require what it needs: {asked}"
                )
            else:
                found.remarks.append(f"{one.name} is refused while this is not known: {asked}")
            return
        except RulesFault as fault:
            found.faults.append(f"{one.path}: {fault.message}")
            return


def _occasions(name: str, home: Home, playbooks: list[Playbook]) -> Iterator[tuple[Occasion, bool]]:
    """Deals with everything and with only what is required, for each handoff that calls for this template.

    Where none does: for the usual playbook, from its first stage. The second part says whether it must render.
    """
    calling = [(playbook, handoff) for playbook in playbooks for handoff in playbook.handoffs if name in handoff.emails]
    for playbook, handoff in calling:
        yield Occasion(_fullest(playbook), playbook, handoff), True
        yield Occasion(_emptiest(playbook, handoff), playbook, handoff), True
    if calling:
        return
    usual = [one for one in playbooks if one.playbook == home.configuration.playbook] or playbooks
    for playbook in usual[:1]:
        yield Occasion(_fullest(playbook), playbook), True
        yield Occasion(_material(playbook, Facts("acme")), playbook), False


SAMPLES: Mapping[str, str] = {
    "text": "they outgrew the lists on paper", "number": "12", "money": "12500", "date": "2026-05-01",
    "email": "ada@acme.example", "phone": "+49 30 1234567", "url": "https://acme.example", "yes_no": "yes",
    "list": "fewer returns; faster invoices",
}  # fmt: skip


def sample(field: Field) -> str:
    """A value that fits the field."""
    return field.choices[0] if field.type == "choice" else SAMPLES[field.type]


def _fullest(playbook: Playbook) -> Material:
    described = {**playbook.fields, **BUILT_IN}
    values = {name: sample(field) for name, field in described.items()}
    return _material(playbook, Facts("acme", values, step=Step("send the offer", "2026-05-08")), full=True)


def _emptiest(playbook: Playbook, handoff: Handoff) -> Material:
    """What is known of a deal that passes this handoff and no more; criteria may be met without any field."""
    required = asks(playbook, handoff).required if handoff.to_playbook is None else handoff.required
    values = {name: sample(field) for name in required if (field := playbook.field(name))}
    step = Step("send the offer", None) if NEXT_STEP in required else None
    return _material(playbook, Facts("acme", values, step=step))


def _material(playbook: Playbook, known: Facts, full: bool = False) -> Material:
    account = Account(1, "acme", "Acme Corp", "acme.example" if full else None, False)
    stage = playbook.first_stage
    found = Deal(
        1, "renewal" if full else "deal", "Renewal" if full else None, account, "acme", 1, 1, playbook.playbook, stage,
        "open", playbook.owner_of(stage), "2026-04-01", None, None, None,
    )  # fmt: skip
    if not full:
        return Material(found, known, [], [], [], {}, {}, [])
    person = {
        "name": "Ada Bell",
        "email": "ada@acme.example",
        "phone": "+49 30 1234567",
        "title": "Buyer",
        "level": "vp",
    }
    touch = {"kind": "call", "direction": "out", "outcome": "held", "met": "Ada Bell", "text": "the first call",
             "at": "2026-04-02"}  # fmt: skip
    fed = next((name for name, field in playbook.fields.items() if field.summary), "")
    said = [_summary(1, "corrected", "2026-04-08"), _summary(2, "sent", None)]
    confirmed = {fed: "something else"} if fed else {}
    return Material(
        found, known, [person], [touch], said, confirmed, {1: confirmed},
        [Promise(1, 1, "training on site", "2026-06-01", "2026-04-02", None),
         Promise(2, 2, "a second seat", None, "2026-04-02", "2026-04-03")],
    )  # fmt: skip


def _summary(id: int, state: str, answered_at: str | None) -> Summary:
    subject, body = "Acme Corp: what we discussed", "Hello Ada,\n\nthis is what I understood."
    return Summary(
        id, 1, state, "K7Q2M", "<handoffctl.K7Q2M@handoffctl.invalid>", "ada@acme.example", subject, body,
        hash_of(subject, body), False, True, "all right", "2026-04-07", answered_at, 1,
    )  # fmt: skip
