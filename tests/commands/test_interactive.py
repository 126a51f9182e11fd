"""A person at a real terminal of 100 by 40: what is asked, what stands on the screen, what is kept."""

import sys
import time

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

DAY = "2026-03-02T09:00:00Z"
LATER = "2026-03-03T09:00:00Z"

TALK = """\
playbook: talk
roles: {seller: Who sells, delivery: Who delivers}
fields:
  situation:
    {label: Current situation, min_words: 3, ask: What made you look at this now?, why: The first call rests on it.}
  size: {label: Size, type: choice, choices: [small, large], ask: How large are they?, why: To send the right person.}
  budget: {label: Budget, type: money, why: To propose the right size.}
criteria:
  reachable: {label: E-mail or phone, any_of: [contact.email, contact.phone], why: Nobody can follow up without one.}
  met: {label: A call that was held, meeting: held, why: Many do not come.}
stages:
  lead: {title: Lead, exit: [reachable]}
  talks: {title: Talks, exit: [met]}
  offer: {title: Offer}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: talks, required: [situation, size], nice_to_have: [budget], next_step: required,
     trigger: They agree to talk., reason: They fit., benefit: They are heard., emails: [introduction]}
  - {from: talks, to: offer, trigger: They ask for one., reason: It fits., benefit: They get one.}
  - {from: talks, to: won, name: signed at once, trigger: They sign., reason: It fits., benefit: They get it.}
  - {from: offer, to: won, trigger: They sign., reason: It fits., benefit: They get it.}
"""


@pytest.fixture
def acme(quick, playbook, once):
    def make():
        playbook(TALK)
        assert quick("add", "Acme Corp", "--playbook", "talk", now=DAY).code == 0

    once(make)


@pytest.fixture
def talks(quick, acme):
    """The account one stage further on."""
    values = (
        "--set",
        "situation=their old tool broke",
        "--set",
        "size=large",
        "--set",
        "contact.email=ada@acme.example",
    )
    assert quick("handoff", "acme-corp", *values, "--step", "call her", now=DAY).code == 0


def test_the_handoff_asks_for_just_what_is_missing_and_completes(sits, acme, quick, rows):
    terminal = sits("handoff", "acme-corp")
    terminal.sees("Acme Corp: Lead -> Talks").sees("Missing: E-mail or phone, Current situation, Size, Next step.")
    terminal.sees("E-mail or phone (1 of 4)").sees("Why: Nobody can follow up without one.").sees("Contact's e-mail:")
    terminal.sees("At which address do they read mail?").sees("> ").types("ada at acme")
    terminal.sees('"ada at acme" is not an e-mail address; write one like jane@acme.example.').sees("Try again").sees(
        "> "
    )
    terminal.types("ada@acme.example")
    terminal.sees("Current situation (2 of 4)").sees("Why: The first call rests on it.")
    terminal.sees("What made you look at this now?").sees("> ").types("tbd")
    terminal.sees('"tbd" is a placeholder, not an answer.').sees("> ").types("tool broke")
    terminal.sees("at least 3 words are asked for.").sees("> ").types("their old tool broke")
    terminal.sees("Size (3 of 4)").sees("(small, large)").sees("> ").types("LAR")
    terminal.sees("Next step (4 of 4)").sees("What happens next? > ").types("tbd").sees("is no next step").sees(
        "next? > "
    ).types("send the agenda")
    terminal.sees("By when?").types("31st of May").sees("31st of May").sees("is not a date")
    terminal.sees("By when?").types("+2d")
    terminal.sees("Next steps as the client will read them (Enter: as shown, -: leave out, or your own words)")
    terminal.sees("send the agenda, by Thu 5 Mar").sees("> ").types("the agenda for our call")
    terminal.sees("What did the client say they would do? (Enter: nothing) > ").types("the list of users")
    terminal.sees("By when?").types("some day").sees("is not").sees("By when?").types("mon")
    terminal.sees("Handed off: Acme Corp, Lead -> Talks.").sees(
        "Owner: seller. Next step: send the agenda (by 2026-03-05)."
    )
    terminal.sees("Budget: handoffctl set acme-corp budget=AMOUNT").sees(
        "E-mail to paste: introduction, to ada@acme.example"
    )
    terminal.sees("Subject: What happens next").sees("It has no signature.")
    assert terminal.ends() == 0
    assert any("Handed off: Acme Corp, Lead -> Talks." in line for line in terminal.lines)
    assert rows("SELECT state FROM handoff") == [("completed",)]
    assert rows("SELECT text, due, kind, told FROM promise ORDER BY id") == [
        ("the agenda for our call", "2026-03-05", "ours", 1), ("the list of users", "2026-03-09", "theirs", 1),
    ]  # fmt: skip
    assert rows("SELECT name, value FROM field_value ORDER BY id") == [
        ("contact.email", "ada@acme.example"),
        ("situation", "their old tool broke"),
        ("size", "large"),
    ]
    assert rows("SELECT name FROM refusal") == [("situation",)]
    told = [seconds for (seconds,) in rows("SELECT seconds FROM field_value")]
    assert all(seconds is not None and 0 <= seconds < 20 for seconds in told)
    assert rows("SELECT seconds FROM handoff")[0][0] >= round(sum(told), 1) - 0.2
    assert quick("show", "acme-corp", "--json", now=LATER).json["deals"][0]["step"]["due"] == "2026-03-05"


def test_the_screen_shows_one_question_with_its_reason(sits, acme):
    terminal = sits("handoff", "acme-corp", "--set", "contact.phone=+49 30 1234567", NO_COLOR="1")
    terminal.sees("now?").sees("> ")
    assert terminal.lines == [
        "Acme Corp: Lead -> Talks",
        "Missing: Current situation, Size, Next step.",
        "Answer what you know. Enter leaves it missing; Ctrl-C stops, and what you answered stays.",
        "Current situation (1 of 3)",
        "  Why: The first call rests on it.",
        "  What made you look at this now?",
        ">",
    ]
    terminal.interrupts()
    assert terminal.ends() == 130


def test_the_hint_of_a_field_stands_below_its_question(sits, acme, playbook):
    playbook(TALK.replace("at this now?, why:", "at this now?, hint: In their own words., why:"))
    terminal = sits("handoff", "acme-corp", "--set", "contact.phone=+49 30 1234567", NO_COLOR="1")
    terminal.sees("In their own words.").sees("> ")
    assert terminal.lines[-4:] == [
        "  Why: The first call rests on it.",
        "  What made you look at this now?",
        "  In their own words.",
        ">",
    ]
    terminal.types("their old tool broke").sees("(small, large)").sees("> ")
    assert terminal.raw.count("In their own words.") == 1
    terminal.interrupts()
    assert terminal.ends() == 130


def test_what_is_left_out_stays_missing_and_what_was_answered_is_kept(sits, acme, quick, rows):
    terminal = sits("handoff", "acme-corp")
    terminal.sees("Contact's e-mail:").sees("> ").types("").sees("Contact's phone:").sees("> ").types("+49 30 1234567")
    terminal.sees("Current situation (2 of 4)").sees("> ").types("")
    terminal.sees("Size (3 of 4)").sees("> ").types("small")
    terminal.sees("What happens next? > ").types("")
    terminal.sees("Missing (2):").sees("Current situation").sees('fix: handoffctl set acme-corp situation="TEXT"')
    terminal.sees("Next step").sees('fix: handoffctl step acme-corp "TEXT" --due +3d')
    assert terminal.ends() == 3
    assert rows("SELECT state FROM handoff") == [("blocked",)]
    assert rows("SELECT name FROM gap WHERE kind = 'required'") == [("situation",), ("next_step",)]
    shown = quick("show", "acme-corp", "--json", now=LATER).json
    assert shown["deals"][0]["stage"] == "lead"
    assert shown["deals"][0]["fields"] == {"size": "small"}
    assert shown["contacts"][0]["phone"] == "+49 30 1234567"


def test_what_is_done_and_not_typed_is_told_with_its_command(sits, talks):
    terminal = sits("handoff", "acme-corp", "--to", "offer")
    terminal.sees("A call that was held (1 of 1)").sees("Why: Many do not come.")
    terminal.sees("The command for it: handoffctl touch acme-corp meeting --outcome held")
    terminal.sees("Has it happened?").types("")
    assert terminal.ends() == 3


def test_what_has_happened_is_recorded_on_the_spot_and_the_handoff_completes(sits, talks, rows):
    terminal = sits("handoff", "acme-corp", "--to", "offer")
    terminal.sees("Has it happened? Type yes to record it now > ").types("yes")
    terminal.sees("Handed off: Acme Corp")
    assert terminal.ends() == 0
    assert rows("SELECT kind, outcome FROM touch") == [("meeting", "held")]


def test_ctrl_c_in_the_middle_keeps_what_was_answered_before(sits, acme, quick, rows):
    terminal = sits("handoff", "acme-corp")
    terminal.sees("Contact's e-mail:").sees("> ").types("ada@acme.example")
    terminal.sees("Current situation (2 of 4)").sees("> ").types("their old tool broke")
    terminal.sees("Size (3 of 4)").sees("> ").interrupts().sees("Stopped.")
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.raw
    assert rows("SELECT name FROM field_value") == [("contact.email",), ("situation",)]
    assert rows("SELECT count(*) FROM handoff") == [(0,)]
    again = sits("handoff", "acme-corp")
    again.sees("Missing: Size, Next step.").sees("Size (1 of 2)").interrupts()
    assert again.ends() == 130


def test_ctrl_c_at_the_day_of_the_step_keeps_the_step(sits, acme, quick):
    given = ("situation=their old tool broke", "size=small", "contact.email=ada@acme.example")
    terminal = sits("handoff", "acme-corp", *(word for value in given for word in ("--set", value)))
    terminal.sees("What happens next? > ").types("send the agenda").sees("By when?").interrupts()
    assert terminal.ends() == 130
    deal = quick("show", "acme-corp", "--json", now=LATER).json["deals"][0]
    assert (deal["stage"], deal["step"]) == ("lead", {"text": "send the agenda", "due": None})


def test_the_end_of_input_leaves_the_rest_missing(sits, acme, rows):
    terminal = sits("handoff", "acme-corp", "--set", "size=small", "--set", "contact.email=ada@acme.example")
    terminal.sees("now?").sees("> ")
    terminal._child.sendeof()
    terminal.sees("What happens next? > ")
    terminal._child.sendeof()
    assert terminal.ends() == 3
    assert rows("SELECT state FROM handoff") == [("blocked",)]


def test_the_seconds_of_an_answer_are_kept(sits, acme, rows):
    terminal = sits(
        "handoff", "acme-corp", "--set", "size=small", "--set", "contact.email=ada@acme.example", "--step", "call"
    )
    terminal.sees("now?").sees("> ")
    time.sleep(0.6)
    terminal.types("tbd").sees("Try again").sees("> ")
    time.sleep(0.6)
    terminal.types("their old tool broke")
    terminal.sees("will read them").sees("> ").types("").sees("(Enter: nothing) > ").types("")
    assert terminal.ends() == 0
    told = dict(rows("SELECT name, seconds FROM field_value"))
    assert (told["size"], told["contact.email"]) == (None, None)
    assert 1.2 <= told["situation"] <= 2 * 120  # of each answer two minutes at most
    assert rows("SELECT seconds FROM handoff") == [(told["situation"],)]


def test_who_goes_for_a_coffee_is_counted_with_two_minutes_at_most(quick, acme, rows, monkeypatch):
    answers = iter(["ada@acme.example", "tbd", "their old tool broke", "large", "call her", "+2d"])
    waits = iter([30.04, 3_600.0, 5.0, 119.0, 90_000.0, 4.0])
    monkeypatch.setattr("handoffctl.console.context.prompting", lambda: True)
    monkeypatch.setattr("handoffctl.handoffs.interview.ask_line", lambda prompt: (next(answers), next(waits)))
    assert quick("handoff", "acme-corp", now=LATER).code == 0
    assert rows("SELECT name, seconds FROM field_value ORDER BY id") == [
        ("contact.email", 30.0),
        ("situation", 125.0),
        ("size", 119.0),
    ]
    assert rows("SELECT seconds FROM handoff") == [(398.0,)]


def test_an_answer_is_timed_from_the_question_to_the_end_of_the_line(monkeypatch, capsys):
    from handoffctl.console import prompts

    class Keyboard:
        def readline(self):
            clock.append(clock[-1] + 7.5)
            return "  yes \n"

    clock = [100.0]
    monkeypatch.setattr(prompts.time, "monotonic", lambda: clock[-1])
    monkeypatch.setattr(sys, "stdin", Keyboard())
    assert prompts.ask_line("Well? ") == ("yes", 7.5)
    assert capsys.readouterr().out == "Well? "


def test_a_handoff_of_which_nothing_was_asked_has_no_seconds(sits, acme, quick, rows):
    quick("set", "acme-corp", "situation=their old tool broke", "size=small", "contact.email=a@acme.example", now=DAY)
    quick("step", "acme-corp", "call", now=DAY)
    terminal = sits("handoff", "acme-corp")
    terminal.sees("will read them").sees("> ").types("-").sees("(Enter: nothing) > ").types("")
    terminal.sees("Handed off: Acme Corp")
    assert terminal.ends() == 0
    assert rows("SELECT seconds FROM handoff") == [(None,)]
    assert rows("SELECT left_out FROM step") == [(1,)]


@pytest.mark.parametrize(("words", "env"), [
    (("--no-input",), {}), ((), {"HANDOFFCTL_NO_INPUT": "1"}), (("--json",), {}),
])  # fmt: skip
def test_nothing_is_asked_of_who_does_not_want_it(sits, acme, words, env):
    terminal = sits("handoff", "acme-corp", *words, **env)
    assert terminal.ends() == 3
    assert "Missing (4):" in terminal.raw or '"handed_off": false' in terminal.raw
    assert "Answer what you know" not in terminal.raw


def test_nothing_is_asked_where_the_output_goes_to_a_file(shell, home, acme, tmp_path):
    out = tmp_path / "out.txt"
    command = f"'{sys.executable}' -m handoffctl --home '{home}' --now {LATER} handoff acme-corp > '{out}'"
    assert shell(command).ends() == 3
    assert out.read_text().startswith("Acme Corp: Lead -> Talks\nMissing (4):")


@pytest.mark.parametrize("answer", ["2", "sig"])
def test_which_of_several_handoffs_is_asked_on_a_terminal(sits, talks, quick, answer):
    quick("touch", "acme-corp", "meeting", "--outcome", "held", now=DAY)
    terminal = sits("handoff", "acme-corp")
    terminal.sees("Acme Corp can be handed off in 2 ways:").sees("1. offer").sees("2. signed at once").sees("> ")
    terminal.types("7").sees("Type a number from 1 to 2").sees("> ").types(answer)
    if "What happens next?" in quick("check", "acme-corp", "--to", "offer", now=DAY).out:
        terminal.sees("> ").types("")
    terminal.sees("Handed off: Acme Corp, Talks -> Won.")
    assert terminal.ends() == 0


def test_who_picks_none_of_several_handoffs_is_told_their_names(sits, talks, rows):
    terminal = sits("handoff", "acme-corp").sees("> ").types("").sees("No handoff was picked.").sees('--to "offer"')
    assert terminal.ends() == 2
    assert rows("SELECT count(*) FROM handoff") == [(1,)]


def test_several_handoffs_are_named_in_a_pipe(quick, talks):
    refused = quick("handoff", "acme-corp", now=LATER)
    assert refused.code == 2
    assert refused.err.startswith("2 handoffs leave Talks: offer, signed at once.\n")


def test_a_unique_beginning_will_do_for_who_can_see_what_happens(sits, acme, quick):
    terminal = sits("set", "acm", "budget=12,500").sees("Budget: 12500")
    assert terminal.ends() == 0
    assert quick("set", "acm", "budget=5", now=LATER).code == 4
    assert quick("show", "acm", now=LATER).code == 0
    assert quick("check", "acm", now=LATER).code == 3


def test_deleting_asks(sits, acme, quick):
    no = sits("delete", "acme-corp").sees("Erase Acme Corp for good (1 deal)? This cannot be undone, and")
    no.sees("[y/N] ").types("")
    no.sees("Nothing was erased.")
    assert no.ends() == 0
    assert quick("show", "acme-corp").code == 0
    yes = sits("delete", "acme-corp").sees("[y/N] ").types("y").sees("Erased Acme Corp")
    assert yes.ends() == 0
    assert quick("show", "acme-corp").code == 4


def test_deleting_by_a_beginning_is_refused_even_there(sits, acme):
    terminal = sits("delete", "acme").sees('No account is called "acme"')
    assert terminal.ends() == 4


@pytest.mark.parametrize(("words", "env"), [(("--no-color",), {}), ((), {"NO_COLOR": "1"})])
@pytest.mark.parametrize(
    "command",
    [("list",), ("check", "acme-corp")]
    + [pytest.param(command, marks=pytest.mark.trial) for command in (("show", "acme-corp"), ("report", "throughput"))],
)
def test_who_wants_no_colours_gets_none(sits, acme, command, words, env):
    terminal = sits(*command, *words, **env)
    assert terminal.ends() in (0, 3)
    assert "\x1b" not in terminal.raw
    assert terminal.lines


def test_prompts_have_no_colours_either_where_none_are_wanted(sits, acme):
    terminal = sits("handoff", "acme-corp", "--no-color").sees("> ").types("ada@acme.example").sees("now?").interrupts()
    assert terminal.ends() == 130
    assert "\x1b" not in terminal.raw


def test_a_table_is_drawn_on_a_terminal_and_folds_long_cells(sits, acme, quick):
    quick("step", "acme-corp", "send " + "very " * 30 + "long", now=DAY)
    terminal = sits("list")
    assert terminal.ends() == 0
    assert "\x1b[" in terminal.raw
    assert terminal.lines[0].split() == ["account", "name", "stage", "owner", "days", "next", "step"]
    assert terminal.lines[-1].endswith("very long") or "long" in terminal.lines[-1]
