"""A call or meeting that was held may end the open step: asked on a terminal, said with --done in scripts."""

import sys

import pytest

NOW = "2026-03-02T09:00:00Z"
CALL_DAY = "2026-03-03T09:00:00Z"

on_a_terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.fixture
def acme(quick, once):
    once(lambda: quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=NOW))
    return "acme-corp"


def steps(rows):
    return rows("SELECT text, done_at IS NOT NULL, replaced_at IS NOT NULL FROM step ORDER BY id")


def test_a_script_says_that_the_step_is_done(does, acme, rows):
    does("step", acme, "first call with Jane", "--due", "tue")
    told = does("touch", acme, "call", "they want it", "--outcome", "held", "--done", "--step", "send it", now=CALL_DAY)
    assert 'Done: "first call with Jane".' in told.err
    assert steps(rows) == [("first call with Jane", 1, 0), ("send it", 0, 0)]


def test_without_saying_so_a_script_ends_nothing_and_is_reminded(does, acme, rows):
    does("step", acme, "first call with Jane", "--due", "tue")
    told = does("touch", acme, "call", "--outcome", "held", now=CALL_DAY)
    assert told.err.splitlines()[1] == (
        'The next step is still "first call with Jane" (due Tue 3 Mar). If it is done: handoffctl step acme-corp --done'
    )
    assert steps(rows) == [("first call with Jane", 0, 0)]


@pytest.mark.parametrize("words", [("call", "--outcome", "answered"), ("call",), ("call", "--outcome", "no-answer")])
def test_a_call_that_was_not_held_ends_no_step(does, acme, rows, words):
    does("step", acme, "first call with Jane", "--due", "tue")
    assert "first call" not in does("touch", acme, *words, now=CALL_DAY).err
    assert steps(rows) == [("first call with Jane", 0, 0)]


def test_a_step_of_a_later_day_is_not_asked_about(does, acme):
    does("step", acme, "send the offer", "--due", "2026-03-09")
    assert "still" not in does("touch", acme, "call", "--outcome", "held", now=CALL_DAY).err


def test_the_step_that_stands_for_a_meeting_ends_with_it_and_it_says_so(does, acme, rows):
    does("meeting", "book", acme, "--at", "2026-03-03T08:00:00Z")
    assert 'Done: "meeting with Acme Corp".' in does("meeting", "held", acme, now=CALL_DAY).err
    assert steps(rows) == [("meeting with Acme Corp", 1, 0)]


def test_a_held_meeting_ends_another_step_only_where_the_script_says_so(does, acme, rows):
    does("step", acme, "first call with Jane", "--due", "tue")
    does("meeting", "book", acme, "--at", "2026-03-03T08:00:00Z")
    assert 'Done: "first call with Jane".' in does("meeting", "held", acme, "--done", now=CALL_DAY).err
    assert steps(rows) == [("first call with Jane", 1, 0)]


@on_a_terminal
@pytest.mark.parametrize(("answer", "done"), [("", 1), ("n", 0)])
def test_a_terminal_asks_whether_a_call_was_the_step(sits, does, acme, rows, answer, done):
    does("step", acme, "first call with Jane", "--due", "tue")
    terminal = sits("touch", acme, "call", "--outcome", "held", now=CALL_DAY)
    terminal.sees('Was that "first call with Jane"? [Y/n]').types(answer).sees("Recorded the call")
    assert terminal.ends() == 0
    assert steps(rows) == [("first call with Jane", done, 0)]


@on_a_terminal
def test_a_terminal_asks_about_the_step_made_for_the_meeting_too(sits, does, acme, rows):
    does("meeting", "book", acme, "--at", "2026-03-03T08:00:00Z")
    terminal = sits("meeting", "held", acme, now=CALL_DAY)
    terminal.sees('Was that "meeting with Acme Corp"? [Y/n]').types("n").sees("Held: the meeting")
    assert terminal.ends() == 0
    assert steps(rows) == [("meeting with Acme Corp", 0, 0)]


def test_steps_of_the_program_are_marked(does, acme, rows):
    does("meeting", "book", acme, "--at", "2026-03-03T08:00:00Z")
    does("meeting", "no-show", acme, now=CALL_DAY)
    does("step", acme, "call Jane")
    assert [made for (made,) in rows("SELECT made FROM step ORDER BY id")] == [1, 1, 0]
