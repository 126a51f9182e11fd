"""How mails write in one language: names of days and months, patterns for dates, times and money, and some phrases.

A set of phrases is a file. Two ship with the program, for American and British English; those in the folder `phrases`
of the home folder come before them, so that mails can be written in any language.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Annotated

from handoffctl.core.yaml.reader import YamlDocument
from handoffctl.core.yaml.types import After, Key, Name, StrictModel, Text
from handoffctl.core.yaml.validation import YamlProblem, display_path, raise_problems, read_tree, validate
from handoffctl.errors import NotFound
from handoffctl.resources import shipped

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


def phrases_paths(home_folder: Path) -> dict[str, Path]:
    """Returns the path of every set of phrases by name; one in the home folder comes before a shipped one."""
    folders = (shipped("phrases"), home_folder / "phrases")
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml")) if path.is_file()}


def read_phrases(path: Path) -> Phrases:
    """Reads a file of phrases. Raises RulesFault with every fault, each with file, line and path."""
    document = read_tree(path)
    result = validate(document, Phrases)
    problems = [*result.problems, *_faulty_phrases(document)]
    if result.model is None or problems:
        raise_problems(display_path(path), problems, "run the command again")
    return result.model


def _faulty_phrases(document: YamlDocument) -> Iterator[YamlProblem]:
    """Yields the phrases that hold something in braces that mails do not fill in."""
    say = document.tree.get("say")
    for name, phrase in say.items() if isinstance(say, dict) else ():
        allowed = _IN_PHRASES.get(name, "")
        if isinstance(phrase, str) and "{" in (phrase.replace(allowed, "") if allowed else phrase):
            may = f"{allowed} and nothing else" if allowed else "nothing"
            path = ("say", name)
            yield YamlProblem(document.line(path), path, f"the phrase `{name}` may hold {may} in braces")


def load_phrases(home_folder: Path, locale: str, language: str = "") -> Phrases:
    """Returns the set for a language, with the region of the locale if there is one, else the language's first set.

    Without a language it is that of the locale. An English mail never says "Donnerstag", whatever the locale is.
    Raises NotFound if no set has the language, RulesFault for a faulty file.
    """
    paths = phrases_paths(home_folder)
    wanted = language or locale.partition("_")[0]
    of_language = [name for name in paths if name.partition("_")[0] == wanted]
    with_region = f"{wanted}_{locale.partition('_')[2]}"
    # The first by name would be British English; American English is what the program itself is written in.
    first = [name for name in ("en_US", *sorted(of_language)) if name in of_language][:1]
    name = with_region if with_region in of_language else next(iter(first), "")
    if not name:
        raise NotFound(
            f'There are no phrases for the language "{wanted}".',
            f"Write them into {home_folder / 'phrases' / f'{wanted}_{wanted.upper()}.yaml'}; "
            f"begin with a copy of {shipped('phrases') / 'en_US.yaml'}.",
        )
    phrases = read_phrases(paths[name])
    own = shipped("phrases") / f"{name}.yaml"
    if own.is_file() and own != paths[name]:  # a phrase that a set of one's own leaves out is the shipped one
        say = {**read_phrases(own).say, **phrases.say}
        return phrases.with_values(say=say)
    return phrases
