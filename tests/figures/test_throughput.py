"""Stage throughput: tables worked by hand, and any history held against the definitions taken literally."""

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffctl.actions.home import Home
from handoffctl.actions.reporting import throughput
from handoffctl.figures.throughput import flows
from handoffctl.store.stays import Into, begin, move
from handoffctl.store.tables.people import Account, Deal
from handoffctl.store.writing import writing

KINDS = {"lead": "open", "talks": "open", "offer": "open", "won": "won", "lost": "lost", "later": "nurture"}


def counted(*paths):
    """Flows as plain words: what each stage that was entered counts, noughts left out."""
    found = flows(KINDS, [(path.split(), 1) for path in paths])
    told = {}
    for stage, flow in found.items():
        counts = {"entered": flow.entered, "deals": flow.deals, **flow.out, "now": flow.now, "further": flow.converted}
        told[stage] = {name: count for name, count in counts.items() if count}
    return told


def test_a_deal_that_goes_straight_on_is_counted_once_in_each_stage():
    assert counted("lead talks offer won") == {
        "lead": {"entered": 1, "deals": 1, "advanced": 1, "further": 1},
        "talks": {"entered": 1, "deals": 1, "advanced": 1, "further": 1},
        "offer": {"entered": 1, "deals": 1, "won": 1, "further": 1},
        "won": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_skipped_stage_is_an_advance_too():
    assert counted("lead offer")["lead"] == {"entered": 1, "deals": 1, "advanced": 1, "further": 1}


def test_a_deal_that_was_returned_and_then_advanced_got_further_all_the_same():
    assert counted("lead talks lead talks offer") == {
        "lead": {"entered": 2, "deals": 1, "advanced": 2, "further": 1},
        "talks": {"entered": 2, "deals": 1, "advanced": 1, "returned": 1, "further": 1},
        "offer": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_return_alone_is_no_progress():
    assert counted("lead talks lead")["talks"] == {"entered": 1, "deals": 1, "returned": 1}


def test_a_deal_that_was_lost_and_taken_up_again_and_won_got_further():
    assert counted("lead lost lead won") == {
        "lead": {"entered": 2, "deals": 1, "lost": 1, "won": 1, "further": 1},
        "lost": {"entered": 1, "deals": 1, "returned": 1, "further": 1},
        "won": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_deal_that_slept_and_woke_further_on_got_further():
    assert counted("lead later talks")["lead"] == {"entered": 1, "deals": 1, "nurture": 1, "further": 1}


def test_a_deal_that_came_back_from_another_playbook_got_further_then():
    found = flows(KINDS, [(["lead", "", "talks"], 1), (["lead", ""], 1), (["", "lead"], 1)])
    assert found["lead"].out == Counter(moved=2)
    assert (found["lead"].entered, found["lead"].now, found["lead"].converted) == (3, 1, 1)
    assert "" not in found


def test_a_stage_that_the_playbook_no_longer_has_comes_before_all_it_has():
    assert counted("gone lead gone talks") == {
        "gone": {"entered": 2, "deals": 1, "advanced": 2, "further": 1},
        "lead": {"entered": 1, "deals": 1, "returned": 1, "further": 1},
        "talks": {"entered": 1, "deals": 1, "now": 1},
    }


def test_a_win_in_a_stage_that_the_playbook_no_longer_has_is_a_win():
    found = flows(KINDS, [(["lead", "signed"], 1), (["lead", "no", "talks"], 1)], {"signed": "won", "no": "lost"})
    assert found["lead"].out == Counter(won=1, lost=1)
    assert (found["lead"].converted, found["no"].converted, found["signed"].now) == (2, 1, 1)


def test_a_won_deal_that_is_taken_up_again_has_left_won():
    assert counted("offer won offer") == {
        "offer": {"entered": 2, "deals": 1, "won": 1, "now": 1, "further": 1},
        "won": {"entered": 1, "deals": 1, "returned": 1},
    }


def test_many_deals_on_the_same_way_count_many_times():
    found = flows(KINDS, [(["lead", "talks"], 40), (["lead"], 10)])
    assert (found["lead"].entered, found["lead"].deals, found["lead"].now) == (50, 50, 10)
    assert found["lead"].conversion == 0.8
    assert flows(KINDS, []) == {}


# --- Any history, against the definitions ------------------------------------------------------------------------

ZONE = ZoneInfo("America/New_York")
SALES = """\
playbook: sales
stages:
  a: {title: A, target: 3d}
  b: {title: B, target: 12h}
  w: {title: W, kind: won}
  c: {title: C}
  l: {title: L, kind: lost}
  n: {title: N, kind: nurture}
  v: {title: V, kind: won}
handoffs:
  - {from: a, to: b, trigger: They do., reason: It fits., benefit: They gain.}
  - {from: b, to: c, trigger: They do., reason: It fits., benefit: They gain.}
"""
ORDER = ["a", "b", "w", "c", "l", "n", "v"]
STAGE_KINDS = {
    ("sales", "a"): "open", ("sales", "b"): "open", ("sales", "c"): "open", ("sales", "w"): "won",
    ("sales", "v"): "won", ("sales", "l"): "lost", ("sales", "n"): "nurture", ("sales", "gone"): "open",
    ("sales", "gone-won"): "won", ("sales", "gone-lost"): "lost", ("other", "a"): "open", ("other", "w"): "won",
}  # fmt: skip
TARGETS = {"a": 3.0, "b": 0.5}
NOW = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Stay:
    deal: int
    number: int
    playbook: str
    stage: str
    entered: str | None
    left: str | None
    onward: tuple[str, str] | None

    @property
    def kind(self):
        return STAGE_KINDS[self.playbook, self.stage]


def said(at, as_date):
    """A moment as it is kept: the local date, or the instant."""
    return at.astimezone(ZONE).date().isoformat() if as_date else at.strftime("%Y-%m-%dT%H:%M:%SZ")


moves = st.tuples(
    st.sampled_from(sorted(STAGE_KINDS)),
    st.sampled_from([0, 1, 3_600, 43_200, 43_201, 86_399, 86_400, 259_200, 259_201, 700_000]),
    st.booleans(),
)
deals = st.tuples(
    st.lists(moves, min_size=1, max_size=6),
    st.sampled_from([0, 40_000, 43_200, 86_400, 259_200, 300_000, 2_000_000]),
    st.booleans(),  # whether the beginning is unknown
    st.sampled_from([False, False, False, True]),  # whether it is a drill
)


def stays_of(number, deal):
    """The stays of a deal whose last one began `ago` seconds before now."""
    path, ago, unknown, _ = deal
    at = NOW - timedelta(seconds=ago + sum(seconds for _, seconds, _ in path[1:]))
    entered = []
    for place, (_, seconds, as_date) in enumerate(path):
        at += timedelta(seconds=seconds if place else 0)
        entered.append(None if unknown and not place else said(at, as_date))
    # A date comes before the instants of its day, so that an instant is never followed by the date of its own day.
    for place in range(1, len(entered)):
        before = entered[place - 1]
        if before and len(before) > 10 and len(entered[place]) == 10 and local(before) == local(entered[place]):
            entered[place] = before
    ways = [way for way, _, _ in path]
    return [
        Stay(number, place + 1, *ways[place], entered[place], *(
            (entered[place + 1], ways[place + 1]) if place + 1 < len(path) else (None, None)
        ))
        for place in range(len(path))
    ]  # fmt: skip


def local(moment):
    if len(moment) == 10:
        return date.fromisoformat(moment)
    return datetime.fromisoformat(moment).astimezone(ZONE).date()


def days(start, end):
    """Whole calendar days when either end is a date, else seconds / 86,400."""
    if len(start) == 10 or len(end) == 10:
        return Fraction((local(end) - local(start)).days)
    return Fraction(int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()), 86_400)


def p85(lengths):
    """Linear between the two nearest ranks."""
    if not lengths:
        return None
    place = Fraction(85, 100) * (len(lengths) - 1)
    low = int(place)
    return lengths[low] + (place - low) * (lengths[min(low + 1, len(lengths) - 1)] - lengths[low])


def expected(stage, stays, now):
    """The row of one stage as section 5 of the design words it."""
    place = ORDER.index(stage) if stage in ORDER else -1
    by_deal = {stay.deal: [one for one in stays if one.deal == stay.deal] for stay in stays}
    here = [stay for stay in stays if (stay.playbook, stay.stage) == ("sales", stage)]

    def later_open(other):
        known = other.stage in ORDER and STAGE_KINDS["sales", other.stage] == "open"
        return other.playbook == "sales" and known and ORDER.index(other.stage) > place

    def won(other):
        return other.playbook == "sales" and other.kind == "won"

    out = Counter()
    for stay in here:
        after = next((one for one in by_deal[stay.deal] if one.number == stay.number + 1), None)
        if after is None:
            out["now"] += 1
        elif after.playbook != "sales":
            out["moved"] += 1
        elif after.kind != "open":
            out[after.kind] += 1
        else:
            out["advanced" if later_open(after) else "returned"] += 1
    converted = 0
    entered_by = {stay.deal for stay in here}
    for deal in entered_by:
        first = next(stay.number for stay in by_deal[deal] if (stay.playbook, stay.stage) == ("sales", stage))
        converted += any(one.number > first and (later_open(one) or won(one)) for one in by_deal[deal])
    lengths = sorted(days(stay.entered, stay.left) for stay in here if stay.left and stay.entered)
    ages = [days(stay.entered, now) for stay in here if not stay.left and stay.entered]
    target = TARGETS.get(stage)
    within = None
    if target is not None:
        judged = len(lengths) + sum(age > target for age in ages)
        within = Fraction(sum(length <= target for length in lengths), judged) if judged else None
    return {
        "entered": len(here), "deals": len(entered_by),
        **{way: out[way] for way in ("advanced", "returned", "won", "lost", "nurture", "moved", "now")},
        "conversion": Fraction(converted, len(entered_by)) if entered_by else None,
        "mean_days_completed": sum(lengths) / len(lengths) if lengths else None,
        "median_days_completed": median(lengths) if lengths else None, "p85_days_completed": p85(lengths),
        "oldest_now_days": max(ages, default=None),
        "target_days": target, "within_target": within,
    }  # fmt: skip


def record(home, number, stays, drill):
    """Writes a deal through the store, stay by stay."""
    with writing(home.database, "2026-01-01", "") as pen:
        account = pen.add(Account(slug=f"a{number}", name=f"A {number}", folded=f"a {number}", test=int(drill)))
        deal = pen.add(Deal(account_id=account.id, slug="deal"))
        visit = None
        for stay in stays:
            into = Into(stay.playbook, stay.stage, stay.kind, "me")
            visit = (
                move(pen, visit.id, into, stay.entered, ZONE) if visit else begin(pen, deal.id, 1, into, stay.entered)
            )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(deals, max_size=6), st.booleans())
def test_any_history_is_counted_as_the_definitions_say(histories, by_day):
    now = said(NOW, by_day)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), now=now)
        (home.folder / "playbooks").mkdir()
        (home.folder / "playbooks" / "sales.yaml").write_text(SALES)
        (home.folder / "config.yaml").write_text("zone: America/New_York\n")
        real = []
        for number, deal in enumerate(histories):
            stays = stays_of(number, deal)
            record(home, number, stays, deal[3])
            real += [] if deal[3] else stays
        told, remarks = throughput(home, "sales")
    gone = {stay.stage for stay in real if stay.playbook == "sales"} - set(ORDER)
    assert [row["stage"] for row in told["stages"]][: len(ORDER)] == ORDER
    assert {row["stage"] for row in told["stages"]} == {*ORDER, *gone}
    assert bool(remarks) == bool(gone)
    for row in told["stages"]:
        wanted = expected(row["stage"], real, now)
        ways = ("advanced", "returned", "won", "lost", "nurture", "moved", "now")
        assert row["entered"] == sum(row[way] for way in ways)
        assert row["kind"] == STAGE_KINDS["sales", row["stage"]]
        for name, value in wanted.items():
            got = row[name]
            assert got == (None if value is None else pytest.approx(float(value), abs=1e-9)), (row["stage"], name)
