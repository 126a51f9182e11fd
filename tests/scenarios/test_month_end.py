"""Two people hand deals over at the ends of months: one in a hurry, one because the team meets on two days a month."""

import json
from math import comb

import pytest

from handoffctl.db.query import query_connection

NOW = "2026-04-20T09:00:00Z"
EARLIER = "2026-03-20T09:00:00Z"
START = "2026-01-12T09:00:00Z"
RULES = """\
playbook: pair
title: Two who find, one who sells
roles: {sdr: Who finds, ae: Who sells}
fields:
  need: {label: Need, min_words: 3, ask: What do they need?, why: The first call starts there.}
  budget: {label: Budget, type: money, why: It sizes the offer.}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They fit., benefit: They are heard., required: [need],
     nice_to_have: [budget], next_step: nice_to_have}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They begin.}
"""

# The days on which Sam and Bo hand deals over. Only Sam's crowd at the end: Bo's come on two meeting days a month.
SAM = {"2026-02-05": 1, "2026-02-25": 2, "2026-02-26": 1, "2026-02-27": 2,
       "2026-03-12": 1, "2026-03-27": 1, "2026-03-30": 2, "2026-03-31": 1}  # fmt: skip
BO = {"2026-02-12": 3, "2026-02-26": 3, "2026-03-12": 3, "2026-03-30": 3}


def accounts(person, days):
    """The account that is handed over for each handoff, with its day."""
    every = [day for day, count in days.items() for _ in range(count)]
    return [(f"{person} {number}", day) for number, day in enumerate(every)]


@pytest.fixture
def team(playbook, home, does, once):
    """A home in which Sam and Bo have handed their deals over, and half of Sam's late ones came back."""

    def make():
        playbook(RULES)
        (home / "config.yaml").write_text("playbook: pair\nzone: UTC\n")
        for name, role in (("Sam", "sdr"), ("Bo", "sdr"), ("Alex", "ae")):
            does("person", "add", name, "--role", role, now=START)
        events, then = [], home / "then.json"
        for person, days in (("Sam", SAM), ("Bo", BO)):
            for name, day in accounts(person, days):
                does("add", name, now=START)
                does("handoff", slug(name), "--stay", "--to-person", person, now=START)
                events.append((f"{day}T10:00:00Z", person, name))
        for number, (at, person, name) in enumerate(sorted(events)):
            if not then.exists() and at > EARLIER:
                then.write_text(does("report", "signs", "--json", now=EARLIER).out)
            need = "they lose orders" if person == "Sam" else f"their site number {number} is too slow"
            more = ["--set", "budget=5000"] if name in ("Bo 0", "Bo 4", "Bo 8", "Bo 10") else []
            does("handoff", slug(name), "--to", "talk", "--set", f"need={need}", *more, now=at)
        for number in (1, 3, 7, 8):
            does("return", slug(f"Sam {number}"), "--because", "no need at all", now="2026-04-03T10:00:00Z")

    once(make)
    return does


def slug(name):
    return name.casefold().replace(" ", "-")


def signs(does, *words, now=NOW):
    found = does("report", "signs", "--json", *words, now=now).json
    return found, {line["owner"]: line for line in found["owners"]}


def test_a_month_end_surge_that_is_one_and_one_that_is_only_two_meeting_days(team):
    found, owners = signs(team)
    assert (found["off"], found["per"], found["judged"]) == (False, "month", ["2026-01-01", "2026-02-01", "2026-03-01"])
    sam, bo = owners["Sam"]["surge"], owners["Bo"]["surge"]
    assert (sam["late"], sam["handoffs"], sam["stands_out"]) == (9, 11, True)
    assert (bo["late"], bo["handoffs"], bo["stands_out"]) == (6, 12, False)
    # A test that takes each handoff as one piece of evidence would say it of Bo, too.
    share = bo["evenly"] / bo["handoffs"]
    assert sum(comb(12, k) * share**k * (1 - share) ** (12 - k) for k in range(6, 13)) < 0.01
    assert bo["p"] > 0.25
    text = team("report", "signs").out
    assert "Sam: look at this. 9 of 11 handoffs fell on the last three working days of a month" in text
    assert "Bo: nothing stands out in 12 handoffs." in text
    assert "cheat" not in text.casefold()
    assert "p " not in text.split()


def test_what_came_back_within_14_days_is_counted_beside_the_others(team):
    late = signs(team)[1]["Sam"]["late"]
    # The two of March came back within 14 days; for the two of February it took longer.
    assert (late["bad"], late["handoffs"], late["other_bad"], late["other_handoffs"]) == (2, 9, 0, 2)
    assert late["difference"] == pytest.approx(2 / 9)
    assert (late["low"], late["high"]) == pytest.approx((-0.4543, 0.5474), abs=1e-4)


def test_what_passed_with_nothing_to_spare_is_counted_beside_what_had_something(team):
    bare = signs(team)[1]["Bo"]["bare"]
    assert (bare["bad"], bare["handoffs"], bare["other_bad"], bare["other_handoffs"]) == (0, 8, 0, 4)
    assert "bo-0" not in [deal["account"] for deal in bare["deals"]]


def test_one_owner_alone_comes_with_the_deals_and_what_opens_them(team):
    _, owners = signs(team, "--owner", "sam")
    assert list(owners) == ["Sam"]
    assert owners["Sam"] == signs(team)[1]["Sam"]  # the others still count for what chance could do
    counts = {count["sign"]: (count["count"], count["of"]) for count in owners["Sam"]["counts"]}
    assert counts == {"least_words": (11, 11), "same_text": (11, 11), "held_at_once": (0, 0), "no_shows": (0, 0)}
    assert owners["Sam"]["surge"]["deals"][0]["command"] == "handoffctl show sam-1"
    text = team("report", "signs", "--owner", "sam").out
    assert "sam-7    Fri 27 Mar  end, short, same text  returned within 14 days; need: they lo" in text
    assert "handoffctl show ACCOUNT" in text
    assert "Bo" not in text
    unknown = team("report", "signs", "--owner", "sma", code=4).err
    assert unknown == 'Unknown owner "sma".\nOwners of deals here: Bo, Sam, ae, sdr.\n'


def test_p_values_only_where_somebody_asks_for_the_explanation(team):
    assert "0.002" not in team("report", "signs").out
    text = team("report", "signs", "--explain").out
    assert "Sam    end               0.002  0.010  look at" in text


def test_before_and_since_a_day_each_side_has_the_whole_months_within_it(team):
    compared = team("report", "signs", "--compare", "2026-03-10", "--json").json
    before, after = compared["before"], compared["after"]
    assert before["judged"][-1] == "2026-02-01"
    assert after["judged"] == []
    assert "No whole month ended more than 14 days ago" in team("report", "signs", "--since", "2026-03-10").out


def test_as_of_an_earlier_moment_it_is_what_it_was_then(team, home):
    found, owners = signs(team, now=EARLIER)
    assert found == json.loads((home / "then.json").read_text())  # asked before anything later was recorded
    assert found["judged"] == ["2025-12-01", "2026-01-01", "2026-02-01"]
    assert (owners["Sam"]["handoffs"], owners["Sam"]["handoffs_in_all"], owners["Sam"]["surge"]) == (6, 7, None)
    assert "Sam: not enough yet: 6 of 10 handoffs in the months judged." in team("report", "signs", now=EARLIER).out
    assert "not enough yet: 12 of" not in team("report", "signs").out
    now = signs(team)[0]
    team("add", "Later", now="2026-05-04T09:00:00Z")
    team("handoff", "later", "--stay", "--to-person", "Bo", now="2026-05-04T09:00:00Z")
    team("handoff", "later", "--to", "talk", "--set", "need=they lose orders", now="2026-05-04T09:00:00Z")
    team("close", "sam-9", "--lost", "--because", "no money", now="2026-05-05T09:00:00Z")
    assert signs(team)[0] == now
    assert signs(team, now=EARLIER)[0] == found


def test_the_number_of_questions_does_not_grow_with_the_handoffs(team, monkeypatch):
    asked = []
    for way in ("__call__", "each"):
        real = getattr(query_connection, way)
        monkeypatch.setattr(
            query_connection, way, lambda *given, real=real, **named: asked.append(given[1]) or real(*given, **named)
        )
    numbers = []
    for now in ("2026-02-13T09:00:00Z", NOW):
        asked.clear()
        assert signs(team, now=now)[1]
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] < 20
