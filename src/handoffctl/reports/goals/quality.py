"""The quality that stands beside a count, in words."""

from collections.abc import Mapping

from handoffctl.playbook.quantities import counted


def beside(measure: str, counts: Mapping[str, float]) -> str:
    """Returns the quality beside a count; empty if there is nothing to say. `counts` are all of the same time."""

    def whole(what: str) -> int:
        return round(counts.get(what, 0))

    words = {
        "leads": f"{whole('worked'):,} worked",
        "worked": f"of {whole('leads'):,} leads",
        "calls": f"{whole('calls_reached'):,} reached somebody",
        "meetings_set": f"{whole('meetings'):,} held, {_missed(whole('no_shows'), whole('cancelled'))}",
        "meetings": _missed(whole("no_shows"), whole("cancelled")),
        "handoffs": f"of {whole('handoffs_old'):,} at least 14 days old {whole('returned'):,} returned",
        "accepted": f"{whole('sent_back'):,} returned to the sender",
        "pipeline": f"{counted(whole('leads'), 'deal')}{_unknown(whole('pipeline_unknown'))}",
        "wins": f"lost {whole('lost'):,}, put aside {whole('nurture'):,}",
        "revenue": f"{counted(whole('wins'), 'win')}{_unknown(whole('revenue_unknown'))}",
    }
    return words.get(measure, "")


def _missed(no_shows: int, cancelled: int) -> str:
    also = f", {cancelled:,} cancelled" if cancelled else ""
    return f"{counted(no_shows, 'no-show')}{also}"


def _unknown(deals: int) -> str:
    return f", {deals:,} without an amount" if deals else ""
