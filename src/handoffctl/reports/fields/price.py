"""The price of asking for an item: the time that goes with it, its worth, and what it must save to pay."""

from typing import NamedTuple

RETURN_SECONDS = 3600  # a return is taken to go with an hour of work: read it, ask again, hand off again
MONTH_DAYS = 30
CENTS = 2


class Price(NamedTuple):
    """The price of one item. `saves_one_in` is the break-even: it pays if it saves one return in so many handoffs.

    `money` is the worth of the seconds in the currency of the configuration; None without an hourly rate.
    """

    saves_one_in: int | None
    seconds: float
    money: float | None


def money_of(seconds: float, hourly_rate: float | None) -> float | None:
    """Returns the worth of these seconds, None without an hourly rate."""
    return None if hourly_rate is None else round(seconds / 3600 * hourly_rate, CENTS)


def price_of(seconds: float | None, times: int, hourly_rate: float | None) -> Price | None:
    """Returns the price of an item that takes a median of `seconds` and was answered `times`; None if never timed."""
    if seconds is None:
        return None
    one_in = max(int(RETURN_SECONDS / seconds), 1) if seconds > 0 else None
    return Price(one_in, round(seconds * times, 1), money_of(seconds * times, hourly_rate))


def price_text(price: Price, currency: str) -> str:
    """Returns the price in words, the break-even first."""
    minutes = f"{price.seconds / 60:.0f} minutes" if price.seconds >= 90 else f"{price.seconds:.0f} seconds"
    money = "" if price.money is None else f", {price.money:,.2f} {currency}".rstrip()
    pays = f"pays if it saves one return in {price.saves_one_in:,}; " if price.saves_one_in else ""
    return f"{pays}{minutes}{money} went with it so far"
