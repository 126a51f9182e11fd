"""Meetings: booked, held, not come to, moved, called off; and what each of them leaves behind."""

import json
import sys
from datetime import timedelta

import icalendar
import pytest

MONDAY, THURSDAY, FRIDAY = "2026-03-02T09:00:00Z", "2026-03-05T15:00:00Z", "2026-03-06T09:00:00Z"
AT = "2026-03-05T14:00:00Z"

TEAM = """\
playbook: team
roles: {sdr: Finds them, ae: Talks to them}
fields:
  situation: {type: text}
criteria:
  reachable: {any_of: [contact.email, contact.phone]}
  met: {all_of: [{introduced: ae}, {meeting: held}]}
stages:
  lead: {title: Lead, owner: sdr, follow_up: {attempts: 5, no_shows: 2}}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talk, name: first talk, trigger: They come., reason: They fit., benefit: They are heard.,
     required: [met, situation]}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


@pytest.fixture
def acme(quick, playbook, once):
    def make():
        playbook(TEAM)
        contact = "Jane Doe <jane@acme.example>"
        assert quick("add", "Acme Corp", "--playbook", "team", "--contact", contact, now=MONDAY).code == 0

    once(make)


@pytest.fixture
def meeting(quick, acme):
    """`meeting("held", "acme-corp", now=...)`: the command, which must go well unless another code is expected."""

    def meeting(*words, now=MONDAY, code=0):
        ran = quick("meeting", *words, now=now)
        assert ran.code == code, ran
        return ran

    return meeting


@pytest.fixture
def me(acme, home):
    home.mkdir(exist_ok=True)
    (home / "config.yaml").write_text("me: {name: Sam Sender, email: sam@me.example}\nzone: Europe/Berlin\n")


def step_of(quick, now=MONDAY):
    return quick("show", "acme-corp", "--json", now=now).json["deals"][0]["step"]


def owner_of(quick, now=MONDAY):
    return quick("show", "acme-corp", "--json", now=now).json["deals"][0]["owner"]


def test_a_booked_meeting_becomes_the_next_step_where_there_is_none(meeting, quick, rows):
    told = meeting("book", "acme-corp", "--at", AT, "--with", "ae", "--for", "first talk")
    assert "Next step: meeting with ae." in told.err
    assert step_of(quick) == {"text": "meeting with ae", "due": AT}
    assert rows("SELECT state, met, handoff, minutes, moves FROM meeting") == [("booked", "ae", "first talk", 30, 0)]
    assert rows("SELECT step_id FROM meeting") == rows("SELECT id FROM step")


def test_a_step_that_is_open_stays_beside_a_booked_meeting(meeting, quick, rows):
    quick("step", "acme-corp", "send the figures", "--due", "2026-03-03", now=MONDAY)
    meeting("book", "acme-corp", "--at", AT)
    assert step_of(quick)["text"] == "send the figures"
    assert rows("SELECT step_id FROM meeting") == [(None,)]


def test_it_keeps_which_criteria_held_when_the_meeting_was_booked(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT, "--for", "first talk")
    told = "SELECT name, held FROM meeting_criterion ORDER BY name"
    assert rows(told) == [("met", 0), ("reachable", 1), ("situation", 0)]
    quick("set", "acme-corp", "situation=their tool broke", now=MONDAY)
    assert rows(told) == [("met", 0), ("reachable", 1), ("situation", 0)]


def test_a_day_alone_is_a_meeting_too(meeting, rows):
    meeting("book", "acme-corp", "--at", "thu")
    assert rows("SELECT at FROM meeting") == [("2026-03-05",)]
    assert "still to come" in meeting("no-show", "acme-corp", now="2026-03-04T18:00:00Z", code=6).err
    meeting("no-show", "acme-corp", now="2026-03-05T18:00:00Z")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--at", "yesterday"), 6, "touch ACCOUNT meeting --outcome held"),
        (("--at", "soon"), 6, "--at:"),
        (("--at", AT, "--with", "nobody"), 4, "neither a role nor a contact"),
        (("--at", AT, "--for", "party"), 4, 'No handoff from Lead is called "party"'),
        (("--at", AT, "--minutes", "0"), 2, "--minutes"),
        (("--at", AT, "--ics", "."), 6, "is a folder"),
        (("--at", AT, "--ics", "nowhere/a.ics"), 6, "There is no folder"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else str(words)[:12],
)
def test_what_cannot_be_booked_leaves_nothing_behind(quick, acme, dump, words, code, says):
    before = dump()
    ran = quick("meeting", "book", "acme-corp", *words, now=MONDAY)
    assert (ran.code, says in ran.err) == (code, True), ran
    assert dump() == before


def test_a_closed_deal_gets_no_meeting(quick, meeting):
    for way in ("--disqualified", "--nurture"):
        quick("add", f"Closed {way[2:]}", "--playbook", "team", now=MONDAY)
        slug = f"closed-{way[2:]}"
        assert quick("close", slug, way, "--because", "wrong company", now=MONDAY).code == 0
        assert "reopen" in meeting("book", slug, "--at", AT, code=4).err
        deal = quick("show", slug, "--json", now=MONDAY).json["deals"][0]["deal"]
        assert "Take it up again first" in meeting("book", f"{slug}/{deal}", "--at", AT, code=3).err


def test_where_none_is_booked_there_is_nothing_to_mark(meeting, dump):
    before = dump()
    for words in (("held",), ("no-show",), ("cancel",), ("move", "--at", AT)):
        told = meeting(words[0], "acme-corp", *words[1:], code=3)
        assert "has no booked meeting" in told.err
        assert "meeting book acme-corp --at WHEN" in told.err
    assert dump() == before


def test_a_held_meeting_is_a_touch_at_its_time_and_ends_its_step(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT, "--with", "ae")
    told = meeting(
        "held", "acme-corp", "They want it", "--set", "situation=their tool broke", "--step", "send it", "--due", "fri",
        now=FRIDAY,
    )  # fmt: skip
    assert rows("SELECT kind, direction, outcome, met, text, at FROM touch") == [
        ("meeting", "out", "held", "ae", "They want it", AT)
    ]
    assert rows("SELECT state, marked_at, touch_id IS NOT NULL FROM meeting") == [("held", FRIDAY, 1)]
    assert rows("SELECT text, done_at, replaced_at FROM step ORDER BY id")[0] == ("meeting with ae", FRIDAY, None)
    assert step_of(quick)["text"] == "send it"
    assert "handoffctl handoff acme-corp --to 'first talk'" in told.err
    assert (
        quick("show", "acme-corp", "--json", now=FRIDAY).json["deals"][0]["fields"]["situation"] == "their tool broke"
    )


def test_the_owner_changes_only_when_the_handoff_that_waits_for_the_meeting_passes(meeting, quick):
    meeting("book", "acme-corp", "--at", AT, "--with", "ae", "--for", "first talk")
    quick("set", "acme-corp", "situation=their tool broke", now=MONDAY)
    blocked = quick("handoff", "acme-corp", "--to", "first talk", "--json", now=MONDAY)
    assert (blocked.code, [gap["name"] for gap in blocked.json["missing"]]) == (3, ["met"])
    meeting("no-show", "acme-corp", now=THURSDAY)
    assert quick("handoff", "acme-corp", "--to", "first talk", "--json", now=THURSDAY).code == 3
    meeting("move", "acme-corp", "--at", FRIDAY, now=THURSDAY)
    told = meeting("held", "acme-corp", "--json", now=FRIDAY).json
    assert (told["owner"], told["handoffs"]) == ("sdr", ["first talk"])
    assert owner_of(quick) == "sdr"
    assert quick("handoff", "acme-corp", "--to", "first talk", now=FRIDAY).code == 0
    assert owner_of(quick) == "ae"


def test_a_meeting_held_before_its_hour_was_held_now(meeting, rows):
    meeting("book", "acme-corp", "--at", AT)
    meeting("held", "acme-corp", now="2026-03-05T10:00:00Z")
    assert rows("SELECT at FROM touch") == [("2026-03-05T10:00:00Z",)]


def test_a_meeting_of_a_later_day_was_not_held_yet(meeting, dump):
    meeting("book", "acme-corp", "--at", AT)
    before = dump()
    told = meeting("held", "acme-corp", now="2026-03-04T10:00:00Z", code=6).err
    assert "is on 2026-03-05 14:00, which is still to come." in told
    assert "handoffctl meeting move acme-corp --at today" in told
    assert "handoffctl touch acme-corp meeting --outcome held" in told
    assert dump() == before
    meeting("move", "acme-corp", "--at", "today", now="2026-03-04T10:00:00Z")
    meeting("held", "acme-corp", now="2026-03-04T10:00:00Z")


@pytest.mark.parametrize(("due", "asked"), [("2026-03-03", True), ("2026-03-06", True), ("2026-03-09", False)])
def test_after_a_held_meeting_it_is_asked_whether_another_step_that_was_due_is_done(meeting, quick, due, asked):
    quick("step", "acme-corp", "first call", "--due", due, now=MONDAY)
    meeting("book", "acme-corp", "--at", AT)
    told = meeting("held", "acme-corp", now=FRIDAY).err
    said = f'The next step is still "first call" (by {due}). If it is done: handoffctl step acme-corp --done'
    assert (said in told) is asked


def test_a_step_given_with_the_held_meeting_is_not_asked_about(meeting, quick):
    meeting("book", "acme-corp", "--at", AT)
    told = meeting("held", "acme-corp", "--step", "send it", "--due", "2026-03-06", now=FRIDAY).err
    assert "is still" not in told


def test_without_a_named_handoff_the_one_that_asks_for_a_held_meeting_is_meant(meeting):
    meeting("book", "acme-corp", "--at", AT)
    assert meeting("held", "acme-corp", "--json", now=FRIDAY).json["handoffs"] == ["first talk"]


def test_whom_nobody_came_to_keeps_the_deal_and_asks_for_a_new_date(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT, "--with", "ae")
    told = meeting("no-show", "acme-corp", now=FRIDAY)
    assert rows("SELECT outcome, at FROM touch") == [("no-show", AT)]
    assert step_of(quick) == {
        "text": "find a new date (no-show on Thu 5 Mar)",
        "due": "2026-03-09",  # the Monday after
    }
    assert owner_of(quick) == "sdr"
    assert "Owner: sdr." in told.err
    assert "meeting move acme-corp --at WHEN" in told.err
    assert rows("SELECT text, replaced_at FROM step ORDER BY id")[0] == ("meeting with ae", FRIDAY)


def test_a_no_show_leaves_a_step_that_is_not_the_meetings_own(meeting, quick):
    quick("step", "acme-corp", "send the figures", now=MONDAY)
    meeting("book", "acme-corp", "--at", AT)
    meeting("no-show", "acme-corp", now=FRIDAY)
    assert step_of(quick)["text"] == "send the figures"
    quick("meeting", "move", "acme-corp", "--at", "mon 10:00", now=FRIDAY)
    meeting("no-show", "acme-corp", "--step", "write to her boss", "--due", "tue", now="2026-03-09T12:00:00Z")
    assert step_of(quick)["text"] == "write to her boss"


@pytest.mark.parametrize("due", ["2026-03-03", "2026-03-06"])
def test_a_no_show_takes_the_place_of_another_step_whose_day_has_come(meeting, quick, due):
    quick("step", "acme-corp", "send the figures", "--due", due, now=MONDAY)
    meeting("book", "acme-corp", "--at", AT)
    meeting("no-show", "acme-corp", now=FRIDAY)
    assert step_of(quick)["text"].startswith("find a new date")
    meeting("move", "acme-corp", "--at", "2026-03-09T10:00:00Z", now=FRIDAY)
    assert step_of(quick)["text"] == "meeting with Acme Corp"


def test_a_no_show_leaves_another_step_whose_day_is_still_to_come(meeting, quick):
    quick("step", "acme-corp", "send the figures", "--due", "2026-03-09", now=MONDAY)
    meeting("book", "acme-corp", "--at", AT)
    meeting("no-show", "acme-corp", now=FRIDAY)
    assert step_of(quick)["text"] == "send the figures"


def test_when_the_playbooks_limit_is_reached_it_is_time_to_decide(meeting):
    meeting("book", "acme-corp", "--at", AT)
    first = meeting("no-show", "acme-corp", "--json", now=THURSDAY).json
    assert (first["no_shows"], first["limit"], first["time_to_decide"]) == (1, 2, False)
    meeting("move", "acme-corp", "--at", FRIDAY, now=THURSDAY)
    told = meeting("no-show", "acme-corp", now="2026-03-06T12:00:00Z").err
    assert "2 no-shows in this stage, and the playbook allows 2: time to decide." in told
    assert "handoffctl close acme-corp --lost" in told
    assert "handoffctl close acme-corp --nurture" in told
    assert "handoffctl meeting move acme-corp --at WHEN" in told


def test_a_meeting_that_is_moved_is_the_same_one_with_its_step(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT)
    ((uid,),) = rows("SELECT uid FROM meeting")
    told = meeting("move", "acme-corp", "--at", FRIDAY, "--json").json
    assert (told["uid"], told["moves"], told["before"]) == (uid, 1, AT)
    assert step_of(quick)["due"] == FRIDAY
    assert "is booked for 2026-03-06 09:00 already" in meeting("move", "acme-corp", "--at", FRIDAY, code=6).err.replace(
        "It ", "it "
    )
    meeting("move", "acme-corp", "--at", "2026-03-09T09:00:00Z")
    assert rows("SELECT uid, moves, state FROM meeting WHERE state <> 'moved'") == [(uid, 2, "booked")]
    assert rows("SELECT at, marked_at FROM meeting WHERE state = 'moved' ORDER BY id") == [
        (AT, MONDAY),
        (FRIDAY, MONDAY),
    ]


def test_a_new_date_after_a_no_show_is_a_new_meeting_and_its_step_takes_over(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT, "--with", "ae", "--for", "first talk", "--minutes", "45")
    meeting("no-show", "acme-corp", now=THURSDAY)
    meeting("move", "acme-corp", "--at", FRIDAY, now=THURSDAY)
    assert rows("SELECT state, at, met, handoff, minutes FROM meeting ORDER BY id") == [
        ("no-show", AT, "ae", "first talk", 45),
        ("booked", FRIDAY, "ae", "first talk", 45),
    ]
    assert step_of(quick) == {"text": "meeting with ae", "due": FRIDAY}
    assert rows("SELECT done_at FROM step WHERE text LIKE 'find a new date%'") == [(THURSDAY,)]


def test_of_several_meetings_the_earliest_is_meant_or_the_one_named(meeting, rows):
    for at in (FRIDAY, AT, "2026-03-09"):
        meeting("book", "acme-corp", "--at", at)
    meeting("cancel", "acme-corp")
    meeting("cancel", "acme-corp", "--at", "2026-03-09")
    assert rows("SELECT at, state FROM meeting ORDER BY id") == [
        (FRIDAY, "booked"), (AT, "cancelled"), ("2026-03-09", "cancelled"),
    ]  # fmt: skip
    told = meeting("cancel", "acme-corp", "--at", "2026-03-20", code=4).err
    assert "has no booked meeting at 2026-03-20" in told
    assert "2026-03-06 09:00" in told


def test_calling_a_meeting_off_takes_its_step_away_and_says_why(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT)
    told = meeting("cancel", "acme-corp", "--because", "She is ill").err
    assert "No next step now" in told
    assert step_of(quick) is None
    assert rows("SELECT count(*) FROM touch") == [(0,)]
    assert "She is ill" in quick("log", "acme-corp", now=MONDAY).out


def test_a_meeting_of_a_deal_that_was_lost_meanwhile_can_still_be_marked(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT)
    assert quick("close", "acme-corp", "--disqualified", "--because", "too small", now=MONDAY).code == 0
    meeting("no-show", "acme-corp", now=THURSDAY)
    assert rows("SELECT state FROM meeting") == [("no-show",)]


def test_the_list_begins_with_those_that_nobody_marked(meeting, quick):
    quick("add", "Birch", "--playbook", "team", now=MONDAY)
    quick("add", "Drill Inc", "--playbook", "team", "--test", now=MONDAY)
    meeting("book", "acme-corp", "--at", FRIDAY)
    meeting("book", "birch", "--at", AT)
    meeting("book", "drill-inc", "--at", AT)
    told = meeting("list", "--json", now=THURSDAY).json["meetings"]
    assert [(one["account"], one["unmarked"]) for one in told] == [("birch", True), ("acme-corp", False)]
    assert "held, or no-show?" in meeting("list", now=THURSDAY).out
    assert [one["account"] for one in meeting("list", "drill-inc", "--json").json["meetings"]] == ["drill-inc"]
    meeting("cancel", "acme-corp")
    assert [one["state"] for one in meeting("list", "acme-corp", "--all", "--json").json["meetings"]] == ["cancelled"]
    assert "No meeting is booked" in meeting("list", "acme-corp").err


def test_a_person_stands_for_their_role(meeting, quick, rows):
    added = quick("person", "add", "Ada Ahn", "--role", "ae", "--email", "ada@me.example", now=MONDAY)
    assert added.code == 0, added
    told = meeting("book", "acme-corp", "--at", AT, "--with", "ada ahn", "--json").json
    assert told["with"] == "Ada Ahn"
    meeting("held", "acme-corp", now=FRIDAY)
    assert rows("SELECT met FROM touch") == [("ae",)]
    missing = quick("check", "acme-corp", "--to", "first talk", "--json", now=FRIDAY).json["missing"]
    assert [gap["name"] for gap in missing] == ["situation"]


def event_in(path):
    whole = icalendar.Calendar.from_ical(path.read_bytes())
    (event,) = whole.walk("VEVENT")
    return whole, event


def test_the_invitation_is_from_the_seller_to_the_contact(me, meeting, tmp_path, rows):
    path = tmp_path / "acme.ics"
    told = meeting("book", "acme-corp", "--at", AT, "--for", "first talk", "--minutes", "45", "--ics", str(path))
    assert f"Wrote {path}, an invitation for jane@acme.example." in told.err
    whole, event = event_in(path)
    assert whole["method"] == "REQUEST"
    assert event["summary"] == "Call with Sam Sender"
    assert (event["uid"],) == rows("SELECT uid FROM meeting")[0]
    assert event["organizer"] == "mailto:sam@me.example"
    assert event["attendee"] == "mailto:jane@acme.example"
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)


def test_the_file_of_a_meeting_is_written_anew_when_it_is_moved_or_called_off_and_no_other(me, meeting, tmp_path):
    path = tmp_path / "acme.ics"
    meeting("book", "acme-corp", "--at", AT, "--ics", str(path))
    uid = event_in(path)[1]["uid"]
    meeting("move", "acme-corp", "--at", FRIDAY, "--ics", str(path))
    _, event = event_in(path)
    assert (event["uid"], event["sequence"]) == (uid, 1)
    meeting("cancel", "acme-corp", "--ics", str(path))
    whole, event = event_in(path)
    assert (whole["method"], event["status"], event["uid"], event["sequence"]) == ("CANCEL", "CANCELLED", uid, 2)
    before = path.read_bytes()
    assert "is there already" in meeting("book", "acme-corp", "--at", AT, "--ics", str(path), code=6).err
    assert path.read_bytes() == before
    assert meeting("list", "--json").json["total"] == 0


def test_without_an_address_of_the_seller_the_file_invites_nobody(meeting, tmp_path):
    path = tmp_path / "acme.ics"
    told = meeting("book", "acme-corp", "--at", AT, "--ics", str(path))
    assert "It invites nobody" in told.err
    whole, event = event_in(path)
    assert whole["method"] == "PUBLISH"
    assert "attendee" not in event


def test_a_hostile_name_steers_neither_the_terminal_nor_the_file(quick, acme, me, tmp_path):
    quick("add", "Evil\x1b[31m;\u202eInc, \\n", "--playbook", "team", "--contact", "x <x@evil.example>", now=MONDAY)
    slug = quick("list", "--json", now=MONDAY).json["deals"][-1]["account"]
    path = tmp_path / "evil.ics"
    told = quick("meeting", "book", slug, "--at", AT, "--ics", str(path), now=MONDAY)
    assert told.code == 0, told
    assert "\x1b" not in told.err + path.read_text()
    assert event_in(path)[1]["uid"]


def test_listing_loads_nothing_that_writes(run, quick, acme):
    quick("meeting", "book", "acme-corp", "--at", AT, now=MONDAY)
    code = (
        "import sys; from handoffctl.app import main; main(sys.argv[1:]);"
        "print([m for m in ('sqlmodel', 'jinja2', 'icalendar', 'tzlocal') if m in sys.modules], file=sys.stderr)"
    )
    import subprocess

    from handoffctl.console import context

    home = str(context.home().folder)
    done = subprocess.run(
        [sys.executable, "-c", code, "--home", home, "--now", MONDAY, "meeting", "list", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["total"] == 1
    assert done.stderr.strip().endswith("[]")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_a_held_meeting_leads_straight_on_to_the_handoff(sits, acme, quick):
    quick("meeting", "book", "acme-corp", "--at", "2026-03-03T08:00:00Z", "--with", "ae", now=MONDAY)
    terminal = sits("meeting", "held", "acme-corp")  # on the third
    terminal.sees('Was that "meeting with ae"? [Y/n]').types("")
    terminal.sees('Hand it off now ("first talk")? The deal stays with sdr until then.').types("y")
    terminal.sees("Situation").sees("> ").types("their tool broke")
    terminal.sees("What happens next?").types("")
    assert terminal.ends() == 0
    assert owner_of(quick) == "ae"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_whoever_declines_is_told_the_command_instead(sits, acme, quick):
    quick("meeting", "book", "acme-corp", "--at", "2026-03-03T08:00:00Z", "--with", "ae", now=MONDAY)
    terminal = sits("meeting", "held", "acme-corp", "--done")
    terminal.sees('Done: "meeting with ae".').sees("Hand it off now").types("n")
    terminal.sees("handoffctl handoff acme-corp --to")
    assert terminal.ends() == 0
    assert owner_of(quick) == "sdr"


def test_a_renamed_stage_keeps_the_handoff_that_waits_for_a_meeting(meeting, quick, playbook, rows):
    playbook(TEAM.replace("name: first talk, ", "").replace("playbook: team", "playbook: plain"))
    quick("add", "Birch", "--playbook", "plain", now=MONDAY)
    meeting("book", "birch", "--at", AT, "--for", "talk")
    meeting("book", "acme-corp", "--at", AT, "--for", "first talk")
    assert quick("playbook", "rename-stage", "talk", "demo", "--playbook", "plain", "--yes", now=MONDAY).code == 0
    assert rows("SELECT handoff FROM meeting ORDER BY id") == [("demo",), ("first talk",)]
    assert meeting("held", "birch", "--json", now=FRIDAY).json["handoffs"] == ["demo"]


def test_an_undone_booking_was_never_made(meeting, quick, rows):
    meeting("book", "acme-corp", "--at", AT)
    assert quick("undo", "--yes", now=MONDAY).code == 0
    assert rows("SELECT count(*) FROM meeting") == [(0,)]
    assert rows("SELECT count(*) FROM meeting_criterion") == [(0,)]
    assert step_of(quick) is None


def test_a_new_date_that_was_moved_and_then_called_off_leaves_the_no_show_without_one(meeting, quick):
    def waits():
        found = quick("today", "acme-corp", "--json", now="2026-03-06T12:00:00Z")
        return "no_show" in found.out

    meeting("book", "acme-corp", "--at", AT)
    meeting("no-show", "acme-corp", now=THURSDAY)
    quick("step", "acme-corp", "--done", now=THURSDAY)
    assert waits()
    meeting("move", "acme-corp", "--at", "2026-03-09T10:00:00Z", now=THURSDAY)
    assert not waits()
    meeting("move", "acme-corp", "--at", "2026-03-10T10:00:00Z", now=THURSDAY)
    meeting("cancel", "acme-corp", now=THURSDAY)
    assert waits()


def test_an_invitation_tells_the_prospect_nothing_that_is_only_for_ones_own_side(me, meeting, playbook, tmp_path):
    playbook(TEAM.replace("name: first talk, ", ""))
    path = tmp_path / "acme.ics"
    meeting("book", "acme-corp", "--at", AT, "--for", "talk", "--ics", str(path))
    _, event = event_in(path)
    assert event["summary"] == "Call with Sam Sender"
    assert event["description"] == "Jane Doe, Sam Sender"


def test_a_file_for_ones_own_calendar_says_what_waits_and_what_to_type(meeting, tmp_path):
    path = tmp_path / "acme.ics"
    meeting("book", "acme-corp", "--at", AT, "--for", "first talk", "--ics", str(path))
    description = event_in(path)[1]["description"]
    assert "The handoff first talk waits for it." in description
    assert "handoffctl meeting held acme-corp" in description


def test_a_touch_that_says_how_a_booked_meeting_went_marks_it(quick, rows):
    assert quick("add", "Acme", now="2026-03-02").code == 0
    assert quick("meeting", "book", "acme", "--at", "2026-03-04T10:00", now="2026-03-02").code == 0
    assert quick("meeting", "book", "acme", "--at", "2026-03-11T10:00", now="2026-03-02").code == 0
    said = quick("touch", "acme", "meeting", "--outcome", "held", now="2026-03-05T09:00")
    assert "The meeting booked for 2026-03-04 10:00 is marked: held." in said.err
    assert rows("SELECT state, touch_id FROM meeting ORDER BY id") == [("held", 1), ("booked", None)]
    assert rows("SELECT count(*) FROM touch") == [(1,)]
    # One that is still to come is none of this touch's business, and neither is a call that was held.
    assert quick("touch", "acme", "meeting", "--outcome", "no-show", now="2026-03-06T09:00").code == 0
    assert quick("touch", "acme", "call", "--outcome", "held", now="2026-03-12T09:00").code == 0
    assert rows("SELECT state FROM meeting ORDER BY id") == [("held",), ("booked",)]


def test_a_touch_means_the_meeting_of_its_own_day_else_the_latest_before(quick, acme, rows):
    for at in ("2026-03-03T10:00", "2026-03-04T10:00", "2026-03-06T10:00"):
        assert quick("meeting", "book", "acme-corp", "--at", at, now=MONDAY).code == 0
    quick("touch", "acme-corp", "meeting", "--outcome", "held", now="2026-03-06T12:00:00Z")
    assert rows("SELECT state FROM meeting ORDER BY id") == [("booked",), ("booked",), ("held",)]
    quick("touch", "acme-corp", "meeting", "--outcome", "cancelled", now="2026-03-06T12:00:00Z")
    assert rows("SELECT state FROM meeting ORDER BY id") == [("booked",), ("cancelled",), ("held",)]


def test_a_touch_that_says_nobody_came_asks_for_a_new_date_as_the_command_does(quick, meeting, rows):
    meeting("book", "acme-corp", "--at", AT)
    assert quick("touch", "acme-corp", "meeting", "--outcome", "no-show", now=FRIDAY).code == 0
    assert step_of(quick) == {"text": "find a new date (no-show on Thu 5 Mar)", "due": "2026-03-09"}
    assert rows("SELECT replaced_at, done_at FROM step ORDER BY id")[0] == (FRIDAY, None)
    meeting("move", "acme-corp", "--at", "2026-03-09T10:00:00Z", now=FRIDAY)
    assert step_of(quick)["text"] == "meeting with Acme Corp"
    again = "2026-03-09T12:00:00Z"
    quick("touch", "acme-corp", "meeting", "--outcome", "no-show", "--step", "write to her", "--due", "tue", now=again)
    assert step_of(quick)["text"] == "write to her"
    meeting("move", "acme-corp", "--at", "2026-03-11T10:00:00Z", now=again)
    assert step_of(quick)["text"] == "meeting with Acme Corp"


def test_what_is_booked_for_later_is_no_touch_and_the_hint_names_the_command(quick, acme):
    told = quick("touch", "acme-corp", "meeting", "--outcome", "booked", "--at", AT, now=MONDAY)
    assert (told.code, "handoffctl meeting book ACCOUNT --at WHEN" in told.err) == (6, True)


def test_the_same_moment_is_booked_only_once(meeting, dump):
    meeting("book", "acme-corp", "--at", AT, "--with", "ae")
    before = dump()
    told = meeting("book", "acme-corp", "--at", AT, code=6).err
    assert "has a meeting with ae booked for 2026-03-05 14:00 already." in told
    assert dump() == before
    meeting("book", "acme-corp", "--at", FRIDAY)
    meeting("move", "acme-corp", "--from", FRIDAY, "--at", AT, code=6)


def test_whoever_is_away_that_day_is_named(meeting, quick):
    away = ("--away", "2026-03-05..2026-03-06")
    quick("person", "add", "Ann Ek", "--role", "ae", *away, now=MONDAY)
    assert "Ann Ek is away until 2026-03-06." in meeting("book", "acme-corp", "--at", AT, "--with", "ann ek").err
    assert "Ann Ek is away until 2026-03-06." in meeting("book", "acme-corp", "--at", FRIDAY, "--with", "ae").err
    told = meeting("book", "acme-corp", "--at", "2026-03-09T10:00:00Z", "--with", "ae").err
    assert "is away" not in told
    quick("person", "add", "Ben Li", "--role", "ae", now=MONDAY)
    assert "is away" not in meeting("book", "acme-corp", "--at", "2026-03-05T16:00:00Z", "--with", "ae").err


def test_show_and_who_tell_what_is_booked(meeting, quick):
    meeting("book", "acme-corp", "--at", AT, "--with", "ae", "--for", "first talk")
    jane = {"name": "Jane Doe", "email": "jane@acme.example", "side": "client"}
    said = {"place": "", "subject": "", "guests": [jane]}
    booked = [{"at": AT, "minutes": 30, "with": "ae", "for": "first talk", "state": "booked", **said}]
    assert quick("show", "acme-corp", "--json", now=MONDAY).json["deals"][0]["meetings"] == booked
    assert quick("who", "acme-corp", "--json", now=MONDAY).json["meetings"] == booked
    for command in ("show", "who"):
        assert "2026-03-05 14:00 with ae, Jane Doe, for first talk" in quick(command, "acme-corp", now=MONDAY).out
        assert "first talk: held, or no-show?" in quick(command, "acme-corp", now=FRIDAY).out
    meeting("held", "acme-corp", now=FRIDAY)
    assert quick("who", "acme-corp", "--json", now=FRIDAY).json["meetings"] == []


def test_a_meeting_that_is_called_off_invites_nobody(me, meeting, quick, tmp_path):
    path = tmp_path / "acme.ics"
    quick("step", "acme-corp", "send the figures", now=MONDAY)
    meeting("book", "acme-corp", "--at", AT, "--ics", str(path))
    told = meeting("cancel", "acme-corp", "--ics", str(path)).err
    assert f"Wrote {path}, the cancellation for jane@acme.example." in told
    assert "No next step now" not in told
    meeting("book", "acme-corp", "--at", AT)
    assert meeting("cancel", "acme-corp", "--json").json["step"] is None


def test_moving_a_meeting_of_a_closed_deal_says_that_nothing_was_moved(meeting, quick):
    meeting("book", "acme-corp", "--at", AT)
    assert quick("close", "acme-corp", "--disqualified", "--because", "too small", now=MONDAY).code == 0
    assert "nothing was moved" in meeting("move", "acme-corp", "--at", FRIDAY, code=3).err


def test_lists_name_a_deal_as_shortly_as_commands_find_it(meeting, quick):
    quick("close", "acme-corp", "--disqualified", "--because", "too small", now=MONDAY)
    quick("deal", "add", "acme-corp", "Renewal", now=MONDAY)
    meeting("book", "acme-corp", "--at", AT)
    quick("promise", "add", "acme-corp", "a visit", now=MONDAY)
    drafted = quick("summary", "draft", "acme-corp", "--set", "priorities=fewer mistakes, one list",
                    "--set", "situation=their old tool broke in May", now=MONDAY)  # fmt: skip
    for command, rows in (("meeting", "meetings"), ("promise", "promises"), ("summary", "summaries")):
        told = quick(command, "list", "--json", now=MONDAY).json[rows]
        assert [one["ref"] for one in told] == ["acme-corp"], (command, drafted)


def test_whoever_is_misspelt_is_offered_with_capitals_and_each_contact_once(meeting):
    told = meeting("book", "acme-corp", "--at", AT, "--with", "Jane Do", code=4).err
    assert 'did you mean "Jane Doe"?' in told
    assert "Contacts: Jane Doe." in told


def test_where_the_records_cannot_be_written_the_file_tells_of_no_meeting(meeting, quick, tmp_path, monkeypatch):
    from contextlib import contextmanager

    from handoffctl.workspace.home import Home

    file, usual = tmp_path / "a.ics", Home.writing
    meeting("book", "acme-corp", "--at", "2026-03-05T14:00", "--ics", str(file))
    before = file.read_bytes()

    @contextmanager
    def full(home):
        with usual(home) as session:
            yield session
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Home, "writing", full)
    for words in (("book", "--at", "2026-03-06T14:00"), ("move", "--at", "2026-03-06T14:00"), ("cancel",)):
        ics = file if words[0] != "book" else tmp_path / "b.ics"
        meeting(words[0], "acme-corp", *words[1:], "--ics", str(ics), code=6)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.ics"]


@pytest.mark.parametrize("name", ["config.yaml", "playbooks/team.ics", "templates", "handoffctl.db-wal", "CONFIG.yaml"])
def test_no_calendar_file_takes_the_place_of_the_programs_own(meeting, quick, home, dump, name):
    before = dump()
    told = meeting("book", "acme-corp", "--at", "2026-03-05T14:00", "--ics", str(home / name), code=6)
    assert "files of its own" in told.err
    assert quick("today", "--ics", str(home / name), now=MONDAY).code == 6
    assert dump() == before
    assert not (home / name).exists()
