"""Parses dates that name their month: `Sep 12, 2026`, `12. Dezember 2026`, `12 de septiembre de 2026`."""

import re
import unicodedata
from typing import NamedTuple

# English, German, French, Spanish, Portuguese, Italian, Dutch and Russian, in full, in the case a date puts them in
# and shortened; without accents and points. Libraries that know these names take megabytes, or guess.
_NAMES = (
    "jan january januar janner janv janvier ene enero janeiro gen gennaio januari янв январь января",
    "feb february februar feber fev fevr fevrier febr febrero fevereiro febbraio februari фев февр февраль февраля",
    "mar march marz mrz mars marzo marco maart mrt мар март марта",
    "apr april avr avril abr abril aprile апр апрель апреля",
    "may mai mayo maio mag maggio mei май мая",
    "jun june juni juin junio junho giu giugno июн июнь июня",
    "jul july juli juil juillet julio julho lug luglio июл июль июля",
    "aug august aout ago agosto augustus авг август августа",
    "sep sept september septembre septiembre setiembre set setembro settembre сен сент сентябрь сентября",
    "oct october okt oktober octobre octubre out outubro ott ottobre окт октябрь октября",
    "nov november novembre noviembre novembro ноя нояб ноябрь ноября",
    "dec december dez dezember decembre dic diciembre dezembro dicembre дек декабрь декабря",
)
_NAME = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|[.ºª°])?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})(?![\d:])(?:\s?г\.?)?"
_GAP = r"(?:\s*[-/,]\s*|\s+(?:de\s+)?|(?<=\.))"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}{_GAP}{_NAME}{_GAP}{_YEAR}",
        rf"{_NAME}[-\s]\s*{_DAY}(?:,\s*|\s+|[-/]){_YEAR}",
        rf"(?P<year>[0-9]{{4}}){_GAP}{_NAME}{_GAP}{_DAY}(?![\d:])",
    )
]


class NamedMonthDate(NamedTuple):
    """A date as it is written, with its month as a number; `end` is the index in the text where it ends."""

    year: str
    month: int
    day: int
    end: int


def parse_named_month(text: str) -> NamedMonthDate | None:
    """Parses the date that the text begins with if it names its month; else returns None."""
    for form in _FORMS:
        match = form.match(text)
        month = _MONTHS.get(_without_accents(match["month"])) if match else None
        if match and month:
            return NamedMonthDate(match["year"], month, int(match["day"]), match.end())
    return None


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


_MONTHS = {_without_accents(name): month for month, names in enumerate(_NAMES, 1) for name in names.split()}
