"""The files of a Salesforce data export: which columns are read, under which names, and the rows they give."""

import re
from typing import NamedTuple

from handoffctl.transfer.folder import Table

_SHORT_ID = re.compile(r"00[0-9A-Za-z]{13}\Z", re.ASCII)
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class Account(NamedTuple):
    row: int
    id: str
    deleted: str
    name: str
    website: str


class Contact(NamedTuple):
    row: int
    id: str
    deleted: str
    account: str
    name: str
    first: str
    last: str
    email: str
    phone: str
    mobile: str
    title: str


class Opportunity(NamedTuple):
    row: int
    id: str
    deleted: str
    account: str
    account_name: str
    name: str
    stage: str
    amount: str
    currency: str
    probability: str
    forecast: str
    close: str
    source: str
    closed: str
    won: str
    changed: str
    owner: str
    owner_id: str


class Change(NamedTuple):
    """A row of the stage history: Salesforce writes one for any change of stage, amount, probability or close date."""

    row: int
    id: str
    deleted: str
    deal: str
    stage: str
    at: str
    amount: str
    probability: str
    forecast: str


class User(NamedTuple):
    row: int
    id: str
    name: str
    first: str
    last: str


ACCOUNTS = Table(
    "Account.csv",
    {"id": ["Id", "Account ID"], "deleted": ["IsDeleted"], "name": ["Name", "Account Name"], "website": ["Website"]},
    needed=["id", "name"],
)
CONTACTS = Table(
    "Contact.csv",
    {
        "id": ["Id", "Contact ID"],
        "deleted": ["IsDeleted"],
        "account": ["AccountId"],
        "name": ["Name", "Full Name"],
        "first": ["FirstName"],
        "last": ["LastName"],
        "email": ["Email"],
        "phone": ["Phone"],
        "mobile": ["MobilePhone"],
        "title": ["Title"],
    },
    needed=["id", "account"],
)
OPPORTUNITIES = Table(
    "Opportunity.csv",
    {
        "id": ["Id", "Opportunity ID"],
        "deleted": ["IsDeleted"],
        "account": ["AccountId"],
        "account_name": ["Account.Name", "AccountName"],
        "name": ["Name", "Opportunity Name"],
        "stage": ["StageName", "Stage"],
        "amount": ["Amount"],
        "currency": ["CurrencyIsoCode"],
        "probability": ["Probability", "Probability (%)"],
        "forecast": ["ForecastCategory", "ForecastCategoryName"],
        "close": ["CloseDate"],
        "source": ["LeadSource"],
        "closed": ["IsClosed"],
        "won": ["IsWon"],
        "changed": ["LastStageChangeDate"],
        "owner": ["Owner.Name", "OwnerName", "Opportunity Owner", "Owner"],
        "owner_id": ["OwnerId"],
    },
    needed=["id", "name", "stage"],
    dates=["close", "changed"],
    may_be_empty=False,
)
CHANGES = Table(
    "OpportunityHistory.csv",
    {
        "id": ["Id"],
        "deleted": ["IsDeleted"],
        "deal": ["OpportunityId"],
        "stage": ["StageName", "Stage"],
        "at": ["CreatedDate"],
        "amount": ["Amount"],
        "probability": ["Probability", "Probability (%)"],
        "forecast": ["ForecastCategory", "ForecastCategoryName"],
    },
    needed=["deal", "stage", "at"],
    dates=["at"],
)
USERS = Table("User.csv", {"id": ["Id"], "name": ["Name"], "first": ["FirstName"], "last": ["LastName"]}, needed=["id"])


def full_id(text: str) -> str:
    """The 18-character form of an id, which is the same in every export: reports leave out the last three, a checksum
    over the case of the letters (bit n of each is set when the n-th of five letters is a capital)."""
    if not _SHORT_ID.match(text):
        return text
    fives = (text[n : n + 5] for n in (0, 5, 10))
    return text + "".join(_CHECK[sum(1 << n for n, c in enumerate(five) if c.isupper())] for five in fives)
