"""Two accounts that are one: everything moves, what the first one knows stays, and the other is gone."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

DAY = "2026-03-02T09:00:00Z"
NEXT = "2026-03-03T09:00:00Z"
LATER = "2026-03-09T09:00:00Z"

SOLD = """\
playbook: sold
fields:
  pain: {label: Pain}
  trade: {label: Trade, of: account}
  size: {label: Size, of: account}
stages:
  lead: {title: Lead}
  talks: {title: Talks}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: talks, required: [pain], trigger: They answer., reason: They fit., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""


@pytest.fixture
def two(quick, playbook, once):
    """Acme Corp, and Acme GmbH with more of everything."""

    def say(*words, now=DAY, code=0):
        ran = quick(*words, now=now)
        assert ran.code == code, ran.err

    def make():
        playbook(SOLD)
        say("add", "Acme Corp", "--playbook", "sold", "--contact", "Jane Doe <jane@acme.example>")
        say("set", "acme-corp", "trade=tools")
        say("add", "Birch Barn", "--playbook", "sold", "--contact", "Ann Birch <ann@birch.example>")
        say("add", "Acme GmbH", "--playbook", "sold", "--contact", "JANE DOE", now=NEXT)
        say("contact", "set", "acme-gmbh", "Jane Doe", "--phone", "+49 30 1", "--title", "CFO", now=NEXT)
        say("contact", "add", "acme-gmbh", "Bob Ray <bob@acme.example>", now=NEXT)
        say("deal", "add", "acme-gmbh", "Renewal", "--playbook", "sold", now=NEXT)
        say("set", "acme-gmbh/deal", "trade=machines", "size=large", "account.domain=acme.example", now=NEXT)
        say("set", "acme-gmbh/deal", "pain=tbd", now=NEXT, code=6)
        say("touch", "acme-gmbh/deal", "call", "they called", now=NEXT)
        say("touch", "acme-gmbh/renewal", "note", "they wrote", now=NEXT)
        say("handoff", "acme-gmbh/deal", "--no-input", now=NEXT, code=3)
        say("handoff", "acme-gmbh/deal", "--set", "pain=it broke in May", now=NEXT)
        say("step", "acme-gmbh/deal", "send the offer", "--due", "+3d", now=NEXT)
        say("summary", "sent", "acme-gmbh/deal", now=NEXT)

    once(make)


def test_everything_moves_and_the_other_is_gone(quick, two, rows):
    tables = ("deal", "visit", "handoff", "gap", "step", "summary", "touch", "refusal")
    before = {table: rows(f"SELECT count(*) FROM {table}") for table in tables}
    merged = quick("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER)
    assert (merged.code, merged.err) == (0, "")
    assert merged.out.splitlines() == [
        "Joined Acme GmbH into Acme Corp: 1 contact, 2 deals, 2 touches moved.",
        "  Jane Doe was a contact of both and is one now.",
        "  The deal deal of Acme GmbH is now acme-corp/deal-2.",
        "  Not taken over: trade machines; it stays tools.",
    ]
    assert {table: rows(f"SELECT count(*) FROM {table}") for table in tables} == before
    assert rows("SELECT slug FROM account ORDER BY slug") == [("acme-corp",), ("birch-barn",)]
    assert quick("show", "acme-gmbh").code == 4
    for table in ("contact", "deal", "touch", "field_value", "refusal"):
        assert rows(f"SELECT count(*) FROM {table} WHERE account_id NOT IN (SELECT id FROM account)") == [(0,)]
    assert rows("SELECT count(*) FROM touch WHERE account_id = 1") == [(2,)]
    shown = quick("show", "acme-corp", "--json", now=LATER).json
    assert shown["domain"] == "acme.example"
    assert [deal["deal"] for deal in shown["deals"]] == ["deal", "deal-2", "renewal"]
    moved = shown["deals"][1]
    assert (moved["stage"], moved["summary"], moved["step"]["text"]) == ("talks", "silent", "send the offer")
    assert [stay["stage"] for stay in moved["stays"]] == ["lead", "talks"]
    assert moved["fields"]["pain"] == "it broke in May"


def test_afterwards_the_file_is_sound_and_the_deals_go_on(quick, two, rows):
    assert quick("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER).code == 0
    assert quick("doctor", "--json", now=LATER).json["problems"] == []
    assert rows("PRAGMA integrity_check") == [("ok",)]
    assert rows("PRAGMA foreign_key_check") == []
    assert quick("handoff", "acme-corp/deal-2", "--no-input", now=LATER).code == 0
    assert quick("add", "Acme GmbH", "--playbook", "sold", now=LATER).out == "acme-gmbh\n"


def test_a_person_at_both_becomes_one_and_blanks_are_filled(quick, two):
    assert quick("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER).code == 0
    jane, bob = quick("contact", "list", "acme-corp", "--json").json["contacts"]
    assert jane == {"name": "Jane Doe", "email": "jane@acme.example", "phone": "+49 30 1", "title": "CFO",
                    "level": None, "main": True}  # fmt: skip
    assert (bob["name"], bob["main"]) == ("Bob Ray", False)


def test_the_other_way_round_its_main_contact_stays(quick, two):
    assert quick("merge", "acme-gmbh", "acme-corp", "--yes", now=LATER).code == 0
    people = quick("contact", "list", "acme-gmbh", "--json").json["contacts"]
    assert [(one["name"], one["email"], one["main"]) for one in people] == [
        ("JANE DOE", "jane@acme.example", True),
        ("Bob Ray", "bob@acme.example", False),
    ]


def test_people_of_one_name_and_two_addresses_stay_two(quick):
    quick("add", "Acme", "--contact", "Jane Doe <jane@acme.example>", now=DAY)
    quick("add", "Acme Inc", "--contact", "Jane Doe <doe@acme.example>", now=DAY)
    assert quick("merge", "acme", "acme-inc", "--yes", now=LATER).code == 0
    people = quick("contact", "list", "acme", "--json").json["contacts"]
    assert [(one["email"], one["main"]) for one in people] == [("jane@acme.example", True), ("doe@acme.example", False)]


def test_an_account_without_people_gets_those_of_the_other_with_its_main_contact(quick):
    quick("add", "Acme", now=DAY)
    quick("add", "Acme Inc", "--contact", "Jane Doe <doe@acme.example>", now=DAY)
    assert quick("merge", "acme", "acme-inc", "--yes", now=LATER).code == 0
    people = quick("contact", "list", "acme", "--json").json["contacts"]
    assert [(one["name"], one["main"]) for one in people] == [("Jane Doe", True)]


def test_what_the_first_one_knows_stays_though_the_other_was_told_later(quick, two, rows):
    assert quick("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER).code == 0
    fields = quick("show", "acme-corp/deal", "--json").json["deals"][0]["fields"]
    assert (fields["trade"], fields["size"]) == ("tools", "large")
    history = rows("SELECT value, at FROM field_value WHERE name = 'trade' AND account_id = 1 ORDER BY id")
    assert history == [("tools", DAY), ("machines", NEXT), ("tools", DAY)]


def test_where_the_first_one_was_told_later_nothing_is_told_again(quick, two, rows):
    assert quick("merge", "acme-gmbh", "acme-corp", "--yes", now=LATER).code == 0
    assert quick("show", "acme-gmbh", "--json").json["deals"][0]["fields"]["trade"] == "machines"
    assert rows("SELECT value FROM field_value WHERE name = 'trade' ORDER BY id") == [("tools",), ("machines",)]


def test_the_log_of_the_first_one_has_the_merge_and_what_the_other_did(quick, two, rows):
    assert quick("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER).code == 0
    told = [event["says"] for event in quick("log", "acme-corp", "--json").json["events"]]
    assert told[-1] == "Joined Acme GmbH into Acme Corp."
    assert "Added Acme GmbH, in Lead." in told
    assert rows("SELECT count(*) FROM command WHERE account_id IS NULL AND says <> ''") == [(0,)]


def test_erasing_the_account_erases_the_words_of_the_merge_too(run, two, home):
    assert run("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER).code == 0
    assert run("delete", "acme-corp", "--yes").code == 0
    content = (home / "handoffctl.db").read_bytes().lower()
    assert [word for word in (b"acme", b"jane", b"bob ray", b"machines") if word in content] == []
    assert b"birch barn" in content


def test_numbers_for_taken_slugs_leave_out_those_the_other_has(quick):
    for name in ("Acme", "Acme Inc"):
        quick("add", name, "--no-deal", now=DAY)
        quick("deal", "add", name, "Renewal", now=DAY)
    quick("deal", "add", "acme-inc", "Renewal 2", now=DAY)
    merged = quick("merge", "acme", "acme-inc", "--yes", "--json", now=LATER).json
    assert merged["deals_renamed"] == [{"was": "renewal", "now": "renewal-3"}]
    assert quick("show", "acme/renewal-2", "--json").json["deals"][0]["name"] == "Renewal 2"


def test_json_says_what_moved(quick, two):
    merged = quick("merge", "Acme Corp", "ACME gmbh", "--yes", "--json", now=LATER)
    assert merged.code == 0
    assert merged.json == {
        "account": "acme-corp",
        "name": "Acme Corp",
        "gone": {"account": "acme-gmbh", "name": "Acme GmbH"},
        "moved": {"contacts": 1, "deals": 2, "touches": 2, "values": 4, "refusals": 1, "origins": 0, "log": 12},
        "same_people": ["Jane Doe"],
        "deals_renamed": [{"was": "deal", "now": "deal-2"}],
        "not_taken_over": [{"what": "trade", "stays": "tools", "goes": "machines"}],
    }


@pytest.fixture
def drill(home, two):
    """Makes Birch Barn a test account."""
    with closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
        connection.execute("UPDATE account SET test = 1 WHERE slug = 'birch-barn'")


REFUSED = {
    "an account and itself": (2, ("acme-corp", "ACME corp", "--yes"), "same account"),
    "nobody said yes": (2, ("acme-corp", "acme-gmbh"), "add --yes"),
    "nobody said yes to a script": (2, ("acme-corp", "acme-gmbh", "--json"), "2 contacts, 2 deals, 2 touches"),
    "one name alone": (2, ("acme-corp",), "OTHER"),
    "a beginning": (4, ("acme-corp", "acme-g", "--yes"), 'did you mean "acme-gmbh"?'),
    "a beginning that stays": (4, ("acme-c", "acme-gmbh", "--yes"), 'did you mean "acme-corp"?'),
    "a name that is not there": (4, ("acme-corp", "acme-gmhb", "--yes"), 'did you mean "acme-gmbh"?'),
    "a deal of an account": (4, ("acme-corp", "acme-gmbh/deal", "--yes"), "No account is called"),
    "a test account into a real one": (6, ("acme-corp", "birch-barn", "--yes"), "Birch Barn is a test account"),
    "a real account into a test one": (6, ("birch-barn", "acme-corp", "--yes"), "Birch Barn is a test account"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_joined_is_refused_and_nothing_is_changed(quick, drill, dump, case):
    code, words, said = REFUSED[case]
    before = dump()
    ran = quick("merge", *words, now=LATER)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert dump() == before


def test_accounts_of_one_name_are_told_apart_by_their_slugs(quick, two, home):
    with closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
        connection.execute("UPDATE account SET name = 'Acme Corp', folded = 'acme corp' WHERE slug = 'acme-gmbh'")
    assert quick("merge", "Acme Corp", "birch-barn", "--yes").code == 4  # which one?
    merged = quick("merge", "acme-corp", "acme-gmbh", "--yes", now=LATER)
    assert merged.out.startswith("Joined Acme Corp (acme-gmbh) into Acme Corp (acme-corp): ")


@pytest.fixture
def export(tmp_path):
    """An export with one firm under two names, and a deal of nobody."""
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in {
        "Opportunity": "Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,IsDeleted\n"
        "D1,A1,Barn Roof,Lead,99,12/24/26,FALSE,FALSE,FALSE\n"
        "D2,A2,Barn Roof,Lead,1500,12/24/26,FALSE,FALSE,FALSE\n"
        "D3,,Lost Shed,Lead,15,12/24/26,FALSE,FALSE,FALSE\n",
        "OpportunityHistory": "Id,OpportunityId,CreatedDate,StageName,IsDeleted\n"
        "H1,D1,02/23/26 08:55 PM,Lead,FALSE\nH2,D2,02/23/26 08:55 PM,Lead,FALSE\n",
        "Account": "Id,Name,Website\nA1,Birch Barn,\nA2,Birch Barn Inc.,https://birch.example\n",
        "Contact": "Id,AccountId,LastName,FirstName,Email\n"
        "C1,A1,Birch,Ann,ann@birch.example\nC2,A2,Birch,Ann,ann@birch.example\nC3,A2,Oak,Bo,bo@birch.example\n",
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_same_export_once_more_finds_the_records_where_they_are_now(quick, rows, export):
    assert quick("import", export, now=LATER).code == 0
    assert [[one["account"] for one in group] for group in quick("list", "--duplicates", "--json").json["groups"]] == [
        ["birch-barn", "birch-barn-inc"]
    ]
    merged = quick("merge", "birch-barn", "birch-barn-inc", "--yes", "--json", now=LATER).json
    assert merged["moved"] | {"log": 0} == {
        "contacts": 1, "deals": 1, "touches": 0, "values": 0, "refusals": 0, "origins": 1, "log": 0,
    }  # fmt: skip
    assert merged["same_people"] == ["Ann Birch"]
    kept = {table: rows(f"SELECT * FROM {table}") for table in ("account", "contact", "deal", "visit", "origin")}
    again = quick("import", export, "--json", now=LATER).json
    assert [again[name] for name in ("accounts_created", "contacts_created", "deals_created", "unnamed")] == [
        0,
        0,
        0,
        0,
    ]
    assert {table: rows(f"SELECT * FROM {table}") for table in kept} == kept
    assert quick("doctor", "--json").json["problems"] == []


def test_an_account_named_after_its_deal_keeps_that_name_and_it_is_said_how_to_change_it(quick, export):
    assert quick("import", export, now=LATER).code == 0
    merged = quick("merge", "lost-shed", "birch-barn", "--yes", now=LATER)
    assert merged.code == 0
    assert 'handoffctl rename lost-shed "Birch Barn"' in merged.err
    assert quick("rename", "lost-shed", "Birch Barn", now=LATER).out == "birch-barn\n"
    assert quick("merge", "birch-barn", "birch-barn-inc", "--yes").code == 0


def test_likely_duplicates_are_listed_and_nothing_is_joined(quick, two, dump):
    before = dump()
    found = quick("list", "--duplicates", now=LATER)
    assert found.code == 0
    assert [line.split() for line in found.out.splitlines()] == [
        ["account", "name", "domain", "like"],
        ["acme-corp", "Acme", "Corp"],
        ["acme-gmbh", "Acme", "GmbH", "acme.example", "acme-corp"],
    ]
    assert found.err == "They only look alike. If they are one: handoffctl merge acme-corp acme-gmbh\n"
    assert quick("list", "--duplicates", "--json").json == {
        "groups": [[
            {"account": "acme-corp", "name": "Acme Corp", "domain": None},
            {"account": "acme-gmbh", "name": "Acme GmbH", "domain": "acme.example"},
        ]],
        "total": 1,
    }  # fmt: skip
    assert dump() == before


def test_without_duplicates_it_is_said_so(quick):
    for name in ("", "Acme", "Birch Barn"):
        if name:
            quick("add", name, now=DAY)
        none = quick("list", "--duplicates")
        assert (none.code, none.out, none.err) == (0, "", "No likely duplicates.\n")
        assert quick("list", "--duplicates", "--json").json == {"groups": [], "total": 0}


def test_drills_are_no_duplicates(quick, two, home, drill):
    assert quick("rename", "birch-barn", "Acme Inc", now=LATER).code == 0
    groups = quick("list", "--duplicates", "--json").json["groups"]
    assert [[one["account"] for one in group] for group in groups] == [["acme-corp", "acme-gmbh"]]


def test_duplicates_are_not_looked_for_in_a_part(quick, two):
    for words in (("--stage", "lead"), ("--owner", "seller"), ("--playbook", "sold"), ("--all",)):
        assert quick("list", "--duplicates", *words).code == 2


def test_many_groups_are_shown_up_to_the_limit(quick):
    for name in ("Acme", "Acme Inc", "Birch", "Birch AG"):
        quick("add", name, "--no-deal", now=DAY)
    found = quick("list", "--duplicates", "--limit", "1")
    assert "birch" not in found.out
    assert "1 of 2 groups; more with --limit 2." in found.err


def test_an_import_says_which_of_its_accounts_may_be_there_already(quick, two, tmp_path):
    rows = ["id,company,title,phase", "1,Birch Barns,Roof,Talk", "2,ACME Incorporated,Tool,Talk"]
    (tmp_path / "deals.csv").write_text("\n".join(rows), encoding="utf-8")
    words = "rows: deals\ndeal: id\naccount: company\nname: title\nstage: phase\n"
    (tmp_path / "map.yaml").write_text(words, encoding="utf-8")
    command = ("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"), "--make-playbook", "found")
    for more in (["--dry-run"], []):
        told = quick(*command, *more, "--json", now=LATER).json["duplicates"]
        assert [[one["account"] for one in group] for group in told] == [
            ["acme-corp", "acme-gmbh", "acme-incorporated"]
        ]


def test_listing_duplicates_does_not_load_what_writes(home, two):
    script = "import sys; from handoffctl.app import main; main(sys.argv[1:]); print('sqlmodel' in sys.modules)"
    command = [sys.executable, "-c", script, "--home", str(home), "list", "--duplicates"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.splitlines()
    assert told[1].startswith("acme-corp ")
    assert told[-1] == "False"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks_and_a_beginning_will_do(quick, two, home, dump):
    import pexpect

    def answers(answer):
        words = ["-m", "handoffctl", "--home", str(home), "--now", LATER, "merge", "acme-c", "acme-g"]
        child = pexpect.spawn(sys.executable, words, dimensions=(40, 200), encoding="utf-8", timeout=60)
        child.expect_exact(
            "Join Acme GmbH into Acme Corp: 2 contacts, 2 deals, 2 touches move. "
            "Acme GmbH is gone afterwards. Join them? [y/N] "
        )
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
        return child.before

    before = dump()
    assert "Nothing was changed." in answers("")
    assert dump() == before
    assert "Joined Acme GmbH into Acme Corp: " in answers("y")
    assert quick("show", "acme-gmbh").code == 4
