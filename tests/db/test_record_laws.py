"""Laws that hold after any sequence of commands, whichever way the clock goes: no stay overlaps, none is missing."""

import contextlib
import io
import json
import os
import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.app import main

EXAMPLES = max(6, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 10)  # each is some twenty commands

PLAYBOOKS = {
    "laws": """
playbook: laws
title: Laws
roles: {seller: Who sells, delivery: Who delivers}
fields:
  need: {label: Need, type: text, why: Else there is nothing to sell.}
stages:
  lead: {title: Lead, owner: seller, target: 2d}
  talk: {title: Talk, owner: seller, target: 4h}
  offer: {title: Offer, owner: seller, exit: [need]}
  won: {title: Won, kind: won, owner: delivery}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They answered., benefit: They are heard.}
  - {from: lead, to: offer, name: shortcut, trigger: They ask., reason: They know., benefit: Time., next_step: required}
  - {from: talk, to: offer, trigger: They ask., reason: They want one., benefit: They get one., required: [need]}
  - {from: talk, to: aside/start, name: aside, trigger: They ask., reason: It is another., benefit: It fits.}
  - {from: offer, receiver: delivery, name: over, trigger: They ask., reason: It is hard., benefit: It fits.}
  - {from: offer, to: won, trigger: They ask., reason: They said yes., benefit: They begin.}
""",
    "aside": """
playbook: aside
title: Aside
roles: {seller: Who sells}
fields:
  need: {label: Need, type: text, why: Else there is nothing to sell.}
stages:
  start: {title: Start, owner: seller}
  done: {title: Done, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: start, to: done, trigger: They ask., reason: It is done., benefit: They have it., required: [need]}
  - {from: start, to: laws/lead, name: back, trigger: They ask., reason: It was the first., benefit: It fits.}
""",
}

# DEAL stands for one of the deals there are, ACCOUNT for one of the accounts, WAY for a handoff that leaves its stage.
LEAVING = {
    "lead": ["talk", "shortcut"],
    "talk": ["offer", "aside"],
    "offer": ["won", "over"],
    "start": ["done", "back"],
}
PASSING = [
    "handoff DEAL --to WAY",
    "handoff DEAL --to WAY",
    "handoff DEAL --to WAY --set need=roof",
    "handoff DEAL --to WAY --set need=roof --step call",
    "handoff DEAL",
]
CLOSING = [
    "close DEAL --won",
    "close DEAL --lost --because no-budget",
    "close DEAL --disqualified --because no-fit",
    "close DEAL --nurture --because they-have-no-time-now --wake +90d",
]
GOING_BACK = [
    "return DEAL --because nobody-knows-why",
    "return DEAL --because nobody-knows-why",
    "accept DEAL",
    "reopen DEAL",
    "reopen DEAL",
    "reopen DEAL --to offer",
]
OTHERS = [
    "set DEAL need=roof",
    "set DEAL need=tbd",
    "set DEAL deal.amount=12,500",
    "touch DEAL meeting --outcome held --step call-them",
    "touch DEAL call --at 2026-03-01",
    "step DEAL send-the-offer --due +3d",
    "step DEAL --done",
    "summary confirm DEAL",
    "deal add ACCOUNT Renewal",
    "deal add ACCOUNT Another --playbook aside",
    "add Cedar",
    "rename ACCOUNT Acme-Two",
    "handoff nobody",
    "handoff DEAL --to nowhere",
    "handoff ACCOUNT",
    "close ACCOUNT --lost --because no-budget",
]
# Handoffs more often than the rest, for they are what makes stays.
commands = st.sampled_from([PASSING, PASSING, PASSING, CLOSING, GOING_BACK, GOING_BACK, OTHERS]).flatmap(
    st.sampled_from
)
moves = st.sampled_from([0, 20, 300, 7_200, 86_400, 40 * 86_400, -20, -7_200, -2 * 86_400])
forms = st.sampled_from(["instant", "instant", "date"])
steps = st.tuples(commands, st.integers(0, 3), st.integers(0, 1), moves, forms)


class Seller:
    """A home of its own, a clock that is set by hand, and what the database holds."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.at = datetime(2026, 3, 1, 9, tzinfo=UTC)
        (home / "playbooks").mkdir(parents=True)
        for name, text in PLAYBOOKS.items():
            (home / "playbooks" / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
        (home / "config.yaml").write_text("playbook: laws\n", encoding="utf-8")
        assert self.run("add", "Acme", "--contact", "Jane <jane@acme.example>")[0] == 0
        assert self.run("add", "Birch", "--playbook", "laws")[0] == 0

    def words(self, command: str, which: int, way: int) -> list[str]:
        """The command with what its capital words stand for now."""
        sql = """SELECT a.slug || '/' || d.slug AS deal, a.slug AS account, v.stage FROM deal AS d
                 JOIN account AS a ON a.id = d.account_id JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0"""
        deals = self.rows(sql)
        one = deals[which % len(deals)]
        stands_for = {
            "DEAL": one["deal"],
            "ACCOUNT": one["account"],
            "WAY": LEAVING.get(one["stage"], ["talk"] * 2)[way],
        }
        return [stands_for.get(word, word) for word in command.split()]

    def run(self, *words: str, form: str = "instant") -> tuple[int, str, str]:
        now = self.at.strftime("%Y-%m-%d" if form == "date" else "%Y-%m-%dT%H:%M:%SZ")
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--home", str(self.home), "--now", now, "--no-input", *words])
        return code, out.getvalue(), err.getvalue()

    def rows(self, sql: str) -> list[sqlite3.Row]:
        with contextlib.closing(sqlite3.connect(self.home / "handoffctl.db")) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(sql).fetchall()

    def stays(self) -> list[tuple]:
        return [tuple(row) for row in self.rows("SELECT * FROM visit ORDER BY deal_id, number")]


def length(start: str, end: str, zone: ZoneInfo) -> float:
    """The rule of days: whole calendar days when either end is a date, else seconds / 86,400."""

    def day(moment: str) -> date:
        if len(moment) == 10:
            return date.fromisoformat(moment)
        return datetime.fromisoformat(moment).astimezone(zone).date()

    if 10 in (len(start), len(end)):
        return float((day(end) - day(start)).days)
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 86_400


def assert_gapless(seller: Seller, zone: ZoneInfo) -> None:
    deals: dict[int, list[sqlite3.Row]] = {row["id"]: [] for row in seller.rows("SELECT id FROM deal")}
    for row in seller.rows("SELECT * FROM visit ORDER BY deal_id, number"):
        deals[row["deal_id"]].append(row)
    paths = {row["id"]: row["stages"] for row in seller.rows(
        "SELECT d.id, p.stages FROM deal AS d JOIN path AS p ON p.id = d.path_id"
    )}  # fmt: skip
    for deal, stays in deals.items():
        assert [stay["number"] for stay in stays] == list(range(1, len(stays) + 1))
        assert [stay["ended"] for stay in stays] == [1] * (len(stays) - 1) + [0]
        assert paths[deal] == ">".join(f"{stay['playbook']}/{stay['stage']}" for stay in stays)
        for stay, onward in pairwise(stays):
            assert stay["left_at"] == onward["entered_at"]
            assert stay["days"] == length(stay["entered_at"], stay["left_at"], zone) >= 0
            assert (stay["to_playbook"], stay["to_stage"]) == (onward["playbook"], onward["stage"])
            assert stay["to_kind"] == (onward["kind"] if onward["playbook"] == stay["playbook"] else "moved")
        assert [stays[-1][name] for name in ("left_at", "days", "to_playbook", "to_stage", "to_kind")] == [None] * 5


def assert_counted(seller: Seller) -> None:
    """Of each stage: whoever entered it has left it in one of the ways, or is still there."""
    for playbook in PLAYBOOKS:
        code, out, _ = seller.run("report", "throughput", "--playbook", playbook, "--json")
        assert code == 0
        stages = json.loads(out)["stages"]
        ways = ("advanced", "returned", "won", "lost", "nurture", "moved", "now")
        for stage in stages:
            assert stage["entered"] == sum(stage[way] for way in ways), stage
            assert stage["deals"] <= stage["entered"]
            assert stage["conversion"] is None or 0 <= stage["conversion"] <= 1
        where = f"FROM visit WHERE playbook = '{playbook}'"
        entered = {row["stage"]: row[1] for row in seller.rows(f"SELECT stage, count(*) {where} GROUP BY stage")}
        there = {row[0]: row[1] for row in seller.rows(f"SELECT stage, count(*) {where} AND ended = 0 GROUP BY stage")}
        moved = seller.rows(f"SELECT count(*) {where} AND to_kind = 'moved'")[0][0]
        assert {one["stage"]: one["entered"] for one in stages if one["entered"]} == entered
        assert {one["stage"]: one["now"] for one in stages if one["now"]} == there
        assert sum(one["moved"] for one in stages) == moved


def assert_handoffs_are_true(seller: Seller) -> None:
    """A handoff that was not blocked began a stay or changed a person; a blocked one names what was missing."""
    sql = """SELECT h.*, (SELECT count(*) FROM visit WHERE handoff_id = h.id) AS began,
                    (SELECT count(*) FROM gap WHERE handoff_id = h.id AND kind = 'required') AS gaps
             FROM handoff AS h"""
    for row in seller.rows(sql):
        blocked, passing = row["state"] == "blocked", (row["to_stage"], row["name"]) == ("offer", "over")
        assert row["began"] == (0 if blocked or passing else 1), dict(row)
        assert (row["gaps"] > 0) == blocked, dict(row)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(steps, min_size=8, max_size=24), st.sampled_from(["UTC", "America/New_York", "Pacific/Auckland"]))
def test_after_any_sequence_of_commands_stays_follow_one_another_and_every_figure_adds_up(sequence, zone):
    os.environ["TZ"] = zone
    time.tzset()
    with TemporaryDirectory() as folder:
        seller = Seller(Path(folder) / "home")
        for command, which, way, seconds, form in sequence:
            seller.at += timedelta(seconds=seconds)
            before = seller.stays()
            code, _, err = seller.run(*seller.words(command, which, way), form=form)
            assert code in (0, 2, 3, 4, 6), err
            if code:
                assert seller.stays() == before, "what failed or was blocked moves nothing"
            assert_gapless(seller, ZoneInfo(zone))
        seller.at += timedelta(days=365)  # as of an earlier moment a report leaves out what is later
        assert_counted(seller)
        assert_handoffs_are_true(seller)
        assert seller.rows("PRAGMA foreign_key_check") == []
        assert seller.run("doctor")[0] == 0
