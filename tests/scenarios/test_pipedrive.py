"""A seller brings a Pipedrive account here: lists as Pipedrive exports them, or tables with the names of its API."""

import pytest

NOW = "2026-04-01T12:00:00Z"
ORGANIZATIONS = """\
Organization - ID,Organization - Name,Organization - Website,Organization - People
11,Lantern Café,https://lantern.example,1
12,Harbour Tools,,1
"""
PEOPLE = """\
Person - ID,Person - Name,Person - Email (Work),Person - Phone (Work),Person - Organization,Organization - ID
21,Vera Lind,vera@lantern.example,+47 1,Lantern Café,11
22,Tom Ash,"tom@harbour.example, ash@home.example",,Harbour Tools,12
23,Nobody Known,,,,
"""
DEALS = """\
Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value,Deal - Currency,Deal - Owner,Deal - Organization,\
Deal - Contact person,Deal - Expected close date,Deal - Last stage change,Deal - Won time,Deal - Lost time
1,Winter menu,Proposal,Open,"$1,200.00",USD,Kai Berg,Lantern Café,Vera Lind,2026-05-01,2026-02-03 09:00:00,,
2,Terrace,Negotiation,Won,800,USD,Kai Berg,Lantern Café,Vera Lind,,2026-02-10 09:00:00,2026-02-20 10:00:00,
3,Tool rental,Contact Made,Lost,,USD,Kai Berg,Harbour Tools,Tom Ash,,2026-01-15 09:00:00,,2026-03-01 08:00:00
4,Nothing,,Open,5,USD,Kai Berg,Harbour Tools,,,,,
"""
ACTIVITIES = """\
Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,Activity - Deal,\
Activity - Organization,Activity - Contact person,Deal - ID
31,Ask about the menu,Call,2026-01-20,Done,Winter menu,Lantern Café,Vera Lind,1
32,Lunch,Lunch,2026-02-01,Done,,Harbour Tools,Tom Ash,
33,Send offer,Email,2026-04-20,To do,Winter menu,Lantern Café,Vera Lind,1
"""
LISTS = {"organizations": ORGANIZATIONS, "people": PEOPLE, "deals": DEALS, "activities": ACTIVITIES}


@pytest.fixture
def export(tmp_path):
    def export(tables):
        folder = tmp_path / "pipedrive"
        folder.mkdir(exist_ok=True)
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return folder

    return export


@pytest.fixture
def bring(quick):
    def bring(path):
        ran = quick("import", str(path), "--make-playbook", "pipe", "--json", now=NOW)
        assert ran.code == 0, ran
        assert ran.json["program"] == "Pipedrive"
        return ran.json

    return bring


@pytest.fixture
def unchanged(quick, bring, dump):
    """A second import changes nothing, and the doctor is content."""

    def unchanged(path):
        before = dump()
        bring(path)
        assert dump() == before
        doctor = quick("doctor")
        assert doctor.code == 0, doctor

    return unchanged


def stages(quick):
    ran = quick("report", "throughput", "--playbook", "pipe", "--json", now=NOW)
    found = {stage["title"]: (stage["kind"], stage["entered"], stage["now"]) for stage in ran.json["stages"]}
    return {title: stage for title, stage in found.items() if stage[1]}


def ways(rows):
    found = {}
    for deal, stage, at in rows(
        "SELECT d.name, stage, entered_at FROM visit AS v JOIN deal AS d ON d.id = v.deal_id ORDER BY d.id, number"
    ):
        found.setdefault(deal, []).append((stage, at))
    return found


def test_the_lists_of_pipedrive_become_accounts_contacts_deals_and_stages(quick, bring, export, rows, unchanged):
    folder = export(LISTS)
    told = bring(folder)
    assert rows("SELECT name, domain FROM account ORDER BY id") == [
        ("Lantern Café", "lantern.example"),
        ("Harbour Tools", None),
    ]
    assert rows("SELECT account_id, name, phone FROM contact ORDER BY id") == [
        (1, "Vera Lind", "+47 1"),
        (2, "Tom Ash", None),
    ]
    assert rows("SELECT account_id, name, amount_cents, expected_close FROM deal ORDER BY id") == [
        (1, "Winter menu", 120_000, "2026-05-01"),
        (1, "Terrace", 80_000, None),
        (2, "Tool rental", None, None),
    ]
    assert ways(rows) == {
        "Winter menu": [("proposal", "2026-02-03T09:00:00Z")],
        "Terrace": [("negotiation", "2026-02-10T09:00:00Z"), ("won", "2026-02-20T10:00:00Z")],
        "Tool rental": [("contact-made", "2026-01-15T09:00:00Z"), ("lost", "2026-03-01T08:00:00Z")],
    }
    assert stages(quick) == {
        "Contact Made": ("open", 1, 0),
        "Negotiation": ("open", 1, 0),
        "Proposal": ("open", 1, 1),
        "Won": ("won", 1, 1),
        "Lost": ("lost", 1, 1),
    }
    assert rows(
        "SELECT d.name, kind, text, at FROM touch AS t LEFT JOIN deal AS d ON d.id = t.deal_id ORDER BY at"
    ) == [
        ("Winter menu", "call", "Ask about the menu", "2026-01-20"),
        ("Tool rental", "meeting", "Lunch", "2026-02-01"),
    ]
    assert [(one["file"], one["row"], one["reason"]) for one in told["skipped"]] == [
        ("activities.csv", 4, "is an activity that is planned but not done"),
        ("deals.csv", 5, "has no Deal - Stage"),
        ("people.csv", 4, "has no account"),
    ]
    unchanged(folder)


def test_a_deal_of_an_unknown_status_is_not_taken_for_an_open_one(bring, export, rows):
    told = bring(export({"deals": DEALS + "5,Gone,Proposal,Deleted,5,USD,Kai Berg,Harbour Tools,,,,,\n"}))
    assert [one["row"] for one in told["skipped"]] == [5, 6]
    assert rows("SELECT count(*) FROM deal WHERE name = 'Gone'") == [(0,)]


def test_a_single_list_of_deals_is_enough(quick, bring, export, rows, unchanged):
    path = export({"deals": DEALS}) / "deals.csv"
    assert bring(path)["deals_created"] >= 3
    assert rows("SELECT name FROM account ORDER BY id")[:2] == [("Lantern Café",), ("Harbour Tools",)]
    assert rows("SELECT account_id, name FROM contact ORDER BY id") == [(1, "Vera Lind"), (2, "Tom Ash")]
    unchanged(path)


API_DEALS = """\
id,title,stage_id,status,value,currency,org_id,org_name,person_id,person_name,owner_id,owner_name,add_time,\
stage_change_time,close_time,won_time,lost_time
1,Winter menu,3,open,1200,USD,11,Lantern Café,21,Vera Lind,7,Kai Berg,2026-01-04 08:00:00,2026-02-03 09:00:00,,,
2,Terrace,2,won,800,USD,11,Lantern Café,21,Vera Lind,7,Kai Berg,2026-01-04 08:00:00,2026-01-09 09:00:00,\
2026-02-20 10:00:00,2026-02-20 10:00:00,
"""
API_STAGES = "id,name,order_nr,pipeline_id\n1,Qualified,1,1\n2,Contact Made,2,1\n3,Proposal,3,1\n4,Never Used,4,1\n"
FLOW = """\
item_id,log_time,field_key,old_value,new_value,user_id
1,2026-01-04 08:00:00,stage_id,,1,7
1,2026-01-10 08:00:00,value,,1200,7
1,2026-01-12 08:00:00,stage_id,1,2,7
1,2026-01-15 08:00:00,status,open,lost,7
1,2026-01-20 08:00:00,status,lost,open,7
1,2026-02-03 09:00:00,stage_id,2,3,7
2,2026-01-04 08:00:00,stage_id,,1,7
2,2026-01-09 09:00:00,stage_id,1,2,7
2,2026-02-20 10:00:00,status,open,won,7
9,2026-02-20 10:00:00,stage_id,1,2,7
"""
API_ACTIVITIES = """\
id,type,subject,note,done,due_date,marked_as_done_time,deal_id,org_id,person_id
41,call,Menu,Likes it,1,2026-01-19,2026-01-20 10:00:00,1,11,21
42,task,Later,,0,2026-05-01,,1,11,21
"""
API = {"deals": API_DEALS, "stages": API_STAGES, "flow": FLOW, "activities": API_ACTIVITIES}


def test_the_flow_of_deals_is_their_whole_history_with_the_times_they_were_reopened(
    quick, bring, export, rows, unchanged
):
    folder = export(API)
    told = bring(folder)
    assert ways(rows) == {
        "Winter menu": [
            ("qualified", "2026-01-04T08:00:00Z"),
            ("contact-made", "2026-01-12T08:00:00Z"),
            ("lost", "2026-01-15T08:00:00Z"),
            ("contact-made", "2026-01-20T08:00:00Z"),
            ("proposal", "2026-02-03T09:00:00Z"),
        ],
        "Terrace": [
            ("qualified", "2026-01-04T08:00:00Z"),
            ("contact-made", "2026-01-09T09:00:00Z"),
            ("won", "2026-02-20T10:00:00Z"),
        ],
    }
    assert stages(quick) == {
        "Qualified": ("open", 2, 0),
        "Contact Made": ("open", 3, 0),
        "Proposal": ("open", 1, 1),
        "Won": ("won", 1, 1),
        "Lost": ("lost", 1, 0),
    }
    assert list(stages(quick))[:3] == ["Qualified", "Contact Made", "Proposal"]
    assert 'Stage "Lost" is lost, and 1 deal left it again.' in told["notes"]
    assert rows("SELECT deal_id, kind, text, at FROM touch") == [(1, "call", "Menu · Likes it", "2026-01-20T10:00:00Z")]
    assert [(one["file"], one["row"], one["reason"]) for one in told["skipped"]] == [
        ("activities.csv", 3, "is an activity that is planned but not done"),
        ("flow.csv", 11, 'belongs to the deal "9", which is not there'),
    ]
    unchanged(folder)


@pytest.mark.parametrize("order", [("deals", "flow"), ("flow", "deals")])
def test_the_flow_may_come_before_or_after_the_deals(quick, bring, export, rows, home, order):
    tables = API | {"flow": FLOW[: FLOW.index("9,2026-02-20")]}
    folder = export(tables)
    bring(folder)  # the playbook made then has every stage
    whole = rows("SELECT deal_id, stage, entered_at FROM visit ORDER BY deal_id, number")
    for path in (home / "handoffctl.db", *folder.iterdir()):
        path.unlink()
    for name in order:
        bring(export({"stages": API_STAGES, name: tables[name]}))
        (folder / f"{name}.csv").unlink()
    assert rows("SELECT deal_id, stage, entered_at FROM visit ORDER BY deal_id, number") == whole
    assert quick("doctor").code == 0


def test_german_headers_are_understood(quick, bring, export, rows, unchanged):
    deals = (
        "Deal - ID,Deal - Titel,Deal - Phase,Deal - Status,Deal - Wert,Deal - Besitzer,Deal - Organisation\n"
        '1,Winterkarte,Angebot,Offen,"1.200,50",Kai Berg,Laternen-Café\n'
        '2,Terrasse,Angebot,Gewonnen,"800,00",Kai Berg,\n'
    )
    path = export({"deals": deals}) / "deals.csv"
    bring(path)
    assert rows("SELECT name, amount_cents FROM deal ORDER BY id") == [("Winterkarte", 120_050), ("Terrasse", 80_000)]
    assert stages(quick) == {"Angebot": ("open", 2, 1), "Won": ("won", 1, 1)}
    assert rows("SELECT DISTINCT owner FROM visit") == [("Kai Berg",)]
    unchanged(path)
