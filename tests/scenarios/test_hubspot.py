"""A seller brings years of HubSpot here: lists exported as CSV, with labels or with internal names."""

import pytest

NOW = "2026-04-01T12:00:00Z"
COMPANIES = """\
Record ID,Company name,Company Domain Name,City
9001,Willow Bakery,willow.example,Leeds
9002,"Stone, Slate & Sons",www.stone.example,York
9003,Nobody Sold To,nobody.example,
9004,,nameless.example,
"""
CONTACTS = """\
Record ID,First Name,Last Name,Email,Phone Number,Job Title,Associated Company IDs,Associated Company,Lifecycle Stage
501,Ann,Reed,ann@willow.example,+44 113 1,Owner,9001,Willow Bakery,Customer
502,Bob,,bob@stone.example,,,9002,"Stone, Slate & Sons",Lead
503,Cy,Moor,cy@far.example,,,,,Subscriber
"""
DEALS = '''\
Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Associated Company IDs,Associated Contact IDs,\
"Date entered ""Meeting booked (Sales Pipeline)""","Date entered ""Offer (Sales Pipeline)""",\
"Date entered ""Closed Won (Sales Pipeline)""","Date entered ""Closed Lost (Sales Pipeline)""",\
"Date exited ""First talk (Sales Pipeline)"""
701,Till system,Offer,Sales Pipeline,"1,250.50",2026-05-31 00:00,Mia Lund,9001,501,\
2026-01-05 09:00,2026-02-09 10:30,,,2026-01-05 09:00
702,Roof survey,Closed Won,Sales Pipeline,4000,2026-03-02 16:00,Mia Lund,9002,502,\
2026-01-12 09:00,2026-02-01 09:00,2026-03-02 16:00,,
703,Shop window,Closed Lost,Sales Pipeline,,2026-02-20 08:15,,9001,501,\
2026-01-20 11:00,,,2026-02-20 08:15,
704,No stage,,Sales Pipeline,1,,,9001,,,,,,
'''
ACTIVITIES = """\
Record ID,Activity Type,Activity Date,Call Outcome,Call direction,Call/Meeting Title/Subject,Notes/Description,\
Associated Deal IDs,Associated Contact Email,Associated Company
801,Call,2026-01-06 10:00,Connected,OUTBOUND,Asked about the till,They open at six,701,,
802,Email,2026-01-13 08:00,,INCOMING_EMAIL,Photos of the roof,,,bob@stone.example,
803,Meeting,2026-02-08 14:00,Completed,,On site,,,,Willow Bakery
804,Postal mail,2026-02-09 09:00,,,Brochure,,,stranger@stone.example,
805,Call,2026-02-10 09:00,No answer,,Ring again,,,ghost@elsewhere.example,
806,Meeting,2026-09-01 09:00,Scheduled,,Autumn,,701,,
"""
TABLES = {"companies": COMPANIES, "contacts": CONTACTS, "deals": DEALS, "activities": ACTIVITIES}


@pytest.fixture
def export(tmp_path):
    def export(tables=TABLES):
        folder = tmp_path / "hubspot"
        folder.mkdir(exist_ok=True)
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")
        return folder

    return export


@pytest.fixture
def bring(quick):
    def bring(path):
        ran = quick("import", str(path), "--make-playbook", "hub", "--json", now=NOW)
        assert ran.code == 0, ran
        assert ran.json["program"] == "HubSpot"
        return ran.json

    return bring


def stages(quick):
    ran = quick("report", "throughput", "--playbook", "hub", "--json", now=NOW)
    found = {stage["title"]: (stage["kind"], stage["entered"], stage["now"]) for stage in ran.json["stages"]}
    return {title: stage for title, stage in found.items() if stage[1]}


def test_companies_contacts_deals_and_the_history_in_columns_arrive(quick, bring, export, rows):
    told = bring(export())
    assert (told["accounts_created"], told["contacts_created"], told["deals_created"], told["visits"]) == (4, 2, 3, 8)
    assert rows("SELECT name, domain FROM account ORDER BY id") == [
        ("Willow Bakery", "willow.example"),
        ("Stone, Slate & Sons", "stone.example"),
        ("Nobody Sold To", "nobody.example"),
        ("nameless.example", "nameless.example"),
    ]
    assert rows(
        "SELECT a.name, c.name, c.email, c.title FROM contact AS c JOIN account AS a ON a.id = c.account_id"
    ) == [
        ("Willow Bakery", "Ann Reed", "ann@willow.example", "Owner"),
        ("Stone, Slate & Sons", "Bob", "bob@stone.example", None),
    ]
    assert rows("SELECT name, amount_cents, expected_close FROM deal ORDER BY id") == [
        ("Till system", 125_050, "2026-05-31"),
        ("Roof survey", 400_000, "2026-03-02"),
        ("Shop window", None, "2026-02-20"),
    ]
    assert rows("SELECT stage, entered_at, owner FROM visit WHERE deal_id = 1 ORDER BY number") == [
        ("first-talk", None, "Mia Lund"),
        ("meeting-booked", "2026-01-05T09:00:00Z", "Mia Lund"),
        ("offer", "2026-02-09T10:30:00Z", "Mia Lund"),
    ]
    assert stages(quick) == {
        "First talk": ("open", 1, 0),
        "Meeting booked": ("open", 3, 0),
        "Offer": ("open", 2, 1),
        "Closed Won": ("won", 1, 1),
        "Closed Lost": ("lost", 1, 1),
    }


def test_activities_find_their_deals_by_id_address_company_or_domain(bring, export, rows):
    told = bring(export())
    touches = rows(
        """SELECT a.name, d.name, t.kind, t.direction, t.outcome, t.text, t.at FROM touch AS t
           JOIN account AS a ON a.id = t.account_id LEFT JOIN deal AS d ON d.id = t.deal_id ORDER BY t.at"""
    )
    stone = "Stone, Slate & Sons"
    assert touches == [
        ("Willow Bakery", "Till system", "call", "out", "answered", "Asked about the till · They open at six",
         "2026-01-06T10:00:00Z"),
        (stone, "Roof survey", "email", "in", "", "Photos of the roof", "2026-01-13T08:00:00Z"),
        ("Willow Bakery", None, "meeting", "out", "held", "On site", "2026-02-08T14:00:00Z"),
        (stone, "Roof survey", "note", "out", "", "Brochure", "2026-02-09T09:00:00Z"),
    ]  # fmt: skip
    assert (told["touches"], told["touches_without_deal"]) == (4, 1)
    assert "activities.csv: touches that belong to no deal are kept at their account (row 4)." in told["notes"]


def test_what_is_left_out_is_named_with_its_reason(bring, export):
    assert [(one["file"], one["row"], one["reason"]) for one in bring(export())["skipped"]] == [
        ("activities.csv", 6, "belongs to ghost@elsewhere.example, which no account that is known has"),
        ("activities.csv", 7, "lies in the future"),
        ("contacts.csv", 4, "has no account"),
        ("deals.csv", 5, "has no Deal Stage"),
    ]


def test_a_second_import_changes_nothing_and_the_doctor_is_content(quick, bring, export, dump):
    bring(export())
    before = dump()
    again = bring(export())
    assert (again["deals_unchanged"], again["touches"], again["visits"]) == (3, 0, 0)
    assert dump() == before
    assert quick("doctor").code == 0


@pytest.fixture
def one_by_one(quick, bring, export):
    """The lists of companies, contacts and deals imported by themselves, in this order."""
    folder = export()
    for name in ("companies", "contacts"):
        ran = quick("import", str(folder / f"{name}.csv"), "--playbook", "solo", "--json", now=NOW)
        assert ran.code == 0, ran
    bring(folder / "deals.csv")
    return folder


def test_the_lists_may_come_one_after_the_other(quick, one_by_one, rows):
    counts = [rows(f"SELECT count(*) FROM {table}")[0][0] for table in ("account", "contact", "deal", "visit")]
    assert counts == [4, 2, 3, 8]
    assert rows("SELECT count(*) FROM account WHERE unnamed") == [(0,)]
    assert quick("doctor").code == 0


BY = {
    "deal": "Associated Deal IDs,701",
    "deal's name": "Associated Deal,Till system",
    "company": "Associated Company,Willow Bakery",
    "company's id": "Associated Company IDs,9001",
    "person's address": "Associated Contact Email,ann@willow.example",
    "person's id": "Associated Contact IDs,501",
    "domain": "Associated Contact Email,other@willow.example",
}


@pytest.mark.parametrize("by", BY)
def test_activities_that_come_later_find_what_is_there(bring, one_by_one, rows, by):
    column, value = BY[by].split(",")
    path = one_by_one / "activities.csv"
    path.write_text(f"Activity Type,Activity Date,Activity ID,{column}\nCall,2026-01-06,1,{value}\n", encoding="utf-8")
    assert bring(path)["skipped"] == []
    assert rows("SELECT a.name FROM touch AS t JOIN account AS a ON a.id = t.account_id") == [("Willow Bakery",)]


INTERNAL = """\
hs_object_id,dealname,dealstage,amount,closedate,hubspot_owner_id,associatedcompanyid,createdate,\
hs_v2_date_entered_appointmentscheduled,hs_v2_date_entered_contractsent,hs_v2_date_entered_closedwon
71,Till system,contractsent,1250.5,2026-05-31T00:00:00Z,44,91,2026-01-01T00:00:00Z,\
2026-01-05T09:00:00.250Z,2026-02-09T10:30:00Z,
72,Roof survey,closedwon,4000,2026-03-02T16:00:00Z,44,92,2026-01-01T00:00:00Z,\
2026-01-12T09:00:00Z,,2026-03-02T16:00:00Z
"""
INTERNAL_COMPANIES = "hs_object_id,name,domain\n91,Willow Bakery,willow.example\n92,Stone & Sons,stone.example\n"
CALLS = """\
hs_object_id,hs_call_title,hs_call_body,hs_call_direction,hs_call_disposition,hs_timestamp,Associated Deal IDs
81,Till,They open at six,INBOUND,f240bbac-87c9-4f6e-bf70-924b57d47db7,2026-01-06T10:00:00Z,71
"""


def test_internal_names_are_understood_too(quick, bring, export, rows, dump):
    folder = export({"companies": INTERNAL_COMPANIES, "deals": INTERNAL, "calls": CALLS})
    told = bring(folder)
    assert (told["accounts_created"], told["deals_created"], told["skipped"]) == (2, 2, [])
    assert stages(quick) == {
        "appointmentscheduled": ("open", 2, 0),
        "contractsent": ("open", 1, 1),
        "closedwon": ("won", 1, 1),
    }
    assert rows("SELECT kind, direction, outcome, text, deal_id FROM touch") == [
        ("call", "in", "answered", "Till · They open at six", 1)
    ]
    before = dump()
    bring(folder)
    assert dump() == before
    assert quick("doctor").code == 0


def test_a_deal_that_names_only_a_person_belongs_to_the_account_of_that_person(bring, export, rows):
    deals = "Record ID,Deal Name,Deal Stage,Associated Contact IDs\n705,Oven,Offer,501\n706,Lamp,Offer,999\n"
    told = bring(export({"companies": COMPANIES, "contacts": CONTACTS, "deals": deals}))
    assert told["deals_created"] == 2
    assert rows("SELECT a.name, d.name FROM deal AS d JOIN account AS a ON a.id = d.account_id ORDER BY d.id") == [
        ("Willow Bakery", "Oven"),
        ("Lamp", "Lamp"),
    ]


def test_german_headers_are_understood(quick, bring, export, rows):
    deals = (
        "Datensatz-ID,Deal-Name,Deal-Phase,Betrag,Abschlussdatum\n"
        '1,Kasse,Angebot,"1.250,50",31.05.2026\n2,Dach,Abgeschlossen und gewonnen,"4.000,00",02.03.2026\n'
    )
    bring(export({"deals": deals}))
    assert rows("SELECT name, amount_cents, expected_close FROM deal ORDER BY id") == [
        ("Kasse", 125_050, "2026-05-31"),
        ("Dach", 400_000, "2026-03-02"),
    ]
    assert stages(quick) == {"Angebot": ("open", 1, 1), "Abgeschlossen und gewonnen": ("won", 1, 1)}
    assert rows("SELECT entered_at FROM visit WHERE kind = 'won'") == [("2026-03-02",)]
