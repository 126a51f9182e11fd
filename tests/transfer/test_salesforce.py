from zoneinfo import ZoneInfo

import pytest

from handoffctl.errors import Refused
from handoffctl.transfer import salesforce_tables as tables
from handoffctl.transfer.history import FoundStage
from handoffctl.transfer.salesforce import read_salesforce
from handoffctl.transfer.salesforce_tables import full_id

BERLIN = ZoneInfo("Europe/Berlin")
DEAL_HEADER = "Id,AccountId,Name,StageName,Amount,Probability,CloseDate,LeadSource,IsClosed,IsWon,IsDeleted"
HISTORY_HEADER = "Id,OpportunityId,CreatedDate,StageName,Amount,Probability,ForecastCategory,IsDeleted"

DEALS = [
    "D1,A1,Acorn Roof,Survey,1500,20,12/24/26,Web,FALSE,FALSE,FALSE",
    "D2,A2,Birch Barn,Signed,,100,01/31/26,,TRUE,TRUE,FALSE",
    "D3,,Cedar Shed,Gone,7.5,0,01/31/26,Fair,TRUE,FALSE,FALSE",
]
HISTORY = [
    "H1,D1,02/23/26 08:55 PM,Intro,1500,10,Pipeline,FALSE",
    "H3,D1,02/25/26 08:55 PM,Survey,1500,20,Pipeline,FALSE",
    "H2,D1,02/24/26 08:55 PM,Intro,1600,10,Pipeline,FALSE",
    "H4,D2,02/23/26 09:00 AM,Signed,,100,Closed,FALSE",
    "H5,D3,02/23/26 09:00 AM,Intro,7.5,10,Pipeline,FALSE",
    "H6,D3,02/26/26 09:00 AM,Gone,7.5,0,Omitted,FALSE",
]
ACCOUNTS = ["A1,Acorn Works,https://www.acorn.example/x", "A2,Birch & Co,"]
CONTACTS = ["C1,A1,Doe,Jane,jane@acorn.example,,0170-1,Owner", "C2,A2,Roe,,,030-2,,"]


@pytest.fixture
def export(tmp_path):
    def write(deals=DEALS, history=HISTORY, accounts=ACCOUNTS, contacts=CONTACTS, header=DEAL_HEADER, **others):
        tables = {
            "Opportunity": (header, deals),
            "OpportunityHistory": (HISTORY_HEADER, history),
            "Account": ("Id,Name,Website", accounts),
            "Contact": ("Id,AccountId,LastName,FirstName,Email,Phone,MobilePhone,Title", contacts),
            **{name: (lines[0], lines[1:]) for name, lines in others.items()},
        }
        for name, (first, rows) in tables.items():
            if rows is not None:
                (tmp_path / f"{name}.csv").write_text("\n".join([first, *rows]) + "\n", encoding="utf-8")
        return tmp_path

    return write


def stays(history, key):
    return [(stay.stage, stay.entered) for deal in history.deals if deal.key == key for stay in deal.stays]


def skipped(history):
    return [(one.file, one.row, one.reason) for one in history.skipped]


def test_an_export_becomes_accounts_contacts_deals_and_stays(export):
    history = read_salesforce(export(), BERLIN)
    assert history.system == "salesforce"
    assert [(one.key, one.name, one.domain) for one in history.accounts] == [
        ("A1", "Acorn Works", "acorn.example"),
        ("A2", "Birch & Co", None),
    ]
    assert [(one.account_key, one.name, one.email, one.phone, one.title) for one in history.contacts] == [
        ("A1", "Jane Doe", "jane@acorn.example", "0170-1", "Owner"),
        ("A2", "Roe", "", "030-2", ""),
    ]
    assert [(one.name, one.account_key, one.amount_cents, one.expected_close, one.source) for one in history.deals] == [
        ("Acorn Roof", "A1", 150_000, "2026-12-24", "Web"),
        ("Birch Barn", "A2", None, "2026-01-31", None),
        ("Cedar Shed", None, 750, "2026-01-31", "Fair"),
    ]
    assert stays(history, "D1") == [("Intro", "2026-02-23T19:55:00Z"), ("Survey", "2026-02-25T19:55:00Z")]
    assert history.rows == 13
    assert not history.skipped
    assert not history.notes


def test_stages_are_ordered_by_probability_and_their_kinds_come_from_flags(export):
    assert read_salesforce(export(), BERLIN).stages == (
        FoundStage("Intro", "open", 10.0),
        FoundStage("Survey", "open", 20.0),
        FoundStage("Signed", "won", 100.0),
        FoundStage("Gone", "lost", 0.0),
    )


def test_the_english_name_of_a_stage_says_nothing_where_there_are_flags(export):
    deals = ["D1,,Acorn,Closed Won,1,60,12/24/26,,FALSE,FALSE,FALSE", "D2,,Birch,Ja,1,100,12/24/26,,TRUE,TRUE,FALSE"]
    history = read_salesforce(export(deals, history=None), BERLIN)
    assert [(one.name, one.kind) for one in history.stages] == [("Closed Won", "open"), ("Ja", "won")]


def test_a_closing_stage_without_deals_is_known_by_its_forecast_and_noted(export):
    changes = [
        "H1,D1,02/23/26 08:55 PM,Fertig,1,100,Closed,FALSE",
        "H2,D1,02/24/26 08:55 PM,Aus,1,0,Omitted,FALSE",
        "H3,D1,02/25/26 08:55 PM,Idle,1,0,Pipeline,FALSE",
        "H4,D1,02/26/26 08:55 PM,Survey,1,20,Pipeline,FALSE",
    ]
    history = read_salesforce(export(DEALS[:1], changes), BERLIN)
    assert [(one.name, one.kind) for one in history.stages] == [
        ("Idle", "open"),
        ("Survey", "open"),
        ("Fertig", "won"),
        ("Aus", "lost"),
    ]
    assert 'Stage "Fertig" is won, and 1 deal left it again.' in history.notes
    assert any('"Aus" is taken as lost' in note for note in history.notes)


def test_without_flags_and_forecasts_the_probability_and_last_the_name_decide(export):
    header = "Id,Name,StageName"
    history = read_salesforce(export(["D1,Acorn,Closed Lost", "D2,Birch,Talk"], None, header=header), BERLIN)
    assert [(one.name, one.kind) for one in history.stages] == [("Talk", "open"), ("Closed Lost", "lost")]
    header += ",Probability"
    history = read_salesforce(export(["D1,Acorn,Ja,100", "D2,Birch,Closed Won,40"], None, header=header), BERLIN)
    assert [(one.name, one.kind) for one in history.stages] == [("Closed Won", "open"), ("Ja", "won")]


def test_without_a_history_the_beginning_of_a_stage_is_unknown(export):
    history = read_salesforce(export(history=None), BERLIN)
    assert stays(history, "D2") == [("Signed", None)]
    assert any("no OpportunityHistory.csv" in note for note in history.notes)


def test_a_deal_that_moved_on_since_its_history_keeps_it_and_is_noted(export):
    deals = [row + changed for row, changed in zip(DEALS, [",03/01/26", ",", ",01/01/26"], strict=True)]
    deals[0] = deals[0].replace("Survey", "Offer")
    deals[2] = deals[2].replace("Gone", "Lost")
    history = read_salesforce(export(deals, header=DEAL_HEADER + ",LastStageChangeDate"), BERLIN)
    assert stays(history, "D1")[-2:] == [("Survey", "2026-02-25T19:55:00Z"), ("Offer", "2026-03-01")]
    assert stays(history, "D3")[-1] == ("Lost", None)
    assert any("(rows 2, 4)" in note for note in history.notes)


def test_a_stage_is_one_stage_however_its_case_is_written(export):
    changes = [HISTORY[0].replace("Intro", "INTRO"), *HISTORY[1:]]
    assert {stay for stay, _ in stays(read_salesforce(export(history=changes), BERLIN), "D3")} == {"INTRO", "Gone"}


def test_every_row_that_is_not_taken_has_its_reason(export):
    deals = [
        *DEALS,
        "D4,,Dogwood,Survey,1,20,12/24/26,,FALSE,FALSE,TRUE",
        "D1,,Again,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
        ",,No id,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
        "D5,,No stage,,1,20,12/24/26,,FALSE,FALSE,FALSE",
        "D6,,,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
        f"D7,,{'x' * 201},Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
        "D8,,Elm,Survey,1e999,20,12/24/26,,FALSE,FALSE,FALSE",
        "D9,,Fir,Survey,1,20,24/24/26,,FALSE,FALSE,FALSE",
        "D10,,Gum,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE,surplus",
        f"{'D' * 201},,Ivy,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
    ]
    changes = [
        *HISTORY,
        "H7,D9,02/23/26 08:55 PM,Intro,1,10,Pipeline,FALSE",
        "H8,D99,02/23/26 08:55 PM,Intro,1,10,Pipeline,FALSE",
        "H9,D1,,Intro,1,10,Pipeline,FALSE",
        "H10,D1,yesterday,Intro,1,10,Pipeline,FALSE",
        "H11,D1,02/23/26 08:55 PM,,1,10,Pipeline,FALSE",
        "H1,D1,02/23/26 08:55 PM,Intro,1,10,Pipeline,FALSE",
        "H12,,02/23/26 08:55 PM,Intro,1,10,Pipeline,FALSE",
        "H13,D1,02/23/26 08:55 PM,Intro,1,10,Pipeline,TRUE",
    ]
    contacts = [*CONTACTS, "C3,A9,Poe,,,,,", "C4,,Loe,,,,,", "C5,A1,,,,,,"]
    history = read_salesforce(export(deals, changes, [*ACCOUNTS, "A3,,"], contacts), BERLIN)
    assert skipped(history) == [
        ("Account.csv", 4, "The name is empty."),
        ("Contact.csv", 4, 'belongs to the account "A9", which is not there'),
        ("Contact.csv", 5, "has no account"),
        ("Contact.csv", 6, "The name is empty."),
        ("Opportunity.csv", 5, "is marked as deleted in the export"),
        ("Opportunity.csv", 6, "repeats the Id of row 2"),
        ("Opportunity.csv", 7, "has no Id"),
        ("Opportunity.csv", 8, "The stage is empty."),
        ("Opportunity.csv", 9, "The name is empty."),
        ("Opportunity.csv", 10, "The name has 201 characters; 200 is the most."),
        ("Opportunity.csv", 11, 'Amount: "1e999" is no amount'),
        ("Opportunity.csv", 12, 'CloseDate: "24/24/26" is no date with the month first'),
        ("Opportunity.csv", 13, "has 12 cells where the header has 11"),
        ("Opportunity.csv", 14, "has an Id of 201 characters"),
        ("OpportunityHistory.csv", 8, 'belongs to the opportunity "D9", which was skipped (row 12)'),
        ("OpportunityHistory.csv", 9, 'belongs to the opportunity "D99", which is not there'),
        ("OpportunityHistory.csv", 10, "has no CreatedDate"),
        ("OpportunityHistory.csv", 11, 'CreatedDate: "yesterday" is no date'),
        ("OpportunityHistory.csv", 12, "The stage is empty."),
        ("OpportunityHistory.csv", 13, "repeats the Id of row 2"),
        ("OpportunityHistory.csv", 14, "has no OpportunityId"),
        ("OpportunityHistory.csv", 15, "is marked as deleted in the export"),
    ]
    made = len(history.accounts) + len(history.contacts) + len(history.deals) + len(HISTORY)
    assert history.rows == made + len(history.skipped)


def test_a_deal_of_an_unknown_account_stands_alone_and_is_noted(export):
    history = read_salesforce(export(accounts=ACCOUNTS[1:], contacts=None), BERLIN)
    assert history.deals[0].account_key is None
    assert any("the account of the deal is not in the export" in note and "(row 2)" in note for note in history.notes)


def test_an_account_named_only_in_the_deal_is_one_all_the_same(export):
    header = "Id,AccountId,Account.Name,Name,StageName"
    deals = ["D1,A7,Oak Ltd,Roof,Intro", "D2,A7,Oak Ltd,Barn,Intro", "D3,,Pine,Shed,Intro"]
    history = read_salesforce(export(deals, None, None, None, header), BERLIN)
    assert [account.name for account in history.accounts] == ["Oak Ltd", "Pine"]
    assert [deal.account_key for deal in history.deals] == ["A7", "A7", "name:pine"]


@pytest.mark.parametrize("column", ["Owner.Name", "Owner", "OwnerName", "Opportunity Owner", "OPPORTUNITY OWNER"])
def test_the_owner_is_read_where_the_export_names_one(export, column):
    deals = ["D1,Roof,Intro,Jane  Doe"]
    assert (
        read_salesforce(export(deals, None, header=f"Id,Name,StageName,{column}"), BERLIN).deals[0].owner == "Jane Doe"
    )


def test_an_owner_id_is_a_name_only_through_the_users(export):
    deals = ["D1,Roof,Intro,005000000000001AAA", "D2,Barn,Intro,005000000000009AAA"]
    header = "Id,Name,StageName,OwnerId"
    history = read_salesforce(export(deals, None, header=header), BERLIN)
    assert [deal.owner for deal in history.deals] == [None, None]
    folder = export(deals, None, header=header, User=["Id,FirstName,LastName", "005000000000001,Jane,Doe"])
    history = read_salesforce(folder, BERLIN)
    assert [deal.owner for deal in history.deals] == ["Jane Doe", None]
    assert any("no User.csv gives a name" in note for note in history.notes)


def test_ids_of_15_and_18_characters_are_the_same_id():
    assert full_id("001D000000IRFma") == "001D000000IRFmaIAH"
    assert full_id("001D000000IRFmaIAH") == "001D000000IRFmaIAH"
    assert full_id("deal-1") == "deal-1"


def test_names_of_files_and_columns_match_in_any_case_and_the_file_stands_for_its_folder(export):
    folder = export(header=DEAL_HEADER.upper())
    (folder / "Opportunity.csv").rename(folder / "OPPORTUNITY.CSV")
    (folder / "Lead.csv").write_bytes(b"\x89PNG never opened")
    history = read_salesforce(folder / "OPPORTUNITY.CSV", BERLIN)
    assert len(history.deals) == 3
    assert history.deals[0].file == "OPPORTUNITY.CSV"
    assert history.notes == ("Not read: Lead.csv.",)


def test_the_order_of_dates_is_decided_over_all_files(export):
    deals = [row.replace("12/24/26", "02/03/26").replace("01/31/26", "01/02/26") for row in DEALS]
    assert read_salesforce(export(deals), BERLIN).deals[0].expected_close == "2026-02-03"
    changes = [row.replace("02/23/26", "23/02/26").replace("02/24/26", "24/02/26") for row in HISTORY[:1]]
    assert read_salesforce(export(deals, changes), BERLIN).deals[0].expected_close == "2026-03-02"


def test_an_unused_column_may_decide_an_open_question(export):
    deals = ["D1,Roof,Intro,02/03/26,12/25/25"]
    header = "Id,Name,StageName,CloseDate,LastModifiedDate"
    assert read_salesforce(export(deals, None, header=header), BERLIN).deals[0].expected_close == "2026-02-03"


def test_an_open_question_is_asked_and_its_answer_taken(export):
    folder = export(["D1,Roof,Intro,02/03/26"], None, header="Id,Name,StageName,CloseDate")
    with pytest.raises(Refused) as refused:
        read_salesforce(folder, BERLIN)
    assert "Opportunity.csv row 2" in refused.value.message
    assert "--dates mdy or --dates dmy" in refused.value.hint
    assert read_salesforce(folder, BERLIN, dates="dmy").deals[0].expected_close == "2026-03-02"


def test_contradicting_dates_are_refused_and_with_an_answer_skipped(export):
    folder = export(["D1,Roof,Intro,02/23/26", "D2,Barn,Intro,23/02/26"], None, header="Id,Name,StageName,CloseDate")
    with pytest.raises(Refused, match="more than one order"):
        read_salesforce(folder, BERLIN)
    assert [one.row for one in read_salesforce(folder, BERLIN, dates="mdy").skipped] == [3]


def test_a_missing_column_is_refused_naming_it_and_the_file(export):
    with pytest.raises(Refused) as refused:
        read_salesforce(export(["D1,Roof"], None, header="Id,Name"), BERLIN)
    assert refused.value.message == "Opportunity.csv has no column StageName."
    assert refused.value.hint == "Is this a Salesforce data export?"


@pytest.mark.parametrize("path", ["", "Nothing", "Account.csv"])
def test_a_place_without_opportunities_is_refused(tmp_path, path):
    (tmp_path / "Account.csv").write_text("Id,Name\nA1,Acorn\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_salesforce(tmp_path / path, BERLIN)
    assert refused.value.hint


def test_opportunities_without_rows_are_refused_and_other_files_may_be_empty(export):
    with pytest.raises(Refused, match="has a header but no rows"):
        read_salesforce(export([]), BERLIN)
    history = read_salesforce(export(history=[], accounts=[], contacts=[]), BERLIN)
    assert stays(history, "D1") == [("Survey", None)]


def test_several_currencies_are_noted(export):
    deals = ["D1,Roof,Intro,5,EUR", "D2,Barn,Intro,5,USD"]
    history = read_salesforce(export(deals, None, header="Id,Name,StageName,Amount,CurrencyIsoCode"), BERLIN)
    assert any("several currencies (EUR, USD)" in note for note in history.notes)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (tables.ACCOUNTS, tables.Account),
        (tables.CONTACTS, tables.Contact),
        (tables.OPPORTUNITIES, tables.Opportunity),
        (tables.CHANGES, tables.Change),
        (tables.USERS, tables.User),
    ],
)
def test_every_table_lists_its_columns_in_the_order_of_its_row(table, row):
    assert row._fields == ("row", *table.columns)
