"""Triggers: noticed by themselves once their criteria hold, or told of; the first moment in each stay counts."""

import pytest

NOW = "2026-03-02T09:00:00Z"
LATER = "2026-03-05T09:00:00Z"
LAST = "2026-03-09T09:00:00Z"

WATCHED = """\
playbook: watched
roles: {finder: Who finds them, closer: Who closes them}
fields:
  pain: {label: Pain, why: Without pain nobody buys.}
  size: {label: Size, type: number, why: To plan the work.}
  region: {label: Region, of: account, why: To know who drives there.}
criteria:
  big: {label: Big, field: size, at_least: 5, why: Small ones do not pay.}
stages:
  found: {title: Found}
  talking: {title: Talking}
  agreed: {title: Agreed}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: talking, trigger: {says: They name a pain and an address., when: [pain, contact.email]},
     reason: They fit., benefit: They are heard.}
  - {from: found, to: agreed, name: straight on, trigger: They say yes at once.,
     reason: Nothing is open., benefit: They start at once.}
  - {from: talking, to: agreed, trigger: {says: A big one has met us., when: [big, {meeting: held}]},
     reason: They want it., benefit: They see us.}
  - {from: talking, receiver: closer, name: take over, trigger: {says: They agree to the summary.,
     when: [{summary: confirmed}]}, reason: A closer knows prices., benefit: They get a price.}
  - {from: agreed, to: won, trigger: {says: Their size is known., when: [size]},
     reason: They signed., benefit: They get it.}
"""


@pytest.fixture
def seen(rows):
    """`seen()`: stage, handoff, when, and whether somebody told of it."""
    return lambda: rows(
        "SELECT v.stage, s.handoff, s.at, s.told FROM sighting AS s JOIN visit AS v ON v.id = s.visit_id ORDER BY s.id"
    )


@pytest.fixture
def acme(does, playbook, once):
    playbook(WATCHED)
    once(lambda: does("add", "Acme Corp", "--playbook", "watched"))
    return "acme-corp"


@pytest.fixture
def talking(does, acme):
    does("handoff", acme, "--to", "talking")
    return acme


# --- Noticed -----------------------------------------------------------------------------------------------------


def test_a_trigger_is_seen_when_the_last_of_its_criteria_holds(does, acme, seen):
    does("set", acme, "pain=their tool broke")
    assert seen() == []
    does("contact", "add", acme, "Ada Bell <ada@acme.example>", now=LATER)
    assert seen() == [("found", "talking", LATER, 0)]


def test_a_value_sees_it_too_and_only_the_first_moment_is_kept(does, acme, seen):
    does("contact", "add", acme, "Ada Bell <ada@acme.example>")
    does("set", acme, "pain=their tool broke", now=LATER)
    does("set", acme, "pain=their tool broke again", now=LAST)
    does("touch", acme, "call", now=LAST)
    assert seen() == [("found", "talking", LATER, 0)]


def test_a_meeting_that_was_held_is_seen_and_one_that_was_booked_is_not(does, talking, seen):
    does("set", talking, "size=7")
    does("touch", talking, "meeting", "--outcome", "booked")
    assert seen() == []
    does("touch", talking, "meeting", "--outcome", "held", "--at", "2026-03-04", now=LATER)
    assert seen() == [("talking", "agreed", "2026-03-04", 0)]


def test_a_criterion_that_does_not_hold_is_not_seen(does, talking, seen):
    does("touch", talking, "meeting", "--outcome", "held", "--set", "size=3")
    assert seen() == []
    does("set", talking, "size=5", now=LATER)
    assert seen() == [("talking", "agreed", LATER, 0)]


def test_a_summary_that_is_confirmed_is_seen(does, talking, seen):
    does("summary", "sent", talking)
    assert seen() == []
    does("summary", "confirm", talking, now=LATER)
    assert seen() == [("talking", "take over", LATER, 0)]


def test_a_trigger_that_holds_already_is_seen_on_entering_the_stage(does, acme, seen):
    does("set", acme, "size=7")
    does("handoff", acme, "--to", "straight on", now=LATER)
    assert seen() == [("agreed", "won", LATER, 0)]


def test_what_one_command_tells_and_hands_off_was_seen_at_that_moment(does, acme, seen):
    does("set", acme, "contact.email=ada@acme.example")
    does("handoff", acme, "--to", "talking", "--set", "pain=their tool broke", now=LATER)
    assert seen() == [("found", "talking", LATER, 0)]


def test_a_blocked_handoff_sees_what_its_answers_tell(does, playbook, seen):
    wants_more = WATCHED.replace("watched", "strict", 1).replace(
        "{from: found, to: talking,", "{from: found, to: talking, required: [size],"
    )
    playbook(wants_more)
    does("add", "Northwind", "--playbook", "strict")
    words = ("--set", "pain=their tool broke", "--set", "contact.email=ada@northwind.example")
    does("handoff", "northwind", "--to", "talking", *words, code=3)
    assert seen() == [("found", "talking", NOW, 0)]


def test_a_return_and_a_second_entry_are_new_stays_with_sightings_of_their_own(does, acme, seen):
    does("set", acme, "pain=their tool broke", "contact.email=ada@acme.example")
    does("handoff", acme, "--to", "talking", now=LATER)
    does("return", acme, "--because", "nobody there knew of it", now=LATER)
    does("touch", acme, "call", now=LAST)
    assert seen() == [("found", "talking", NOW, 0), ("found", "talking", LAST, 0)]


def test_what_was_just_returned_is_not_called_for_again_before_something_else_happens(does, acme, seen):
    does("set", acme, "pain=their tool broke", "contact.email=ada@acme.example")
    does("handoff", acme, "--to", "talking", now=LATER)
    told = does("return", acme, "--because", "nobody there knew of it", now=LAST)
    assert "Trigger seen" not in told.err
    assert seen() == [("found", "talking", NOW, 0)]
    assert "Trigger seen" in does("set", acme, "size=7", now=LAST).err


def test_a_handoff_that_was_done_in_this_stay_is_not_called_for_again(does, talking, seen):
    does("handoff", talking, "--to", "take over")
    does("summary", "sent", talking)
    does("summary", "confirm", talking, now=LATER)
    assert seen() == []


def test_a_closed_deal_is_not_watched(does, acme, seen):
    does("set", acme, "contact.email=ada@acme.example")
    does("close", acme, "--lost", "--because", "they chose another firm")
    does("contact", "add", acme, "Bo Reed <bo@acme.example>", now=LATER)
    assert seen() == []


def test_what_becomes_known_of_an_account_is_looked_at_in_each_of_its_open_deals(does, acme, seen, rows):
    does("set", acme, "pain=their tool broke")
    does("deal", "add", acme, "Renewal", "--playbook", "watched")
    does("set", "acme-corp/renewal", "pain=it broke again")
    does("contact", "add", acme, "Ada Bell <ada@acme.example>", now=LATER)
    assert seen() == [("found", "talking", LATER, 0)] * 2
    assert len({row[0] for row in rows("SELECT deal_id FROM sighting")}) == 2


@pytest.mark.parametrize("fault", ["gone", "faulty", "no text", "a folder"])
def test_a_playbook_that_cannot_be_read_keeps_no_command_from_writing(does, acme, home, rows, seen, fault):
    file = home / "playbooks" / "watched.yaml"
    if fault == "faulty":
        file.write_text("playbook: watched\nstages: nonsense\n")
    elif fault == "no text":
        file.write_bytes(b"\xff\xfe\x00playbook")
    else:
        file.unlink()
        if fault == "a folder":
            file.mkdir()
    does("contact", "add", acme, "Ada Bell <ada@acme.example>")
    does("step", acme, "call back")
    assert (len(rows("SELECT 1 FROM contact")), len(rows("SELECT 1 FROM step")), seen()) == (1, 1, [])


def test_a_command_that_fails_sees_nothing(does, acme, seen):
    does("set", acme, "contact.email=ada@acme.example")
    does("set", acme, "pain=tbd", code=6)
    assert seen() == []


def test_a_playbook_that_changes_within_a_run_is_read_anew(home, playbook):
    from handoffctl.playbook.library import load_playbook
    from handoffctl.workspace.home import Home

    playbook(WATCHED)
    place = Home(home)
    first = load_playbook(place, "watched")
    assert load_playbook(place, "watched") is first
    playbook(WATCHED.replace("title: Talking", "title: In talks"))
    assert load_playbook(place, "watched").playbook.title_of("talking") == "In talks"


# --- Told --------------------------------------------------------------------------------------------------------


def test_somebody_tells_of_a_trigger_that_is_only_a_sentence(does, acme, seen):
    told = does("touch", acme, "call", "Yes, at once", "--in", "--trigger", "Straight On", "--at", "2026-03-02")
    assert seen() == [("found", "straight on", "2026-03-02", 1)]
    assert "handoffctl handoff acme-corp --to 'straight on'" in told.err
    assert "The trigger was seen: straight on." in does("log", acme).out


@pytest.mark.parametrize("name", ["talking", "TALKING", " Talking "])
def test_a_trigger_is_named_like_the_handoff_or_where_it_leads(does, acme, seen, name):
    does("touch", acme, "email", "--in", "--trigger", name)
    assert seen() == [("found", "talking", NOW, 1)]


def test_telling_twice_keeps_the_earlier_moment(does, acme, seen):
    does("touch", acme, "call", "--trigger", "talking", now=LATER)
    does("touch", acme, "call", "--trigger", "talking", now=LAST)
    assert seen() == [("found", "talking", LATER, 1)]
    does("touch", acme, "call", "--trigger", "talking", "--at", "2026-03-03", now=LAST)
    assert seen() == [("found", "talking", "2026-03-03", 1)]


def test_what_was_told_of_is_not_noticed_again(does, acme, seen):
    does("touch", acme, "call", "--trigger", "talking")
    does("set", acme, "pain=their tool broke", "contact.email=ada@acme.example", now=LATER)
    assert seen() == [("found", "talking", NOW, 1)]


def test_an_unknown_trigger_offers_the_nearest_and_the_list_and_records_nothing(does, acme, dump):
    before = dump()
    ran = does("touch", acme, "call", "--trigger", "talkin", code=4)
    assert 'did you mean "talking"?' in ran.err
    assert "talking, straight on" in ran.err
    assert dump() == before


def test_a_stage_that_two_handoffs_lead_to_is_refused_with_their_names(does, playbook):
    two = WATCHED.replace("watched", "twice", 1).replace(
        "{from: found, to: talking,", "{from: found, to: talking, name: one,"
    )
    playbook(two.replace("{from: found, to: agreed, name: straight on", "{from: found, to: talking, name: two"))
    does("add", "Zebra", "--playbook", "twice")
    assert "one, two" in does("touch", "zebra", "call", "--trigger", "talking", code=4).err
    does("touch", "zebra", "call", "--trigger", "two")


def test_a_trigger_that_is_noticed_is_told_with_what_to_type(quick, playbook):
    playbook(TOLD)
    quick("add", "Acme", "--playbook", "told", now="2026-03-02T09:00:00Z")
    touched = quick("touch", "acme", "call", "--outcome", "held", now="2026-03-03T09:00:00Z")
    said = "Trigger seen for Acme: They come to the call. Next: handoffctl handoff acme --to 'next one'\n"
    assert touched.err.endswith(said)
    assert "Trigger seen" not in quick("touch", "acme", "call", "--outcome", "held", now="2026-03-04T09:00:00Z").err
    quick("add", "Birch", "--playbook", "told", now="2026-03-02T09:00:00Z")
    quiet = quick("summary", "list", "--json", now="2026-03-03T09:00:00Z")
    assert quiet.err == ""


TOLD = """\
playbook: told
stages:
  lead: {title: Lead}
  next: {title: Next}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: next, name: next one, trigger: {says: They come to the call., when: [{meeting: held}]},
     reason: It fits., benefit: They gain.}
  - {from: next, to: won, trigger: They sign., reason: They said yes., benefit: They gain.}
"""


def test_a_customer_is_still_touched_by_the_name_of_the_account(quick, playbook, rows):
    playbook(TOLD)
    quick("add", "Acme", "--playbook", "told", now="2026-03-02T09:00:00Z")
    quick("handoff", "acme", "--to", "next", now="2026-03-03T09:00:00Z")
    quick("close", "acme", "--won", now="2026-03-04T09:00:00Z")
    assert quick("touch", "acme", "call", "--outcome", "held", now="2026-03-05T09:00:00Z").code == 0
    quick("deal", "add", "acme", "Renewal", "--playbook", "told", now="2026-03-06T09:00:00Z")
    assert quick("touch", "acme", "email", now="2026-03-07T09:00:00Z").code == 0
    assert rows("SELECT kind, deal_id FROM touch ORDER BY id") == [("call", 1), ("email", 2)]
