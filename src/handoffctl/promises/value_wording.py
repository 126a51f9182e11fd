"""Puts the balance of a value ledger into words, and how long ago its last plus was."""

from handoffctl.core.moments import Clock, Moment, local_date

DAYS_OF_MONTH = 30


def shown_balance(balance: int) -> str:
    """Returns a balance with its sign, as in `+2`; nothing stands before a zero."""
    return f"{balance:+d}" if balance else "0"


def since_last_plus(last_plus: Moment, clock: Clock) -> str:
    """Says how long ago the last plus was, in whole months, else in days: `two months since the last plus`."""
    days = days_since(last_plus, clock)
    if days < 1:
        return "the last plus was today"
    return f"{in_months_or_days(days)} since the last plus"


def days_since(moment: Moment, clock: Clock) -> int:
    """Returns the whole days from the local day of the moment to today."""
    return (clock.today - local_date(moment, clock.zone)).days


def in_months_or_days(days: int) -> str:
    """Returns a number of days in words: whole months of thirty days from one month on, as in `two months`."""
    count, unit = (days // DAYS_OF_MONTH, "month") if days >= DAYS_OF_MONTH else (days, "day")
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return f"{words[count] if count < len(words) else count} {unit}{'' if count == 1 else 's'}"
