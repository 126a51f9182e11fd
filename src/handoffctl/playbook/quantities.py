"""Formats lengths of time and counts in words."""


def counted(count: int, what: str) -> str:
    """Returns a count with its noun: `1 call`, `2 calls`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def length(days: float) -> str:
    """Formats a length of time in days by its largest whole unit: `4 hours`, `2 weeks`, `10 days`."""
    minutes = round(days * 1440)
    for unit, size in (("week", 10080), ("day", 1440), ("hour", 60)):
        # Ten days are days to everybody, and so are seven; a fortnight and more may be weeks.
        if minutes and minutes % size == 0 and (unit != "week" or minutes > size):
            return counted(minutes // size, unit)
    return counted(minutes, "minute")
