"""The plain records that every export is turned into, whatever program wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from handoffctl.domain.moments import Moment, Zone, order

Kind = Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was left out, and why. `row` is what a spreadsheet shows: the header is row 1."""

    file: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedAccount:
    """A company; `key` is what identifies it in the export."""

    key: str
    name: str
    domain: str | None
    row: int
    file: str


@dataclass(frozen=True, slots=True)
class ImportedContact:
    """A person at an account of the same export."""

    key: str
    account_key: str
    name: str
    email: str
    phone: str
    title: str
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit of a deal to a stage; it ends where the next begins. An unknown beginning is None."""

    stage: str
    entered: Moment | None
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class ImportedDeal:
    """A deal with its stays in order; the last stage is where the export has it now."""

    key: str
    account_key: str | None
    name: str
    amount_cents: int | None
    owner: str | None
    expected_close: Moment | None
    source: str | None
    stays: tuple[Stay, ...]
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class FoundStage:
    """A stage as the export shows it; `probability` in percent."""

    name: str
    kind: Kind
    probability: float | None


@dataclass(frozen=True, slots=True)
class History:
    """Everything one export says. `rows` counts the data rows read, those skipped included.

    `stages` are the open ones in their order, then won, then lost. `notes` are sentences about what was read
    differently from what one might expect; each names its file.
    """

    system: str
    accounts: tuple[ImportedAccount, ...]
    contacts: tuple[ImportedContact, ...]
    deals: tuple[ImportedDeal, ...]
    stages: tuple[FoundStage, ...]
    skipped: tuple[Skipped, ...]
    rows: int
    notes: tuple[str, ...] = ()


def stays_in_order(entries: Iterable[Stay], zone: Zone) -> tuple[Stay, ...]:
    """The stays of one deal: by moment, then as in the file; rows of one stage in a row are one stay, from the first.

    Unknown beginnings come first, in the order of the file.
    """
    stays: list[Stay] = []
    for entry in _by_moment(list(entries), zone):
        if not stays or stays[-1].stage != entry.stage:
            stays.append(entry)
    return tuple(stays)


def _by_moment(entries: list[Stay], zone: Zone) -> list[Stay]:
    known = [entry.entered for entry in entries if entry.entered]
    if len({len(moment) for moment in known}) <= 1:
        # Only dates or only instants: both are written so that text order is time order.
        return sorted(entries, key=lambda entry: entry.entered or "")
    return sorted(entries, key=lambda entry: (1, *order(entry.entered, zone)) if entry.entered else (0,))


def domain_of(website: str) -> str | None:
    """The host of a web address, without `www.`; None when the text is no web address."""
    address = website.strip().casefold()
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return None
    host = host.removeprefix("www.").rstrip(".")
    plain = "." in host.strip(".") and all(c.isalnum() or c in "-." for c in host)
    return host if plain and len(host) <= 253 else None
