"""`report missed`: triggers seen without a handoff, deals moved outside, returns, and waits from trigger to handoff."""

import csv
import io

import pytest

NOW = "2026-03-02T09:00:00Z"
LATER = "2026-03-05T09:00:00Z"
LAST = "2026-03-12T09:00:00Z"

WATCHED = """\
playbook: watched
roles: {finder: Who finds them, closer: Who closes them}
fields:
  pain: {label: Pain, why: Without pain nobody buys.}
stages:
  found: {title: Found}
  talking: {title: In talks, owner: closer}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: talking, trigger: {says: They tell us of their pain., when: [pain]},
     reason: They fit., benefit: They are heard.}
  - {from: found, to: won, name: straight on, trigger: They sign at once., reason: They said yes.,
     benefit: They start at once.}
  - {from: talking, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
PLAIN = WATCHED.replace("watched", "plain", 1).replace("{says: They tell us of their pain., when: [pain]}", "They do.")
WAITING_KEYS = ["account", "deal", "ref", "stage", "handoff", "trigger", "seen_at", "days", "command"]


@pytest.fixture
def missed(does):
    """`missed("--since", ...)`: the report as JSON."""
    return lambda *more, now=LAST: does("report", "missed", "--playbook", "watched", *more, "--json", now=now).json


@pytest.fixture
def story(does, playbook, once, tmp_path):
    """Five accounts and a drill: one waits, one was handed off and returned, one closed, one went on another way."""
    playbook(WATCHED)

    def make():
        for name in ("Acme Corp", "Northwind", "Contoso", "Zebra", "Globex"):
            does("add", name, "--playbook", "watched")
        does("add", "Drill", "--playbook", "watched", "--test")
        for account in ("acme-corp", "northwind", "contoso", "zebra", "drill"):
            does("set", account, "pain=their tool broke")
        does("handoff", "northwind", "--to", "talking", now="2026-03-04T09:00:00Z")
        does("return", "northwind", "--because", "nobody told us\nthe size", "--missing", "pain", "--missing",
             "contact.email", now="2026-03-05T21:00:00Z")  # fmt: skip
        does("set", "northwind", "pain=their tool broke", now="2026-03-05T21:00:00Z")  # and so it is seen anew
        does("handoff", "drill", "--to", "talking", now="2026-03-04T09:00:00Z")
        does("return", "drill", "--because", "only a drill", now=LATER)
        does("close", "contoso", "--lost", "--because", "they chose another firm", now=LATER)
        does("handoff", "zebra", "--to", "straight on", now=LATER)
        does("touch", "globex", "call", "--trigger", "straight on", "--at", "2026-03-10", now=LAST)

    once(make)


def import_deals(does, tmp_path, rows, now=LAST):
    export = tmp_path / "export.csv"
    export.write_text("\n".join(["id,account,stage,pain,entered", *rows]) + "\n")
    plan = tmp_path / "map.yaml"
    plan.write_text(
        "rows: deals\naccount: account\ndeal: id\nstage: stage\nentered: {found: entered, lost: entered}\n"
        "fields: {pain: pain}\n"
    )
    does("import", str(export), "--map", str(plan), "--playbook", "watched", now=now)


def refs(lines):
    return [line["ref"] for line in lines]


# --- Triggers ----------------------------------------------------------------------------------------------------


def test_what_waits_stands_first_with_its_age_and_the_command(missed, story):
    found = missed()
    assert (found["playbook"], found["as_of"]) == ("watched", LAST)
    assert refs(found["waiting"]) == ["acme-corp", "northwind", "globex"]
    assert {key: found["waiting"][0][key] for key in WAITING_KEYS} == {
        "account": "acme-corp", "deal": found["waiting"][0]["deal"], "ref": "acme-corp", "stage": "found",
        "handoff": "talking", "trigger": "They tell us of their pain.", "seen_at": NOW, "days": 10.0,
        "command": "handoffctl handoff acme-corp --to talking",
    }  # fmt: skip
    assert found["waiting"][1]["days"] == 6.5  # since it came back
    assert found["waiting"][2]["command"] == "handoffctl handoff globex --to 'straight on'"
    assert (found["waiting"][2]["seen_at"], found["waiting"][2]["days"]) == ("2026-03-10", 2.0)


def test_every_command_does_what_it_says(missed, does, story):
    for line in missed()["waiting"]:
        does("check", line["ref"], "--to", line["handoff"], now=LAST)


def test_what_ended_in_another_way_was_missed_and_says_how(missed, story):
    ended = {line["ref"]: (line["ended"], line["days"]) for line in missed()["missed"]}
    assert ended == {"contoso": ("closed as lost", 3.0), "zebra": ("handed off: straight on", 3.0)}


def test_the_waits_count_those_who_still_wait(missed, story):
    talking, straight = missed()["waits"]
    assert (talking["handoff"], talking["from"], talking["to"]) == ("talking", "found", "talking")
    # Handed off after 2 days; waiting for 10 and 6.5; ended otherwise after 3 and 3. S is 4/5 and stays there.
    assert (talking["seen"], talking["handed_off"], talking["still_waiting"]) == (5, 1, 2)
    assert (talking["median_days"], talking["p85_days_completed"]) == (None, 2.0)
    assert (straight["handoff"], straight["seen"], straight["still_waiting"]) == ("straight on", 1, 1)


def test_a_deal_of_an_account_with_several_is_named_in_full(missed, does, story):
    does("deal", "add", "acme-corp", "Renewal", "--playbook", "watched", now=LAST)
    first = missed()["waiting"][0]
    assert first["ref"] == f"acme-corp/{first['deal']}"
    does("check", first["ref"], "--to", "talking", now=LAST)


def test_the_window_is_of_when_a_trigger_was_seen(missed, story):
    since = missed("--since", "2026-03-05")
    assert refs(since["waiting"]) == ["northwind", "globex"]
    assert since["missed"] == []
    until = missed("--until", "2026-03-04")
    assert refs(until["waiting"]) == ["acme-corp"]
    assert until["waits"][0]["seen"] == 4


def test_a_report_as_of_an_earlier_moment_is_the_report_made_then(missed, does, playbook):
    playbook(WATCHED)
    steps = [
        ("2026-03-02T09:00:00Z", ("add", "Acme Corp", "--playbook", "watched")),
        ("2026-03-03T09:00:00Z", ("set", "acme-corp", "pain=their tool broke")),
        ("2026-03-04T09:00:00Z", ("handoff", "acme-corp", "--to", "talking")),
        ("2026-03-05T09:00:00Z", ("return", "acme-corp", "--because", "nobody told us", "--missing", "pain")),
        ("2026-03-06T09:00:00Z", ("deal", "add", "acme-corp", "Renewal", "--playbook", "watched")),
        ("2026-03-07T09:00:00Z", ("close", "acme-corp/watched", "--lost", "--because", "they chose another firm")),
    ]
    made = []
    for now, words in steps:
        does(*(word.replace("acme-corp/watched", first_deal(does)) for word in words), now=now)
        if words[0] == "return":  # which notices nothing by itself
            does("touch", "acme-corp", "note", now=now)
        made.append((now, missed(now=now)))
    assert len({str(found) for _, found in made}) == len(made)
    for now, found in made:
        assert missed(now=now) == found, now


def first_deal(does):
    ran = does("list", "--json", now=LAST).json["deals"]
    return f"{ran[0]['account']}/{ran[0]['deal']}" if ran else ""


# --- Imports -----------------------------------------------------------------------------------------------------


def test_an_imported_deal_whose_trigger_holds_waits_since_nobody_knows_when(missed, does, story, tmp_path):
    import_deals(does, tmp_path, ["1,Umbrella,found,they wait too long,2026-02-01", "2,Initech,found,,2026-02-01"])
    line = missed()["waiting"][-1]
    assert (line["ref"], line["seen_at"], line["days"]) == ("umbrella", None, None)
    assert line["command"] == "handoffctl handoff umbrella --to talking"
    assert refs(missed("--since", "2026-01-01")["waiting"]) == ["acme-corp", "northwind", "globex"]
    told = does("report", "missed", "--playbook", "watched", now=LAST).out
    assert "- where since when is not known" in told


def test_what_held_at_an_earlier_moment_unrecorded_is_left_out_and_said_so(missed, does, story, tmp_path):
    import_deals(does, tmp_path, ["1,Umbrella,found,they wait too long,2026-02-01"], now="2026-03-20T09:00:00Z")
    earlier = does("report", "missed", "--playbook", "watched", "--json", now=LAST)
    assert refs(earlier.json["waiting"]) == ["acme-corp", "northwind", "globex"]
    assert "Left out is what held then" in earlier.err
    assert "umbrella" in refs(missed(now="2026-03-20T09:00:00Z")["waiting"])


def test_a_deal_that_was_moved_outside_is_told_with_both_stages(missed, does, playbook, tmp_path):
    playbook(WATCHED)
    import_deals(does, tmp_path, ["1,Umbrella,found,,2026-02-01"], now=NOW)
    does("handoff", "umbrella", "--to", "talking")
    import_deals(does, tmp_path, ["1,Umbrella,lost,,2026-03-04"], now=LATER)
    (line,) = missed()["outside"]
    assert {key: line[key] for key in ("account", "ref", "stage", "outside_stage", "outside_at")} == {
        "account": "umbrella", "ref": "umbrella", "stage": "talking", "outside_stage": "lost",
        "outside_at": "2026-03-04",
    }  # fmt: skip
    told = does("report", "missed", "--playbook", "watched", now=LAST).out
    assert "umbrella  In talks  Lost   2026-03-04" in told
    assert missed("--until", "2026-03-03")["outside"] == missed(now="2026-03-03")["outside"] == []
    does("close", "umbrella", "--lost", "--because", "they chose another firm", now=LATER)
    assert missed()["outside"] == []


# --- Returns and drills ------------------------------------------------------------------------------------------


def test_a_return_says_who_when_why_and_what_was_missing(missed, story):
    (line,) = missed()["returns"]
    assert {key: line[key] for key in line if key not in ("deal", "stage")} == {
        "account": "northwind", "ref": "northwind", "handoff": "talking", "from_owner": "finder", "to_owner": "closer",
        "at": "2026-03-04T09:00:00Z", "returned_at": "2026-03-05T21:00:00Z", "days": 1.5,
        "because": "nobody told us\nthe size", "missing": ["pain", "contact.email"],
        "reason": None,
    }  # fmt: skip
    assert missed("--since", "2026-03-06")["returns"] == []
    assert missed(now="2026-03-05T12:00:00Z")["returns"] == []


def test_a_drill_is_nowhere(does, story):
    for form in ("--json", "--csv", "--markdown", None):
        told = does("report", "missed", "--playbook", "watched", *([form] if form else []), now=LAST).out
        assert "drill" not in told.lower()


# --- On paper ----------------------------------------------------------------------------------------------------


def test_the_paper_has_every_part_within_a_hundred_columns(does, story):
    told = does("report", "missed", "--playbook", "watched", now=LAST).out
    for heading in ("Triggers seen, not handed off (3)", "Triggers seen, never handed off (2)", "Returned (1)",
                    "From trigger to handoff (2)"):  # fmt: skip
        assert f"{heading}\n" in told
    assert "handoffctl handoff acme-corp --to talking  " in told
    assert "Moved outside" not in told
    assert all(len(line) <= 100 for line in told.splitlines())


def test_long_texts_and_names_are_cut_and_many_rows_are_counted(does, quick, playbook):
    playbook(WATCHED.replace("They tell us of their pain.", "They tell us " + "of their pain and " * 20))
    for number in range(23):
        does("add", f"Account {number} of a very long name that goes on and on and on, until it ends", "--playbook",
             "watched")  # fmt: skip
    for line in quick("list", "--json", now=NOW).json["deals"]:
        does("set", line["account"], "pain=their tool broke")
        does("handoff", line["account"], "--to", "talking")
        does("return", line["account"], "--because", "nobody told us, " * 20, now=LATER)
    told = does("report", "missed", "--playbook", "watched", now=LAST).out
    assert told.count("3 more: see --csv or --json.") == 2
    assert "…" in told
    assert all(len(line) <= 100 for line in told.splitlines())
    assert len(does("report", "missed", "--playbook", "watched", "--csv", now=LAST).out.splitlines()) == 1 + 23 + 23 + 1


def test_the_csv_is_one_table_that_says_of_each_row_what_it_is(does, story):
    told = list(csv.DictReader(io.StringIO(does("report", "missed", "--playbook", "watched", "--csv", now=LAST).out)))
    assert [row["kind"] for row in told] == ["waiting"] * 3 + ["missed"] * 2 + ["return"] + ["waits"] * 2
    assert (told[0]["ref"], told[0]["days"]) == ("acme-corp", "10.0")
    assert (told[5]["missing"], told[6]["seen"]) == ("pain, contact.email", "5")


def test_the_markdown_has_the_parts_under_headings(does, story):
    told = does("report", "missed", "--playbook", "watched", "--markdown", now=LAST).out
    assert told.startswith("## What was missed")
    assert "### Returned (1)" in told


def test_an_empty_database_has_missed_nothing(missed, does, playbook):
    playbook(WATCHED)
    found = missed()
    assert [found[part] for part in ("waiting", "missed", "outside", "returns")] == [[], [], [], []]
    assert [(one["handoff"], one["seen"], one["median_days"]) for one in found["waits"]] == [("talking", 0, None)]
    told = does("report", "missed", "--playbook", "watched", now=LAST).out
    assert told == "Nothing was missed: no trigger waits, nothing was moved outside, nothing was returned.\n"
    for form in ("--csv", "--markdown"):
        does("report", "missed", "--playbook", "watched", form, now=LAST)


def test_a_playbook_without_criteria_says_how_triggers_get_seen(does, playbook):
    playbook(PLAIN)
    told = does("report", "missed", "--playbook", "plain", now=LAST).out
    assert "No trigger of plain has" in told.splitlines()[0]
    assert "touch --trigger" in told.splitlines()[0]


def test_triggers_of_handoffs_that_the_playbook_no_longer_has_are_left_out_and_said_so(does, story, playbook):
    playbook(WATCHED.replace("to: won, name: straight on", "to: won, name: at once"))
    ran = does("report", "missed", "--playbook", "watched", "--json", now=LAST)
    assert "globex" not in refs(ran.json["waiting"])
    assert "no longer has: straight on." in ran.err
