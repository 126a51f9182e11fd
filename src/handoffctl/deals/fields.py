"""Sets field values of a deal or account: parses them by type, refuses and counts placeholders, writes the rest."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from handoffctl.core.field_values import BadValue, Placeholder, is_placeholder, parse_value
from handoffctl.core.moments import HOW_TO_WRITE, Clock, Moment, NotAMoment, parse_user
from handoffctl.core.money import to_cents
from handoffctl.core.names import fold, part_of
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals import lookup_query
from handoffctl.deals.facts_query import contacts, open_promise_of_step, open_step_id, values_of_account
from handoffctl.deals.facts_query import step as open_step_of
from handoffctl.deals.facts_query import values as values_of
from handoffctl.deals.lookup_query import Account, Deal, again, deal_to_record_for, deals_of
from handoffctl.deals.next_step import TypedStep
from handoffctl.deals.playbook import rules_of
from handoffctl.errors import NotFound, Refused, RefusedValue, UsageFault, nearest
from handoffctl.playbook.library import load_playbook, with_destination_fields
from handoffctl.playbook.model import BUILT_IN, Playbook
from handoffctl.workspace.home import Home

LONGEST_ANSWER_SECONDS = 120.0  # a longer pause means that the user was interrupted
LONGEST_TEXT = 10_000


class PlaceholderRefused(RefusedValue):
    """The user typed a placeholder, such as "tbd", for these fields."""

    def __init__(self, names: Sequence[str], about: str, fault: str, hint: str, problems: Sequence[str]) -> None:
        super().__init__(about, fault, hint, problems)
        self.names = names


class Addition(str):
    """A value typed as `NAME+=VALUE`: items to add to those that a list field has."""


def pairs(arguments: Sequence[str]) -> dict[str, str]:
    """Parses `NAME=VALUE` and `NAME+=VALUE` arguments. Raises UsageFault for anything else and for a repeated name."""
    values: dict[str, str] = {}
    for text in arguments:
        name, equals, value = text.partition("=")
        if name.endswith("+"):
            name, value = name[:-1], Addition(value)
        if not equals or not name.strip():
            raise UsageFault(f'"{text[:60]}" is not NAME=VALUE.', 'Write it like this: budget=12500 or situation="..."')
        if name.strip() in values:
            raise UsageFault(f'"{name.strip()}" is given twice.', "Give each field once.")
        values[name.strip()] = value
    return values


def parse_values(
    playbook: Playbook, given: Mapping[str, str], clock: Clock, known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Parses every value to its stored form. Raises NotFound for unknown fields, RefusedValue with every bad value.

    `known` has the present values in their stored form, to which an `Addition` adds its items.
    """
    values: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    placeholders: list[str] = []
    unknown = [name for name in given if playbook.field(name) is None]
    if unknown:
        raise _unknown(playbook, unknown)
    for name, text in given.items():
        described = playbook.field(name)
        assert described is not None
        try:
            if isinstance(text, Addition) and described.type != "list":
                raise BadValue("Only a list can be added to; write it with = alone.")
            value = parse_value(described, text, clock)
            values[name] = _with_items(known.get(name, ""), value) if isinstance(text, Addition) else value
        except Placeholder as fault:
            placeholders.append(name)
            faults.append((f"{playbook.label_of(name)} ({name})", str(fault)))
        except BadValue as fault:
            faults.append((f"{playbook.label_of(name)} ({name})", str(fault)))
    if faults:
        raise _refused(faults, placeholders)
    return values


def _with_items(present: str, more: str) -> str:
    """Returns a list in its stored form with the items of another one that it does not have."""
    items = present.split("; ") if present else []
    folded = {fold(item) for item in items}
    return "; ".join([*items, *(item for item in more.split("; ") if fold(item) not in folded)])


def _unknown(playbook: Playbook, names: Sequence[str]) -> NotFound:
    known = [*playbook.fields, *BUILT_IN]
    problems = [f'No field is called "{name[:60]}" {nearest(name, known)}'.rstrip() + "." for name in names]
    return NotFound(problems[0], f"The fields of {playbook.playbook}: {', '.join(known)}.", problems[1:])


def _refused(faults: Sequence[tuple[str, str]], placeholders: Sequence[str]) -> RefusedValue:
    """Builds the error for bad values: the first is its message, the others are its problems."""
    about, fault = faults[0]
    rest = [f"{about}: {fault}" for about, fault in faults[1:]]
    if placeholders:
        hint = "Leave it out until you know it; a placeholder counts as missing. Nothing was changed."
        return PlaceholderRefused(placeholders, about, fault, hint, rest)
    return RefusedValue(about, fault, "Nothing was changed.", rest)


@contextmanager
def record_rejected_placeholders(home: Home, target: Deal | Account) -> Iterator[None]:
    """Re-raises PlaceholderRefused after recording the rejected placeholders, which reports count."""
    try:
        yield
    except PlaceholderRefused as refused:
        account, deal_id = (target.account, target.id) if isinstance(target, Deal) else (target, None)
        with home.writing() as session:
            for name in refused.names:
                session.add(session.models.Refusal(account_id=account.id, deal_id=deal_id, name=name, at=session.at))
            names = ", ".join(refused.names)
            session.log(f"Refused a placeholder for {account.name}: {names}.", account.id, deal_id)
        raise


def save(
    session: WriteSession,
    clock: Clock,
    deal: Deal,
    playbook: Playbook,
    given: Mapping[str, str],
    step: TypedStep | None = None,
    seconds: float | None = None,
) -> dict[str, str]:
    """Writes values and the next step of a deal. Returns the values in their stored form.

    `seconds` is how long the user took to answer. Raises what `parse_values` and `due_of` raise, before it writes.
    """
    values = parse_values(playbook, given, clock, known_for(session.query, deal, given))
    if step:
        due = due_of(step, clock)
    for name, value in values.items():
        described = playbook.field(name)
        assert described is not None
        of_account = described.of == "account" or name.startswith("contact.")
        add_value(session, deal.account, None if of_account else deal.id, name, described.type, value, seconds)
    if step:
        open_step(session, deal, step.text, due)
    return values


def known_for(query: Query, target: Deal | Account, given: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the present values of a deal or account, if there is something to add to them."""
    if not any(isinstance(text, Addition) for text in given.values()):
        return {}
    return values_of(query, target) if isinstance(target, Deal) else values_of_account(query, target.id)


def add_value(
    session: WriteSession,
    account: Account,
    deal_id: int | None,
    name: str,
    type: str,
    value: str,
    seconds: float | None = None,
) -> None:
    """Writes one value to the history; a built-in field's column is updated too."""
    row = session.models.FieldValue(
        account_id=account.id, deal_id=deal_id, name=name, type=type, value=value, at=session.at, seconds=seconds
    )
    session.add(row)
    if name in BUILT_IN:
        _set_column(session, account, deal_id, name, value)


def _set_column(session: WriteSession, account: Account, deal_id: int | None, name: str, value: str) -> None:
    table, _, column = name.partition(".")
    if table == "account":
        session.change(session.models.Account, account.id, **{column: value})
    elif table == "contact":
        extra = {"folded": fold(value)} if column == "name" else {}
        main = next(iter(contacts(session.query, account.id)), None)
        if main:
            session.change(session.models.Contact, main.id, **{column: value, **extra})
        else:
            session.add(
                session.models.Contact.model_validate(
                    {"account_id": account.id, "folded": "", "main": 1, column: value, **extra}
                )
            )
    elif deal_id is not None:
        columns = {"amount_cents": to_cents(value)} if column == "amount" else {column: value}
        session.change(session.models.Deal, deal_id, **columns)


def due_of(step: TypedStep, clock: Clock) -> Moment | None:
    """Parses when a step is due; None if no date was given. Raises Refused for a bad date or a placeholder text."""
    if not step.text.strip() or is_placeholder(step.text) or len(step.text) > LONGEST_TEXT:
        raise Refused(f'"{step.text[:40]}" is no next step.', "Say what happens next, as in: send the proposal")
    if not step.due:
        return None
    try:
        return parse_user(step.due, clock)
    except NotAMoment as fault:
        raise RefusedValue("--due", str(fault), HOW_TO_WRITE) from None


def open_step(session: WriteSession, deal: Deal, text: str, due: Moment | None, made: bool = False) -> None:
    """Opens the deal's next step; marks the one that was open as replaced.

    `made` is True if the program makes the step for a meeting, so that no client is ever told of it.
    """
    close_step(session, deal.id, "replaced_at")
    session.add(session.models.Step(
        deal_id=deal.id, text=" ".join(text.split()), due=due, owner=deal.owner, at=session.at, made=int(made)
    ))  # fmt: skip


def reassign_step(session: WriteSession, deal_id: int, owner: str) -> None:
    """Gives the open step to the deal's new owner."""
    _change_step(session, deal_id, owner=owner)


def close_step(session: WriteSession, deal_id: int, column: str) -> str | None:
    """Closes the open step by setting `done_at` or `replaced_at`. Returns its text, or None if none was open.

    If it is done, the promise as which the client was told of it is kept.
    """
    if column == "done_at":
        for promise_id in open_promise_of_step(session.query, deal_id):
            session.change(session.models.Promise, promise_id, kept_at=session.at)
    return _change_step(session, deal_id, **{column: session.at})


def _change_step(session: WriteSession, deal_id: int, **values: str) -> str | None:
    step, step_id = open_step_of(session.query, deal_id), open_step_id(session.query, deal_id)
    if step is None or step_id is None:
        return None
    session.change(session.models.Step, step_id, **values)
    return step.text


def set_values(home: Home, ref: str, given: Mapping[str, str], seconds: float | None = None) -> list[str]:
    """Writes values of a deal or its account, all or nothing. Returns one line of text per value.

    Raises NotFound for an unknown deal or field, RefusedValue for bad values.
    """
    with home.reading() as query:
        target, playbook = _resolve_target(home, query, ref, given)
    with record_rejected_placeholders(home, target), home.writing() as session:
        values = parse_values(playbook, given, home.clock, known_for(session.query, target, given))
        if isinstance(target, Deal):
            target = again(session.query, target)
            save(session, home.clock, target, playbook, given, seconds=seconds)
        else:
            for name, value in values.items():
                described = playbook.field(name)
                assert described is not None
                add_value(session, target, None, name, described.type, value, seconds)
        account, deal_id = (target.account, target.id) if isinstance(target, Deal) else (target, None)
        assignments = ", ".join(f"{name} = {value}" for name, value in values.items())
        session.log(f"Set for {account.name}: {assignments}", account.id, deal_id)
    return [f"{playbook.label_of(name)}: {value}" for name, value in values.items()]


def _resolve_target(home: Home, query: Query, ref: str, given: Mapping[str, str]) -> tuple[Deal | Account, Playbook]:
    """Resolves whose fields to set, and by which playbook: the open deal, otherwise the won one.

    Returns the account itself if it has no open deal and only fields of the account are set.
    """
    try:
        deal = lookup_query.deal(query, ref)
    except NotFound:
        account = lookup_query.account(query, part_of(ref, ref.partition("/")[0]))
        open_deals = [deal for deal in deals_of(query, account) if deal.kind == "open"]
        playbook = (
            rules_of(home, open_deals[0]) if open_deals else load_playbook(home, home.configuration.playbook)
        ).playbook
        described = {name: playbook.field(name) for name in given}
        of_account = (
            name.startswith("contact.") or (field is not None and field.of == "account")
            for name, field in described.items()
        )  # fmt: skip
        if "/" not in ref and all(of_account):
            return account, playbook
        deal = deal_to_record_for(query, ref)
    return deal, with_destination_fields(home, rules_of(home, deal), deal.stage, given)
