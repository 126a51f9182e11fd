"""Adjusted p values for several tests in one run of a report."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns the adjusted p values of Holm 1979, in the order given.

    To call every value up to 5 % significant claims something false in at most 5 % of runs, however the tests depend
    on each other.
    """
    adjusted = [0.0] * len(p_values)
    so_far = 0.0
    for rank, number in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        so_far = max(so_far, min(p_values[number] * (len(p_values) - rank), 1.0))
        adjusted[number] = so_far
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Returns the q values of Benjamini and Hochberg 1995, in the order given.

    Of all tests with a q of at most 5 %, at most 5 % are expected to be false. Where nothing is true, a run claims
    anything in at most 5 % of cases; both hold for independent and for positively dependent tests.
    """
    adjusted = [1.0] * len(p_values)
    so_far = 1.0
    by_size = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, number in reversed(list(enumerate(by_size, 1))):
        so_far = min(so_far, p_values[number] * len(p_values) / rank)
        adjusted[number] = so_far
    return adjusted
