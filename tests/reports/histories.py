"""Made-up histories of deals, written through the store; and what the definitions, taken literally, make of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from handoffctl.db.invocation import Invocation
from handoffctl.db.models.account import AccountRecord
from handoffctl.db.models.deal import DealRecord
from handoffctl.db.session import writing
from handoffctl.deals.stays import Into, begin, move
from handoffctl.reports.context import ReportOptions, open_report, report_json
from handoffctl.reports.throughput.report import build
from handoffctl.workspace.home import Home

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
    over = [age - Fraction(target) for age in ages if target is not None and age > target]
    return {
        "entered": len(here), "deals": len(entered_by),
        **{way: out[way] for way in ("advanced", "returned", "won", "lost", "nurture", "moved", "now")},
        "conversion": Fraction(converted, len(entered_by)) if entered_by else None,
        "mean_days_completed": sum(lengths) / len(lengths) if lengths else None,
        "median_days_completed": median(lengths) if lengths else None, "p85_days_completed": p85(lengths),
        "oldest_now_days": max(ages, default=None),
        "target_days": target, "within_target": within, "past_target": len(over), "days_over_target": sum(over),
        "median_days": kaplan_meier(lengths, ages) if STAGE_KINDS["sales", stage] == "open" else None,
    }  # fmt: skip


def kaplan_meier(lengths, ages):
    """The smallest t with S(t) <= 1/2, taken literally."""
    share = Fraction(1)
    for days in sorted(set(lengths)):
        waiting = sum(one >= days for one in [*lengths, *ages])
        share *= 1 - Fraction(lengths.count(days), waiting)
        if share <= Fraction(1, 2):
            return days
    return None


def record(home, number, stays, drill):
    """Writes a deal through the store, stay by stay."""
    with writing(home.database, Invocation("2026-01-01")) as session:
        account = session.add(
            AccountRecord(slug=f"a{number}", name=f"A {number}", folded=f"a {number}", test=int(drill))
        )
        deal = session.add(DealRecord(account_id=account.id, slug="deal"))
        visit = None
        for stay in stays:
            into = Into(stay.playbook, stay.stage, stay.kind, "me")
            visit = (
                move(session, visit.id, into, stay.entered, ZONE)
                if visit
                else begin(session, deal.id, 1, into, stay.entered)
            )


def made(folder, now, histories):
    """A home with these deals."""
    home = Home(Path(folder), now=now)
    (home.folder / "playbooks").mkdir(parents=True)
    (home.folder / "playbooks" / "sales.yaml").write_text(SALES)
    (home.folder / "config.yaml").write_text("zone: America/New_York\n")
    for number, (stays, drill) in enumerate(histories):
        record(home, number, stays, drill)
    return home


def report(home, cut=None, **window):
    with open_report(home, ReportOptions("sales", **window)) as context:
        return report_json(build(context, cut)), context.remarks
