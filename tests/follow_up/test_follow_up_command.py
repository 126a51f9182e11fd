"""Following up on the command line: what check and show say, and what is refused to whoever gives up too early."""

import pytest
from tests.march import day

RULES = """\
playbook: chase
roles: {seller: You}
stages:
  lead:
    title: Lead
    follow_up: {first_within: 4h, attempts: 3, most: 5, within: 10d, every: 2d, waived: [wrong person]}
  talk: {title: Talk}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  aside: {title: Aside, kind: nurture}
handoffs:
  - {from: lead, to: talk, trigger: They answer., reason: They said yes., benefit: They are heard.}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


@pytest.fixture
def does(does, playbook):
    playbook(RULES)
    return does


@pytest.fixture
def acme(does):
    does("add", "Acme", "--playbook", "chase", now=day(2))
    return "acme"


def followed(does, account, now):
    """What check and show say of it, which is the same."""
    checked = does("check", account, "--json", now=now).json["follow_up"]
    (shown,) = does("show", account, "--json", now=now).json["deals"]
    assert shown["follow_up"] == checked
    return checked


def test_check_and_show_say_where_it_stands(does, acme):
    does("touch", acme, "call", "--outcome", "no-answer", now=day(2, 10))
    does("touch", acme, "email", "--outcome", "sent", now=day(3))
    line = "2 of 3 attempts, day 2 of 10, next on Thursday (2026-03-05)"
    assert f"\nFollow-up: {line}\n" in does("check", acme, now=day(3)).out
    assert f"  follow-up  {line}\n" in does("show", acme, now=day(3)).out
    assert followed(does, acme, day(3)) == {
        "attempts": 2, "least": 3, "most": 5, "day": 2, "frame_days": 10, "next_due": "2026-03-05", "overdue": False,
        "first": False, "answered": False, "owed": 1, "decide": "", "says": line,
    }  # fmt: skip
    assert followed(does, acme, day(6))["overdue"]


def test_a_stage_without_a_guideline_has_none(does, acme):
    does("handoff", acme, now=day(3))
    assert followed(does, acme, day(3)) is None
    assert "Follow-up" not in does("check", acme, now=day(3)).out
    does("close", acme, "--won", now=day(4))
    assert does("show", acme, "--json", now=day(4)).json["deals"][0]["follow_up"] is None


def test_touches_count_in_the_stay_they_fell_into(does, acme):
    does("touch", acme, "call", "--at", "2026-03-01", now=day(2))
    does("touch", acme, "call", "--at", "2026-03-02", now=day(3))
    does("touch", acme, "note", "they moved", now=day(3))
    assert followed(does, acme, day(3))["attempts"] == 1
    assert followed(does, acme, day(2, 8))["attempts"] == 1  # of that day, as far as is known
    assert followed(does, acme, "2026-03-01")["attempts"] == 0  # as of then it had not happened


def test_a_stay_that_came_by_an_import_has_none(quick, does, tmp_path):
    (tmp_path / "deals.csv").write_text("Deal ID,Account,Stage,Entered\n1,Acme,Lead,2026-02-02\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        "rows: deals\naccount: Account\ndeal: Deal ID\nstage: Stage\nentered: {Lead: Entered}\n", encoding="utf-8"
    )
    words = ("--map", str(tmp_path / "map.yaml"), "--playbook", "chase")
    does("import", str(tmp_path / "deals.csv"), *words, now=day(2))
    assert followed(does, "acme", day(3)) is None
    does("close", "acme", "--lost", "--because", "they said no", now=day(3))


def test_giving_up_too_early_is_refused_and_changes_nothing(does, acme, dump):
    does("touch", acme, "call", "--outcome", "no-answer", now=day(2, 10))
    before = dump()
    refused = does("close", acme, "--lost", "--because", "no budget", now=day(3), code=3)
    assert dump() == before
    assert "1 of 3 attempts" in refused.err
    assert "2 more attempts; the next is due 2026-03-04" in refused.err
    assert "handoffctl touch acme call TEXT" in refused.err
    assert '"wrong person"' in refused.err
    said = does("close", acme, "--lost", "--because", "no budget", "--json", now=day(3), code=3).json["error"]
    assert said["code"] == 3
    does("touch", acme, "call", now=day(4))
    does("touch", acme, "call", now=day(6))
    does("close", acme, "--lost", "--because", "no budget", now=day(6))


@pytest.mark.parametrize("words", [
    ("--lost", "--because", "Wrong person, he left"), ("--disqualified", "--because", "no fit"),
    ("--nurture", "--because", "not now", "--wake", "+90d"),
])  # fmt: skip
def test_other_reasons_and_other_ways_pass(does, acme, words):
    does("close", acme, *words, now=day(3))


@pytest.mark.parametrize("answer", [("email", "No, thanks", "--in"), ("call", "No", "--outcome", "answered")])
def test_who_answered_may_say_no(does, acme, answer):
    does("touch", acme, *answer, now=day(2, 12))
    does("close", acme, "--lost", "--because", "they said no", now=day(3))


def test_an_answer_in_an_earlier_stay_is_none_in_this_one(does, acme):
    does("touch", acme, "email", "No, thanks", "--in", now=day(2, 12))
    does("close", acme, "--lost", "--because", "they said no", now=day(3))
    does("reopen", acme, now=day(20))
    does("close", acme, "--lost", "--because", "they said no", now=day(20, 10), code=3)


def test_when_everything_was_tried_it_is_time_to_decide(does, acme):
    for number in (2, 4, 6, 9, 11):
        does("touch", acme, "call", now=day(number, 10))
    found = followed(does, acme, day(11, 11))
    assert (found["decide"], found["next_due"]) == ("5 attempts without an answer", None)
    assert found["says"].endswith("time to decide")


def test_working_hours_and_holidays_are_those_of_the_config(does, acme, home):
    (home / "config.yaml").write_text("zone: Europe/Berlin\nhours: 09:00-17:00\nholidays: [2026-03-09]\n")
    does("add", "Birch", "--playbook", "chase", now="2026-03-06T14:00:00Z")  # Friday, 15:00 there
    found = followed(does, "birch", "2026-03-06T15:00:00Z")
    assert found["next_due"] == "2026-03-10T10:00:00Z"
    assert found["says"].endswith("first on Tuesday (2026-03-10 11:00)")


@pytest.mark.parametrize("hours", ["17-9", "17:00-09:00", "25:00-26:00", "9", "09:60-17:00", "09:00-09:00", "[9, 17]"])
def test_hours_that_are_none_are_named_with_their_line(quick, home, hours):
    home.mkdir()
    (home / "config.yaml").write_text(f"currency: EUR\nhours: {hours}\n")
    ran = quick("add", "Acme", now=day(2))
    assert ran.code == 5, ran
    assert "config.yaml:2" in ran.err
    assert "write hours like 09:00-17:00" in ran.err


def test_the_report_tells_how_the_guideline_was_kept(does, acme):
    for number in (2, 4, 6):
        does("touch", acme, "call", "--outcome", "no-answer", now=day(number, 10))
    does("touch", acme, "email", "Yes, please", "--in", now=day(9))
    does("add", "Birch", "--playbook", "chase", now=day(3))
    does("touch", "birch", "call", "--outcome", "answered", now=day(5, 17))  # too late
    does("add", "Cedar", "--playbook", "chase", now=day(3))
    does("close", "cedar", "--lost", "--because", "wrong person", now=day(3, 10))
    does("add", "Test Inc", "--playbook", "chase", "--test", now=day(3))
    found = does("report", "follow-up", "--json", now=day(20)).json
    (lead,) = found["stages"]
    assert lead["guideline"] == {"first_within_days": pytest.approx(1 / 6), "attempts": 3, "most": 5,
                                 "within_days": 10, "every_days": 2}  # fmt: skip
    assert (lead["stays"], lead["told"], lead["kept"]) == (3, 3, 2)
    first = lead["first_response"]
    assert (first["told"], first["in_time"], first["responded"], first["waiting"]) == (2, 1, 2, 0)
    assert first["median_days"] == pytest.approx(2 + 8 / 24)
    assert lead["spacing"] == {"told": 2, "kept": 2, "share": 1.0}
    assert lead["given_up"] == {"stays": 1, "enough": 0, "waived": 1, "too_early": 0}
    assert lead["answer"]["by_attempt"] == [
        {"attempt": 1, "made": 2, "answered": 1, "share": 0.5}, {"attempt": 2, "made": 1, "answered": 0, "share": 0.0},
        {"attempt": 3, "made": 1, "answered": 1, "share": 1.0},
    ]  # fmt: skip
    said = does("report", "follow-up", now=day(20)).out
    assert "The guideline was kept in 2 of 3 stays (67%)." in said
    narrow = does("report", "follow-up", "--json", "--since", "2026-03-03", now=day(20)).json
    assert narrow["all"]["stays"] == 2
    assert "follow_up" in does("report", "all", "--json", now=day(20)).json["reports"]


def test_as_of_an_earlier_moment_it_is_the_report_made_then(does, acme):
    then = {}

    def told(now):
        return {form: does("report", "follow-up", form, now=now).out for form in ("--json", "--csv", "--markdown")}

    does("add", "Birch", "--playbook", "chase", now=day(3))
    steps = [("touch", acme, "call"), ("touch", "birch", "email", "--in"), ("handoff", "birch"),
             ("touch", acme, "call"), ("touch", acme, "call"),
             ("close", acme, "--lost", "--because", "no answer"), ("reopen", acme)]  # fmt: skip
    for number, words in enumerate(steps, 4):
        does(*words, now=day(number, 10))
        then[day(number, 11)] = told(day(number, 11))
    assert {moment: told(moment) for moment in then} == then


def test_a_playbook_without_guidelines_is_told_how_to_have_one(quick, playbook):
    playbook("".join(line for line in RULES.splitlines(keepends=True) if "follow_up" not in line))
    quick("add", "Acme", "--playbook", "chase", now=day(2))
    assert "Add to one: follow_up:" in quick("report", "follow-up", "--playbook", "chase", now=day(3)).out
