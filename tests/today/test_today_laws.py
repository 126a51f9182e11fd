"""Laws of the day: no open deal is ever out of sight, and what is overdue stays until somebody acts on it."""

import contextlib
import io
import json
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.app import main
from handoffctl.db.query import query_connection, read_only

EXAMPLES = max(6, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 20)  # each is some ten commands

RULES = """
playbook: laws
title: Laws
roles: {sdr: Who finds, ae: Who sells}
fields:
  need: {label: Need, type: text, summary: current situation}
criteria:
  asked: {label: They wrote, touches: {direction: in}, why: They began.}
stages:
  lead:
    title: Lead
    owner: sdr
    target: 3d
    follow_up: {first_within: 4h, attempts: 2, most: 3, within: 5d, every: 2d}
  chat: {title: Chat, owner: sdr, follow_up: {first_within: 1d, within: 4d, every: 1d, no_shows: 2}}
  talk: {title: Talk, owner: ae, target: 1d}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: chat, trigger: They ask., reason: It fits., benefit: They are heard.}
  - {from: lead, to: talk, trigger: {says: They write., when: [asked]}, reason: It fits., benefit: They are heard.}
  - {from: chat, to: talk, trigger: They ask., reason: It fits., benefit: They are heard.}
  - {from: talk, to: won, trigger: They sign., reason: It fits., benefit: They begin.}
sla:
  taken: {from: ae, to: sdr, promise: Within a day., measure: accepted, handoff: talk, within: 1d}
"""

COMMANDS = [
    "touch DEAL call --outcome no-answer", "touch DEAL call --outcome answered", "touch DEAL email hello --in",
    "touch DEAL note read-up", "step DEAL call-them --due +1d", "step DEAL call-them --due -1d", "step DEAL think",
    "step DEAL --done", "promise add DEAL figures --by +1d", "promise kept DEAL", "handoff DEAL --to chat",
    "handoff DEAL --to talk", "handoff DEAL --to won", "accept DEAL", "return DEAL --because too-early",
    "meeting book DEAL --at +30h", "meeting book DEAL --at +2h", "meeting no-show DEAL", "meeting held DEAL",
    "meeting move DEAL --at +50h", "close DEAL --nurture --because later --wake +1d", "reopen DEAL",
    "close DEAL --disqualified --because no-fit", "close DEAL --lost --because no-answer", "meeting cancel DEAL",
    "handoff DEAL --to talk --to-person Mia", "summary draft DEAL", "touch DEAL meeting --outcome held",
    "summary sent DEAL", "summary confirm DEAL", "undo --yes",
]  # fmt: skip
DEALS = ("acme/deal", "acme/renewal", "birch/deal")
STEPS = st.tuples(st.sampled_from(COMMANDS), st.sampled_from(DEALS), st.sampled_from([0, 1, 5, 24, 24, 72]))

# A lead that was to be answered may be given up on by now: it is the same matter under another name.
MATTER = {"hot": "follow-up", "first": "follow-up", "attempt": "follow-up", "decide": "follow-up"}


class Seller:
    """Three deals of two accounts, and a clock that is set by hand."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        (home / "playbooks").mkdir(parents=True)
        (home / "playbooks" / "laws.yaml").write_text(RULES.lstrip(), encoding="utf-8")
        (home / "config.yaml").write_text("playbook: laws\nzone: Europe/Berlin\nhours: 09:00-17:00\n")
        assert self.run("person", "add", "Mia", "--role", "ae")[0] == 0
        for words in (["add", "Acme"], ["add", "Birch"], ["deal", "add", "acme", "Renewal"]):
            assert self.run(*words)[0] == 0
        for deal in DEALS:
            assert self.run("set", deal, "need=a roof that holds")[0] == 0

    def run(self, *words: str) -> tuple[int, str]:
        now = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = main(["--home", str(self.home), "--now", now, "--no-input", *words])
        return code, out.getvalue()

    def today(self) -> list[dict]:
        code, out = self.run("today", "--json", "--limit", "1000")
        assert code == 0
        return json.loads(out)["items"]

    def out_of_sight(self, items: list[dict]) -> set[str]:
        """Open deals that are neither in `today` nor have a step whose day is still to come."""
        sql = """SELECT a.slug || '/' || d.slug, s.due FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
                 JOIN account AS a ON a.id = d.account_id
                 LEFT JOIN step AS s ON s.deal_id = d.id AND s.done_at IS NULL AND s.replaced_at IS NULL
                 WHERE v.ended = 0 AND v.kind = 'open'"""
        with contextlib.closing(read_only(self.home / "handoffctl.db")) as connection:
            rows = query_connection(connection)(sql)
        ahead = {slug for slug, due in rows if due and due[:10] > (self.at - timedelta(hours=2)).date().isoformat()}
        return {slug for slug, _ in rows} - ahead - {f"{item['account']}/{item['deal']}" for item in items}


def matters(items: list[dict]) -> Counter[tuple[str, str, str]]:
    """What is overdue, by what somebody would have to act on."""
    return Counter(
        (one["ref"], MATTER.get(one["kind"], one["kind"]), "" if one["kind"] in MATTER else one["command"])
        for one in items
        if one["overdue"]
    )


def all_matters(items: list[dict]) -> Counter[tuple[str, str, str]]:
    return matters([{**one, "overdue": True} for one in items])


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(STEPS, min_size=4, max_size=14), st.sampled_from([1, 26, 100, 24 * 40, 24 * 400]))
def test_no_open_deal_is_out_of_sight_and_nothing_overdue_is_lost_when_time_passes(sequence, hours):
    with TemporaryDirectory() as folder:
        seller = Seller(Path(folder) / "home")
        for command, deal, passed in sequence:
            seller.at += timedelta(hours=passed)
            code, _ = seller.run(*[deal if word == "DEAL" else word for word in command.split()])
            assert code in (0, 2, 3, 4, 6), command
        before = seller.today()
        assert seller.out_of_sight(before) == set()
        seller.at += timedelta(hours=hours)
        after = seller.today()
        assert seller.out_of_sight(after) == set()
        lost = matters(before) - all_matters(after)
        assert not lost, (lost, before, after)
