"""Every Monday the finder meets those who sell: one is a person, the other a role that two share. Nothing slips."""

import pytest

TEAM = """\
playbook: desk
title: A sales desk
roles: {finder: Who finds them, seller: Who sells, partner: Who sells abroad}
fields:
  pain: {label: What hurts, min_words: 2, why: Without pain nobody buys.}
  budget: {label: Budget, type: money, why: To plan.}
stages:
  found: {title: Found, owner: finder}
  home: {title: At home, owner: seller}
  abroad: {title: Abroad, owner: partner}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: home, required: [pain], nice_to_have: [budget], trigger: They call., reason: They fit.,
     benefit: They are heard.}
  - {from: found, to: abroad, required: [pain], trigger: They call from abroad., reason: They fit.,
     benefit: They are heard in their own language.}
  - {from: home, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
  - {from: abroad, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
MONDAY, TUESDAY, NEXT_MONDAY = "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-09T09:00:00Z"


@pytest.fixture
def does(does, playbook):
    playbook(TEAM)
    return does


def week(does):
    does("person", "add", "Mia Berg", "--role", "seller", now=MONDAY)
    for name in ("Acme Corp", "Bolt Ltd", "Copper Mill"):
        does("add", name, "--playbook", "desk", now=MONDAY)
    does("handoff", "acme-corp", "--to", "home", now=MONDAY, code=3)  # nobody knows yet what hurts
    for slug in ("acme-corp", "bolt-ltd", "copper-mill"):
        does("set", slug, "pain=too much paper", now=MONDAY)
    does("review", now=MONDAY)
    step = ("--step", "first call", "--due", "2026-03-04")
    does("handoff", "acme-corp", "--to", "home", "--to-person", "Mia Berg", *step, now=TUESDAY)
    does("handoff", "bolt-ltd", "--to", "home", "--to-person", "Mia Berg", now=TUESDAY)
    does("handoff", "copper-mill", "--to", "abroad", *step, now=TUESDAY)
    does("accept", "acme-corp", now=TUESDAY)


def test_the_person_and_the_role_are_gone_through_in_turn(does):
    week(does)
    found = does("review", "--json", now=NEXT_MONDAY).json
    assert (found["since"], found["last_review"]) == (MONDAY, MONDAY)
    mia, partner = found["receivers"]
    assert (mia["receiver"], mia["kind"], partner["receiver"], partner["kind"]) == (
        "Mia Berg", "person", "partner", "role",
    )  # fmt: skip
    bolt, acme = mia["handed"]
    assert (bolt["ref"], bolt["step"], bolt["accepted_at"]) == ("bolt-ltd", None, None)
    assert (acme["ref"], acme["step"]["text"], acme["accepted_at"]) == ("acme-corp", "first call", TUESDAY)
    assert (bolt["overdue"], acme["overdue"]) == (False, True)
    assert mia["usually_missing"] == [{"name": "pain", "label": "What hurts", "missing": 1, "of": 2}]
    assert [one["ref"] for one in partner["handed"]] == ["copper-mill"]

    # What they agree on is done there and then, and the agenda is the shorter for it.
    does("step", "bolt-ltd", "offer a date", "--due", "2026-03-12", now=NEXT_MONDAY)
    mia = does("review", "--for", "Mia Berg", "--json", now=NEXT_MONDAY).json["receivers"][0]
    assert all(one["step"] for one in mia["handed"])
    does("review", "--for", "Mia Berg", now="2026-03-10")
    later = does("review", "--json", now="2026-03-16").json
    assert later["since"] == NEXT_MONDAY
    # What is still open then comes back, marked: late steps, and what nobody accepted.
    assert all(one["carried"] for receiver in later["receivers"] for one in receiver["handed"])
    assert [[one["ref"] for one in receiver["handed"]] for receiver in later["receivers"]] == [
        ["acme-corp", "bolt-ltd"], ["copper-mill"],
    ]  # fmt: skip


def test_what_comes_back_for_want_of_something_is_on_the_agenda_and_in_the_report(does):
    week(does)
    does("return", "bolt-ltd", "--because", "nobody knows what they can pay", "--missing", "budget",
         now="2026-03-05")  # fmt: skip
    found = does("review", "--json", now=NEXT_MONDAY).json
    mia = next(one for one in found["receivers"] if one["receiver"] == "Mia Berg")
    assert [(one["ref"], one["because"], one["missing"]) for one in mia["returned"]] == [
        ("bolt-ltd", "nobody knows what they can pay", [{"name": "budget", "label": "Budget"}]),
    ]
    assert [one["ref"] for one in mia["handed"]] == ["acme-corp"]
    assert ("budget", 1) in [(one["name"], one["missing"]) for one in mia["usually_missing"]]
    told = does("review", now=NEXT_MONDAY).out
    assert "Mia Berg: returned by them" in told
    assert "nobody knows what they can pay  Budget" in told
    rows = does("report", "fields", "--playbook", "desk", "--json", now=NEXT_MONDAY).json["fields"]
    budget = next(row for row in rows if (row["item"], row["to"]) == ("budget", "home"))
    assert budget["named_in_returns"] == 1
    assert does("who", "bolt-ltd", "--json", now=NEXT_MONDAY).json["driver"]["name"] == "finder"
