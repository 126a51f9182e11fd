"""Who takes a deal over: who is there, how much they have, and how many of this kind went on."""

import sqlite3
from contextlib import closing

import pytest

from handoffctl.core.moments import Clock
from handoffctl.handoffs.candidates import candidates, handoff_meant
from handoffctl.playbook.reader import playbook_from_text

DESK = """\
playbook: desk
title: A desk of three
roles: {finder: Who finds them, seller: Who sells}
fields:
  fit: {label: Fit, type: choice, choices: [high, low], why: It tells how much there is to do.}
stages:
  found: {title: Found, owner: finder}
  talks: {title: Talks, owner: seller}
  offer: {title: Offer, owner: seller}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: talks, required: [fit], like: [fit, deal.source], trigger: They call., reason: They fit.,
     benefit: They are heard.}
  - {from: talks, to: offer, trigger: They ask for a price., reason: They want it., benefit: They get it in writing.}
  - {from: offer, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
NOW = "2026-06-01T09:00:00Z"
SELLERS = ("Ann Ash", "Bea Lind", "Cem Oz")


@pytest.fixture
def does(does, playbook):
    playbook(DESK)
    return does


@pytest.fixture
def desk(does, home, once):
    """Three sellers, and one deal that was found today; the fourth person only finds."""

    def make():
        (home / "config.yaml").write_text("playbook: desk\nzone: UTC\n", encoding="utf-8")
        for name in SELLERS:
            does("person", "add", name, "--role", "seller")
        does("person", "add", "Fay Roe", "--role", "finder")
        does("add", "Acme Corp")
        does("set", "acme-corp", "fit=high", "deal.source=fair")

    once(make)
    return does


class Past:
    """Writes handoffs of earlier days straight into the database, as the commands would have recorded them."""

    def __init__(self, connection):
        self.connection = connection
        self.command = self.one("SELECT min(id) FROM command")
        self.revision = self.add("playbook_revision", playbook="desk", hash="past", content="", at="2026-01-01")

    def one(self, sql):
        return self.connection.execute(sql).fetchone()[0]

    def add(self, table, **values):
        values["command_id"] = self.command
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        return self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (*values.values(),)).lastrowid

    def handoff(self, receiver, end, at="2026-03-02", until="2026-03-12", test=0, fit="high", source="fair"):
        """A deal handed to the receiver, and how that ended: offer, won, lost, returned, or empty: it goes on."""
        number = self.one("SELECT count(*) FROM account") + 1
        slug = f"past-{number}"
        account = self.add("account", slug=slug, name=slug, folded=slug, test=test)
        deal = self.add("deal", account_id=account, slug="deal", source=source)
        found = self.add("visit", deal_id=deal, number=1, playbook="desk", stage="found", kind="open", owner="finder",
                         entered_at="2026-03-01", left_at=at, days=1, ended=1)  # fmt: skip
        state = "returned" if end == "returned" else "completed"
        handoff = self.add("handoff", deal_id=deal, visit_id=found, revision_id=self.revision, name="talks", at=at,
                           state=state, from_stage="found", to_playbook="desk", to_stage="talks", from_owner="finder",
                           to_owner=receiver, returned_at=until if end == "returned" else None)  # fmt: skip
        self.add("field_value", account_id=account, deal_id=deal, name="fit", type="choice", value=fit, at=at)
        ended = {"left_at": until, "days": 1, "ended": 1} if end else {}
        self.add("visit", deal_id=deal, number=2, playbook="desk", stage="talks", kind="open", owner=receiver,
                 entered_at=at, handoff_id=handoff, **ended)  # fmt: skip
        if end:
            stage, kind = {"returned": ("found", "open"), "offer": ("offer", "open")}.get(end, (end, end))
            later = {"left_at": until, "days": 0, "ended": 1} if kind == "open" else {}
            self.add("visit", deal_id=deal, number=3, playbook="desk", stage=stage, kind=kind, owner="nobody",
                     entered_at=until, **later)  # fmt: skip
        return deal

    def several(self, receiver, went_on, handoffs, **more):
        """So many handoffs of which so many went on, won and advanced in turn; the others were lost or returned."""
        for number in range(handoffs):
            ends = ("offer", "won") if number < went_on else ("lost", "returned")
            self.handoff(receiver, ends[number % 2], **more)


@pytest.fixture
def past(desk, home):
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection:
        past = Past(connection)
        connection.commit()  # the commands of a test write too
        yield past


def records(ran):
    return {one["name"]: (one["went_on"], one["handoffs"]) for one in ran.json["candidates"]}


def shares(ran):
    return {
        one["name"]: tuple(round(100 * one[key]) for key in ("share", "low", "high")) for one in ran.json["candidates"]
    }


@pytest.fixture
def worked(past):
    """The worked numbers: 3 of 4, 9 of 20, 2 of 16."""
    for seller, went_on, handoffs in zip(SELLERS, (3, 9, 2), (4, 20, 16), strict=True):
        past.several(seller, went_on, handoffs)
    past.connection.commit()
    return past


def test_the_worked_shares_of_three_receivers(worked, desk):
    ran = desk("who-next", "acme-corp", "--json")
    assert records(ran) == {"Ann Ash": (3, 4), "Bea Lind": (9, 20), "Cem Oz": (2, 16)}
    assert shares(ran) == {"Ann Ash": (48, 26, 71), "Bea Lind": (42, 27, 58), "Cem Oz": (20, 8, 34)}
    assert ran.json["within_days"] == 14
    assert ran.json["same"] == ["Fit", "Source"]


def test_96_percent_are_not_enough_among_three_so_availability_decides(worked, desk):
    """Ann's record is best and hers is not surely better; without her it is Bea's beside that of Cem, who is next."""
    for seller in ("Ann Ash", "Bea Lind"):
        for number in range(2):
            name = f"{seller[:3]} {number}"
            desk("add", name)
            worked.connection.execute("UPDATE visit SET owner = ? WHERE id = (SELECT max(id) FROM visit)", (seller,))
            worked.connection.commit()
    ran = desk("who-next", "acme-corp", "--json")
    assert ran.json["needed"] == 0.975
    assert 0.95 < ran.json["probability"] < 0.975
    assert (ran.json["proposed"], ran.json["verdict"]) == ("Cem Oz", "availability decides")
    assert "Nobody has surely done better" in desk("who-next", "acme-corp").out

    desk("person", "add", "Ann Ash", "--away", "today..+3d")
    ran = desk("who-next", "acme-corp", "--json")
    assert ran.json["needed"] == 0.95
    assert ran.json["probability"] == pytest.approx(0.962, abs=5e-4)
    assert (ran.json["proposed"], ran.json["verdict"]) == ("Bea Lind", "has done better")
    out = " ".join(desk("who-next", "acme-corp").out.split())
    assert "Bea Lind has done better: of this kind 9 of 20 went on; of those of Cem Oz" in out
    assert 'handoffctl handoff acme-corp --to-person "Bea Lind"' in out


def test_the_line_of_check_and_handoff(worked, desk):
    desk("person", "add", "Ann Ash", "--away", "today..+3d")
    desk("person", "add", "Bea Lind", "--capacity", "12")
    desk("person", "add", "Cem Oz", "--capacity", "1")
    desk("add", "Birch Barn")
    worked.connection.execute("UPDATE visit SET owner = 'Cem Oz' WHERE id = (SELECT max(id) FROM visit)")
    worked.connection.commit()
    line = "Next in line: Bea Lind is there today, has 0 open of 12; of this kind 9 of 20 went on.\n"
    assert desk("check", "acme-corp").out.endswith(line)
    told = desk("check", "acme-corp", "--json").json["receiver"]
    assert told == {
        "name": "Bea Lind", "proposed": True, "there_today": True, "away_until": None, "there_on_step_day": None,
        "open": 0, "late": 0, "capacity": 12, "went_on": 9, "handoffs": 20, "same": ["Fit", "Source"],
        "within_days": 14,
    }  # fmt: skip
    passed = desk("handoff", "acme-corp", "--to-person", "Bea Lind", "--step", "call", "--due", "+1d")
    assert "Bea Lind is there today, has 1 open of 12; of this kind 9 of 20 went on.\n" in passed.out
    desk("undo", "--yes")
    passed = desk("handoff", "acme-corp", "--to-person", "Ann Ash", "--json")
    assert passed.json["receiver"]["away_until"] == "2026-06-04"
    assert list(passed.json)[-2:] == ["emails", "receiver"]


def test_somebody_who_is_away_is_said_once(desk):
    desk("person", "add", "Ann Ash", "--away", "today..+3d")
    passed = desk("handoff", "acme-corp", "--to-person", "Ann Ash")
    assert "Ann Ash has 1 open.\n" in passed.out
    assert "Ann Ash is away until 2026-06-04." in passed.err


def test_the_day_of_the_next_step_counts_too(desk):
    desk("step", "acme-corp", "first call", "--due", "2026-06-03")
    desk("person", "add", "Ann Ash", "--away", "2026-06-03..2026-06-03")
    for name in ("Bea Lind", "Cem Oz"):
        desk("person", "add", name, "--away", "today..+9d")
    assert (
        "Next in line: Ann Ash is there today and away on Wed 3 Jun, when the next step is due, has 0 open.\n"
        in desk("check", "acme-corp").out
    )
    desk("person", "add", "Cem Oz", "--back")
    assert desk("check", "acme-corp", "--json").json["receiver"]["name"] == "Cem Oz"


def test_a_record_counts_a_wider_kind_while_there_are_fewer_than_eight_and_says_so(past, desk):
    past.several("Ann Ash", 3, 7)
    past.several("Bea Lind", 2, 3, source="web")
    past.several("Cem Oz", 1, 4, fit="low")
    past.connection.commit()
    ran = desk("who-next", "acme-corp", "--json")
    assert ran.json["same"] == ["Fit"]
    assert records(ran) == {"Ann Ash": (3, 7), "Bea Lind": (2, 3), "Cem Oz": (0, 0)}
    out = " ".join(desk("who-next", "acme-corp").out.split())
    assert "Of those with the same Fit 5 of 10 went on (fewer than 8 with the same Fit and Source)" in out
    past.several("Ann Ash", 0, 1)
    past.connection.commit()
    assert desk("who-next", "acme-corp", "--json").json["same"] == ["Fit", "Source"]
    everything = desk("who-next", "--handoff", "talks", "--json")
    assert everything.json["same"] == []
    assert records(everything) == {"Ann Ash": (3, 8), "Bea Lind": (2, 3), "Cem Oz": (1, 4)}
    out = " ".join(desk("who-next", "--handoff", "talks").out.split())
    assert "Of all these handoffs 6 of 15 went on (Fit and Source not known)" in out


def test_a_record_leaves_out_what_is_too_young_undone_or_of_test_accounts(past, desk):
    past.several("Ann Ash", 1, 8)
    past.several("Ann Ash", 5, 5, at="2026-05-20", until="2026-05-21")  # 12 days old
    past.several("Bea Lind", 5, 5, test=1)
    past.handoff("Bea Lind", "")  # goes on, and has had its time
    past.connection.commit()
    desk("handoff", "acme-corp", "--to-person", "Bea Lind")
    desk("undo", "--yes")
    assert records(desk("who-next", "acme-corp", "--json")) == {"Ann Ash": (1, 8), "Bea Lind": (0, 1), "Cem Oz": (0, 0)}


def test_a_receiver_is_judged_by_the_same_time_as_the_others(past, desk):
    """Nine took ten days, and one three months: it went on too late for the others to be compared with it."""
    past.several("Ann Ash", 9, 9)
    past.several("Bea Lind", 1, 1, until="2026-05-25")
    past.connection.commit()
    assert records(desk("who-next", "acme-corp", "--json"))["Bea Lind"] == (0, 1)


def test_a_deal_that_passed_on_to_somebody_else_counts_for_nobody(past, desk):
    past.several("Ann Ash", 8, 8)
    deal = past.handoff("Bea Lind", "won")
    stay = past.one(f"SELECT id FROM visit WHERE deal_id = {deal} AND number = 2")
    past.add("handoff", deal_id=deal, visit_id=stay, revision_id=past.revision, name="cover", at="2026-03-05",
             state="completed", from_stage="talks", to_playbook="desk", to_stage="talks", from_owner="Bea Lind",
             to_owner="Cem Oz")  # fmt: skip
    past.connection.commit()
    assert records(desk("who-next", "acme-corp", "--json")) == {"Ann Ash": (8, 8), "Bea Lind": (0, 0), "Cem Oz": (0, 0)}


def test_as_of_an_earlier_moment_only_what_had_happened_by_then_counts(past, desk):
    past.several("Ann Ash", 6, 8, at="2026-03-02", until="2026-03-12")
    past.several("Bea Lind", 4, 8, at="2026-03-02", until="2026-04-20")
    past.several("Bea Lind", 8, 8, at="2026-04-25", until="2026-04-26")
    past.connection.commit()
    ran = desk("who-next", "acme-corp", "--json", now="2026-04-01T09:00:00Z")
    assert records(ran) == {"Ann Ash": (6, 8), "Bea Lind": (0, 8), "Cem Oz": (0, 0)}
    assert ran.json["within_days"] == 14


def test_the_kind_is_that_which_was_known_when_the_deal_was_handed_over(past, desk):
    past.several("Ann Ash", 4, 8, fit="low")
    past.connection.execute(
        "INSERT INTO command (at, words, says) VALUES ('2026-05-01', 'set', 'set'), ('2026-05-01', 'set', 'set')"
    )
    last = past.one("SELECT max(id) FROM command")
    past.connection.execute(
        "INSERT INTO field_value (command_id, account_id, deal_id, name, type, value, at) "
        "SELECT ?, account_id, id, 'fit', 'choice', 'high', '2026-05-01' FROM deal WHERE slug = 'deal'", (last,)
    )  # fmt: skip
    past.connection.commit()
    assert desk("who-next", "acme-corp", "--json").json["same"] == []  # none of them was high then


def test_newcomers_get_their_turn_among_equals(past, desk):
    past.several("Ann Ash", 2, 8)
    past.several("Bea Lind", 4, 8)
    past.connection.commit()
    ran = desk("who-next", "acme-corp", "--json")
    assert ran.json["proposed"] == "Cem Oz"
    assert ran.json["candidates"][0]["name"] == "Cem Oz"


def test_the_load_is_a_share_of_the_capacity_where_everybody_has_one(past, desk):
    for seller, count, capacity in (("Ann Ash", 3, "4"), ("Bea Lind", 4, "12"), ("Cem Oz", 6, "30")):
        desk("person", "add", seller, "--capacity", capacity)
        for _ in range(count):
            past.handoff(seller, "", at="2026-05-28")
        past.connection.commit()
    in_turn = [one["name"] for one in desk("who-next", "acme-corp", "--json").json["candidates"]]
    assert in_turn == ["Cem Oz", "Bea Lind", "Ann Ash"]
    desk("person", "add", "Bea Lind", "--capacity", "0")
    in_turn = [one["name"] for one in desk("who-next", "acme-corp", "--json").json["candidates"]]
    assert in_turn == ["Ann Ash", "Bea Lind", "Cem Oz"]
    desk("person", "add", "Ann Ash", "--capacity", "3")  # no room
    told = desk("who-next", "acme-corp", "--json").json["candidates"]
    assert [(one["name"], one["available"], one["free"]) for one in told] == [
        ("Bea Lind", True, None), ("Cem Oz", True, 24), ("Ann Ash", False, 0),
    ]  # fmt: skip


def test_nobody_is_proposed_while_everybody_is_away(desk):
    for name, until in zip(SELLERS, ("+9d", "+2d", "+5d"), strict=True):
        desk("person", "add", name, "--away", f"today..{until}")
    ran = desk("who-next", "acme-corp", "--json")
    assert ran.json["proposed"] is None
    assert ran.json["because"] == "Everybody with the role seller is away, Bea Lind until Wed 3 Jun."


def test_two_are_compared_in_one_sentence(desk):
    desk("person", "remove", "Cem Oz")
    assert desk("who-next", "acme-corp").out == (
        "Proposed: Ann Ash is there and has least to do: 0 open. No handoff is old enough to tell who does better.\n"
        'Hand it off with: handoffctl handoff acme-corp --to-person "Ann Ash"\n'
    )


def test_for_one_person_it_is_a_matter_of_when(desk):
    desk("person", "add", "Ann Ash", "--capacity", "12")
    for name in ("Bea Lind", "Cem Oz"):
        desk("person", "remove", name)
    desk("handoff", "acme-corp", "--step", "call", "--due", "+1d", "--to-person", "Ann Ash")
    ran = desk("who-next", "--handoff", "talks")
    assert " ".join(ran.out.split()) == (
        "Nobody else has the role seller: Ann Ash is there today, has 1 open of 12. There is room for 11 more. "
        "Nothing is due on Wed 3 Jun."
    )


def test_a_role_that_nobody_has_is_asked_about_the_moment_only_where_there_is_plenty(desk, past):
    for name in (*SELLERS, "Fay Roe"):
        desk("person", "remove", name)
    desk("handoff", "acme-corp")
    assert "open" not in desk("check", "acme-corp", now="2026-06-01T09:05:00Z").out
    for number in range(11):
        deal = past.handoff("seller", "", source="web")
        if number < 3:
            past.add("step", deal_id=deal, text="call", due="2026-05-20", owner="seller", at="2026-03-02")
    past.connection.commit()
    line = "seller has 12 open, 3 late: is this one for now?\n"
    assert desk("check", "acme-corp", now="2026-06-01T09:05:00Z").out.endswith(line)
    passed = desk("handoff", "acme-corp", now="2026-06-01T09:05:00Z")
    assert line in passed.out
    assert line not in desk("handoff", "acme-corp", now="2026-06-01T09:15:00Z").out  # it is won


def test_a_handoff_that_is_not_there_is_told(desk):
    assert "did you mean" in desk("who-next", "--handoff", "talk", code=4).err
    assert "Name an account" in desk("who-next", code=2).err


def test_several_handoffs_ahead_are_named_as_the_hint_says(desk):
    desk("handoff", "acme-corp", "--to-person", "Ann Ash")
    ran = desk("who-next", "acme-corp", "--to", "offer", "--json", now="2026-06-01T09:05:00Z")
    assert (ran.json["handoff"], ran.json["role"]) == ("offer", "seller")
    assert (
        "No handoff leads from" in desk("who-next", "acme-corp", "--to", "won", now="2026-06-01T09:05:00Z", code=2).err
    )


def test_a_role_that_nobody_has_is_told_when_there_is_room(desk):
    for name in SELLERS:
        desk("person", "remove", name)
    assert " ".join(desk("who-next", "acme-corp").out.split()) == (
        "Nobody in the team has the role seller, which has 0 open deals. Nothing is due on Tue 2 Jun."
    )


def test_among_two_a_clear_record_decides(past, desk):
    desk("person", "remove", "Cem Oz")
    past.several("Ann Ash", 28, 40)
    past.several("Bea Lind", 8, 40)
    past.connection.commit()
    past.handoff("Ann Ash", "", at="2026-05-28")  # so that Bea has least to do
    past.connection.commit()
    ran = desk("who-next", "acme-corp", "--json")
    assert (ran.json["proposed"], ran.json["verdict"], ran.json["needed"]) == ("Ann Ash", "has done better", 0.95)
    assert " ".join(desk("who-next", "acme-corp").out.split()).startswith(
        "Proposed: Ann Ash has done better: of this kind 28 of 40 went on; of those of Bea Lind, who has least to do, "
        "8 of 40 did."
    )


def test_one_question_reads_all_loads_and_records(desk, home):
    """Besides the one for the people; `handoff` must not become slower by it."""
    asked = []
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection:
        connection.row_factory = sqlite3.Row

        def query(sql, /, **named):
            asked.append(sql)
            return connection.execute(sql, named).fetchall()

        rules = playbook_from_text(DESK, "desk.yaml")
        meant = handoff_meant(rules, rules, rules.handoffs[0], "seller", {"fit": "high"}, None, Clock(NOW))
        among = candidates(query, meant, Clock(NOW))
    assert [each.name for each in among.everybody] == list(SELLERS)
    assert len(asked) == 2


def test_what_was_recorded_later_changes_no_record_of_an_earlier_moment(past, desk):
    """As of an earlier moment the proposal equals that of a home in which only what had happened was recorded."""
    earlier = "2026-04-01T09:00:00Z"
    past.several("Ann Ash", 6, 9, at="2026-03-02", until="2026-03-12")
    open_then = [past.handoff("Bea Lind", "", at="2026-03-05") for _ in range(9)]
    past.connection.commit()
    before = desk("who-next", "acme-corp", "--json", now=earlier).json["candidates"]
    for deal in open_then:
        past.connection.execute("UPDATE visit SET ended = 1, left_at = '2026-04-20', days = 1 WHERE deal_id = ? AND "
                                "number = 2", (deal,))  # fmt: skip
        past.add("visit", deal_id=deal, number=3, playbook="desk", stage="won", kind="won", owner="nobody",
                 entered_at="2026-04-20")  # fmt: skip
    past.several("Cem Oz", 9, 9, at="2026-05-02", until="2026-05-03")
    past.connection.commit()
    after = desk("who-next", "acme-corp", "--json", now=earlier).json["candidates"]
    record = ("name", "went_on", "handoffs", "share", "low", "high")
    assert [[one[key] for key in record] for one in sorted(after, key=lambda one: one["name"])] == [
        [one[key] for key in record] for one in sorted(before, key=lambda one: one["name"])
    ]
