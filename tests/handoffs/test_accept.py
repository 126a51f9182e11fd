"""What a receiver sees before accepting: at `accept`, and at the top of `show`."""

import pytest

NOW = "2026-03-05T12:00:00Z"

PAIR = """\
playbook: pair
roles: {sdr: Finds them, ae: Talks to them}
fields:
  situation: {summary: current situation}
  timeline: {summary: timeline}
  priorities: {type: list, summary: business priorities}
  decision: {label: How they decide, summary: decision process}
  budget: {type: money, ask: What is set aside for it?}
  users: {ask: Who will use it every day?}
  risks: {type: list}
criteria:
  met: {introduced: ae}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae, exit: [users]}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard.}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.,
     required: [met], nice_to_have: [budget]}
"""


@pytest.fixture
def acme(does, playbook, home):
    playbook(PAIR)
    (home / "config.yaml").write_text("me: {name: Sam Ortiz}\ncurrency: USD\n")
    does("add", "Acme Corp", "--playbook", "pair", "--contact", "Jane Doe <jane@acme.example>", now="2026-03-02")
    does("contact", "add", "acme-corp", "Tom Lee <tom@acme.example>", "--title", "CFO", now="2026-03-02")
    facts = (
        "contact.title=COO", "situation=losing phone orders", "timeline=live by June 1", "decision=Jane and Tom",
        "priorities=orders online; no retyping", "deal.amount=24000", "deal.expected_close=2026-04-10",
        "risks=Tom was in no call yet",
    )  # fmt: skip
    does("set", "acme-corp", *facts, now="2026-03-02")
    does("summary", "draft", "acme-corp", now="2026-03-02")
    does("summary", "sent", "acme-corp", now="2026-03-02")
    does("summary", "confirm", "acme-corp", now="2026-03-03")
    does("promise", "add", "acme-corp", "sample export", "--by", "2026-03-10", now="2026-03-03")
    does("touch", "acme-corp", "call", "She wants to see it in June", "--in", now="2026-03-03")
    does("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "ae", now="2026-03-03")
    does("handoff", "acme-corp", now="2026-03-04")


TWELVE = """\
Acme Corp -> {to} (from SDR, Wed 4 Mar){space}24,000 USD   close 10 Apr
Jane Doe, COO   jane@acme.example   also: Tom Lee (CFO)
NEXT     Thu 12 Mar 10:00  meeting with {to}, booked
WHY NOW  losing phone orders; live by June 1
WANTS    1 orders online  2 no retyping
DECIDES  Jane and Tom
CONFIRMED by Jane Doe on Tue 3 Mar
WE OWE   sample export, Tue 10 Mar      THEY OWE  nothing
RISK     Tom was in no call yet
DON'T ASK AGAIN  current situation, timeline, business priorities, decision process
ASK (2)  Who will use it every day? · What is set aside for it?
"""


def test_accept_shows_the_brief_first_and_in_a_script_accepts_at_once(does, acme):
    ran = does("accept", "acme-corp")
    assert ran.out == TWELVE.format(to="you", space=" " * 37)
    assert ran.err.startswith("AE accepted Acme Corp.\n")


def test_show_begins_with_the_brief_and_ends_with_the_trail_of_words(does, acme):
    out = does("show", "acme-corp").out
    brief, heading, rest = out.partition("\nAcme Corp  (acme-corp)\n")
    assert brief == TWELVE.format(to="AE", space=" " * 38)
    assert heading
    trail = rest.partition("  What was said\n")[2].splitlines()
    assert trail == ["    Tue 3 Mar  call from them: She wants to see it in June"]
    (deal,) = does("show", "acme-corp", "--json").json["deals"]
    assert deal["trail"] == [
        {"at": "2026-03-03", "kind": "call", "direction": "in", "outcome": "", "with": "",
         "text": "She wants to see it in June"},
    ]  # fmt: skip


def test_show_names_no_giver_where_nobody_handed_the_deal_over(does, playbook):
    playbook(PAIR)
    does("add", "Bolt Ltd", "--playbook", "pair")
    assert does("show", "bolt-ltd").out.splitlines()[:3] == [
        "Bolt Ltd -> SDR", "no contact known yet", "NEXT     nothing planned yet",
    ]  # fmt: skip


def test_a_value_that_changed_is_no_longer_among_what_not_to_ask(does, acme):
    does("set", "acme-corp", "timeline=live by July 1")
    out = does("show", "acme-corp").out
    assert "CONFIRMED by Jane Doe on Tue 3 Mar; changed since: Timeline\n" in out
    assert "DON'T ASK AGAIN  current situation, business priorities, decision process\n" in out


def test_a_closed_deal_has_no_brief(does, acme):
    does("close", "acme-corp", "--lost", "--because", "they chose another firm")
    assert does("show", "acme-corp").out.startswith("Acme Corp  (acme-corp)\n")


def test_at_a_terminal_enter_means_that_it_was_enough(acme, sits, rows):
    screen = sits("accept", "acme-corp", now=NOW)
    screen.sees("ASK (2)").sees("Did you have enough to begin? [Y/n]").types("")
    assert screen.ends() == 0
    assert rows("SELECT state, enough, lacked FROM handoff") == [("accepted", 1, "")]


def test_what_was_missing_and_asked_again_is_recorded_and_the_deal_stays(does, acme, sits, rows):
    screen = sits("accept", "acme-corp", now=NOW)
    screen.sees("Did you have enough to begin?").types("n").sees("What was missing?").types("who signs?")
    screen.sees("What did you have to ask again?").types("Timeline, prioritys")
    screen.sees('No field is called "prioritys" (did you mean "priorities"?).').types("Timeline, priorities")
    screen.sees("Give it back to SDR? [y/N]").types("")
    assert screen.ends() == 0
    assert rows("SELECT state, enough, lacked FROM handoff") == [("accepted", 0, "who signs?")]
    assert rows("SELECT name, handoff_id FROM asked_twice") == [("timeline", 1), ("priorities", 1)]
    says = "ae accepted Acme Corp, without enough to begin: who signs? (asked again: Timeline, Priorities)\n"
    assert says in does("log", "acme-corp").out


def test_what_was_missing_goes_back_with_the_deal(acme, sits, rows):
    screen = sits("accept", "acme-corp", now=NOW)
    screen.sees("Did you have enough to begin?").types("n").sees("What was missing?").types("who signs?")
    screen.sees("What did you have to ask again?").types("").sees("Give it back to SDR?").types("y")
    assert screen.ends() == 0
    assert rows("SELECT state, because, enough, lacked FROM handoff") == [("returned", "who signs?", 0, "who signs?")]
    assert rows("SELECT kind FROM command ORDER BY id DESC LIMIT 1") == [("return",)]


def test_a_placeholder_for_what_was_missing_is_asked_again_and_nothing_goes_back_without_a_reason(acme, sits, rows):
    screen = sits("accept", "acme-corp", now=NOW)
    screen.sees("Did you have enough to begin?").types("n").sees("What was missing?").types("tbd")
    screen.sees('"tbd" is a placeholder.').sees("What was missing?").types("")
    screen.sees("What did you have to ask again?").types("timeline").sees("Give it back to SDR?").types("y")
    screen.sees("still waits for you to accept it")
    assert screen.ends() == 0
    assert rows("SELECT state, lacked FROM handoff") == [("completed", "")]


def test_at_the_end_of_input_the_deal_waits(acme, sits, rows):
    screen = sits("accept", "acme-corp", now=NOW)
    screen.sees("Did you have enough to begin?").ends_input()
    screen.sees("still waits for you to accept it")
    assert screen.ends() == 0
    assert rows("SELECT state FROM handoff") == [("completed",)]


def test_a_script_says_how_it_felt_by_options_and_without_them_nothing_is_known(does, acme, rows):
    does("accept", "acme-corp")
    assert rows("SELECT enough, lacked FROM handoff") == [(None, "")]
    does("undo", "--yes")
    does("accept", "acme-corp", "--lacked", "who signs?", "--asked-twice", "timeline", "--asked-twice", "Timeline")
    assert rows("SELECT enough, lacked FROM handoff") == [(0, "who signs?")]
    assert rows("SELECT name FROM asked_twice") == [("timeline",)]
    does("undo", "--yes")
    assert rows("SELECT count(*) FROM asked_twice") == [(0,)]
    does("accept", "acme-corp", "--enough")
    assert rows("SELECT enough FROM handoff") == [(1,)]


def test_what_contradicts_itself_or_is_no_field_is_refused(does, acme, dump):
    before = dump()
    refused = does("accept", "acme-corp", "--enough", "--lacked", "who signs?", code=2)
    assert "Either it was enough to begin, or something was missing." in refused.err
    does("accept", "acme-corp", "--lacked", "tbd", code=6)
    refused = does("accept", "acme-corp", "--asked-twice", "timelin", code=4)
    assert 'No field is called "timelin" (did you mean "timeline"?).' in refused.err
    does("touch", "acme-corp", "call", "--asked-twice", "tea", code=4)
    assert dump() == before


def test_a_touch_records_what_was_asked_again(does, acme, rows):
    does("touch", "acme-corp", "call", "They told Sam in March", "--asked-twice", "timeline")
    assert rows("SELECT name, handoff_id FROM asked_twice") == [("timeline", None)]
    assert "Call to Acme Corp: They told Sam in March (asked again: Timeline)\n" in does("log", "acme-corp").out
    does("touch", "acme-corp", "call", "--asked-twice", "timeline")
    assert "Call to Acme Corp (asked again: Timeline).\n" in does("log", "acme-corp").out
