import os
import time
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handoffctl.core.moments import is_date, to_epoch
from handoffctl.errors import Refused
from handoffctl.imports.cells import dates as dates_module
from handoffctl.imports.cells.dates import (
    AmbiguousFormat,
    CellParseError,
    DateOrderDetector,
    DateParser,
    resolve_date_order,
)

BERLIN = ZoneInfo("Europe/Berlin")


def seen(*texts):
    dates = DateOrderDetector()
    for row, text in enumerate(texts, 2):
        dates.observe(text, "Deals.csv", row)
    return dates


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["02/23/26", "03/04/26"], "mdy"),
        (["03/04/2026", "23.02.2026"], "dmy"),
        (["13/05/24"], "dmy"),
        (["2026-03-04", "2026-12-01"], "ymd"),
        (["2026-03-04", "02-23-2026"], "mdy"),
        (["99-01-31", "03-02-01"], "ymd"),
        (["01/02/2026 08:55 PM", "1/31/2026, 9:00 AM"], "mdy"),
        (["02/03/26", "04/05/26"], "undecided"),
        (["24-02-05", "24-03-17", "24-06-30", "24-07-01"], "undecided"),
        (["15/01/24", "15/02/24", "03/04/25", "28/05/24"], "dmy"),
        ([], "ymd"),
        (["", "soon", "13/13/26", "31/02/2026"], "ymd"),
    ],
)
def test_the_order_is_decided_over_all_dates(texts, order):
    assert seen(*texts).order() == order


def test_where_all_readings_agree_nothing_is_asked():
    order = resolve_date_order(None, seen("01/01/26", "07/07/2026"))
    assert DateParser(order, None).moment("01/01/26") == "2026-01-01"


def test_an_undecided_export_is_refused_with_the_question():
    with pytest.raises(Refused) as refused:
        resolve_date_order(None, seen("01/01/26", "02/03/26"))
    assert 'Deals.csv row 3 has "02/03/26"' in refused.value.message
    assert "--dates mdy or --dates dmy" in refused.value.hint


def test_the_answer_to_the_question_is_taken_and_a_wrong_one_refused():
    assert resolve_date_order("DMY", seen("02/03/26")) == "dmy"
    with pytest.raises(Refused, match="no order of dates"):
        resolve_date_order("american", seen("02/03/26"))


def test_other_columns_may_decide_but_never_contradict():
    assert resolve_date_order(None, seen("02/03/26"), seen("25/12/2026")) == "dmy"
    assert resolve_date_order(None, seen("02/23/26"), seen("25/12/2026")) == "mdy"
    with pytest.raises(Refused, match="more than one way"):
        resolve_date_order(None, seen("02/03/26"), seen("25/12/2026", "12/25/2026"))
    with pytest.raises(Refused, match="more than one way"):
        resolve_date_order(None, seen("02/03/26"), seen("2026-12-25", "01/01/2026"))


def test_dates_that_contradict_each_other_are_refused_naming_both_rows():
    with pytest.raises(Refused) as refused:
        seen("01/02/26", "02/23/26", "23/02/26").order()
    assert 'row 3 has "02/23/26"' in refused.value.message
    assert 'row 4 has "23/02/26"' in refused.value.message


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("02/23/26", "2026-02-23"),
        ("2-3-1999", "1999-02-03"),
        ("2026-02-23", "2026-02-23"),
        ("2026/2/3", "2026-02-03"),
        ("01/01/69", "2069-01-01"),
        ("01/01/70", "1970-01-01"),
        ("02/23/26 08:55 PM", "2026-02-23T19:55:00Z"),
        ("02/23/26 12:05 AM", "2026-02-22T23:05:00Z"),
        ("02/23/26 12:05 p.m.", "2026-02-23T11:05:00Z"),
        ("2/23/2026, 8:55\u202fPM", "2026-02-23T19:55:00Z"),
        ("07/01/2026 20:55:07", "2026-07-01T18:55:07Z"),
        ("2026-02-23T20:55:00.000Z", "2026-02-23T20:55:00Z"),
        ("2026-02-23T20:55:00.000+0000", "2026-02-23T20:55:00Z"),
        ("2026-02-23T20:55:00-05:30", "2026-02-24T02:25:00Z"),
        ("2026-02-23 20:55:00 UTC", "2026-02-23T20:55:00Z"),
        ("2026-02-23T20:55:00+02", "2026-02-23T18:55:00Z"),
        ("2011-10-11 13:45:40.276000+02:00", "2011-10-11T11:45:40.276Z"),
        ("2011-10-11T11:45:40.123456789Z", "2011-10-11T11:45:40.123456Z"),
        ("2011-10-11T13:45:40,5", "2011-10-11T11:45:40.5Z"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_date_stays_a_date_and_a_time_becomes_an_instant(text, moment):
    assert DateParser("mdy", BERLIN).moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "13/13/26",
        "23/02/26",
        "02/30/2026",
        "2026-13-45",
        "soon",
        "46000",
        "02/23/26 25:00",
        "02/23/26 13:00 PM",
        "02/23/26 8",
        "2026-02-23T20:55:00+99:99",
        "0001-01-01",
        "02/03",
        "1/2/345",
        "02/23-26",
        "9" * 5000,
        "02/23/26 08:55" + " " * 900_000 + "x",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_date_is_a_reason_and_no_crash(text):
    with pytest.raises(CellParseError) as fault:
        DateParser("mdy", BERLIN).moment(text)
    assert len(str(fault.value)) < 100


def test_a_column_of_days_keeps_the_day_as_written_whatever_the_zone():
    reader = DateParser("mdy", ZoneInfo("America/New_York"))
    assert reader.day("2026-02-23T00:00:00.000Z") == "2026-02-23"
    assert reader.day("02/23/2026 12:00 AM") == "2026-02-23"
    assert reader.day("") is None
    with pytest.raises(CellParseError):
        reader.day("02/23/2026 25:00 nonsense")


@given(st.dates().filter(lambda day: 1970 <= day.year <= 2069), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_every_day_written_in_two_digits_is_read_back_in_its_order(day, order):
    part = {"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year % 100:02}"}
    assert DateParser(order, None).moment("/".join(part[letter] for letter in order)) == day.isoformat()


@given(st.text(max_size=30), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_text_is_a_moment_or_unreadable(text, order):
    seen(text).order()
    try:
        DateParser(order, BERLIN).moment(text)
    except CellParseError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "Sep 12, 2026",
        "September 12 2026",
        "SEPT. 12, 2026",
        "Sep-12-2026",
        "12 Sep 2026",
        "12-Sep-26",
        "12/sep/2026",
        "12th September 2026",
        "2026-Sep-12",
        "12. September 2026",
        "12.Sept.2026",
        "12 septembre 2026",
        "12 de septiembre de 2026",
        "12 de set. de 2026",
        "12 set 2026",
        "12 settembre 2026",
        "12 sept. 2026",
        "12 сентября 2026 г.",
        "12-сен-2026",
    ],
)
def test_a_month_may_be_named_and_then_no_order_is_needed(text):
    reader = DateParser(None, BERLIN)
    assert reader.moment(text) == reader.day(text) == "2026-09-12"
    assert reader.moment(f"{text}, 2:30 PM") == reader.moment(f"{text} 14:30") == "2026-09-12T12:30:00Z"
    assert reader.day(f"{text} 23:30:00Z") == "2026-09-12"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3. März 2026", "2026-03-03"),
        ("3 mrt 2026", "2026-03-03"),
        ("3 Jänner 2026", "2026-01-03"),
        ("1er février 2026", "2026-02-01"),
        ("3 août 2026", "2026-08-03"),
        ("3 mai. 2026", "2026-05-03"),
        ("3 мая 2026", "2026-05-03"),
        ("3 ene 2026", "2026-01-03"),
        ("3 de dezembro de 2026", "2026-12-03"),
        ("3 maggio 2026", "2026-05-03"),
    ],
)
def test_months_are_known_with_accents_and_in_every_case(text, day):
    assert DateParser("ymd", None).moment(text) == day
    assert DateParser("ymd", None).moment(text.upper()) == day


@pytest.mark.parametrize(
    "text",
    [
        "31 Feb 2026",
        "12 Foo 2026",
        "Sep 2026",
        "12 Sep",
        "Sep 12, 10:30",
        "12 Sep 2026 25:00",
        "12 Sep 0926",
        "S" * 9999,
    ],
)
def test_a_named_month_makes_no_date_of_what_is_none(text):
    with pytest.raises(CellParseError):
        DateParser(None, None).moment(text[:200])


@pytest.mark.parametrize("text", ["02/03/2026", "23/02/2026", "02-23-26 08:55 PM", "05.05.26"])
def test_without_an_order_a_date_that_needs_one_is_undecided(text):
    reader = DateParser(None, None)
    for read in (reader.moment, reader.day, lambda text: reader.column(["", text])):
        with pytest.raises(AmbiguousFormat):
            read(text)


@pytest.mark.parametrize(("text", "moment"), [("07/07/2026", "2026-07-07"), ("2026/2/3", "2026-02-03")])
def test_without_an_order_a_date_that_is_the_same_in_any_is_read(text, moment):
    assert DateParser(None, None).moment(text) == moment


def test_without_an_order_what_is_a_date_in_none_is_unreadable():
    with pytest.raises(CellParseError):
        DateParser(None, None).moment("31/31/2026")


def test_a_clock_time_that_came_twice_is_the_first_and_one_that_never_came_moves_on():
    reader = DateParser("dmy", BERLIN)
    assert reader.moment("25/10/2026 02:30") == "2026-10-25T00:30:00Z"
    assert reader.moment("29/03/2026 02:30") == "2026-03-29T01:30:00Z"


def one_by_one(reader, texts):
    """What `column` is to give, from `moment` alone."""
    read = []
    for text in texts:
        moment = reader.moment(text)
        read.append(to_epoch(moment) if moment and not is_date(moment) else moment)
    return read


def result(read, *given):
    try:
        return read(*given)
    except (CellParseError, AmbiguousFormat) as fault:
        return type(fault), str(fault)


offsets = st.sampled_from([None, UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-5, minutes=-30))])
instants = st.datetimes(datetime(1899, 12, 30), datetime(2200, 1, 2)) | st.datetimes(
    datetime(2026, 3, 29, 1), datetime(2026, 3, 29, 4)
)
forms = st.sampled_from(
    [
        "%Y-%m-%dT%H:%M:%S.%f",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d",
        "%Y-%m-%dT%H",
        "%Y%m%dT%H%M%S",
        "%G-W%V-%u",
    ]
)
odd = st.sampled_from(
    [
        *["", " ", "soon", "2026-02-30", "2026-02-0３", "2026-02-03 ", "02/23/26", "2026-02-03\n2026-02-04"],
        *(f"2026-02-03T10:00{end}" for end in ("z", "+02:00:30", "+05:99", "-99:00", "+02", "+0200", ":00,5Z", ":60")),
        *["2026-02-03T24:00", "2026-02-03x10:00", "2026-02-03T10:00:00.1234567Z"],
    ]
)


@st.composite
def columns(draw):
    """Mostly uniform columns: one form, one offset; sometimes with something else among them."""
    form, offset = draw(forms), draw(offsets)
    at = instants.map(
        lambda naive: naive.strftime(form) + (naive.replace(tzinfo=offset).strftime("%z") if offset else "")
    )
    texts = draw(st.lists(at, max_size=6)) + draw(st.lists(odd, max_size=1))
    return draw(st.permutations(texts))


@given(
    texts=columns(),
    order=st.sampled_from(["mdy", None]),
    zone=st.sampled_from([None, BERLIN, UTC, ZoneInfo("America/New_York")]),
)
@example(texts=["2026-03-29T02:30:00", "2026-10-25T02:30:00"], order=None, zone=BERLIN)
@example(texts=["2026-07-29T02:30:00", "2026-07-29T02:30:00Z"], order=None, zone=BERLIN)
@example(texts=["2026-07-29T02:30:00Z", "1899-12-31T23:59:00Z"], order=None, zone=BERLIN)
@example(texts=["2200-01-01T00:00:00+14:00", "2026-07-29T02:30:00Z"], order=None, zone=BERLIN)
@example(texts=["2200-01-01", "2026-07-29"], order=None, zone=BERLIN)
def test_a_column_is_read_as_its_texts_are_one_by_one(texts, order, zone):
    read = result(DateParser(order, zone).column, texts)
    assert read == result(one_by_one, DateParser(order, zone), texts)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of this machine cannot be set here")
def test_a_column_in_the_zone_of_the_machine_is_read_as_its_texts_are(monkeypatch):
    with monkeypatch.context() as there:
        there.setitem(os.environ, "TZ", "America/New_York")
        time.tzset()
        texts = [f"2026-{day} {hour:02}:30" for day in ("03-08", "11-01", "07-01") for hour in range(24)]
        read = DateParser(None, None).column(texts)
        assert read == one_by_one(DateParser(None, None), texts)
        named = DateParser(None, ZoneInfo("America/New_York")).column(texts)
        # In the hour that was left out the standard library moves the machine's own time the other way.
        assert [text for text, one, other in zip(texts, read, named, strict=True) if one != other] == [
            "2026-03-08 02:30"
        ]
    time.tzset()


@pytest.mark.parametrize("form", ["2026-01-01T00:00:00.{:06}Z", "2026-01-01 UTC{:06}", "02/23/2026 10:00:00.{:06}"])
def test_memory_stays_flat_over_many_distinct_texts(monkeypatch, form):
    monkeypatch.setattr(dates_module, "MOST_REMEMBERED", 100)
    reader, dates = DateParser("mdy", BERLIN), DateOrderDetector()
    tracemalloc.start()
    for number in range(10_000):
        text = form.format(number)
        result(reader.moment, text)
        dates.observe(f"1/2/{number:06}"[:8], "Deals.csv", number)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 200_000
