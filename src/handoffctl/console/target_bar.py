"""A bar of characters for a value against its target, for tables on a terminal."""

CELLS = 10
FULL, SHADE, EMPTY = "█", "░", "·"


def target_bar(value: float | None, target: float, at_least: float | None = None) -> str:
    """Draws a value against its target, which is a line in the middle; values beyond twice the target are cut off.

    For an unknown value the bar is shaded up to `at_least`, or empty.
    """
    half = CELLS // 2
    length = at_least if value is None else value
    filled = 0 if not length or target <= 0 else min(max(round(length / target * half), 1), CELLS)
    cells = (SHADE if value is None else FULL) * filled + EMPTY * (CELLS - filled)
    return f"{cells[:half]}|{cells[half:]}"
