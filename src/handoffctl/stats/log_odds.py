"""The log odds ratio of a two-by-two table, shrunk towards none where the table is small."""

from math import log

from handoffctl.stats.constants import CELL_CORRECTION, LOG_ODDS_VARIANCE


def shrunk_log_odds(count: int, total: int, other_count: int, other_total: int) -> float:
    """Returns the log odds ratio of `count` of `total` against `other_count` of `other_total`, shrunk.

    Half a case is added to each cell. The estimate is the mean of its posterior under a normal prior around 0 with a
    standard deviation of 0.75, so that few deals never lead a list.
    """
    cells = (count, total - count, other_count, other_total - other_count)
    yes, no, other_yes, other_no = (cell + CELL_CORRECTION for cell in cells)
    estimate = log(yes * other_no / (no * other_yes))
    variance = 1 / yes + 1 / no + 1 / other_yes + 1 / other_no
    return estimate * LOG_ODDS_VARIANCE / (LOG_ODDS_VARIANCE + variance)
