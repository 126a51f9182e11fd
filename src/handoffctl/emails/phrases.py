"""How mails write in one language: names of days and months, patterns for dates, times and money, and some phrases."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from string import Formatter
from typing import Annotated

from handoffctl.core.yaml.types import After, Key, Name, StrictModel, Text

_NAMES_OF_DATES = {"weekday", "day", "month", "year"}
_NAMES_OF_TIMES = {"hour", "hour12", "minute", "half"}
_ALLOWED: Mapping[str, set[str]] = {
    "day": _NAMES_OF_DATES, "day_and_year": _NAMES_OF_DATES, "date": _NAMES_OF_DATES, "date_and_year": _NAMES_OF_DATES,
    "time": _NAMES_OF_TIMES, "full_hour": _NAMES_OF_TIMES, "moment": {"day", "time"}, "offer": {"weekday", "time"},
    "last": {"weekday"},
    "money": {"amount", "currency"},
}  # fmt: skip


_IN_PHRASES: Mapping[str, str] = {
    "greeting": "{name}", "news_line": "{day}", "see_you": "{weekday}", "see_you_on": "{date}",
}  # fmt: skip


def _with_names(of: str) -> After:
    """Marks a pattern that may hold the names of this key in braces, and nothing else."""
    return After(lambda pattern: _only_known_names(pattern, of))


def _only_known_names(pattern: str, key: str) -> str:
    allowed = _ALLOWED[key]
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        parts = [("", "{", "", None)]
    if any(name not in allowed or spec or conversion for _, name, spec, conversion in parts):
        names = ", ".join(f"{{{name}}}" for name in sorted(allowed))
        raise ValueError(f"the pattern `{key}` may hold {names} and nothing else in braces")
    return pattern


class Patterns(StrictModel):
    """How dates, times and money are put together. Names in braces are replaced."""

    day: Annotated[Text, _with_names("day")]
    day_and_year: Annotated[Text, _with_names("day_and_year")]
    date: Annotated[Text, _with_names("date")]
    date_and_year: Annotated[Text, _with_names("date_and_year")]
    time: Annotated[Text, _with_names("time")]
    full_hour: Annotated[Text, _with_names("full_hour")]
    moment: Annotated[Text, _with_names("moment")]
    offer: Annotated[Text, _with_names("offer")]
    last: Annotated[Text, _with_names("last")]
    money: Annotated[Text, _with_names("money")]


class Phrases(StrictModel):
    """One set of phrases. `say` holds those that templates take over as they are."""

    phrases: Name
    weekdays: Annotated[tuple[Text, ...], Key(min_length=7, max_length=7)]
    months: Annotated[tuple[Text, ...], Key(min_length=12, max_length=12)]
    patterns: Patterns
    halves: Annotated[tuple[Text, ...], Key(min_length=2, max_length=2)] = ("am", "pm")
    thousands: str = ","
    decimal: Text = "."
    list_end: str = " and "
    list_pair: str = " and "
    say: Mapping[Name, Text] = Key(default_factory=dict)

    def day(self, day: date, today: date) -> str:
        """Returns `Thursday, March 5`; with the year where it is not this one."""
        pattern = self.patterns.day if day.year == today.year else self.patterns.day_and_year
        return pattern.format(weekday=self.weekdays[day.weekday()], **self._parts(day))

    def short_day(self, day: date, today: date) -> str:
        """Returns `March 5`; with the year where it is not this one."""
        pattern = self.patterns.date if day.year == today.year else self.patterns.date_and_year
        return pattern.format(weekday=self.weekdays[day.weekday()], **self._parts(day))

    def _parts(self, day: date) -> dict[str, int | str]:
        return {"day": day.day, "month": self.months[day.month - 1], "year": day.year}

    def time(self, at: datetime) -> str:
        """Returns `10:00 a.m.` or `10am`."""
        pattern = self.patterns.time if at.minute else self.patterns.full_hour
        return pattern.format(
            hour=f"{at.hour:02d}", hour12=at.hour % 12 or 12, minute=f"{at.minute:02d}", half=self.halves[at.hour // 12]
        )

    def moment(self, at: datetime, today: date) -> str:
        """Returns `Thursday, March 5, at 10:00 a.m.`."""
        return self.patterns.moment.format(day=self.day(at.date(), today), time=self.time(at))

    def offer(self, at: datetime) -> str:
        """Returns `Thursday at 10:00 a.m.`."""
        return self.patterns.offer.format(weekday=self.weekdays[at.weekday()], time=self.time(at))

    def past_day(self, day: date, today: date) -> str:
        """Returns `last Thursday` for up to six days back, else the date."""
        if 1 <= (today - day).days <= 6:
            return self.patterns.last.format(weekday=self.weekdays[day.weekday()])
        return self.short_day(day, today)

    def money(self, amount: str, currency: str) -> str:
        """Returns a plain decimal amount as people write it: `24,000 USD`."""
        whole, _, decimals = amount.partition(".")
        sign = "-" if whole.startswith("-") else ""
        grouped = f"{int(whole.removeprefix('-') or 0):,}".replace(",", self.thousands)
        text = f"{sign}{grouped}{self.decimal}{decimals.ljust(2, '0')}" if decimals else f"{sign}{grouped}"
        return self.patterns.money.format(amount=text, currency=currency).strip()

    def listed(self, items: Sequence[str]) -> str:
        """Returns `a`, `a and b` or `a, b, and c`."""
        if len(items) < 3:
            return self.list_pair.join(items)
        return f"{', '.join(items[:-1])}{self.list_end}{items[-1]}"


def faulty_phrases(say: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yields the name of each phrase that holds something in braces that mails do not fill in, with a sentence."""
    for name, phrase in say.items():
        allowed = _IN_PHRASES.get(name, "")
        if isinstance(phrase, str) and "{" in (phrase.replace(allowed, "") if allowed else phrase):
            may = f"{allowed} and nothing else" if allowed else "nothing"
            yield name, f"the phrase `{name}` may hold {may} in braces"
