"""Calendar files, parsed back by the library and by plain Python; their zones held against the standard library's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.core.ics import CalendarEntry
from handoffctl.core.ics_document import calendar
from handoffctl.core.moments import local_to_instant

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
# On both sides of the changes of clocks of 2026 in these zones, and far from any.
WALL = [
    "2026-01-15T09:00", "2026-03-08T01:59", "2026-03-08T03:00", "2026-03-29T01:59", "2026-03-29T03:00",
    "2026-04-05T01:29", "2026-04-05T02:30", "2026-07-01T12:00", "2026-10-04T01:59", "2026-10-04T02:30",
    "2026-10-25T01:00", "2026-10-25T03:00", "2026-11-01T00:59", "2026-11-01T02:00", "2026-12-31T23:45",
]  # fmt: skip


def entry(at, **more):
    return CalendarEntry("one@handoffctl.invalid", "Acme Corp: meeting", at, **{"minutes": 30, **more})


def unfolded(content):
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "a line is longer than 75 octets"
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    return content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def lines_of(content, name):
    """The values of the lines that begin with this name, parameters kept before the colon."""
    return [line[len(name) :] for line in unfolded(content) if line.startswith((f"{name}:", f"{name};"))]


def parts(content, component):
    found, present = [], None
    for line in unfolded(content):
        if line == f"BEGIN:{component}":
            present = {}
        elif line == f"END:{component}":
            found.append(present)
            present = None
        elif present is not None:
            name, _, value = line.partition(":")
            present[name] = value
    return found


def offset(text):
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0))


def offset_by_vtimezone(content, wall):
    """What a calendar makes of a time on the wall (RFC 5545, 3.6.5): the change that came last before it holds.

    Each change says when it comes by the clocks that it is about to set.
    """
    changes = sorted(
        (datetime.fromisoformat(one["DTSTART"]), offset(one["TZOFFSETTO"]))
        for kind in ("STANDARD", "DAYLIGHT")
        for one in parts(content, kind)
    )
    return [to for at, to in changes if at <= wall][-1]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("wall", WALL)
def test_a_time_with_its_zone_is_the_same_instant_for_plain_python_for_the_library_and_by_the_zone_in_the_file(
    name, wall
):
    zone, there = ZoneInfo(name), datetime.fromisoformat(wall)
    at = there.replace(tzinfo=zone).astimezone(UTC)
    content = calendar([entry(local_to_instant(there, zone))], zone, request=False)
    (begins,) = lines_of(content, "DTSTART")[-1:]
    if name == "UTC":
        assert begins == f":{at:%Y%m%dT%H%M%S}Z"
        assert "BEGIN:VTIMEZONE" not in unfolded(content)
    else:
        assert begins == f";TZID={name}:{there:%Y%m%dT%H%M%S}"
        assert offset_by_vtimezone(content, there) == zone.utcoffset(there)
        assert lines_of(content, "TZID") == [f":{name}"]
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart") == at
    assert event.decoded("dtend").astimezone(UTC) == at + timedelta(minutes=30)


@pytest.mark.parametrize("minutes", [0, 30, 90, 120, 180])
def test_in_the_hour_that_the_clocks_show_twice_every_instant_comes_back_as_it_was(minutes):
    zone, at = ZoneInfo("Europe/Berlin"), datetime(2026, 10, 25, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    content = calendar([entry(f"{at:%Y-%m-%dT%H:%M:%SZ}")], zone, request=False)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == at
    assert event.decoded("dtend").astimezone(UTC) == at + timedelta(minutes=30)


@pytest.mark.parametrize("name", ZONES[:-1])
def test_the_zone_in_the_file_tells_every_change_of_the_clocks_when_and_by_how_much_they_are_set(name):
    zone = ZoneInfo(name)
    content = calendar([entry("2026-06-01T09:00:00Z")], zone, request=False)
    changes = [one for kind in ("STANDARD", "DAYLIGHT") for one in parts(content, kind)]
    assert changes
    for one in changes:
        at = (datetime.fromisoformat(one["DTSTART"]) - offset(one["TZOFFSETFROM"])).replace(tzinfo=UTC)
        assert at.astimezone(zone).utcoffset() == offset(one["TZOFFSETTO"])
        assert at.astimezone(zone).tzname() == one["TZNAME"]
        assert (at - timedelta(seconds=1)).astimezone(zone).utcoffset() == offset(one["TZOFFSETFROM"])
    told = {
        (datetime.fromisoformat(one["DTSTART"]) - offset(one["TZOFFSETFROM"])).replace(tzinfo=UTC) for one in changes
    }
    hours = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(2 * 24 * 365))
    real = {
        at
        for at in hours
        if at.astimezone(zone).utcoffset() != (at - timedelta(minutes=30)).astimezone(zone).utcoffset()
    }
    assert real <= told
    assert parts(content, "STANDARD")  # calendars want one at least


def test_a_date_is_a_whole_day_of_no_zone():
    content = calendar([entry("2026-03-05")], ZoneInfo("Europe/Berlin"), request=False)
    assert lines_of(content, "DTSTART") == [";VALUE=DATE:20260305"]
    assert lines_of(content, "DTEND") == []
    assert "BEGIN:VTIMEZONE" not in unfolded(content)
    assert lines_of(content, "TRANSP") == [":TRANSPARENT"]


def test_without_a_zone_in_the_configuration_that_of_the_machine_is_named(monkeypatch):
    import time

    def begins(tz):
        monkeypatch.setenv("TZ", tz)
        time.tzset()
        return lines_of(calendar([entry("2026-07-01T09:00:00Z")], None, request=False), "DTSTART")[-1]

    assert begins("Asia/Kolkata") == ";TZID=Asia/Kolkata:20260701T143000"
    assert begins("UTC") == ":20260701T090000Z"
    assert begins("XYZ-3:30") == ":20260701T090000Z"  # a zone that no calendar knows


def test_an_invitation_names_who_invites_whom_and_calls_off_what_was_cancelled():
    people = {"organizer": ("Sam", "sam@me.example"), "attendees": (("Jane Doe", "jane@acme.example"),)}
    asked = calendar([entry("2026-03-05T09:00:00Z", **people)], None, request=True)
    assert lines_of(asked, "METHOD") == [":REQUEST"]
    assert lines_of(asked, "ORGANIZER") == [";CN=Sam:mailto:sam@me.example"]
    (attendee,) = lines_of(asked, "ATTENDEE")
    assert attendee.endswith(":mailto:jane@acme.example")
    assert "RSVP=TRUE" in attendee
    assert lines_of(asked, "STATUS") == [":CONFIRMED"]
    off = calendar([entry("2026-03-05T09:00:00Z", moves=2, cancelled=True, **people)], None, request=True)
    assert lines_of(off, "METHOD") == [":CANCEL"]
    assert lines_of(off, "STATUS") == [":CANCELLED"]
    assert lines_of(off, "SEQUENCE") == [":2"]
    assert lines_of(off, "UID") == lines_of(asked, "UID") == [":one@handoffctl.invalid"]
    told = calendar([entry("2026-03-05T09:00:00Z", **people)], None, request=False)
    assert lines_of(told, "METHOD") == [":PUBLISH"]
    assert lines_of(told, "ATTENDEE") == []


def test_it_says_when_it_was_made():
    made = calendar([entry("2026-03-05T09:00:00Z", made_at="2026-03-02T08:00:00.25Z")], None, request=False)
    assert lines_of(made, "DTSTAMP") == [":20260302T080000Z"]
    assert lines_of(calendar([entry("2026-03-05", made_at="2026-03-02")], None, request=False), "DTSTAMP") == [
        ":20260302T000000Z"
    ]


HOSTILE = st.text(st.characters() | st.sampled_from('\r\n\t\x00\x1b;:,"\\\u2028\ud800ä'), max_size=60)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_text_can_add_a_line_or_break_the_file(title, says, name, address):
    people = {"organizer": (name, "sam@me.example"), "attendees": ((name, address), (name, "jane@acme.example"))}
    one = CalendarEntry(f"x{title}", title, "2026-03-05T09:00:00Z", 30, says, **people)
    content = calendar([one], ZoneInfo("Europe/Berlin"), request=True)
    whole = icalendar.Calendar.from_ical(content)
    (event,) = whole.walk("VEVENT")
    assert len(whole.walk()) == len(icalendar.Calendar.from_ical(calendar([entry(one.at)], ZoneInfo("Europe/Berlin"),
                                                                          request=True)).walk())  # fmt: skip
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(content)]
    assert set(names) <= {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "TZID", "DTSTART", "DTEND", "TZNAME", "TZOFFSETFROM",
        "TZOFFSETTO", "SUMMARY", "DTSTAMP", "UID", "SEQUENCE", "ATTENDEE", "DESCRIPTION", "ORGANIZER", "STATUS",
        "TRANSP",
    }  # fmt: skip
    assert names.count("ATTENDEE") in (1, 2)
    assert event.decoded("dtstart") == datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_the_title_comes_back_as_it_was():
    title = 'Müller & Söhne; a, b \\ "c": ' + "long " * 30
    content = calendar([CalendarEntry("x", title, "2026-03-05T09:00:00Z", says="one\ntwo, three")], None, request=False)
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["summary"] == title.strip()
    assert event["description"] == "one\ntwo, three"
