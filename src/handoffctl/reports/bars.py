"""Bars made of characters, for a table on a terminal."""

CELLS = 10


def against(value: float | None, target: float) -> str:
    """A bar for a value beside its target, which is a line in the middle. What is beyond twice the target is cut off.

    Where the value is unknown the bar is empty.
    """
    half = CELLS // 2
    filled = 0 if value is None or target <= 0 else min(max(round(value / target * half), 1 if value > 0 else 0), CELLS)
    cells = "█" * filled + "·" * (CELLS - filled)
    return f"{cells[:half]}|{cells[half:]}"
