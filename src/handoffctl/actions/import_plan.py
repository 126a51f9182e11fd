"""What an import would write: compares an export's history with the records, row by row, and writes nothing itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoffctl.domain.moments import Clock, Moment, Zone, before, days_between
from handoffctl.domain.names import folded, slug
from handoffctl.domain.playbook import BUILT_IN, Playbook
from handoffctl.domain.values import BadValue, parsed
from handoffctl.transfer.history import History, ImportedAccount, ImportedContact, ImportedDeal, Stay
from handoffctl.views.ask import Ask, Row
from handoffctl.views.importing import Known, known_before

Columns = dict[str, Any]
ANY_CLOCK = Clock("2000-01-01")  # an address has nothing to do with the time


@dataclass
class Plan:
    """Rows to add and columns to change, by table; and what became of each row of the export."""

    accounts: list[Columns] = field(default_factory=list)
    contacts: list[Columns] = field(default_factory=list)
    paths: list[Columns] = field(default_factory=list)
    deals: list[Columns] = field(default_factory=list)
    visits: list[Columns] = field(default_factory=list)
    origins: list[Columns] = field(default_factory=list)
    changes: list[tuple[str, int, Columns]] = field(default_factory=list)
    surplus_visits: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def empty(self) -> bool:
        return not (self.accounts or self.contacts or self.deals or self.visits or self.origins or self.changes)


class Planner:
    """Plans one import. Ids of new rows are given here, because the transaction lets nobody else write meanwhile."""

    def __init__(self, ask: Ask, history: History, playbook: Playbook, stages: Mapping[str, str], zone: Zone) -> None:
        self.plan = Plan()
        self._history = history
        self._playbook = playbook
        self._stages = stages
        self._zone = zone
        self._known: Known = known_before(ask, history.system)
        self._account_of: dict[str, int] = {}
        self._next_number: dict[tuple[int | None, str], int] = {}

    def planned(self) -> Plan:
        for account in self._history.accounts:
            self._account_of[account.key] = self._account(account)
        for contact in self._history.contacts:
            self._contact(contact)
        for deal in self._history.deals:
            self._deal(deal)
        return self.plan

    # Accounts

    def _account(self, found: ImportedAccount) -> int:
        there = self._known.by_origin.get(self._origin("account", found.key))
        if there is None:
            there = self._same_name(found.name)
            if there is None:
                self.plan.counts["accounts_created"] += 1
                there = self._new_account(found.name, found.domain, unnamed=False)
            self._add_origin("account", found.key, account_id=there)
        elif found.domain and self._known.accounts[there]["domain"] is None:
            self.plan.changes.append(("account", there, {"domain": found.domain}))
            self.plan.counts["accounts_updated"] += 1
        return there

    def _same_name(self, name: str) -> int | None:
        """An account of this name that no record of the same export is yet."""
        alike = self._known.by_name.get(folded(name), [])
        free = [one for one in alike if one not in self._known.claimed]
        if len(free) != 1:
            return None
        self._known.claimed.add(free[0])
        return free[0]

    def _new_account(self, name: str, domain: str | None, unnamed: bool) -> int:
        number = self._known.next_id("account")
        free = self._free_slug(None, slug(name), self._known.slugs)
        self.plan.accounts.append(
            {"id": number, "slug": free, "name": name, "folded": folded(name), "domain": domain,
             "unnamed": int(unnamed), "test": 0}
        )  # fmt: skip
        return number

    def _free_slug(self, account_id: int | None, wanted: str, taken: set[str]) -> str:
        """The first free slug; remembers where it stopped, for exports with thousands of equal names."""
        free, number = wanted, self._next_number.get((account_id, wanted), 2)
        while free in taken:
            free, number = f"{wanted}-{number}", number + 1
        self._next_number[account_id, wanted] = number
        taken.add(free)
        return free

    # Contacts

    def _contact(self, found: ImportedContact) -> None:
        account = self._account_of.get(found.account_key)
        if account is None:
            return
        parts = {part: getattr(found, part) or None for part in ("name", "email", "phone", "title")}
        parts["email"] = self._address(found)
        there = self._known.by_origin.get(self._origin("contact", found.key))
        if there is None:
            there = self._known.next_id("contact")
            main = int(account not in self._known.with_contact)
            self._known.with_contact.add(account)
            row = {"id": there, "account_id": account, "folded": folded(found.name or ""), "level": None, "main": main}
            self.plan.contacts.append(row | parts)
            self._add_origin("contact", found.key, contact_id=there)
            self.plan.counts["contacts_created"] += 1
            return
        blank = {part: value for part, value in parts.items() if value and self._known.contacts[there][part] is None}
        if blank:  # what was written here stays; the export fills what is empty
            self.plan.changes.append(("contact", there, blank))
            self.plan.counts["contacts_updated"] += 1

    def _address(self, found: ImportedContact) -> str | None:
        try:
            return parsed(BUILT_IN["contact.email"], found.email, ANY_CLOCK) if found.email else None
        except BadValue:
            harmless = "@" in found.email and found.email.isprintable() and not set(found.email) & set(' ,;<>"')
            fate = "was kept as it stands" if harmless else "was left out"
            said = f'"{found.email[:60]}" is no e-mail address by the rules and {fate}.'
            self.plan.notes.append(f"{found.file}, row {found.row}: {said}")
            return found.email if harmless else None

    # Deals

    def _deal(self, found: ImportedDeal) -> None:
        there = self._known.by_origin.get(self._origin("deal", found.key))
        if there is None:
            self._new_deal(found)
        else:
            self._update_deal(found, there)

    def _new_deal(self, found: ImportedDeal) -> None:
        account = self._account_of.get(found.account_key or "")
        if account is None:
            self.plan.counts["unnamed"] += 1
            account = self._new_account(found.name, None, unnamed=True)
        number = self._known.next_id("deal")
        taken = self._known.deal_slugs.setdefault(account, set())
        self.plan.deals.append(
            {"id": number, "account_id": account, "slug": self._free_slug(account, slug(found.name), taken),
             "name": found.name, **self._columns(found), "outside_stage": None, "outside_at": None,
             "path_id": self._path(found)}
        )  # fmt: skip
        self._add_origin("deal", found.key, deal_id=number)
        self.plan.visits += self._visits(found, number)
        self.plan.counts["deals_created"] += 1
        self.plan.counts["visits"] += len(found.stays)

    def _path(self, found: ImportedDeal) -> int:
        """The id of the way this deal went."""
        name = self._playbook.playbook
        stages = ">".join(f"{name}/{self._stages[stay.stage]}" for stay in found.stays)
        known = self._known.paths.get(stages)
        if known is None:
            known = self._known.paths[stages] = self._known.next_id("path")
            self.plan.paths.append({"id": known, "stages": stages})
        return known

    def _columns(self, found: ImportedDeal) -> Columns:
        return {"amount_cents": found.amount_cents, "expected_close": found.expected_close, "source": found.source}

    def _visits(self, found: ImportedDeal, deal_id: int) -> list[Columns]:
        onward = [*found.stays[1:], None]
        return [
            self._visit(found, deal_id, number, stay, then)
            for number, (stay, then) in enumerate(zip(found.stays, onward, strict=True), 1)
        ]

    def _visit(self, found: ImportedDeal, deal_id: int, number: int, stay: Stay, onward: Stay | None) -> Columns:
        stage = self._stages[stay.stage]
        kind = self._playbook.stages[stage].kind
        to_stage = self._stages[onward.stage] if onward else None
        known = onward is not None and stay.entered is not None and onward.entered is not None
        return {
            "deal_id": deal_id,
            "number": number,
            "playbook": self._playbook.playbook,
            "stage": stage,
            "kind": kind,
            "owner": found.owner or self._playbook.owner_of(stage),
            "entered_at": stay.entered,
            "left_at": onward.entered if onward else None,
            "days": days_between(stay.entered, onward.entered, self._zone) if known else None,  # type: ignore[arg-type, union-attr]
            "to_playbook": self._playbook.playbook if onward else None,
            "to_stage": to_stage,
            "to_kind": self._playbook.stages[to_stage].kind if to_stage else None,
            "ended": int(onward is not None),
            "imported": 1,
            "disposition": None if kind == "open" else kind,
        }

    def _update_deal(self, found: ImportedDeal, deal_id: int) -> None:
        kept = self._known.visits.get(deal_id, [])
        if self._is_older(found, kept):
            self.plan.counts["deals_unchanged"] += 1
            return
        told = self._known.told.get(deal_id, set())
        row = self._known.deals[deal_id]
        changed = {
            name: value for name, value in self._columns(found).items()
            if value is not None and value != row[name] and name not in told
        }  # fmt: skip
        changed |= self._stays_changed(found, deal_id, kept)
        if changed:
            self.plan.changes.append(("deal", deal_id, changed))
        moved = self._follows(found, deal_id, kept)
        self.plan.counts["deals_updated" if changed or moved else "deals_unchanged"] += 1

    def _is_older(self, found: ImportedDeal, kept: Sequence[Row]) -> bool:
        """What is older than our own last event changes nothing."""
        last = _last_moment([stay.entered for stay in found.stays])
        ours = _last_moment([row["entered_at"] for row in kept])
        return last is not None and ours is not None and before(last, ours, self._zone)

    def _stays_changed(self, found: ImportedDeal, deal_id: int, kept: Sequence[Row]) -> Columns:
        """Where the export has a deal that was worked on here: noted on the deal, which keeps its stage."""
        if all(row["imported"] for row in kept):
            return {}
        stage = self._stages[found.stays[-1].stage]
        row = self._known.deals[deal_id]
        if stage == kept[-1]["stage"]:
            outside: Columns = {"outside_stage": None, "outside_at": None}
        else:
            outside = {"outside_stage": stage, "outside_at": found.stays[-1].entered}
        return {name: value for name, value in outside.items() if value != row[name]}

    def _follows(self, found: ImportedDeal, deal_id: int, kept: Sequence[Row]) -> bool:
        """Rewrites the stays of a deal that was never worked on here, where the export has others."""
        if not all(row["imported"] for row in kept):
            return False
        wanted = self._visits(found, deal_id)
        compared = ("stage", "entered_at", "owner", "ended", "playbook")
        if [tuple(row[name] for name in compared) for row in kept] == [
            tuple(row[name] for name in compared) for row in wanted
        ]:
            return False
        self.plan.changes.append(("deal", deal_id, {"path_id": self._path(found)}))
        for row, columns in zip(kept, wanted, strict=False):
            self.plan.changes.append(("visit", row["id"], columns))
        self.plan.visits += wanted[len(kept) :]
        self.plan.surplus_visits += [row["id"] for row in kept[len(wanted) :]]
        self.plan.counts["visits"] += max(len(wanted) - len(kept), 0)
        return True

    # Origins

    def _origin(self, kind: str, key: str) -> str:
        return f"{self._history.system}:{kind}:{key}"

    def _add_origin(self, kind: str, key: str, **ids: int) -> None:
        row = {"account_id": None, "contact_id": None, "deal_id": None} | ids
        self.plan.origins.append({"record_key": self._origin(kind, key)} | row)


def _last_moment(moments: Sequence[Moment | None]) -> Moment | None:
    known = [moment for moment in moments if moment is not None]
    return known[-1] if known else None
