"""Measures the objectives about clients: renewals, churn, revenue kept, expansion, contract length."""

from handoffctl.playbook.sections import Objective
from handoffctl.reports.goals.counted import Counted
from handoffctl.reports.goals.customers import Client, churn, contract_length, renewals, retention
from handoffctl.reports.goals.measured import Measured
from handoffctl.reports.goals.spans import Span


def measure_clients(counted: Counted, objective: Objective, person: str, span: Span) -> Measured:
    """Returns what an objective about clients has reached; with a person, of the clients that they own now."""
    clients = _clients(counted, objective, person)
    match objective.measure:
        case "renewal":
            return _renewal(clients, counted, span)
        case "churn":
            lost = churn(clients, span.period, counted.context.clock.today)
            months = ", month by month" if objective.per in ("quarter", "year") else ""
            counts = f"{lost.ended} of {lost.active} active at the start ended{months}"
            return Measured(lost.share, counts if lost.active else "no client was active at the start")
        case "contract_length":
            length = contract_length(clients, lambda day: span.period.begins <= day <= span.period.ends)
            return Measured(length.median_days, f"the median days of {length.clients} contracts")
        case _:
            return _revenue(counted, objective, clients, span)


def _clients(counted: Counted, objective: Objective, person: str) -> list[Client]:
    deals = counted.qualifying.deals(objective.of)
    return [
        client
        for client in counted.clients
        if (not person or client.owner == person) and (deals is None or client.deal in deals)
    ]


def _renewal(clients: list[Client], counted: Counted, span: Span) -> Measured:
    found = renewals(clients, span.period, counted.context.clock.today)
    overdue = f", {found.overdue} overdue" if found.overdue else ""
    settled = found.low if found.low == found.high else None
    counts = f"{found.renewed} of {found.decided} decided{overdue}"
    known = found.decided or found.overdue
    return Measured(settled, counts if known else "no term has ended", found.low, found.high)


def _revenue(counted: Counted, objective: Objective, clients: list[Client], span: Span) -> Measured:
    kept = retention(clients, counted.amounts, span.period, counted.context.clock.today)
    unknown = f"; {kept.unknown} without an amount" if kept.unknown else ""
    if not kept.before:
        return Measured(None, f"no client with an amount at the start{unknown}")
    if objective.measure == "expansion":
        return Measured(kept.expansion, f"increases over {kept.before:,.0f}{unknown}")
    net = f"net {kept.net:.0%}" if kept.net is not None else "net not known"
    return Measured(kept.gross, f"of the revenue, before increases; {net}{unknown}")
