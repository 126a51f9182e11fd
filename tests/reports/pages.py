"""Made-up stages and reports for the page: every state that a stage can be in, and names that try to break out."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Table
from handoffctl.reports.context import ReportHead
from handoffctl.reports.forecast.figures import CurrencyTotal, MonthForecast
from handoffctl.reports.forecast.report import ForecastReport
from handoffctl.reports.html.pictures import report_pictures
from handoffctl.reports.html.render import PageInfo, page
from handoffctl.reports.throughput.figures import StageCurve, StageFlow
from handoffctl.reports.throughput.periods import PeriodFlow
from handoffctl.reports.won.report import WonReport, WonSignal
from handoffctl.stats.signal_verdict import SignalCounts, judge_signals

HOSTILE = "</td></table><script>alert('x')</script><img src=https://evil.example/x onerror=alert(1)>\x1b[31m\u202e&\"'"
LONG = "Donaudampfschifffahrtsgesellschaft" * 6
INFO = PageInfo("Solo seller", "2026-03-02 09:00", "2025-01-01", "2026-02-28")


def staying(title: str, points: list[tuple[float, float]], median: float | None, target: float | None) -> StageCurve:
    return StageCurve("it", title, points, median, target)


def flowing(title: str, *counts: tuple[int, int, int]) -> StageFlow:
    periods = [
        PeriodFlow(f"{2021 + n // 12}-{n % 12 + 1:02}", entered, left, there)
        for n, (entered, left, there) in enumerate(counts)
    ]
    return StageFlow("it", title, periods)


def curves() -> list[StageCurve]:
    """Late, within, still open within and past the target, without a target, gone at once, with nobody."""
    return [
        staying("Lead", [[2, 0.8], [9, 0.5], [30, 0.1], [44.2, 0.1]], 9, 3),
        staying("Qualified", [[0, 0.9], [1.5, 0.4], [3, 0]], 1.5, 14),
        staying("Proposal", [[12, 0.9], [80, 0.7]], None, 200),
        staying("Negotiation", [[12, 0.9], [80, 0.7]], None, 30),
        staying(HOSTILE, [[1, 0.5], [2, 0]], 1, None),
        staying(LONG, [[0, 0]], 0, None),
        staying("Contract", [], None, 3),
    ]


def flows() -> list[StageFlow]:
    """One month, two years, five years, nothing at all."""
    long = [(n * 7 % 30, n * 11 % 30, n * 5 % 60) for n in range(60)]
    return [
        flowing("Lead", (3, 1, 2)),
        flowing("Qualified", *long[:24]),
        flowing(HOSTILE, *long),
        flowing("Contract", (0, 0, 0), (0, 0, 0)),
    ]


def paper(title: str, *parts: Part, says: tuple[str, ...] = ()) -> Report:
    return Report(title, parts, parts[0].table, says)


def papers() -> list[tuple[str, Report]]:
    stages = Table(
        ("stage", "in", "on", "won", "lost", "now", "further", "median", "p85", "oldest", "target", "in time", "note"),
        [["Lead", 1200, 700, 3, 400, 85, "58%", 9.5, None, 44.2, 14.0, "82%", "a longer remark that has to wrap"]] * 3,
        ["in: stays begun. now: still there."],
    )
    late = Table(("deal", "days", "next"), [[HOSTILE, 140.9, f"handoffctl handoff {LONG}"], [LONG, 3, HOSTILE]])
    return [
        ("throughput", paper("Throughput", Part(stages), Part(late, "Past the target"), says=(f"Slow: {HOSTILE}.",))),
        ("fields", paper("What each handoff asks", Part(Table(("item", "asked"), []), HOSTILE))),
        ("won", paper("What won deals share", Part(Table(("signal",), [[HOSTILE]])))),
        ("forecast", paper("Forecast", Part(Table(("deal", "won"), [[HOSTILE, "20%"]])))),
        ("value", paper("Value", Part(Table(("deal", "value"), [["acme", 1]])))),
    ]


def won() -> WonReport:
    """Twenty deals and signals of each word, one with a hostile name."""
    counts = [
        (HOSTILE, (10, 10, 0, 10)),
        (LONG, (8, 10, 4, 10)),
        ("Had by most", (10, 10, 9, 10)),
        ("New", (1, 2, 1, 2)),
    ]
    verdicts = judge_signals([SignalCounts(*count) for _, count in counts])
    signals = [
        WonSignal(f"s{number}", label, SignalCounts(*count), verdict, [], [])
        for number, ((label, count), verdict) in enumerate(zip(counts, verdicts, strict=True))
    ]
    head = ReportHead("solo", "2026-03-02")
    return WonReport(head, "qualified", 14, 10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 30.0, 1.0, True, signals, [], [], 0, [], [])


def forecast() -> ForecastReport:
    """Two currencies, one of them with a hostile name, and more months than are drawn."""
    months = [
        MonthForecast(f"{2026 + n // 12}-{n % 12 + 1:02}", 1000.0 * (n % 5), 700.0 * (n % 3), n % 3, n % 2, currency)
        for n in range(14)
        for currency in ("EUR", HOSTILE)
    ]
    totals = [CurrencyTotal("EUR", 4, 41000, 12000, 70000), CurrencyTotal(HOSTILE, 1, 0.0, 0.0, 0.0)]
    head = ReportHead("solo", "2026-03-02")
    return ForecastReport(head, "EUR", 41000, 12000, 70000, 5, 5, 0, 0, 0, months, [], [], totals)


def pictures() -> dict[str, str]:
    return report_pictures({"won": won(), "forecast": forecast()})


def whole_page() -> str:
    return page(INFO, papers(), curves(), flows(), [HOSTILE], pictures())
