"""Renders an e-mail about a deal from a template and from what is on record. Sends nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.actions.home import Home
from handoffctl.actions.rules import rules_of
from handoffctl.domain.facts import Facts
from handoffctl.domain.playbook import Handoff, Playbook
from handoffctl.errors import NotFound, NotReady, RulesFault, nearest
from handoffctl.resources import shipped
from handoffctl.views.finding import Deal, deal
from handoffctl.views.knowing import facts

MOST_BYTES = 256 * 1024
TITLES = ("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "sir", "dame", "madame", "monsieur")


@dataclass(frozen=True)
class Email:
    """One e-mail, ready to paste."""

    template: str
    to: str
    subject: str
    body: str


def templates(home: Home) -> dict[str, Path]:
    """Every template by name; one in the home folder stands before a shipped one."""
    found = {}
    for folder in (shipped("templates"), home.folder / "templates"):
        found.update({path.stem: path for path in sorted(folder.glob("*.j2")) if path.is_file()})
    return found


def email(home: Home, template: str, ref: str, beginnings: bool) -> Email:
    """The e-mail of this template for a deal, seen from its next handoff where there is only one."""
    from handoffctl.actions.rules import ahead

    with home.reading() as ask:
        found = deal(ask, ref, beginnings, ("open", "won"))
        known = facts(ask, found)
    used = rules_of(home, found)
    onward = ahead(used.playbook, found.stage)
    return rendered(home, template, found, known, used.playbook, onward[0] if onward else None)


def rendered(
    home: Home, template: str, found: Deal, known: Facts, playbook: Playbook, handoff: Handoff | None
) -> Email:
    """Raises NotFound for no such template, RulesFault for a faulty one, NotReady when it needs what is not known."""
    from handoffctl.mail.rendering import Unknown, letter

    source = _source(home, template)
    variables = variables_of(home, found, known, playbook, handoff)
    fields = playbook.fields.items()
    if template == "summary" and not any(field.summary and name in known.values for name, field in fields):
        feeding = [name for name, field in fields if field.summary]
        raise NotReady(
            f"There is nothing to sum up for {found.called} yet.",
            f'Record what you heard: handoffctl set {found.ref} {feeding[0] if feeding else "NAME"}="TEXT"',
        )
    try:
        subject, body = letter(template, source, variables)
    except Unknown as fault:
        name = fault.name
        raise NotReady(
            f'The template {template} needs "{name}", which is not known for {found.called}.',
            _how_to_fill(playbook, found, known, name),
        ) from None
    return Email(template, known.values.get("contact.email", ""), subject, body)


def _how_to_fill(playbook: Playbook, found: Deal, known: Facts, name: str) -> str:
    if name in known.values and name in playbook.fields:
        return f"Write it as {{{{ fields.{name} }}}} in the template."
    if playbook.field(name):
        return f'Fill it with: handoffctl set {found.ref} {name}="TEXT"'
    return "There is no such variable; the README lists those there are."


def _source(home: Home, name: str) -> str:
    known = templates(home)
    if name not in known:
        raise NotFound(
            f'No template is called "{name[:60]}" {nearest(name, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(known)}. Your own are files called NAME.j2 in {home.folder / 'templates'}.",
        )
    try:
        if known[name].stat().st_size > MOST_BYTES:
            raise RulesFault(f"The template {known[name]} is larger than 256 KiB.", "Write a shorter one.")
        return known[name].read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesFault(f"The template {known[name]} cannot be read: {error}.", "Save it as UTF-8 text.") from None


def variables_of(home: Home, found: Deal, known: Facts, playbook: Playbook, handoff: Handoff | None) -> dict[str, Any]:
    """Everything a template may use, as plain values."""
    values = known.values
    contact = {part: values.get(f"contact.{part}", "") for part in ("name", "email", "phone", "title", "level")}
    contact["first_name"] = greeted(contact["name"])
    receiver = (handoff and handoff.receiver) or (
        handoff and not handoff.to_playbook and playbook.owner_of(handoff.to_stage)
    )
    to_stage = handoff.to_stage if handoff else found.stage
    me = home.configuration
    return {
        "account": {"name": found.account.name, "domain": found.account.domain or ""},
        "deal": {"name": found.name or "", "amount": values.get("deal.amount", "")},
        "contact": contact,
        "me": {"name": me.name, "email": me.email, "signature": me.signature},
        "sender": _role(playbook, found.owner),
        "receiver": _role(playbook, receiver or found.owner),
        "from_stage": playbook.title_of(found.stage),
        "to_stage": playbook.title_of(to_stage),
        "reason": (handoff and handoff.reason) or "",
        "benefit": (handoff and handoff.benefit) or "",
        "fields": {name: values[name] for name in playbook.fields if name in values},
        "heads": heads(playbook, known),
        "step": {"text": known.step.text, "due": (known.step.due or "")[:10]} if known.step else None,
    }


def greeted(name: str) -> str:
    """What to call somebody after "Hello": the first name, or the whole name where a title comes first."""
    first = name.partition(" ")[0]
    return name if first.endswith(".") or first.casefold() in TITLES else first


def _role(playbook: Playbook, role: str) -> dict[str, str]:
    return {"name": role, "role": playbook.roles.get(role, "")}


def heads(playbook: Playbook, known: Facts) -> list[dict[str, Any]]:
    """The heads of the summary that have something under them, in the playbook's order; the next step comes last."""
    under: dict[str, list[str]] = {}
    for name, field in playbook.fields.items():
        if field.summary and name in known.values:
            value = known.values[name]
            under.setdefault(field.summary, []).extend(value.split("; ") if field.type == "list" else [value])
    if known.step:
        by = f" (by {known.step.due[:10]})" if known.step.due else ""
        under["next steps"] = [*under.pop("next steps", []), known.step.text + by]
    return [{"title": title[:1].upper() + title[1:], "lines": lines} for title, lines in under.items()]
