"""A seller moves here from another program, and goes on exporting from it for a while."""

from pathlib import Path

import pytest

ACCOUNTS = "Id,Name,Website\nA1,Birch Dental,https://www.birch.example\nA2,Copper Lane Studio,\n"
CONTACTS = "Id,AccountId,FirstName,LastName,Email,Title\nC1,A1,Ida,Moss,ida@birch.example,Owner\n"
DEALS = """\
Id,AccountId,Name,StageName,Amount,Probability,CloseDate,IsClosed,IsWon
D1,A1,Booking tool,{d1},12000,20,2026-05-30,FALSE,FALSE
D2,A2,Website,Gewonnen,4000,100,2026-02-10,TRUE,TRUE
D3,,Trade fair lead,Erstkontakt,,10,2026-06-30,FALSE,FALSE
"""
HISTORY = """\
OpportunityId,CreatedDate,StageName,Probability
D1,2026-01-05T09:00:00Z,Erstkontakt,10
D2,2026-01-07T09:00:00Z,Erstkontakt,10
D2,2026-02-10T15:00:00Z,Gewonnen,100
D3,2026-01-20T09:00:00Z,Erstkontakt,10
"""
ADVANCED = "D1,2026-01-19T10:00:00Z,Angebot,20\n"
LATER = "D1,2026-03-02T10:00:00Z,Erstkontakt,10\n"


@pytest.fixture
def export(tmp_path: Path):
    def export(name: str, history: str = HISTORY, d1: str = "Erstkontakt") -> str:
        folder = tmp_path / name
        folder.mkdir()
        files = {"Account": ACCOUNTS, "Contact": CONTACTS, "Opportunity": DEALS.format(d1=d1)}
        for table, text in (files | {"OpportunityHistory": history}).items():
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        return str(folder)

    return export


@pytest.fixture
def bring(quick):
    def bring(folder: str, now: str = "2026-03-10", code: int = 0):
        ran = quick("import", folder, "--from", "salesforce", "--make-playbook", "deals", "--json", now=now)
        assert ran.code == code, ran
        return ran.json

    return bring


def deal(quick, ref: str):
    return quick("show", ref, "--json", now="2026-03-11").json["deals"][0]


def finish_the_draft(home: Path) -> None:
    path = home / "playbooks" / "deals.yaml"
    text = path.read_text(encoding="utf-8").replace("draft: true\n", "")
    for key in ("trigger", "reason", "benefit"):
        text = text.replace(f"    # {key}:", f"    {key}:")
    path.write_text(text, encoding="utf-8")


def test_kinds_come_from_the_flags_and_a_deal_without_an_account_gets_one_of_its_name(quick, bring, export):
    told = bring(export("first"))
    assert (told["accounts_created"], told["unnamed"], told["deals_created"], told["visits"]) == (2, 1, 3, 4)
    assert deal(quick, "copper-lane-studio")["kind"] == "won"
    assert deal(quick, "trade-fair-lead")["stage"] == "erstkontakt"
    assert deal(quick, "birch-dental")["fields"]["deal.amount"] == 12000


def test_a_deal_never_worked_on_here_follows_a_newer_export(quick, bring, export):
    bring(export("first"))
    bring(export("second", HISTORY, "Erstkontakt"))
    finish = export("third", HISTORY + ADVANCED, "Angebot")
    refused = quick("import", finish, "--from", "salesforce", "--playbook", "deals", "--json", now="2026-03-10")
    assert refused.code == 6  # the draft has no such stage yet
    assert refused.json["error"]["problems"] == ['no stage called "Angebot"']


def test_stays_are_added_and_the_first_one_ends(quick, bring, export):
    bring(export("whole", HISTORY + ADVANCED, "Angebot"))
    newer = bring(export("newer", HISTORY + ADVANCED + LATER))
    assert (newer["deals_updated"], newer["deals_unchanged"], newer["visits"]) == (1, 2, 1)
    stays = deal(quick, "birch-dental")["stays"]
    assert [stay["stage"] for stay in stays] == ["erstkontakt", "angebot", "erstkontakt"]
    assert [stay["left_at"] for stay in stays] == ["2026-01-19T10:00:00Z", "2026-03-02T10:00:00Z", None]


def test_an_older_export_changes_nothing_newer(bring, export, dump):
    old = export("old", HISTORY)
    bring(export("whole", HISTORY + ADVANCED, "Angebot"))
    before = dump()
    assert bring(old)["deals_unchanged"] == 3
    assert dump() == before


def test_a_deal_worked_on_here_keeps_its_stage_and_says_where_the_export_has_it(quick, bring, export, home):
    bring(export("whole", HISTORY + ADVANCED, "Erstkontakt"), now="2026-02-01")
    finish_the_draft(home)
    done = quick("handoff", "trade-fair-lead", "--step", "write to them", now="2026-02-02")
    assert done.code == 0, done
    stage = deal(quick, "trade-fair-lead")["stage"]

    moved = HISTORY + ADVANCED + "D3,2026-03-05T09:00:00Z,Gewonnen,100\n"
    bring(export("later", moved.replace("D3,2026-01-20T09:00:00Z", "D3,2026-01-20T09:00:00Z"), "Angebot"))
    shown = deal(quick, "trade-fair-lead")
    assert shown["stage"] == stage
    assert shown["outside"] is not None
    for words in (("check", "trade-fair-lead"), ("show", "trade-fair-lead"), ("log", "trade-fair-lead")):
        ran = quick(*words, now="2026-03-11")
        assert "outside" in (ran.out + ran.err).casefold(), words


def test_an_import_that_cannot_be_read_leaves_no_trace(quick, export, home, tmp_path):
    folder = Path(export("broken"))
    (folder / "Opportunity.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    ran = quick("import", str(folder), "--from", "salesforce", "--make-playbook", "deals")
    assert ran.code == 6
    assert not (home / "handoffctl.db").exists()
    assert not (home / "playbooks").exists()


def test_a_draft_never_hides_a_playbook_that_came_with_the_program(quick, export, home):
    ran = quick("import", export("first"), "--from", "salesforce", "--make-playbook", "solo")
    assert ran.code == 2
    assert not (home / "playbooks" / "solo.yaml").exists()


def test_a_stage_of_any_name_finds_a_place_in_the_draft(quick, export):
    odd = {"Erstkontakt": "\U0001f600 Yes: null", "Gewonnen": '"Won" \x1b[31m'}
    folder = export("odd")
    for path in Path(folder).iterdir():
        text = path.read_text(encoding="utf-8")
        for plain, strange in odd.items():
            text = text.replace(plain, strange.replace('"', "'"))
        path.write_text(text, encoding="utf-8")
    words = ("import", folder, "--from", "salesforce", "--make-playbook", "Sales \U0001f600", "--json")
    first = quick(*words)
    assert (first.code, first.json["deals_created"]) == (0, 3), first
    assert quick(*words).json["deals_unchanged"] == 3
