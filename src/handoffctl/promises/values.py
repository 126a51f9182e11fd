"""The ledger of the value that a client sees: add an entry, list the entries with their balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import Moment
from handoffctl.core.names import fold
from handoffctl.deals.fields import LONGEST_TEXT
from handoffctl.deals.lookup_query import Deal, deal_to_record_for
from handoffctl.deals.playbook import rules_of
from handoffctl.errors import HandoffError, Refused
from handoffctl.promises import query as promises
from handoffctl.promises.model import ValueEntry
from handoffctl.workspace.home import Home


class ListedValue(NamedTuple):
    """An entry as `value list --json` prints it; `balance` is the sum of all effects up to it."""

    number: int
    effect: int
    text: str
    at: Moment
    balance: int


class ListedLedger(NamedTuple):
    """A `ValueLedger` as `value list --json` prints it."""

    account: str
    deal: str
    entries: Sequence[ListedValue]
    balance: int
    pluses: int
    minuses: int
    last_plus: Moment | None


@dataclass(frozen=True)
class ValueLedger:
    """What bore out the value of a deal or lowered it, oldest first."""

    deal: Deal
    entries: Sequence[ValueEntry]

    @property
    def balance(self) -> int:
        return sum(entry.effect for entry in self.entries)

    @property
    def last_plus(self) -> Moment | None:
        """When the newest entry that bore the value out was recorded, or None."""
        return next((entry.at for entry in reversed(self.entries) if entry.effect > 0), None)

    def as_json(self) -> ListedLedger:
        pluses = sum(entry.effect > 0 for entry in self.entries)
        return ListedLedger(
            self.deal.account.slug, self.deal.slug, with_balances(self.entries), self.balance, pluses,
            len(self.entries) - pluses, self.last_plus,
        )  # fmt: skip


def with_balances(entries: Sequence[ValueEntry]) -> list[ListedValue]:
    """Returns the entries, each with the balance after it."""
    balances = accumulate(entry.effect for entry in entries)
    return [
        ListedValue(entry.number, entry.effect, entry.text, entry.at, balance)
        for entry, balance in zip(entries, balances, strict=True)
    ]


def add_value(home: Home, ref: str, effect: int, text: str) -> ValueLedger:
    """Records an entry. Raises Refused if the text says nothing, or if the ledger has it already."""
    said = " ".join(text.split())
    if not said or is_placeholder(said) or len(said) > LONGEST_TEXT:
        raise Refused(f'"{said[:40]}" says nothing about the value.', "As in: no phone orders lost in May")
    with home.reading() as query:
        log = log_of(home, deal_to_record_for(query, ref))
    with home.writing() as session:
        subject = deal_to_record_for(session.query, ref)
        entries = promises.values_seen(session.query, subject.id, log.field)
        if any(entry.effect == effect and fold(entry.text) == fold(said) for entry in entries):
            raise Refused(f"{subject.called} has that entry already.", "Nothing was recorded.")
        taken_over = [entry for entry in entries if not entry.recorded] if log.client_facing else []
        number = max((entry.number for entry in entries if entry.recorded or taken_over), default=0) + 1
        new = ValueEntry(number, effect, said, session.at)
        for entry in (*taken_over, new):
            session.add(session.models.ValueEntry(
                deal_id=subject.id, number=entry.number, effect=entry.effect, text=entry.text, at=entry.at
            ))  # fmt: skip
        sign = "borne out" if effect > 0 else "lowered"
        session.log(f"Value of {subject.called} {sign}: {said}.", subject.account.id, subject.id)
    return value_ledger(home, subject.full_ref)


def value_ledger(home: Home, ref: str) -> ValueLedger:
    """Returns the entries of a deal. Raises NotFound."""
    with home.reading() as query:
        subject = deal_to_record_for(query, ref)
        return ValueLedger(subject, promises.values_seen(query, subject.id, log_of(home, subject).field))


class ValueLog(NamedTuple):
    """The field that a playbook names as the log of the value, None without one; and whether clients may read it."""

    field: str | None = None
    client_facing: bool = False


def log_of(home: Home, subject: Deal) -> ValueLog:
    """Returns the field in which the playbook of the deal kept the log of the value."""
    try:
        playbook = rules_of(home, subject).playbook
    except HandoffError:  # a missing or faulty playbook costs the ledger nothing
        return ValueLog()
    name = playbook.value.log if playbook.value else None
    rule = playbook.fields.get(name) if name else None
    return ValueLog(name, bool(rule and rule.client_facing))
