"""The ledger of the value that a client sees: its entries, balance, and what a field had before there was a ledger."""

import shlex

import pytest

from handoffctl.core.moments import Clock
from handoffctl.promises.former_fields import FormerValue, milestones_in, values_in
from handoffctl.promises.model import Promise, ValueEntry
from handoffctl.promises.value_wording import shown_balance, since_last_plus

NOW = "2026-03-05T09:00:00Z"
LATER = "2026-05-10T09:00:00Z"
CARE = """\
playbook: care
fields:
  notes: {type: list, summary: value so far}
  seen: {type: text}
  milestones: {type: list}
  shops: {type: list, summary: timeline}
value: {seen: seen, log: notes}
stages: {start: {}, done: {kind: won}, lost: {kind: lost}}
handoffs: [{from: start, to: done, trigger: They sign., reason: They stay., benefit: It goes on.}]
"""


@pytest.fixture
def acme(quick, once, playbook):
    def make():
        playbook(CARE)
        quick("add", "Acme Corp", "--playbook", "care", now=NOW)

    once(make)
    return "acme-corp"


def entries(does, now=NOW):
    ledger = does("value", "list", "acme-corp", "--json", now=now).json
    return [(one["number"], one["effect"], one["text"], one["balance"]) for one in ledger["entries"]]


def test_entries_bear_the_value_out_or_lower_it(does, acme):
    told = does("value", "add", acme, "+", "no phone orders lost in May")
    assert told.err == (
        "Recorded for Acme Corp: + no phone orders lost in May. Balance: +1, the last plus was today.\n"
    )
    does("value", "add", acme, "-", "two pickers still use paper")
    does("value", "add", acme, "+", "stock is right every evening", now=LATER)
    assert entries(does) == [
        (1, 1, "no phone orders lost in May", 1), (2, -1, "two pickers still use paper", 0),
        (3, 1, "stock is right every evening", 1),
    ]  # fmt: skip
    lines = does("value", "list", acme, now=LATER).out.splitlines()
    assert lines[0].split() == ["number", "on", "effect", "what", "balance"]
    assert lines[2].split() == ["2", "Thu", "5", "Mar", "-", "two", "pickers", "still", "use", "paper", "0"]
    assert "Value of Acme Corp lowered: two pickers still use paper." in does("log", acme).out


def test_the_json_says_how_it_stands(does, acme):
    does("value", "add", acme, "+", "no phone orders lost")
    ledger = does("value", "list", acme, "--json").json
    assert list(ledger) == ["account", "deal", "entries", "balance", "pluses", "minuses", "last_plus"]
    assert (ledger["balance"], ledger["pluses"], ledger["minuses"], ledger["last_plus"]) == (1, 1, 0, NOW)


@pytest.mark.parametrize(("now", "said"), [
    ("2026-03-05", "the last plus was today"), ("2026-03-06", "one day since the last plus"),
    ("2026-03-25", "20 days since the last plus"), ("2026-04-05", "one month since the last plus"),
    ("2026-05-10", "two months since the last plus"), ("2028-03-05", "24 months since the last plus"),
    ("2026-03-04", "the last plus was today"),
])  # fmt: skip
def test_the_last_plus_is_counted_in_months(now, said):
    assert since_last_plus("2026-03-05", Clock(now)) == said


@pytest.mark.parametrize(("balance", "shown"), [(0, "0"), (2, "+2"), (-1, "-1")])
def test_a_balance_has_its_sign_and_zero_has_none(balance, shown):
    assert shown_balance(balance) == shown


@pytest.mark.parametrize(("words", "said"), [
    (("*", "it works"), '"*" is neither + nor -.'),
    (("plus", "it works"), '"plus" is neither + nor -.'),
    (("no orders lost",), '"no orders lost" is neither + nor -.'),
    (("-two pickers use paper",), '"-two pickers use paper" is neither + nor -.'),
    (("-1", "it works"), '"-1" is neither + nor -.'),
    ((), "Say with + or - whether it bore the value out."),
    (("+",), "Say after the + what they got out of it, or did not."),
    (("-",), "Say after the - what they got out of it, or did not."),
])  # fmt: skip
def test_a_mistyped_sign_is_told_in_one_sentence_with_an_example(does, acme, words, said):
    sentence, hint = does("value", "add", acme, *words, code=2).err.splitlines()
    assert sentence == said
    assert hint.startswith("As in: handoffctl value add acme-corp ")
    example = shlex.split(hint.removeprefix("As in: handoffctl "))
    does(*example)


@pytest.mark.parametrize(("words", "code"), [
    (("acme-corp", "+", "tbd"), 6), (("acme-corp", "+", " "), 6), (("acme-corp", "*", "x"), 2),
    (("nobody", "+", "it works"), 4), (("acme-corp", "+"), 2), (("acme-corp", "+", "It  WORKS"), 6),
])  # fmt: skip
def test_what_is_no_entry_changes_nothing(does, acme, dump, words, code):
    does("value", "add", acme, "+", "it works")
    before = dump()
    does("value", "add", *words, code=code)
    assert dump() == before


def test_without_an_entry_it_says_how_to_record_one(does, acme):
    assert "handoffctl value add acme-corp +" in does("value", "list", acme).err
    assert entries(does) == []


def test_what_the_field_of_the_playbook_had_is_in_the_ledger_once(does, acme, rows):
    does("set", acme, "notes=no lost orders; -slow at first")
    does("set", acme, "notes=no lost orders; -slow at first; stock is right")
    before = [(1, 1, "no lost orders", 1), (2, -1, "slow at first", 0), (3, 1, "stock is right", 1)]
    assert entries(does) == before
    assert rows("SELECT count(*) FROM value_entry") == [(0,)]
    does("value", "add", acme, "+", "they told a friend")
    after = [*before, (4, 1, "they told a friend", 2)]
    assert entries(does) == after
    assert rows("SELECT count(*) FROM value_entry") == [(4,)]
    does("value", "add", acme, "+", "slow at first", code=0)
    assert len(entries(does)) == 5
    assert does("show", acme, "--json").json["deals"][0]["fields"]["notes"][2] == "stock is right"


def test_an_internal_log_is_read_with_the_ledger_and_never_written_there(does, acme, playbook, rows):
    playbook(CARE.replace("notes: {type: list, summary: value so far}", "notes: {type: list}"))
    does("set", acme, "notes=they pay for five seats they do not use")
    does("value", "add", acme, "+", "no lost orders", now=LATER)
    assert [(effect, text) for _, effect, text, _ in entries(does, LATER)] == [
        (1, "they pay for five seats they do not use"), (1, "no lost orders"),
    ]  # fmt: skip
    assert rows("SELECT number, text FROM value_entry") == [(1, "no lost orders")]


def test_milestones_of_a_field_are_promises_of_both_once(does, acme, rows):
    does("promise", "add", acme, "a visit")
    does("set", acme, "milestones=setup agreed, go live")

    def listed(*more):
        found = does("promise", "list", *more, "--json").json["promises"]
        return [(one["number"], one["kind"], one["text"]) for one in found]

    every = [(1, "ours", "a visit"), (2, "milestone", "setup agreed"), (3, "milestone", "go live")]
    assert listed() == listed(acme) == every
    assert rows("SELECT count(*) FROM promise") == [(1,)]
    assert does("promise", "kept", acme, "2").err == "Reached: setup agreed (Acme Corp).\n"
    assert listed() == [every[0], every[2]]
    does("promise", "drop", acme, "3")
    does("set", acme, "milestones=setup agreed, go live, first order")
    assert listed() == [every[0], (4, "milestone", "first order")]


def test_taking_over_twice_changes_nothing():
    former = FormerValue("list", "setup agreed; go live", NOW)
    first = milestones_in(former, [])
    assert [one.number for one in first] == [1, 2]
    assert milestones_in(former, first) == []
    values = values_in([former, former], [])
    assert values == [ValueEntry(1, 1, "setup agreed", NOW, False), ValueEntry(2, 1, "go live", NOW, False)]
    assert values_in([former], values) == []
    assert milestones_in(None, [Promise(1, 1, "a visit", None, NOW, None)]) == []


def test_items_are_added_to_a_list(does, acme):
    does("set", acme, "milestones+=setup agreed")
    does("set", acme, "milestones+=go live, SETUP agreed")
    does("touch", acme, "call", "--set", "milestones+=first order")
    fields = does("show", acme, "--json").json["deals"][0]["fields"]
    assert fields["milestones"] == ["setup agreed", "go live", "first order"]
    assert "Only a list can be added to" in does("set", acme, "seen+=more", code=6).err
    does("set", acme, "milestones+=x", "milestones=y", code=2)
    does("set", acme, "nothing+=x", code=4)
    does("set", acme, "milestones+=tbd", code=6)


def test_the_report_has_the_balance_over_time(does, acme):
    does("set", acme, "seen=no lost orders")
    does("close", acme, "--won")
    does("value", "add", acme, "+", "no phone orders lost")
    does("value", "add", acme, "-", "slow at first", now=LATER)
    line = does("report", "value", "--playbook", "care", "--json", now=LATER).json["deals"][0]
    assert list(line)[-2:] == ["balance", "ledger"]
    assert line["balance"] == 0
    assert line["ledger"] == [
        {"at": NOW, "on": "2026-03-05", "effect": 1, "text": "no phone orders lost", "balance": 1},
        {"at": LATER, "on": "2026-05-10", "effect": -1, "text": "slow at first", "balance": 0},
    ]
    earlier = does("report", "value", "--playbook", "care", "--json", now="2026-04-01").json["deals"][0]
    assert earlier["balance"] == 1
    text = does("report", "value", "--playbook", "care", now=LATER).out
    assert [line.split()[-1] for line in text.splitlines() if line.startswith("acme-corp/deal")] == ["0", "+1", "0"]


def test_a_draft_has_the_whole_list_that_was_added_to(does, acme):
    does("set", acme, "shops=the first shop", "contact.email=kim@acme.example")
    text = does("summary", "draft", acme, "--set", "shops+=the second shop").out
    assert "he first shop" in text
    assert "he second shop" in text
