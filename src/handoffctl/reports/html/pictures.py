"""The pictures that stand in the section of a report, by the name of the report."""

from collections.abc import Mapping

from handoffctl.reports.context import ReportResult
from handoffctl.reports.forecast.report import ForecastReport
from handoffctl.reports.goals.report import GoalsReport
from handoffctl.reports.html.forecast_picture import draw_months, draw_total, drawn_months, months_text, total_text
from handoffctl.reports.html.goals_picture import draw_goals, goal_bars
from handoffctl.reports.html.render import cards, figure
from handoffctl.reports.html.won_picture import draw_signals, drawn_signals, signals_text
from handoffctl.reports.won.report import WonReport


def report_pictures(results: Mapping[str, ReportResult]) -> dict[str, str]:
    """Returns the pictures of each report that has something to draw, as HTML."""
    pictures = {}
    for name, result in results.items():
        if isinstance(result, WonReport):
            pictures[name] = won_pictures(result)
        elif isinstance(result, ForecastReport):
            pictures[name] = forecast_pictures(result)
        elif isinstance(result, GoalsReport):
            pictures[name] = goals_picture(result)
    return {name: drawn for name, drawn in pictures.items() if drawn}


def goals_picture(result: GoalsReport) -> str:
    """Returns the pace against the goal and the objectives, empty if none has a pace."""
    bars = goal_bars(result)
    text = "Upright line: where an even pace by working days would be by now."
    return cards([figure("Pace against goal", text, draw_goals(bars))]) if bars else ""


def won_pictures(result: WonReport) -> str:
    """Returns the picture of the signals, empty if there are not enough deals to compare."""
    signals = drawn_signals(result) if result.enough else []
    if not signals:
        return ""
    return cards([figure("Won deals by signal", signals_text(signals[:3]), draw_signals("won-signals", signals))])


def forecast_pictures(result: ForecastReport) -> str:
    """Returns the range of the total and the months of each currency, empty if there is no forecast."""
    drawn = []
    for number, total in enumerate(result.totals, 1):
        if total.expected is None:
            continue
        in_currency = f", {total.currency}" if total.currency else ""
        drawn.append(figure(f"In all{in_currency}", total_text(total), draw_total(f"total-{number}", total)))
        months = drawn_months(result.months, total.currency)
        if months:
            picture = draw_months(f"months-{number}", months)
            drawn.append(figure(f"By month{in_currency}", months_text(months[:2]), picture))
    return cards(drawn) if drawn else ""
