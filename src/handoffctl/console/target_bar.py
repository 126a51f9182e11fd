"""Bars made of characters, for a table on a terminal."""

CELLS = 10
FULL, SHADE, EMPTY = "█", "░", "·"


def against(value: float | None, target: float, at_least: float | None = None) -> str:
    """A bar for a value beside its target, which is a line in the middle. What is beyond twice the target is cut off.

    Where the value is unknown the bar is a shade as long as it is `at_least`, or empty.
    """
    half = CELLS // 2
    length = at_least if value is None else value
    filled = 0 if not length or target <= 0 else min(max(round(length / target * half), 1), CELLS)
    cells = (SHADE if value is None else FULL) * filled + EMPTY * (CELLS - filled)
    return f"{cells[:half]}|{cells[half:]}"
