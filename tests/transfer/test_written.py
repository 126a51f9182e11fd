from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.errors import Refused
from handoffctl.transfer.written import DateReader, DatesSeen, Unreadable, settled

BERLIN = ZoneInfo("Europe/Berlin")


def seen(*texts):
    dates = DatesSeen()
    for row, text in enumerate(texts, 2):
        dates.see(text, "Deals.csv", row)
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
    order = settled(None, seen("01/01/26", "07/07/2026"))
    assert DateReader(order, None).moment("01/01/26") == "2026-01-01"


def test_an_undecided_export_is_refused_with_the_question():
    with pytest.raises(Refused) as refused:
        settled(None, seen("01/01/26", "02/03/26"))
    assert 'Deals.csv row 3 has "02/03/26"' in refused.value.message
    assert "--dates mdy or --dates dmy" in refused.value.hint


def test_the_answer_to_the_question_is_taken_and_a_wrong_one_refused():
    assert settled("DMY", seen("02/03/26")) == "dmy"
    with pytest.raises(Refused, match="no order of dates"):
        settled("american", seen("02/03/26"))


def test_other_columns_may_decide_but_never_contradict():
    assert settled(None, seen("02/03/26"), seen("25/12/2026")) == "dmy"
    assert settled(None, seen("02/23/26"), seen("25/12/2026")) == "mdy"
    with pytest.raises(Refused, match="more than one way"):
        settled(None, seen("02/03/26"), seen("25/12/2026", "12/25/2026"))
    with pytest.raises(Refused, match="more than one way"):
        settled(None, seen("02/03/26"), seen("2026-12-25", "01/01/2026"))


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
        ("", None),
        ("  ", None),
    ],
)
def test_a_date_stays_a_date_and_a_time_becomes_an_instant(text, moment):
    assert DateReader("mdy", BERLIN).moment(text) == moment


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
    with pytest.raises(Unreadable) as fault:
        DateReader("mdy", BERLIN).moment(text)
    assert len(str(fault.value)) < 100


def test_a_column_of_days_keeps_the_day_as_written_whatever_the_zone():
    reader = DateReader("mdy", ZoneInfo("America/New_York"))
    assert reader.day("2026-02-23T00:00:00.000Z") == "2026-02-23"
    assert reader.day("02/23/2026 12:00 AM") == "2026-02-23"
    assert reader.day("") is None
    with pytest.raises(Unreadable):
        reader.day("02/23/2026 25:00 nonsense")


@given(st.dates().filter(lambda day: 1970 <= day.year <= 2069), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_every_day_written_in_two_digits_is_read_back_in_its_order(day, order):
    part = {"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year % 100:02}"}
    assert DateReader(order, None).moment("/".join(part[letter] for letter in order)) == day.isoformat()


@given(st.text(max_size=30), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_text_is_a_moment_or_unreadable(text, order):
    seen(text).order()
    try:
        DateReader(order, BERLIN).moment(text)
    except Unreadable:
        return
