"""How mails write days, times and money, and in which language: the shipped sets of phrases and sets of one's own."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handoffctl.core.moments import Clock
from handoffctl.emails.jinja_engine import run_template
from handoffctl.emails.mail_dates import MailDay, mail_day, mail_moment
from handoffctl.emails.phrases_library import load_phrases, phrases_paths
from handoffctl.emails.templates import CLIENT, COLLEAGUE, SPOKEN, TemplateFile
from handoffctl.errors import NotFound, RulesFault
from handoffctl.resources import shipped

NOW = "2026-03-10T09:00:00Z"
THURSDAY = date(2026, 3, 5)
TODAY = date(2026, 3, 10)
SETS = ("en_GB", "en_US")

GERMAN = """\
phrases: de_DE
weekdays: [Montag, Dienstag, Mittwoch, Donnerstag, Freitag, Samstag, Sonntag]
months: [Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember]
patterns:
  day: "{weekday}, {day}. {month}"
  day_and_year: "{weekday}, {day}. {month} {year}"
  date: "{day}. {month}"
  date_and_year: "{day}. {month} {year}"
  time: "{hour}:{minute} Uhr"
  full_hour: "{hour} Uhr"
  moment: "{day}, {time}"
  offer: "{weekday}, {time}"
  last: "letzten {weekday}"
  money: "{amount} {currency}"
thousands: "."
decimal: ","
list_end: " und "
list_pair: " und "
say:
  greeting: "Hallo {name},"
  greeting_without_name: "Guten Tag,"
  close: "Viele Grüße"
"""


def write_set(home: Path, text: str, name: str = "de_DE") -> None:
    folder = home / "phrases"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def write_template(home: Path, text: str) -> None:
    folder = home / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.j2").write_text(text, encoding="utf-8")


@pytest.fixture
def phrases(home):
    """`phrases(name)`: a set of phrases as mails use it."""
    return lambda name: load_phrases(home, name)


# --- the sets


@pytest.mark.parametrize(("name", "day", "past_year", "short", "moment", "full_hour", "money"), [
    ("en_US", "Thursday, March 5", "Friday, December 5, 2025", "March 5", "Thursday, March 5, at 2:30 p.m.",
     "Thursday, March 5, at 10:00 a.m.", "24,000 USD"),
    ("en_GB", "Thursday 5 March", "Friday 5 December 2025", "5 March", "Thursday 5 March at 2.30pm",
     "Thursday 5 March at 10am", "24,000 USD"),
])  # fmt: skip
def test_both_shipped_sets_write_as_their_region_does(phrases, name, day, past_year, short, moment, full_hour, money):
    found = phrases(name)
    assert found.day(THURSDAY, TODAY) == day
    assert found.day(date(2025, 12, 5), TODAY) == past_year
    assert found.short_day(THURSDAY, TODAY) == short
    assert found.moment(datetime(2026, 3, 5, 14, 30), TODAY) == moment
    assert found.moment(datetime(2026, 3, 5, 10), TODAY) == full_hour
    assert found.money("24000", "USD") == money


def test_the_year_is_written_only_where_it_is_not_this_one(phrases):
    found = phrases("en_US")
    for day in (date(2026, 1, 1), THURSDAY, date(2026, 12, 31)):
        assert "2026" not in found.day(day, TODAY) + found.short_day(day, TODAY)
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        assert str(day.year) in found.day(day, TODAY)
        assert str(day.year) in found.short_day(day, TODAY)


@pytest.mark.parametrize(("at", "american", "british"), [
    ((0, 0), "12:00 a.m.", "12am"), ((12, 0), "12:00 p.m.", "12pm"), ((12, 5), "12:05 p.m.", "12.05pm"),
    ((23, 59), "11:59 p.m.", "11.59pm"), ((1, 9), "1:09 a.m.", "1.09am"),
])  # fmt: skip
def test_midnight_and_noon_are_twelve(phrases, at, american, british):
    moment = datetime(2026, 3, 5, *at)
    assert (phrases("en_US").time(moment), phrases("en_GB").time(moment)) == (american, british)


@pytest.mark.parametrize(("back", "text"), [
    (0, "March 10"), (1, "last Monday"), (5, "last Thursday"), (6, "last Wednesday"), (7, "March 3"), (-1, "March 11"),
])  # fmt: skip
def test_a_past_day_is_named_by_its_weekday_for_six_days(phrases, back, text):
    assert phrases("en_US").past_day(date.fromordinal(TODAY.toordinal() - back), TODAY) == text


@pytest.mark.parametrize(("amount", "text"), [
    ("0", "0 EUR"), ("999", "999 EUR"), ("1000", "1,000 EUR"), ("1234567", "1,234,567 EUR"), ("12.5", "12.50 EUR"),
    ("-1500", "-1,500 EUR"), ("-0.5", "-0.50 EUR"),
])  # fmt: skip
def test_money_is_grouped(phrases, amount, text):
    assert phrases("en_US").money(amount, "EUR") == text
    assert phrases("en_US").money(amount, "") == text.removesuffix(" EUR")


def test_items_are_listed(phrases):
    assert phrases("en_US").listed(["a", "b", "c"]) == "a, b, and c"
    assert phrases("en_GB").listed(["a", "b", "c"]) == "a, b and c"
    for name in SETS:
        assert [phrases(name).listed(items) for items in ([], ["a"], ["a", "b"])] == ["", "a", "a and b"]


def test_both_shipped_sets_have_the_same_phrases_and_templates_use_no_others(phrases):
    american, british = (set(phrases(name).say) for name in reversed(SETS))
    used = {
        name
        for path in shipped("templates").glob("*.j2")
        for name in re.findall(r"\bsay\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert american == british
    assert used | {"greeting", "greeting_without_name", "see_you", "see_you_on"} == american


# --- which set a mail uses


def test_the_set_is_that_of_the_language_with_the_region_of_the_locale(home):
    write_set(home, GERMAN)
    assert load_phrases(home, "en_GB").phrases == "en_GB"
    assert load_phrases(home, "en_GB", "en").phrases == "en_GB"
    assert load_phrases(home, "en_NZ", "en").phrases == "en_US"  # no such region: the first of the language
    assert load_phrases(home, "de_DE", "en").phrases == "en_US"
    assert load_phrases(home, "de_AT").phrases == "de_DE"
    assert load_phrases(home, "en_US", "de").phrases == "de_DE"


def test_a_set_of_ones_own_comes_before_the_shipped_one(home):
    text = (shipped("phrases") / "en_US.yaml").read_text(encoding="utf-8")
    write_set(home, text.replace('close: "Thanks,"', 'close: "Cheers,"'), "en_US")
    assert load_phrases(home, "en_US").say["close"] == "Cheers,"
    assert sorted(phrases_paths(home)) == list(SETS)


def test_a_language_without_a_set_is_refused_with_where_to_write_it(home):
    with pytest.raises(NotFound) as fault:
        load_phrases(home, "fr_FR")
    assert fault.value.message == 'There are no phrases for the language "fr".'
    assert str(home / "phrases" / "fr_FR.yaml") in fault.value.hint
    assert "en_US.yaml" in fault.value.hint


# --- a set of one's own


def test_a_german_set_writes_german(home):
    write_set(home, GERMAN)
    found = load_phrases(home, "de_DE")
    assert found.day(THURSDAY, TODAY) == "Donnerstag, 5. März"
    assert found.day(date(2027, 3, 5), TODAY) == "Freitag, 5. März 2027"
    assert found.moment(datetime(2026, 3, 5, 9, 5), TODAY) == "Donnerstag, 5. März, 09:05 Uhr"
    assert found.past_day(THURSDAY, TODAY) == "letzten Donnerstag"
    assert found.money("12345.5", "EUR") == "12.345,50 EUR"
    assert found.listed(["a", "b", "c"]) == "a, b und c"


FAULTY = {
    "another name in braces": ('date: "{day}. {month}"', 'date: "{day}. {montag}"', "date"),
    "a name of another pattern": ('time: "{hour}:{minute} Uhr"', 'time: "{weekday} {hour} Uhr"', "time"),
    "a number": ('date: "{day}. {month}"', 'date: "{0}. {month}"', "date"),
    "nothing in braces": ('date: "{day}. {month}"', 'date: "{}. {month}"', "date"),
    "a way into a value": ('date: "{day}. {month}"', 'date: "{day.__class__}"', "date"),
    "a conversion": ('date: "{day}. {month}"', 'date: "{day!r}. {month}"', "date"),
    "a format": ('date: "{day}. {month}"', 'date: "{day:99999999}. {month}"', "date"),
    "a brace that is not closed": ('date: "{day}. {month}"', 'date: "{day. {month}"', "date"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_pattern_with_something_else_in_braces_is_refused_with_its_line(home, case):
    was, wrong, pattern = FAULTY[case]
    write_set(home, GERMAN.replace(was, wrong))
    with pytest.raises(RulesFault) as fault:
        load_phrases(home, "de_DE")
    text = "\n".join([fault.value.message, *fault.value.problems])
    assert f"the pattern `{pattern}` may hold {{" in text
    assert "nothing else in braces" in text
    assert "de_DE.yaml" in text


@pytest.mark.parametrize(("was", "wrong"), [
    ("weekdays: [Montag, ", "weekdays: ["), ("months: [Januar, ", "months: ["), ("say:", "sag:"),
    ('  last: "letzten {weekday}"\n', ""),
])  # fmt: skip
def test_a_set_with_a_name_too_few_or_an_unknown_key_is_refused(home, was, wrong):
    write_set(home, GERMAN.replace(was, wrong))
    with pytest.raises(RulesFault):
        load_phrases(home, "de_DE")


@pytest.fixture
def acme(does, home):
    does("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>")
    does("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z")
    does("set", "acme-corp", "situation=orders come in by phone")


def test_a_template_in_german_gets_german_names_and_phrases(does, acme, home):
    write_set(home, GERMAN)
    write_template(
        home, '{% set language = "de" %}\nSubject: {{ meeting.at.day }}\n\n{{ greeting }}\n{{ meeting.at }}, '
        "{{ meeting.at.weekday }}\n{{ say.close }}\n",
    )  # fmt: skip
    assert does("email", "own", "acme-corp").out == (
        "Subject: Donnerstag, 12. März\n\nHallo Jane,\nDonnerstag, 12. März, 10 Uhr, Donnerstag\nViele Grüße\n"
    )


def test_an_english_template_never_says_donnerstag(does, acme, home):
    write_set(home, GERMAN)
    (home / "config.yaml").write_text("locale: de_DE\n", encoding="utf-8")
    write_template(home, "Subject: {{ meeting.at.day }}\n\n{{ greeting }}\n{{ meeting.at }}\n")
    assert does("email", "own", "acme-corp").out == (
        "Subject: Thursday, March 12\n\nHi Jane,\nThursday, March 12, at 10:00 a.m.\n"
    )
    for name in ("introduction", "kick-off", "follow-up", "prep-brief"):
        assert not re.search("Donnerstag|Hallo|Uhr", does("email", name, "acme-corp").out)


def test_the_locale_chooses_british_english(does, acme, home):
    (home / "config.yaml").write_text("locale: en_GB\n", encoding="utf-8")
    text = does("summary", "draft", "acme-corp").out
    assert "Subject: Summary of our call on 10 March\n" in text
    assert "Kind regards," in text


@pytest.mark.parametrize("locale", ["english", "en-GB", "en_gb", "EN_GB", "../x", "en_GB.UTF-8", "_"])
def test_a_locale_that_is_none_is_refused(quick, home, locale):
    home.mkdir()
    (home / "config.yaml").write_text(f"locale: {locale}\n", encoding="utf-8")
    refused = quick("add", "Acme Corp", now=NOW)
    assert (refused.code, refused.out) == (5, "")
    assert "locale" in refused.err


# --- days in templates


@pytest.mark.parametrize(("zone", "text"), [
    ("America/Denver", "Thursday, March 5, at 11:30 p.m."), ("UTC", "Friday, March 6, at 6:30 a.m."),
])  # fmt: skip
def test_a_moment_is_written_in_the_sellers_zone(phrases, zone, text):
    clock = Clock("2026-03-10T09:00:00Z", ZoneInfo(zone))
    moment = mail_moment("2026-03-06T06:30:00Z", clock, phrases("en_US"))
    assert str(moment) == text
    assert f"{moment.day}, at {moment.time}" == text
    assert str(mail_day("2026-03-06T06:30:00Z", clock, phrases("en_US"))) == text.partition(", at ")[0]


def test_a_moment_of_which_only_the_day_is_known_has_no_time(phrases):
    moment = mail_moment("2026-03-06", Clock("2026-03-10T09:00:00Z"), phrases("en_US"))
    assert (str(moment), moment.time) == ("Friday, March 6", "")
    assert mail_day(None, Clock("2026-03-10T09:00:00Z"), phrases("en_US")) is None


def test_a_day_compares_with_days_and_with_text(phrases):
    american = phrases("en_US")
    fifth, sixth = (MailDay(date(2026, 3, day), TODAY, american) for day in (5, 6))
    assert fifth < sixth <= MailDay(date(2026, 3, 6), TODAY, phrases("en_GB"))
    assert fifth == "2026-03-05" != sixth
    assert "2026-03-04" < fifth < "2026-03-06"
    assert max(fifth, sixth) is sixth
    assert {fifth: 1}["2026-03-05"] == 1
    assert fifth != 5


def test_the_parts_of_a_day(phrases):
    day = MailDay(THURSDAY, TODAY, phrases("en_US"))
    assert (str(day), day.short, day.past, day.weekday, day.iso) == (
        "Thursday, March 5", "March 5", "last Thursday", "Thursday", "2026-03-05",
    )  # fmt: skip
    assert day.is_recent
    assert not MailDay(date(2026, 3, 3), TODAY, phrases("en_US")).is_recent


def test_a_template_compares_days_and_prints_them(phrases):
    day = MailDay(THURSDAY, TODAY, phrases("en_GB"))
    source = "{% if by < '2026-03-06' and by == '2026-03-05' %}{{ by }}|{{ by.iso }}{% endif %}"
    assert run_template(source, {"by": day}).text == "Thursday 5 March|2026-03-05"


# --- filters


@pytest.mark.parametrize(("text", "sentence", "stopped"), [
    ("no retyping", "No retyping", "no retyping."), ("iPhone orders, USA", "IPhone orders, USA", "iPhone orders, USA."),
    ("at 10:00 a.m.", "At 10:00 a.m.", "at 10:00 a.m."), ("why?", "Why?", "why?"), ("go!", "Go!", "go!"),
    ("übermorgen", "Übermorgen", "übermorgen."), ("", "", "."),
])  # fmt: skip
def test_a_sentence_begins_with_a_capital_and_ends_with_one_stop(text, sentence, stopped):
    source = "{{ text | sentence }}\n{{ text | stop }}"
    assert run_template(source, {"text": text}).text.split("\n") == [sentence, stopped]


def test_the_filters_leave_no_hole_where_a_value_is_unknown():
    for source in ("{{ text | sentence }}", "{{ text | stop }}"):
        assert run_template(source, {"text": None}).unknown == ("text",)


# --- for whom a template is, and in which language


@pytest.mark.parametrize(("source", "reader", "language"), [
    ("Subject: x\n\ny", CLIENT, "en"),
    ('{% set reader = "colleague" %}\nSubject: x', COLLEAGUE, "en"),
    ("{%- set reader = 'spoken' -%}\nSubject: x", SPOKEN, "en"),
    ('{% set reader = "client" %}{% set language = "de" %}', CLIENT, "de"),
    ('{% set reader = "everybody" %}', CLIENT, "en"),
    ("{% set internal = true %}", COLLEAGUE, "en"),
    ("{% set internal = false %}", CLIENT, "en"),
    ('{% set reader = "client" %}{% set internal = true %}', CLIENT, "en"),
    ('{% set language = "German" %}', CLIENT, "en"),
])  # fmt: skip
def test_a_template_says_for_whom_it_is_and_in_which_language(source, reader, language):
    found = TemplateFile("own", Path("own.j2"), True, source)
    assert (found.reader, found.language) == (reader, language)


def test_every_shipped_template_says_for_whom_it_is():
    for path in shipped("templates").glob("*.j2"):
        assert re.search(r'\{% set reader = "(client|spoken|colleague)" %\}', path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("phrase", ["Hi {nam},", "Hi {name.__class__},", "{name}{account}", "{{name}}"])
def test_a_phrase_with_something_else_in_braces_is_refused(home, phrase):
    _own_set(home, "en_US", "greeting:", f'greeting: "{phrase}" #')
    with pytest.raises(RulesFault):
        load_phrases(home, "en_US", "en")


def test_a_phrase_that_a_set_of_ones_own_leaves_out_is_the_shipped_one(home):
    _own_set(home, "en_US", "recap_title:", "recap_headline:")
    assert load_phrases(home, "en_US", "en").say["recap_title"] == "Recap of our call"


def _own_set(home, name, old, new):
    """A copy of a shipped set in the home folder, with one text changed."""
    text = (shipped("phrases") / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    (home / "phrases").mkdir(parents=True)
    (home / "phrases" / f"{name}.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_fault_of_a_file_is_named_with_its_line_and_path(does, home, quick):
    text = (shipped("phrases") / "en_US.yaml").read_text(encoding="utf-8")
    for was, wrong in (
        (", Sunday]", "]"), (", December]", "]"), ("halves: [a.m., p.m.]", "halves: [a.m.]"),
        ('date: "{month} {day}"', 'date: "{montag} {day}"'), ('greeting: "Hi {name},"', 'greeting: "Hi {nam},"'),
        ('close: "Thanks,"', 'close: "Thanks, {name}"'), ('last: "last {weekday}"', 'lst: "last {weekday}"'),
    ):  # fmt: skip
        assert was in text
        text = text.replace(was, wrong, 1)
    write_set(home, text, "en_US")
    does("add", "Acme Corp", "--no-input")
    refused = quick("email", "announce", "acme-corp", now=NOW)
    assert refused.code == 5
    first, *faults, _ = refused.err.splitlines()
    assert first.endswith("en_US.yaml has 7 faults.")
    assert [fault.rpartition("en_US.yaml:")[2] for fault in faults] == [
        "4: weekdays: needs 7 entries and has 6",
        "5: months: needs 12 entries and has 11",
        "9: patterns.date: the pattern `date` may hold {day}, {month}, {weekday}, {year} and nothing else in braces",
        '15: patterns.lst: there is no key "lst" here (did you mean "last"?)',
        "17: halves: needs 2 entries and has 1",
        "23: say.greeting: the phrase `greeting` may hold {name} and nothing else in braces",
        "25: say.close: the phrase `close` may hold nothing in braces",
    ]
    assert quick("template", "check", now=NOW).err.count("en_US.yaml:") == 7
