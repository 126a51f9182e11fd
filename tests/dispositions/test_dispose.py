"""What the rules of a playbook propose about deals, and what is decided: `dispose`, `snooze`, `close`."""

import pytest

NOW = "2026-03-02T09:00:00Z"
LATER = "2026-06-01T09:00:00Z"

RULES = """\
playbook: letting
stages:
  lead: {title: Lead, follow_up: {attempts: 3}}
  talks: {title: Talks}
  won: {kind: won}
  lost: {kind: lost}
  later: {kind: nurture}
handoffs:
  - {from: lead, to: talks, trigger: They talk., reason: They talk., benefit: They are heard.}
  - {from: talks, to: won, trigger: They sign., reason: They signed., benefit: They can begin.}
fields:
  champion: {label: Champion, type: yes_no}
targets: 20
conditions:
  late: {past_close: 60d}
  big: {field: deal.amount, at_least: 100000}
  pool_small: {pool_left: 5}
  has_champion: {all_of: [{field: champion, is: "yes"}, {touches: {direction: in, within: 30d}}]}
dispositions:
  - {name: big-with-champion, when: [late, has_champion, big], propose: keep, for: 30d, because: It is worth the wait.}
  - {name: small-with-champion, when: [late, has_champion], propose: nurture, wake: 90d, because: They are not ready.}
  - {name: few-accounts-left, when: [late, pool_small], propose: keep, for: 60d, because: There are few others.}
  - {name: gone-quiet, when: [late, {untouched: 30d}], propose: nurture, wake: 90d, because: Nobody talks to us.}
  - {name: too-long, when: [{stage_age: 80d}], propose: lost, because: It comes to nothing.}
"""


@pytest.fixture
def letting(playbook):
    playbook(RULES)


def add(does, name, *values, stage=""):
    does("add", name, "--playbook", "letting", "--contact", f"Ada Bell <ada@{name.lower()}.example>")
    if values:
        does("set", name.lower(), *values)


def proposed(does, *words, now=LATER):
    return {one["ref"]: one for one in does("dispose", *words, "--json", now=now).json["proposals"]}


def test_a_small_deal_with_a_champion_is_put_aside_and_the_large_one_kept(does, letting):
    for name, amount in (("small", "4,000"), ("large", "400,000")):
        add(does, name, "champion=yes", "deal.expected_close=2026-04-02", f"deal.amount={amount}")
        does("touch", name, "email", "still waiting for the budget", "--in", now="2026-05-26T09:00:00Z")
    found = proposed(does)
    small, large = found["small"], found["large"]
    assert (small["rule"], small["propose"], small["wake_days"]) == ("small-with-champion", "nurture", 90)
    assert (large["rule"], large["propose"], large["keep_days"]) == ("big-with-champion", "keep", 30)
    assert large["also"] == ["small-with-champion", "too-long"]
    assert small["command"] == "handoffctl close small --nurture --wake +90d --because 'They are not ready.'"
    assert large["command"] == "handoffctl snooze large +30d --because 'It is worth the wait.'"


def test_where_few_target_accounts_are_left_patience_is_proposed(does, letting, playbook):
    add(does, "acme", "deal.expected_close=2026-04-02")
    assert proposed(does)["acme"]["rule"] == "gone-quiet"
    playbook(RULES.replace("targets: 20", "targets: 6"))
    kept = proposed(does)["acme"]
    assert (kept["rule"], kept["keep_days"], kept["also"]) == ("few-accounts-left", 60, ["gone-quiet"])


def test_the_follow_up_minimum_outranks_lost(does, letting):
    add(does, "acme")
    assert proposed(does) == {}
    add(does, "beta", "deal.expected_close=2026-04-02")
    assert proposed(does)["beta"]["held_back"] == ["too-long"]
    for day in range(3):
        does("touch", "acme", "call", "no answer", now=f"2026-03-0{day + 3}T09:00:00Z")
    assert proposed(does)["acme"]["rule"] == "too-long"
    assert proposed(does)["beta"]["rule"] == "gone-quiet"


def test_the_oldest_comes_first_and_the_list_says_what_to_type(does, letting):
    for name, day in (("young", "2026-03-05"), ("old", "2026-03-02")):
        does("add", name, "--playbook", "letting", now=day)
        does("set", name, "deal.expected_close=2026-03-20", now=day)
    assert list(proposed(does)) == ["old", "young"]
    assert does("dispose", now=LATER).out == (
        "2 proposals, the deal longest in its stage first\n\n"
        "old: put aside until Sun 30 Aug  (gone-quiet, 91 days in lead)\n"
        "  Nobody talks to us. Not too-long: more attempts are owed first.\n"
        "  handoffctl close old\n\n"
        "young: put aside until Sun 30 Aug  (gone-quiet, 88 days in lead)\n"
        "  Nobody talks to us. Not too-long: more attempts are owed first.\n"
        "  handoffctl close young\n"
    )
    assert list(proposed(does, "young")) == ["young"]
    assert list(proposed(does, "--owner", "me")) == ["old", "young"]


def test_without_any_rule_it_says_where_there_are_some(does):
    does("add", "acme")
    said = does("dispose")
    assert said.out == "No rule speaks for letting a deal go or keeping it.\n"
    assert said.err.startswith("There are no dispositions in: solo. See some with:")


def test_a_snooze_overrules_until_its_day_and_is_on_record(does, letting, rows):
    add(does, "acme", "deal.expected_close=2026-03-20")
    said = does("snooze", "acme", "+30d", "--because", "they decide after the fair", now=LATER)
    assert said.err == (
        "Nothing is proposed about acme until Wed 1 Jul.\n"
        "gone-quiet proposed otherwise; see later who was right: handoffctl report dispositions\n"
    )
    assert rows("SELECT rule, proposed, decided, until, because FROM decision") == [
        ("gone-quiet", "nurture", "snooze", "2026-07-01", "they decide after the fair")
    ]
    listed = does("dispose", "--json", now="2026-06-30").json
    assert (listed["total"], listed["quiet"][0]["ref"], listed["quiet"][0]["until"]) == (0, "acme", "2026-07-01")
    assert list(proposed(does, now="2026-07-01")) == ["acme"]
    assert "Nothing is proposed about acme until Wed 1 Jul: they decide after the fair" in does("log", "acme").out
    does("undo", "--yes", now=LATER)
    assert list(proposed(does, now="2026-06-30")) == ["acme"]


def test_to_go_on_as_a_rule_says_follows_it(does, letting, playbook, rows):
    playbook(RULES.replace("targets: 20", "targets: 6"))
    add(does, "acme", "deal.expected_close=2026-03-20")
    snoozed = does("snooze", "acme", "+60d", "--because", "few are left", "--json", now=LATER).json
    assert (snoozed["rule"], snoozed["proposed"], snoozed["decided"]) == ("few-accounts-left", "keep", "keep")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("acme", "+30d"), 2, "To go on with a deal needs a reason."),
        (("acme", "2026-05-01", "--because", "why not"), 6, "UNTIL: Fri 1 May is not in the future."),
        (("acme", "soonish", "--because", "why not"), 6, "UNTIL:"),
        (("nobody", "+30d", "--because", "why not"), 4, "No account is called"),
    ],
)
def test_a_snooze_that_makes_no_sense_is_refused(does, letting, words, code, says, rows):
    add(does, "acme")
    assert does("snooze", *words, now=LATER, code=code).err.startswith(says)
    assert rows("SELECT count(*) FROM decision") == [(0,)]


def test_closing_a_deal_records_what_a_rule_proposed(does, letting, rows):
    for name in ("follows", "overrules", "unruled"):
        add(does, name, *(["deal.expected_close=2026-03-20"] if name != "unruled" else []))
    does("close", "follows", "--nurture", "--because", "quiet", now=LATER)
    does("close", "overrules", "--disqualified", "--because", "it was never one", now=LATER)
    does("undo", "--yes", now=LATER)
    assert rows("SELECT decided FROM decision") == [("nurture",)]
    does("close", "overrules", "--disqualified", "--because", "it was never one", now=LATER)
    does("close", "unruled", "--nurture", "--because", "after summer", now=LATER)
    assert rows("SELECT rule, proposed, decided, until, because FROM decision ORDER BY id") == [
        ("gone-quiet", "nurture", "nurture", None, "quiet"),
        ("gone-quiet", "nurture", "disqualified", None, "it was never one"),
    ]


def test_a_win_is_recorded_beside_what_a_rule_proposed(does, letting, rows):
    add(does, "acme", "deal.expected_close=2026-03-20")
    does("handoff", "acme", "--to", "talks")
    does("close", "acme", "--won", now=LATER)
    assert rows("SELECT rule, proposed, decided FROM decision") == [("gone-quiet", "nurture", "won")]
