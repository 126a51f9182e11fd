"""Moments of March 2026, the month in which most of the short stories take place."""


def day(number: int, hour: int = 9) -> str:
    """Returns an hour, nine o'clock unless another is named, of a day of the month, in UTC."""
    return f"2026-03-{number:02d}T{hour:02d}:00:00Z"
