"""Reads a Salesforce data export: a folder with Opportunity.csv, and mostly accounts, contacts and stage history."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from handoffctl.domain.moments import Zone, before
from handoffctl.domain.names import LONGEST_NAME, NotAName, cleaned, folded, visible
from handoffctl.transfer.amounts import Amounts
from handoffctl.transfer.folder import Folder, Table
from handoffctl.transfer.history import (
    History,
    ImportedAccount,
    ImportedContact,
    ImportedDeal,
    Stay,
    domain_of,
    stays_in_order,
)
from handoffctl.transfer.salesforce_stages import StagesSeen, flag
from handoffctl.transfer.salesforce_tables import (
    ACCOUNTS,
    CHANGES,
    CONTACTS,
    OPPORTUNITIES,
    USERS,
    Account,
    Change,
    Contact,
    Opportunity,
    User,
    full_id,
)
from handoffctl.transfer.written import DateReader, Unreadable, quoted, settled

Row = TypeVar("Row", Account, Contact, Opportunity, Change)
Made = TypeVar("Made")

_ID = re.compile(r"005[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?\Z", re.ASCII)
_NO_HISTORY = (
    "the deal has no history: it stands in its stage of today, since when is known only from LastStageChangeDate"
)
_WITHOUT = (
    (CHANGES, "each deal stands in its stage of today, and since when is known only from LastStageChangeDate"),
    (ACCOUNTS, "deals whose account has no name stand alone"),
    (CONTACTS, "no contacts are read"),
)


def read_salesforce(folder: Path, zone: Zone, dates: str | None = None) -> History:
    """All that a Salesforce data export says of accounts, contacts, deals and their stages.

    `folder` is the folder, or the Opportunity.csv in it; `zone` that of times without an offset; `dates` the order of
    day, month and year where the export leaves it open: ymd, dmy or mdy. Raises Refused.
    """
    return _Reading(Folder(Path(folder), OPPORTUNITIES.file, "Salesforce"), zone).history(dates)


class _Unfit(ValueError):
    """A row that cannot be taken; the message is the reason."""


class _Reading:
    """One reading of an export: what was found so far, by id."""

    def __init__(self, export: Folder, zone: Zone) -> None:
        self.export = export
        self.zone = zone
        self.stages = StagesSeen()
        self.amounts = Amounts()
        self.owners: dict[str, str] = {}
        self.accounts: dict[str, ImportedAccount] = {}
        self.deals: dict[str, ImportedDeal] = {}
        self.now_in: dict[str, Stay] = {}
        self.rows: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.noted: defaultdict[str, list[int]] = defaultdict(list)

    def history(self, dates: str | None) -> History:
        opportunities = list(self.export.read(OPPORTUNITIES, Opportunity, _is_deleted))
        changes = list(self.export.read(CHANGES, Change, _is_deleted))
        accounts = list(self.export.read(ACCOUNTS, Account, _is_deleted))
        contacts = list(self.export.read(CONTACTS, Contact, _is_deleted))
        users = self.export.read(USERS, User, _is_deleted)
        self.owners = {full_id(user.id): _full_name(user.name, user.first, user.last) for user in users}
        for amount in (*(row.amount for row in opportunities), *(row.amount for row in changes)):
            self.amounts.see(amount)
        self.dates = DateReader(settled(dates, self.export.dates, self.export.other_dates), self.zone)

        self.accounts |= {account.key: account for account in self._taken(ACCOUNTS, accounts, self._account)}
        self.deals |= {deal.key: deal for deal in self._taken(OPPORTUNITIES, opportunities, self._deal)}
        entries: defaultdict[str, list[Stay]] = defaultdict(list)
        for key, stay in self._taken(CHANGES, changes, self._change):
            entries[key].append(stay)
        deals = tuple(replace(deal, stays=self._stays(deal.key, entries[deal.key])) for deal in self.deals.values())
        currencies = sorted({row.currency for row in opportunities} - {""})
        if len(currencies) > 1:
            named = ", ".join(map(visible, currencies[:5]))
            note = f"amounts are in several currencies ({named}) and taken as they are"
            self.export.notes.append(f"{self.export.name(OPPORTUNITIES)}: {note}.")
        return self._history(tuple(self._taken(CONTACTS, contacts, self._contact)), deals)

    def _taken(self, table: Table, rows: Iterable[Row], taken: Callable[[Row], Made]) -> list[Made]:
        """What the rows give; a row that gives nothing is skipped with its reason."""
        made = []
        for row in rows:
            try:
                made.append(taken(row))
            except (_Unfit, Unreadable, NotAName) as error:
                self.export.skip(self.export.name(table), row.row, str(error))
        return made

    def _own_id(self, table: Table, row: Account | Contact | Opportunity | Change) -> str:
        if not 0 < len(row.id) <= LONGEST_NAME:
            raise _Unfit(f"has an Id of {len(row.id):,} characters" if row.id else "has no Id")
        key = full_id(row.id)
        first = self.rows[table.file].setdefault(key, row.row)
        if first != row.row:
            raise _Unfit(f"repeats the Id of row {first}")
        return key

    def _account(self, row: Account) -> ImportedAccount:
        key = self._own_id(ACCOUNTS, row)
        return ImportedAccount(key, cleaned(row.name), domain_of(row.website), row.row, self.export.name(ACCOUNTS))

    def _contact(self, row: Contact) -> ImportedContact:
        key, account = self._own_id(CONTACTS, row), full_id(row.account)
        if account not in self.accounts:
            raise _Unfit(
                f"belongs to the account {quoted(account)}, which is not there" if account else "has no account"
            )
        name = cleaned(_full_name(row.name, row.first, row.last) or row.email)
        phone = row.phone or row.mobile
        return ImportedContact(key, account, name, row.email, phone, row.title, self.export.name(CONTACTS), row.row)

    def _deal(self, row: Opportunity) -> ImportedDeal:
        key, file = self._own_id(OPPORTUNITIES, row), self.export.name(OPPORTUNITIES)
        name, stage = cleaned(row.name), self.stages.name(row.stage)
        amount = _column("Amount", self.amounts.cents, row.amount)
        close = _column("CloseDate", self.dates.day, row.close)
        changed = _column("LastStageChangeDate", self.dates.moment, row.changed)
        deal = ImportedDeal(
            key,
            self._account_of(row, file),
            name,
            amount,
            self._owner(row),
            close,
            row.source or None,
            (),
            file,
            row.row,
        )
        self.now_in[key] = Stay(stage, changed, file, row.row)
        self.stages.see(stage, row.probability, row.forecast)
        self.stages.see_flags(stage, row.closed, row.won)
        return deal

    def _account_of(self, row: Opportunity, file: str) -> str | None:
        key = full_id(row.account)
        if row.account_name and key not in self.accounts:
            name = cleaned(row.account_name, "account name")
            key = key or f"name:{folded(name)}"
            self.accounts.setdefault(key, ImportedAccount(key, name, None, row.row, file))
        if key and key not in self.accounts:
            self.noted["the account of the deal is not in the export, so the deal stands alone"].append(row.row)
        return key if key in self.accounts else None

    def _owner(self, row: Opportunity) -> str | None:
        if row.owner and not _ID.match(row.owner):
            return " ".join(row.owner.split())
        key = full_id(row.owner or row.owner_id)
        owner = self.owners.get(key)
        if key and not owner:
            self.noted[f"the owner is only an id that no {USERS.file} gives a name"].append(row.row)
        return owner or None

    def _change(self, row: Change) -> tuple[str, Stay]:
        key = full_id(row.deal)
        if not key:
            raise _Unfit("has no OpportunityId")
        if row.id:
            self._own_id(CHANGES, row)
        if key not in self.deals:
            skipped = self.rows[OPPORTUNITIES.file].get(key)
            why = f"was skipped (row {skipped})" if skipped else "is not there"
            raise _Unfit(f"belongs to the opportunity {quoted(key)}, which {why}")
        at = _column("CreatedDate", self.dates.moment, row.at)
        if not at:
            raise _Unfit("has no CreatedDate")
        stage = self.stages.name(row.stage)
        self.stages.see(stage, row.probability, row.forecast)
        return key, Stay(stage, at, self.export.name(CHANGES), row.row)

    def _stays(self, key: str, entries: list[Stay]) -> tuple[Stay, ...]:
        """The stays of the history. Where the deal is in another stage by now, that one follows, since when is known
        only from LastStageChangeDate."""
        stays, now = stays_in_order(entries, self.zone), self.now_in[key]
        if not stays:
            self.noted[_NO_HISTORY].append(now.row)
            return (now,)
        last = stays[-1]
        if last.stage == now.stage:
            return stays
        self.noted["the stage of the deal is not the last one of its history and follows it"].append(now.row)
        if now.entered and last.entered and before(now.entered, last.entered, self.zone):
            now = replace(now, entered=None)
        return (*stays, now)

    def _history(self, people: tuple[ImportedContact, ...], deals: tuple[ImportedDeal, ...]) -> History:
        stages, about_stages = self.stages.found(deals)
        export = self.export
        for what, rows in self.noted.items():
            if what != _NO_HISTORY or export.has(CHANGES):
                export.note(OPPORTUNITIES, what, rows)
        unread = export.unread()
        return History(
            system="salesforce",
            accounts=tuple(self.accounts.values()),
            contacts=people,
            deals=deals,
            stages=stages,
            skipped=tuple(sorted(export.skipped, key=lambda one: (one.file, one.row))),
            rows=export.rows,
            notes=(
                *(f"There is no {table.file}: {without}." for table, without in _WITHOUT if not export.has(table)),
                *export.notes,
                *about_stages,
                *([f"Not read: {', '.join(unread)}."] if unread else []),
            ),
        )


def _is_deleted(text: str) -> bool:
    return flag(text) is True


def _full_name(name: str, first: str, last: str) -> str:
    return name or f"{first} {last}".strip()


def _column(column: str, read: Callable[[str], Made], text: str) -> Made:
    try:
        return read(text)
    except Unreadable as error:
        raise Unreadable(f"{column}: {error}") from None
