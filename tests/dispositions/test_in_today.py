"""What is proposed, and what wakes deals up, among the items of `today`."""

import pytest
from tests.dispositions.test_dispose import LATER, NOW, RULES, add

assert NOW


@pytest.fixture
def letting(playbook):
    playbook(RULES)


def items(does, *words, kind="dispose", now=LATER):
    found = does("today", *words, "--json", "--limit", "100", now=now).json["items"]
    return [one for one in found if one["kind"] == kind]


def refs(does, *words, **more):
    return [one["ref"] for one in items(does, *words, **more)]


def test_three_proposals_a_day_the_oldest_first_below_what_is_due(does, letting):
    for number, day in enumerate(("05", "03", "04", "06", "02")):
        does("add", f"deal {number}", "--playbook", "letting", now=f"2026-03-{day}")
        does("set", f"deal-{number}", "deal.expected_close=2026-03-20", now=f"2026-03-{day}")
    does("step", "deal-3", "call them", "--due", "2026-06-01", now="2026-03-06")
    found = does("today", "--json", "--limit", "100", now=LATER).json["items"]
    kinds = [one["kind"] for one in found]
    assert kinds.index("step") < kinds.index("dispose")
    assert refs(does) == ["deal-4", "deal-1", "deal-2"]
    first = items(does)[0]
    assert first["what"] == "put aside? Nobody talks to us (gone-quiet)"
    assert first["command"] == 'handoffctl close deal-4 --nurture --wake +90d --because "TEXT"'
    assert first["since"] == "2026-03-02"
    assert refs(does, "deal-0") == ["deal-0"]


def test_what_was_decided_today_counts_among_the_three(does, letting):
    for number in range(5):
        add(does, f"deal{number}", "deal.expected_close=2026-03-20")
    does("snooze", "deal0", "+7d", "--because", "they call on Monday", now=LATER)
    does("close", "deal1", "--nurture", "--because", "nobody there", now=LATER)
    assert refs(does) == ["deal2"]
    assert refs(does, now="2026-06-02") == ["deal2", "deal3", "deal4"]
    assert refs(does, now="2026-06-08") == ["deal0", "deal2", "deal3"]


def test_what_is_to_be_kept_is_an_item_where_the_rule_says_for_how_long(does, letting, playbook):
    playbook(RULES.replace("targets: 20", "targets: 6"))
    add(does, "acme", "deal.expected_close=2026-03-20")
    assert [one["command"] for one in items(does)] == ['handoffctl snooze acme +60d --because "TEXT"']
    does("snooze", "acme", "+60d", "--because", "few are left", now=LATER)
    assert items(does) == []
    playbook(RULES.replace("targets: 20", "targets: 6").replace("propose: keep, for: 60d", "propose: keep"))
    add(does, "birch", "deal.expected_close=2026-03-20")
    assert items(does) == []


def test_a_test_account_is_in_no_proposal_unless_it_is_asked_for(does, letting):
    does("add", "Drill", "--playbook", "letting", "--test")
    does("set", "drill", "deal.expected_close=2026-03-20")
    assert (items(does), does("dispose", "--json", now=LATER).json["total"]) == ([], 0)
    assert refs(does, "drill") == ["drill"]


WAKING = (
    RULES.replace("fields:\n", "fields:\n  fit: {label: Fit, type: choice, choices: [good, poor]}\n")
    + """\
signals:
  good-fit: {label: They fit, points: 40, when: [{field: fit, is: good}]}
  wrote: {label: They write, points: 20, when: [{touches: {direction: in, within: 30d}}]}
wake_when:
  - score: 60
  - {touches: {direction: in, at_least: 2, within: 14d}, label: They wrote twice}
  - {field: contact.level, is: c-suite, label: The c-suite talks}
"""
)


def put_aside(does, name, *values):
    add(does, name, *values)
    does("close", name, "--nurture", "--because", "no budget before autumn", "--wake", "2026-12-01")


def wakes(does, now=LATER):
    return {one["ref"]: one["what"] for one in items(does, kind="wake", now=now)}


def test_a_nurtured_account_wakes_by_a_signal_and_never_by_itself(does, playbook, rows):
    playbook(WAKING)
    put_aside(does, "acme", "fit=good")
    put_aside(does, "birch")
    assert wakes(does) == {}
    does("touch", "acme", "call", "they ask about prices", "--in", now="2026-05-28T09:00:00Z")
    assert wakes(does) == {"acme": "was put aside, and now: at least 60 points"}
    does("set", "birch", "contact.level=c-suite", now=LATER)
    assert wakes(does)["birch"] == "was put aside, and now: The c-suite talks"
    assert rows("SELECT DISTINCT kind FROM visit WHERE ended = 0") == [("nurture",)]
    woken = items(does, kind="wake")
    assert {one["command"] for one in woken} == {"handoffctl reopen acme", "handoffctl reopen birch"}
    does("reopen", "acme", now=LATER)
    assert list(wakes(does)) == ["birch"]
    assert sorted(wakes(does, now="2026-12-01")) == ["birch"]


def test_two_messages_within_two_weeks_wake_a_deal_and_two_far_apart_do_not(does, playbook):
    playbook(WAKING)
    for name, days in (("near", ("05-20", "05-30")), ("far", ("04-01", "05-30"))):
        put_aside(does, name)
        for day in days:
            does("touch", name, "call", "they asked", "--in", now=f"2026-{day}T09:00:00Z")
    assert wakes(does) == {"near": "was put aside, and now: They wrote twice"}


def test_what_held_when_a_deal_was_put_aside_does_not_wake_it(does, playbook):
    playbook(WAKING)
    add(does, "acme", "contact.level=c-suite")
    for _ in range(2):
        does("touch", "acme", "call", "they asked", "--in")
    does("close", "acme", "--nurture", "--because", "no budget before autumn")
    assert wakes(does, now="2026-03-03T09:00:00Z") == {}


def test_a_contact_who_rises_to_the_c_suite_wakes_a_deal(does, playbook):
    playbook(WAKING)
    put_aside(does, "acme", "contact.level=director")
    does("contact", "set", "acme", "Ada Bell", "--level", "c-suite", now=LATER)
    assert wakes(does) == {"acme": "was put aside, and now: The c-suite talks"}


def test_another_contact_of_a_high_level_wakes_a_deal(does, playbook):
    playbook(WAKING.replace("{field: contact.level, is: c-suite,", "{contact_level: c-suite,"))
    put_aside(does, "acme", "contact.level=director")
    does("contact", "add", "acme", "Bo Lind", "--level", "c-suite", now=LATER)
    assert wakes(does) == {"acme": "was put aside, and now: The c-suite talks"}
    put_aside(does, "birch", "contact.level=c-suite")
    assert list(wakes(does)) == ["acme"]


def test_a_message_that_nobody_answered_is_never_lost(does, playbook):
    playbook(WAKING)
    put_aside(does, "acme")
    does("touch", "acme", "email", "is the offer still good?", "--in", now="2026-05-28T09:00:00Z")
    assert wakes(does) == {"acme": "was put aside, and they got in touch"}
    does("touch", "acme", "email", "it is, until July", "--out", now="2026-05-29T09:00:00Z")
    assert wakes(does) == {}


def test_touches_on_a_deal_put_aside_are_no_attempts(does, playbook):
    playbook(RULES.replace("{stage_age: 80d}", "{attempts: 2}").replace("follow_up: {attempts: 3}", "target: 9d"))
    put_aside(does, "acme")
    for day in ("04", "05", "06"):
        does("touch", "acme", "call", "no answer", "--out", now=f"2026-03-{day}T09:00:00Z")
    does("reopen", "acme", now="2026-05-01T09:00:00Z")
    assert does("dispose", "--json", now=LATER).json["total"] == 0
    for day in ("11", "12"):
        does("touch", "acme", "call", "no answer", "--out", now=f"2026-05-{day}T09:00:00Z")
    assert [one["rule"] for one in does("dispose", "--json", now=LATER).json["proposals"]] == ["too-long"]
