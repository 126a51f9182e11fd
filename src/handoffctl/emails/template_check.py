"""Checks templates: renders each for a deal with every value, and for one with only the required values."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.deals.stays_query import playbooks_used
from handoffctl.emails.context import DealSnapshot, EmailContact, TemplateContext, TouchNote
from handoffctl.emails.email import NotYetKnown, PrintsInternal, render_email
from handoffctl.emails.phrases_library import load_phrases
from handoffctl.emails.summary_model import SummaryEmail, hash_of
from handoffctl.emails.templates import TemplateFile, load_template, template_paths
from handoffctl.emails.variable_types import TemplateVariables
from handoffctl.emails.variables import template_variables
from handoffctl.errors import HandoffError, NotReady, RulesFault
from handoffctl.playbook.criteria.summary import Summary
from handoffctl.playbook.facts import Facts, Step
from handoffctl.playbook.library import load_playbook, playbook_paths
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP, Field, Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.promises.model import Promise
from handoffctl.workspace.home import Home


class TemplateInfo(NamedTuple):
    """A template in the list: `whose` is yours or shipped, `about` the purpose or why it cannot be read."""

    name: str
    whose: str
    about: str
    path: str


def list_templates(home: Home) -> list[TemplateInfo]:
    """Returns every template, yours and the shipped ones."""
    return [_info(home, name, path) for name, path in template_paths(home).items()]


def _info(home: Home, name: str, path: Path) -> TemplateInfo:
    whose = "yours" if path.parent == home.folder / "templates" else "shipped"
    try:
        about = load_template(home, name).about
    except RulesFault as fault:  # an unreadable template does not hide the others
        about = fault.message
    return TemplateInfo(name, whose, about, str(path))


@dataclass(frozen=True)
class Findings:
    """The result of a check. A remark is no fault: such a template is only refused while a value is unknown."""

    faults: list[str]
    remarks: list[str]


def check_templates(home: Home, name: str | None = None, shipped_too: bool = True) -> Findings:
    """Checks one template, or all of them and those that handoffs name. Raises NotFound.

    A template in the home folder must suit the playbooks in use, a shipped one all playbooks.
    """
    findings = Findings([], [])
    every_playbook = dict(_playbooks(home, findings))
    playbooks, in_use = list(every_playbook.values()), _in_use(home, every_playbook)
    whole = _sample_variables(home, playbooks[0]).as_mapping() if playbooks else {}
    folder = home.folder / "templates"
    paths = template_paths(home)
    every = [each for each, path in paths.items() if shipped_too or path.parent == folder]
    for each in [name] if name else every:
        own = each in paths and paths[each].parent == folder
        try:
            _check(home, load_template(home, each), in_use if own else playbooks, whole, findings)
        except RulesFault as fault:
            findings.faults.append(fault.message)
    if name is None:
        paths = template_paths(home)
        findings.faults.extend(
            f'{playbook.playbook}: the handoff {_way(handoff)} calls for the template "{called}", which is not there.'
            for playbook in playbooks
            for handoff in playbook.handoffs
            for called in handoff.emails
            if called not in paths
        )
    return findings


def _sample_variables(home: Home, playbook: Playbook) -> TemplateVariables:
    return template_variables(
        home, TemplateContext(_fullest(playbook), playbook), load_phrases(home.folder, home.configuration.locale)
    )


def _in_use(home: Home, playbooks: Mapping[Path, Playbook]) -> list[Playbook]:
    """Returns the playbooks in the home folder, the default one, and those that deals are in."""
    used = {home.configuration.playbook}
    with suppress(HandoffError), home.reading() as query:  # doctor reports an unreadable database
        used |= {*playbooks_used(query)}
    own = home.folder / "playbooks"
    return [rules for path, rules in playbooks.items() if path.parent == own or rules.playbook in used]


def _playbooks(home: Home, findings: Findings) -> Iterator[tuple[Path, Playbook]]:
    for name, path in playbook_paths(home).items():
        try:
            yield path, load_playbook(home, name).playbook
        except HandoffError:
            findings.remarks.append(
                f"The playbook {name} is faulty, and was left out: handoffctl playbook check {name}"
            )


def _way(handoff: Handoff) -> str:
    return f"{handoff.from_stage} -> {handoff.key}"


def _check(
    home: Home, template_file: TemplateFile, playbooks: list[Playbook], whole: Mapping[str, Any], findings: Findings
) -> None:
    fields = {name for playbook in playbooks for name in playbook.fields}
    from handoffctl.emails.jinja_engine import template_faults  # imports Jinja

    faults = template_faults(template_file.source, whole, fields)
    if faults:
        findings.faults.extend(f"{template_file.path}, {fault}" for fault in faults)
        return
    for context, must_pass in _contexts(template_file.name, home, playbooks):
        try:
            render_email(home, template_file.name, context, "K7Q2M")
        except PrintsInternal as fault:
            findings.faults.append(
                f"{template_file.path}: it goes to the client, and by {context.playbook.playbook} this is internal: "
                f"{', '.join(fault.labels)}. See `reader` in docs/mails.md."
            )
            return
        except NotReady as fault:
            asked = f"{', '.join(fault.labels)}." if isinstance(fault, NotYetKnown) else "anything for a head of it"
            # Handoffs before this one require what a summary is about, so that one without anything is no fault.
            nothing_yet = not isinstance(fault, NotYetKnown) and any(f.head for f in context.playbook.fields.values())
            if must_pass and context.handoff and not nothing_yet:
                findings.faults.append(
                    f"{template_file.path}: {context.playbook.playbook} calls for it at {_way(context.handoff)}, "
                    f"but does not require what it needs: {asked}"
                )
                return
            remark = f"{template_file.name} is refused while this is not known: {asked}"
            if remark not in findings.remarks:
                findings.remarks.append(remark)
            if not nothing_yet:
                return
        except RulesFault as fault:
            findings.faults.append(f"{template_file.path}: {fault.message}")
            return


def _contexts(name: str, home: Home, playbooks: list[Playbook]) -> Iterator[tuple[TemplateContext, bool]]:
    """Yields deals with every value and with only the required ones, for each handoff that names this template.

    If none does: for the default playbook, in its first stage. The second part is True if the template must render.
    """
    calling = [(playbook, handoff) for playbook in playbooks for handoff in playbook.handoffs if name in handoff.emails]
    for playbook, handoff in calling:
        yield TemplateContext(_fullest(playbook), playbook, handoff), True
        yield TemplateContext(_emptiest(playbook, handoff), playbook, handoff), True
    if calling:
        return
    usual = [playbook for playbook in playbooks if playbook.playbook == home.configuration.playbook] or playbooks
    for playbook in usual[:1]:
        yield TemplateContext(_fullest(playbook), playbook), True
        yield TemplateContext(_material(playbook, Facts("acme")), playbook), False


SAMPLES: Mapping[str, str] = {
    "text": "they outgrew the lists on paper", "number": "12", "money": "12500", "date": "2026-05-01",
    "email": "ada@acme.example", "phone": "+49 30 1234567", "url": "https://acme.example", "yes_no": "yes",
    "list": "fewer returns; faster invoices",
}  # fmt: skip


def sample(field: Field) -> str:
    """Returns a valid value of the field."""
    return field.choices[0] if field.type == "choice" else SAMPLES[field.type]


def _fullest(playbook: Playbook) -> DealSnapshot:
    described = {**playbook.fields, **BUILT_IN}
    values = {name: sample(field) for name, field in described.items()}
    return _material(playbook, Facts("acme", values, step=Step("send the offer", "2026-05-08")), full=True)


def _emptiest(playbook: Playbook, handoff: Handoff) -> DealSnapshot:
    """Returns a deal with only the fields that this handoff requires; criteria may hold without any field."""
    required = requirements_of(playbook, handoff).required if handoff.to_playbook is None else handoff.required
    names = [name for item in required for name in (_covered(playbook, item) or [item])]
    values = {name: sample(field) for name in names if (field := playbook.field(name))}
    step = Step("send the offer", None) if NEXT_STEP in required else None
    return _material(playbook, Facts("acme", values, step=step))


def _covered(playbook: Playbook, item: str) -> list[str]:
    """Returns the first field that a confirmed summary must cover: it holds only if one of them is known."""
    criterion = playbook.criteria.get(item)
    return list(criterion.covers[:1]) if isinstance(criterion, Summary) else []


def _material(playbook: Playbook, facts: Facts, full: bool = False) -> DealSnapshot:
    account = Account(1, "acme", "Acme Corp", "acme.example" if full else None, False)
    stage = playbook.first_stage
    deal = Deal(
        1, "renewal" if full else "deal", "Renewal" if full else None, account, "acme", 1, 1, playbook.playbook, stage,
        "open", playbook.owner_of(stage), "2026-04-01", None, None, None,
    )  # fmt: skip
    if not full:
        return DealSnapshot(deal, facts)
    person = EmailContact("Ada Bell", "ada@acme.example", "+49 30 1234567", "Buyer", "vp")
    touch = TouchNote("call", "out", "held", "Ada Bell", "the first call", "2026-04-02")
    fed = next((name for name, field in playbook.fields.items() if field.summary), "")
    summaries = [_summary(1, "corrected", "2026-04-08"), _summary(2, "sent", None)]
    confirmed = {fed: "something else"} if fed else {}
    return DealSnapshot(
        deal, facts, [person], [touch], summaries, confirmed, {1: confirmed},
        [Promise(1, 1, "training on site", "2026-06-01", "2026-04-02", None),
         Promise(2, 2, "a second seat", None, "2026-04-02", "2026-04-03")],
    )  # fmt: skip


def _summary(id: int, state: str, answered_at: str | None) -> SummaryEmail:
    subject, body = "Acme Corp: what we discussed", "Hello Ada,\n\nthis is what I understood."
    return SummaryEmail(
        id, 1, state, "K7Q2M", "<handoffctl.K7Q2M@handoffctl.invalid>", "ada@acme.example", subject, body,
        hash_of(subject, body), False, True, "all right", "2026-04-07", answered_at, 1,
    )  # fmt: skip
