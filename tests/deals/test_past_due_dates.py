"""A due date in the past: asked about on a terminal, taken with a remark in scripts."""

import sys

import pytest

NOW = "2026-03-05T09:00:00Z"


@pytest.fixture
def acme(quick, once):
    once(lambda: quick("add", "Acme Corp", now=NOW))
    return "acme-corp"


def test_a_script_is_told_of_it_and_obeyed(does, acme, rows):
    told = does("step", acme, "call Jane", "--due", "2026-03-03")
    assert told.err.splitlines()[0] == "Due on Tue 3 Mar, which is past."
    assert "Due on Tue 3 Mar" in does("touch", acme, "call", "--step", "call Tom", "--due", "2026-03-03").err
    assert "Due on Tue 3 Mar" in does("promise", "add", acme, "a list", "--by", "2026-03-03").err
    assert rows("SELECT DISTINCT due FROM step") == [("2026-03-03",)]


@pytest.mark.parametrize("due", ["today", "2026-03-05T08:00", "tomorrow"])
def test_today_is_not_past(does, acme, due):
    assert "past" not in does("step", acme, "call Jane", "--due", due).err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "due"), [("", "2026-03-03"), ("fri", "2026-03-06")])
def test_a_terminal_asks(sits, acme, rows, answer, due):
    terminal = sits("step", acme, "call Jane", "--due", "2026-03-03", now=NOW)
    terminal.sees("Tue 3 Mar is past. By when? (Enter keeps it) >").types(answer).sees("Next step for Acme Corp")
    assert terminal.ends() == 0
    assert rows("SELECT due FROM step") == [(due,)]
