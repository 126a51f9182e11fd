"""How long a mail is, how long it takes to say, and whether it pitches."""

import pytest

from handoffctl.emails.email_style import (
    MOST_SECONDS,
    MOST_WORDS,
    PITCHING,
    count_words,
    pitches_in,
    seconds_to_say,
    without_greeting_and_signature,
    words_under_heads,
)

COUNTED = {
    "": 0,
    "   \n\t ": 0,
    "one": 1,
    "one two": 2,
    "one\ntwo\n\nthree": 3,
    "- one\n- two": 2,
    "1. one": 2,
    "one - two": 2,
    "one – two — three …": 3,
    "* * *": 0,
    "12,500 euros": 2,
    "don't": 1,
    "state-of-the-art": 1,
    "Zoë Müller": 2,
    "株式会社 東京": 2,
    "🔥 🔥": 0,
    "a\u00a0b": 2,
}


@pytest.mark.parametrize("text", COUNTED)
def test_words_are_counted_and_marks_alone_are_none(text):
    assert count_words(text) == COUNTED[text]


@pytest.mark.parametrize("text", [
    "We are Proud to tell you", "OUR PLATFORM does it", "it is a game-changer.", "a no-brainer!", "(risk-free)",
    "our\nplatform", "our   platform", "don’t miss it", '"world-class"', "state of the\nart", "Guaranteed: it works",
])  # fmt: skip
def test_pitching_is_found_in_any_case_across_lines_and_between_marks(text):
    assert len(pitches_in(text)) == 1


@pytest.mark.parametrize("text", [
    "", "you said that the lists are slow", "four platforms", "our solutions are not the point", "unguaranteed",
    "synergyless", "your platform", "hour product", "seamlessly", "we offered", "exclusive", "limited",
])  # fmt: skip
def test_other_words_are_no_pitching(text):
    assert pitches_in(text) == []


def test_every_phrase_of_the_list_finds_itself_and_stands_there_once():
    assert [phrase for phrase in PITCHING if phrase not in pitches_in(f"this is {phrase}, you see")] == []
    assert len(set(PITCHING)) == len(PITCHING)
    assert [phrase for phrase in PITCHING if phrase != phrase.casefold()] == []


@pytest.mark.parametrize(("phrases", "text", "found"), [
    ([], "our platform is world-class", []),
    (["Ninja"], "we are NINJA people", ["Ninja"]),
    (["C++"], "written in C++ by us", ["C++"]),
    (["100%"], "we give 100% each day", ["100%"]),
    (["(r)"], "Acme (R) it is", ["(r)"]),
    (["a.b"], "axb", []),
    (["straße"], "an der STRASSE", ["straße"]),
    (["two", "one"], "one two", ["two", "one"]),
])  # fmt: skip
def test_a_list_of_ones_own_is_taken_as_it_is_written(phrases, text, found):
    assert pitches_in(text, phrases) == found


@pytest.mark.parametrize(("count", "seconds"), [(0, 0), (75, 30), (76, 30.4), (150, 60)])
def test_seventy_five_words_take_half_a_minute(count, seconds):
    assert seconds_to_say("word " * count) == pytest.approx(seconds)


def test_the_limits_are_those_that_are_told():
    assert (MOST_WORDS, MOST_SECONDS) == (150, 30)


def test_a_very_long_text_is_looked_through_at_once():
    assert pitches_in("our " * 50_000) == []
    assert count_words("our " * 50_000) == 50_000


SUMMARY = """\
Hi Jane,

Thanks for your time. Is this right?

Where you are today: orders by phone
What matters most:
  1. Orders online
  2. No retyping
Timing:

live by June

One thing I didn't catch: who decides?

Thanks again,
Sam Ortiz
Brightline
"""


def test_greeting_and_signature_are_not_counted():
    text = without_greeting_and_signature(SUMMARY)
    assert text.startswith("Thanks for your time.")
    assert text.endswith("who decides?")
    assert without_greeting_and_signature("Is this right?\n\nYes, or no.") == "Is this right?\n\nYes, or no."


def test_the_words_under_each_head():
    counts = words_under_heads(SUMMARY, ["Where you are today", "What matters most", "Timing", "Decision"])
    assert dict(counts) == {"Where you are today": 3, "What matters most": 6, "Timing": 3}
