"""What a Salesforce data export becomes: read by the shipped map, from the files to the records."""

import pytest

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
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        tables = {
            "Opportunity": (header, deals),
            "OpportunityHistory": (HISTORY_HEADER, history),
            "Account": ("Id,Name,Website", accounts),
            "Contact": ("Id,AccountId,LastName,FirstName,Email,Phone,MobilePhone,Title", contacts),
            **{name: (lines[0], lines[1:]) for name, lines in others.items()},
        }
        for name, (first, rows) in tables.items():
            if rows is not None:
                (folder / f"{name}.csv").write_text("\n".join([first, *rows]) + "\n", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def alone(export):
    """Opportunity.csv and nothing beside it."""

    def alone(header, *deals, **others):
        return export(deals, None, None, None, header, **others)

    return alone


@pytest.fixture
def bring(quick):
    def bring(path, *words, code=0):
        command = ("import", str(path), "--from", "salesforce", "--make-playbook", "found", "--json", *words)
        ran = quick(*command, now="2026-12-31", tz="Europe/Berlin")
        assert ran.code == code, ran
        return ran.json["error"] if code else ran.json

    return bring


@pytest.fixture
def look(bring):
    """What a dry run says, with the first deals by their names."""

    def look(path, *words):
        told = bring(path, "--dry-run", *words)
        return told | {"first": {one["deal"]: one for one in told["first"]}}

    return look


def stays(told, deal):
    return [(stay["stage"], stay["entered_at"]) for stay in told["first"][deal]["stays"]]


def stages(told):
    return [(one["stage"], one["kind"]) for one in told["stages"]]


def skipped(told):
    return [(one["file"], one["row"], one["reason"]) for one in told["skipped"]]


def test_an_export_becomes_accounts_contacts_deals_and_stays(bring, export, rows):
    told = bring(export())
    assert (told["program"], told["rows"], told["skipped"], told["notes"]) == ("Salesforce", 13, [], [])
    assert rows("SELECT name, domain, unnamed FROM account ORDER BY id") == [
        ("Acorn Works", "acorn.example", 0),
        ("Birch & Co", None, 0),
        ("Cedar Shed", None, 1),
    ]
    assert rows("SELECT account_id, name, email, phone, title FROM contact ORDER BY id") == [
        (1, "Jane Doe", "jane@acorn.example", "0170-1", "Owner"),
        (2, "Roe", None, "030-2", None),
    ]
    assert rows(
        """SELECT d.name, a.name, amount_cents, expected_close, source FROM deal AS d
           JOIN account AS a ON a.id = d.account_id ORDER BY d.id"""
    ) == [
        ("Acorn Roof", "Acorn Works", 150_000, "2026-12-24", "Web"),
        ("Birch Barn", "Birch & Co", None, "2026-01-31", None),
        ("Cedar Shed", "Cedar Shed", 750, "2026-01-31", "Fair"),
    ]
    assert rows("SELECT stage, entered_at, left_at FROM visit WHERE deal_id = 1 ORDER BY number") == [
        ("intro", "2026-02-23T19:55:00Z", "2026-02-25T19:55:00Z"),
        ("survey", "2026-02-25T19:55:00Z", None),
    ]


def test_a_second_import_changes_nothing(bring, export, dump):
    bring(export())
    before = dump()
    assert bring(export())["deals_unchanged"] == 3
    assert dump() == before


def test_stages_are_ordered_by_probability_and_their_kinds_come_from_flags(look, export):
    told = look(export())
    assert stages(told) == [("Intro", "open"), ("Survey", "open"), ("Signed", "won"), ("Gone", "lost")]


def test_the_english_name_of_a_stage_says_nothing_where_there_are_flags(look, alone):
    told = look(alone("Id,Name,StageName,IsClosed,IsWon", "D1,Acorn,Closed Won,FALSE,FALSE", "D2,Birch,Ja,TRUE,TRUE"))
    assert stages(told) == [("Closed Won", "open"), ("Ja", "won")]


def test_a_stage_whose_deals_disagree_is_of_the_kind_of_most_and_noted(look, alone):
    deals = [f"D{number},Deal {number},End,TRUE,{won}" for number, won in enumerate(("TRUE", "TRUE", "FALSE"))]
    told = look(alone("Id,Name,StageName,IsClosed,IsWon", "D9,Deal 9,Begin,FALSE,FALSE", *deals))
    assert stages(told) == [("Begin", "open"), ("End", "won")]
    assert 'Stage "End" is won for most deals in it, but not for 1.' in told["notes"]


def test_an_export_of_nothing_but_closed_deals_is_taken_or_refused_without_naming_a_draft_that_is_not_there(
    quick, alone, home
):
    folder = alone("Id,Name,StageName,IsClosed,IsWon", "D1,Acorn,Ja,TRUE,TRUE")
    ran = quick("import", str(folder), "--make-playbook", "found")
    assert ran.code == 0 or "found.yaml" not in ran.err, ran


def test_a_closing_stage_without_deals_is_known_by_its_forecast_and_noted(look, export):
    changes = [
        "H1,D1,02/23/26 08:55 PM,Fertig,1,100,Closed,FALSE",
        "H2,D1,02/24/26 08:55 PM,Aus,1,0,Omitted,FALSE",
        "H3,D1,02/25/26 08:55 PM,Idle,1,0,Pipeline,FALSE",
        "H4,D1,02/26/26 08:55 PM,Survey,1,20,Pipeline,FALSE",
    ]
    told = look(export(DEALS[:1], changes))
    assert stages(told) == [("Idle", "open"), ("Survey", "open"), ("Fertig", "won"), ("Aus", "lost")]
    assert 'Stage "Fertig" is won, and 1 deal left it again.' in told["notes"]
    assert any('"Aus" is taken as lost: its forecast category is omitted' in note for note in told["notes"])


def test_without_flags_and_forecasts_the_probability_and_last_the_name_decide(look, alone):
    told = look(alone("Id,Name,StageName", "D1,Acorn,Closed Lost", "D2,Birch,Talk"))
    assert stages(told) == [("Talk", "open"), ("Closed Lost", "lost")]
    told = look(alone("Id,Name,StageName,Probability", "D1,Acorn,Ja,100", "D2,Birch,Closed Won,40"))
    assert stages(told) == [("Closed Won", "open"), ("Ja", "won")]


def test_without_a_history_the_beginning_of_a_stage_is_unknown(look, export):
    assert stays(look(export(history=None)), "Birch Barn") == [("signed", None)]


def test_a_deal_that_moved_on_since_its_history_keeps_it(look, export):
    deals = [row + changed for row, changed in zip(DEALS, [",03/01/26", ",", ",01/01/26"], strict=True)]
    deals[0] = deals[0].replace("Survey", "Offer")
    deals[2] = deals[2].replace("Gone", "Lost")
    told = look(export(deals, header=DEAL_HEADER + ",LastStageChangeDate"))
    assert stays(told, "Acorn Roof")[-2:] == [("survey", "2026-02-25T19:55:00Z"), ("offer", "2026-03-01")]
    assert stays(told, "Cedar Shed")[-2:] == [("gone", "2026-02-26T08:00:00Z"), ("lost", None)]


def test_a_stage_is_one_stage_however_its_case_is_written(look, export):
    told = look(export(history=[HISTORY[0].replace("Intro", "INTRO"), *HISTORY[1:]]))
    assert len(stages(told)) == 4
    assert len(stays(told, "Acorn Roof")) == 2


def test_every_row_that_is_not_taken_has_its_reason(bring, export):
    deals = [
        *DEALS,
        "D4,,Dogwood,Survey,1,20,12/24/26,,FALSE,FALSE,TRUE",
        "D1,,Again,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
        ",,No id,Survey,1,20,12/24/26,,FALSE,FALSE,FALSE",
        "D5,,No stage,,1,20,12/24/26,,FALSE,FALSE,FALSE",
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
        "H12,,02/23/26 08:55 PM,Intro,1,10,Pipeline,FALSE",
        "H13,D1,02/23/26 08:55 PM,Intro,1,10,Pipeline,TRUE",
    ]
    accounts = [*ACCOUNTS, "A3,,", "A1,Again,", ",No id,"]
    contacts = [*CONTACTS, "C3,A9,Poe,,,,,", "C4,,Loe,,,,,", "C5,A1,,,,,,", "C1,A1,Again,,,,,", ",A1,No id,,,,,"]
    told = bring(export(deals, changes, accounts, contacts))
    assert skipped(told) == [
        ("Account.csv", 4, "The account name is empty."),
        ("Account.csv", 5, "repeats the id of row 2"),
        ("Account.csv", 6, "has no Id"),
        ("Contact.csv", 4, 'belongs to the account "A9", which is not there'),
        ("Contact.csv", 5, "has no account"),
        ("Contact.csv", 6, "The name is empty."),
        ("Contact.csv", 7, "repeats the id of row 2"),
        ("Contact.csv", 8, "has no Id"),
        ("Opportunity.csv", 5, "is marked as deleted in the export"),
        ("Opportunity.csv", 6, "repeats the deal of row 2"),
        ("Opportunity.csv", 7, "has no Id"),
        ("Opportunity.csv", 8, "has no StageName"),
        ("Opportunity.csv", 9, "The name has 201 characters; 200 is the most."),
        ("Opportunity.csv", 10, 'Amount: "1e999" is no amount'),
        ("Opportunity.csv", 11, 'CloseDate: "24/24/26" is no date with the month first'),
        ("Opportunity.csv", 12, "has 12 cells where the header has 11"),
        ("Opportunity.csv", 13, "has an id of 201 characters"),
        ("OpportunityHistory.csv", 8, 'belongs to the deal "D9", which is not there'),
        ("OpportunityHistory.csv", 9, 'belongs to the deal "D99", which is not there'),
        ("OpportunityHistory.csv", 10, "has no CreatedDate"),
        ("OpportunityHistory.csv", 11, 'CreatedDate: "yesterday" is no date'),
        ("OpportunityHistory.csv", 12, "has no StageName"),
        ("OpportunityHistory.csv", 13, "has no OpportunityId"),
        ("OpportunityHistory.csv", 14, "is marked as deleted in the export"),
    ]
    made = told["accounts_created"] - told["unnamed"] + told["contacts_created"] + told["deals_created"] + len(HISTORY)
    assert told["rows"] == made + told["unnamed"] + len(told["skipped"])


def test_a_deal_without_a_name_is_taken_and_can_be_shown(bring, alone, quick, rows):
    told = bring(alone("Id,Name,StageName", "D1,,Intro", "D2,Barn,Intro"))
    assert told["deals_created"] == 2
    for (slug,) in rows("SELECT slug FROM account"):
        assert quick("show", slug).code == 0


def test_a_deal_of_an_unknown_account_stands_alone_and_is_noted(bring, export):
    told = bring(export(accounts=ACCOUNTS[1:], contacts=None))
    assert told["unnamed"] == 2
    assert told["notes"] == [
        "Opportunity.csv: the account of the deal is not in the export, so the deal stands alone (row 2)."
    ]


def test_an_account_named_only_in_the_deal_is_one_all_the_same(bring, alone, rows):
    bring(
        alone(
            "Id,AccountId,Account.Name,Name,StageName",
            "D1,A7,Oak Ltd,Roof,Intro",
            "D2,A7,Oak Ltd,Barn,Intro",
            "D3,,Pine,Shed,Intro",
        )
    )
    assert rows("SELECT a.name, d.name FROM deal AS d JOIN account AS a ON a.id = d.account_id ORDER BY d.id") == [
        ("Oak Ltd", "Roof"),
        ("Oak Ltd", "Barn"),
        ("Pine", "Shed"),
    ]


@pytest.mark.parametrize("column", ["Owner.Name", "Owner", "OwnerName", "Opportunity Owner", "OPPORTUNITY OWNER"])
def test_the_owner_is_read_where_the_export_names_one(look, alone, column):
    told = look(alone(f"Id,Name,StageName,{column}", "D1,Roof,Intro,Jane  Doe"))
    assert told["first"]["Roof"]["owner"] == "Jane Doe"


USERS = [["Id,Name", "005000000000001,Jane Doe"], ["Id,FirstName,LastName", "005000000000001,Jane,Doe"]]


def owners(told):
    return [deal["owner"] for deal in told["first"].values()]


@pytest.mark.parametrize("users", USERS)
def test_an_owner_id_is_a_name_only_through_the_users(look, alone, users):
    header, deals = (
        "Id,Name,StageName,OwnerId",
        ["D1,Roof,Intro,005000000000001AAA", "D2,Barn,Intro,005000000000009AAA"],
    )
    assert owners(look(alone(header, *deals))) == [None, None]
    assert owners(look(alone(header, *deals, User=users))) == ["Jane Doe", None]


def test_an_id_where_an_owner_should_be_named_is_no_name(look, alone):
    header, deals = "Id,Name,StageName,Owner", ["D1,Roof,Intro,005000000000001AAA", "D2,Barn,Intro,005000000000009"]
    assert owners(look(alone(header, *deals, User=USERS[0]))) == ["Jane Doe", None]


def test_ids_of_15_and_18_characters_are_the_same_id(bring, export, rows):
    deals = ["006D000000IRFma,001D000000IRFma,Roof,Intro"]
    changes = ["H1,006D000000IRFmaIAH,2026-02-23T09:00:00Z,Intro,,,,"]
    folder = export(deals, changes, ["001D000000IRFmaIAH,Acorn Works,"], None, "Id,AccountId,Name,StageName")
    assert bring(folder)["skipped"] == []
    assert rows("SELECT entered_at FROM visit") == [("2026-02-23T09:00:00Z",)]
    assert rows("SELECT name FROM account") == [("Acorn Works",)]


def test_names_of_files_and_columns_match_in_any_case_and_the_file_stands_for_its_folder(bring, export, rows):
    folder = export(header=DEAL_HEADER.upper())
    (folder / "Opportunity.csv").rename(folder / "OPPORTUNITY.CSV")
    (folder / "Lead.csv").write_text("Id,LastName\nL1,Doe\n", encoding="utf-8")
    told = bring(folder / "OPPORTUNITY.CSV")
    assert (told["deals_created"], told["visits"]) == (3, 5)
    assert told["notes"] == []


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(200), b"\n\n"])
@pytest.mark.parametrize("named", ["", "Opportunity.csv"])
def test_a_file_that_the_import_has_no_use_for_may_be_anything(bring, export, content, named):
    folder = export()
    (folder / "Attachment.csv").write_bytes(content)
    assert bring(folder / named)["deals_created"] == 3


def test_the_order_of_dates_is_decided_over_all_files(look, export):
    header = "Id,Name,StageName,LastStageChangeDate"
    history = ["H1,D1,{},Intro,,,,", "H2,D1,01/02/26 10:00 AM,Intro,,,,"]
    for written, since in (("12/24/25 10:00 AM", "2026-02-03"), ("24/12/25 10:00 AM", "2026-03-02")):
        told = look(export(["D1,Roof,Survey,02/03/26"], [row.format(written) for row in history], None, None, header))
        assert stays(told, "Roof") == [("intro", "2025-12-24T09:00:00Z"), ("survey", since)]


def test_an_unused_column_may_decide_an_open_question(bring, alone, rows):
    bring(alone("Id,Name,StageName,CloseDate,LastModifiedDate", "D1,Roof,Intro,02/03/26,12/25/25"))
    assert rows("SELECT expected_close FROM deal") == [("2026-02-03",)]


def test_an_open_question_is_asked_and_its_answer_taken(bring, alone, rows, home):
    folder = alone("Id,Name,StageName,CloseDate", "D1,Roof,Intro,02/03/26")
    refused = bring(folder, code=6)
    assert "Opportunity.csv row 2" in refused["message"]
    assert "--dates mdy or --dates dmy" in refused["hint"]
    assert not (home / "playbooks").exists()
    bring(folder, "--dates", "dmy")
    assert rows("SELECT expected_close FROM deal") == [("2026-03-02",)]


def test_contradicting_dates_are_refused_and_with_an_answer_skipped(bring, alone):
    folder = alone("Id,Name,StageName,CloseDate", "D1,Roof,Intro,02/23/26", "D2,Barn,Intro,23/02/26")
    assert "more than one order" in bring(folder, code=6)["message"]
    assert [one["row"] for one in bring(folder, "--dates", "mdy")["skipped"]] == [3]


def test_a_missing_column_is_refused_naming_it_and_the_file(bring, alone):
    refused = bring(alone("Id,Name", "D1,Roof"), code=6)
    assert refused["message"] == "Opportunity.csv has no column StageName."
    assert refused["hint"] == "It has: Id, Name."


@pytest.mark.parametrize("path", ["", "Nothing", "Account.csv"])
def test_a_place_without_opportunities_is_refused_where_a_playbook_is_to_be_made(bring, tmp_path, path, home):
    (tmp_path / "Lead.csv").write_text("Id,LastName\nL1,Doe\n", encoding="utf-8")
    assert bring(tmp_path / path, code=6)["hint"]
    assert not (home / "playbooks").exists()


def test_accounts_and_contacts_without_opportunities_come_into_a_playbook_that_is_there(quick, export, rows):
    folder = export(None, None)
    ran = quick("import", str(folder), "--playbook", "solo", "--json")
    assert (ran.code, ran.json["accounts_created"], ran.json["contacts_created"]) == (0, 2, 2), ran
    assert rows("SELECT count(*) FROM deal") == [(0,)]


def test_opportunities_without_rows_are_refused_and_other_files_may_be_empty(bring, look, export):
    assert bring(export([], []), code=6)["hint"]
    assert stays(look(export(history=[], accounts=[], contacts=[])), "Acorn Roof") == [("survey", None)]


def test_several_currencies_are_noted(look, alone):
    told = look(alone("Id,Name,StageName,Amount,CurrencyIsoCode", "D1,Roof,Intro,5,EUR", "D2,Barn,Intro,5,USD"))
    assert "Amounts are in several currencies (EUR, USD) and taken as they are." in told["notes"]


FOOTER = """\

Grand Totals (2 Records)
Confidential Information - Do Not Distribute
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
Generated By: Jane Doe  3/1/2026 10:00 AM
"""


def report(tmp_path, name, text):
    (tmp_path / name).write_text(text + FOOTER, encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize("first", ["Opportunity Owner", "Opportunity Name", "Opportunity ID"])
def test_the_footer_of_a_report_is_skipped_and_named_whatever_its_first_column(quick, tmp_path, rows, first):
    deals = [
        {"Opportunity Owner": "Jane Doe", "Opportunity Name": "Roof", "Opportunity ID": "006D000000IRFma"},
        {"Opportunity Owner": "Jane Doe", "Opportunity Name": "Barn", "Opportunity ID": "006D000000IRFmb"},
    ]
    columns = [first, *(column for column in deals[0] if column != first)]
    lines = [
        [*columns, "Stage", "Close Date"],
        *([*(deal[c] for c in columns), "Intro", "12/24/2026"] for deal in deals),
    ]
    path = report(tmp_path, "report.csv", "\n".join(map(",".join, lines)) + "\n")
    ran = quick("import", str(path), "--make-playbook", "found", "--json")
    assert (ran.code, ran.json["deals_created"], ran.json["accounts_created"]) == (0, 2, 0), ran
    assert [one["row"] for one in ran.json["skipped"]] == [5, 6, 7, 8]
    assert rows("SELECT name FROM deal ORDER BY id") == [("Roof",), ("Barn",)]


def test_the_footer_of_a_report_without_ids_makes_no_deal(quick, tmp_path, rows):
    text = "Opportunity Name,Account Name,Stage\nRoof,Acorn Works,Intro\nRoof,Birch & Co,Intro\n"
    ran = quick("import", str(report(tmp_path, "report.csv", text)), "--make-playbook", "found", "--json")
    assert (ran.code, ran.json["deals_created"]) == (0, 2), ran
    assert rows("SELECT name FROM account ORDER BY id") == [("Acorn Works",), ("Birch & Co",)]
