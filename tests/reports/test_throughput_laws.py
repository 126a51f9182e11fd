"""What holds of any throughput report: halves add up, the past stays put, ages only grow, drills count nowhere."""

import os
import tempfile
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffctl.reports.throughput.options import ThroughputOptions
from handoffctl.workspace.home import Home

from .histories import NOW, ZONE, Stay, deals, made, report, said, stays_of

EXAMPLES = max(6, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 20)  # each makes one or two databases
slow = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTS = ("entered", "advanced", "returned", "won", "lost", "nurture", "moved", "now")
ago = st.sampled_from([0, 1, 40_000, 86_400, 260_000, 700_000, 2_000_000])


def as_of(stays, moment):
    """The stays as they were recorded by then: those that had begun, the last of them still going on."""
    day = moment[:10] if len(moment) == 10 else None

    def had_begun(stay):
        at = stay.entered
        if at is None:
            return True
        if day or len(at) == 10:
            return local_day(at) <= local_day(moment)
        return at <= moment

    kept = []
    for stay in stays:
        if not had_begun(stay):
            break
        kept.append(stay)
    return [*kept[:-1], Stay(*[*kept[-1].__dict__.values()][:5], None, None)] if kept else []


def local_day(moment):
    from .histories import local

    return local(moment)


def whole(histories):
    return [(stays_of(number, deal), deal[3]) for number, deal in enumerate(histories)]


@slow
@given(st.lists(deals, max_size=5), ago, st.booleans())
def test_a_report_as_of_an_earlier_moment_is_the_report_made_at_that_moment(histories, seconds, by_day):
    then = said(NOW - timedelta(seconds=seconds), by_day)
    with tempfile.TemporaryDirectory() as now_folder, tempfile.TemporaryDirectory() as then_folder:
        later = made(now_folder, then, whole(histories))
        earlier = made(then_folder, then, [(as_of(stays, then), drill) for stays, drill in whole(histories)])
        seen, _ = report(later)
        was, _ = report(earlier)
    kept = [row for row in seen["stages"] if row["entered"]]
    assert kept == [row for row in was["stages"] if row["entered"]]
    assert seen["past_target"]["count"] == was["past_target"]["count"]


@slow
@given(st.lists(deals, max_size=5), ago)
def test_halves_add_up_to_the_whole(histories, seconds):
    cut = NOW - timedelta(seconds=seconds)
    day, day_after = (said(cut + timedelta(days=n), True) for n in (0, 1))
    with tempfile.TemporaryDirectory() as folder:
        home = made(folder, said(NOW, False), whole(histories))
        everything, _ = report(home, since="1900-01-01")
        first, _ = report(home, until=day)
        second, _ = report(home, since=day_after)
        compared, _ = report(home, ThroughputOptions(compare=day_after))
        months, _ = report(home, ThroughputOptions(by="month"))
    for sides in ((first["stages"], second["stages"]), tuple(compared[side]["stages"] for side in ("before", "after"))):
        for one, other, both in zip(*sides, everything["stages"], strict=True):
            assert {name: one[name] + other[name] for name in COUNTS} == {name: both[name] for name in COUNTS}
    for stage in months["stages"]:
        for name in COUNTS:
            assert sum(one[name] for one in stage["by"].values()) == stage[name]
        flowed = stage["flow"]
        assert sum(one["entered"] for one in flowed) == sum(
            one["entered"] for period, one in stage["by"].items() if period != "unknown"
        )
        for before, after in zip([{"there": 0}, *flowed], flowed, strict=False):
            assert after["there"] == before["there"] + after["entered"] - after["left"]


@slow
@given(st.lists(deals, max_size=5), st.sampled_from([1, 3_600, 90_000, 5_000_000]))
def test_moving_the_clock_forward_never_lowers_an_age(histories, seconds):
    with tempfile.TemporaryDirectory() as folder:
        home = made(folder, said(NOW, False), whole(histories))
        now, _ = report(home)
        later, _ = report(Home(home.folder, now=said(NOW + timedelta(seconds=seconds), False)))
    for before, after in zip(now["stages"], later["stages"], strict=True):
        assert (before["oldest_now_days"] or 0) <= (after["oldest_now_days"] or 0)
        assert before["days_over_target"] <= after["days_over_target"]
        assert all(before[name] == after[name] for name in COUNTS)


@slow
@given(st.lists(deals, min_size=1, max_size=4))
def test_drills_change_nothing(histories):
    real = [(stays, False) for stays, _ in whole(histories)]
    drills = [(stays, True) for stays, _ in whole(histories)]
    with tempfile.TemporaryDirectory() as with_folder, tempfile.TemporaryDirectory() as without_folder:
        for cut in (ThroughputOptions(), ThroughputOptions(by="owner")):
            with_drills, _ = report(made(f"{with_folder}/{cut.by}", said(NOW, False), [*real, *drills]), cut)
            without, _ = report(made(f"{without_folder}/{cut.by}", said(NOW, False), real), cut)
            assert with_drills == without


def test_a_stay_is_counted_in_the_month_of_the_place_where_the_seller_is():
    at = "2026-03-01T02:00:00Z"  # still February in New York
    with tempfile.TemporaryDirectory() as folder:
        home = made(folder, said(NOW, False), [([Stay(0, 1, "sales", "a", at, None, None)], False)])
        told, _ = report(home, ThroughputOptions(by="month", stage="a"))
    assert str(ZONE) == "America/New_York"
    assert list(told["stages"][0]["by"]) == ["2026-02"]
