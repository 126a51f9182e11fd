"""Names are cleaned, folded for look-up, made short to type, and shown without power over the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.core.names import (
    LONGEST_SLUG,
    NotAName,
    clean_name,
    escape_controls,
    fold,
    next_free_slug,
    slugify,
    split_name_and_email,
)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Acme Corp", "acme-corp"),
        ("Müller & Söhne GmbH", "muller-sohne-gmbh"),
        ("Straße 7", "strasse-7"),
        ("  A__B--C  ", "a-b-c"),
        ("株式会社", "株式会社"),
        ("!!!", "account"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_slug_is_short_and_easy_to_type(name, short):
    assert slugify(name) == short


@given(st.text(max_size=80))
def test_a_slug_is_never_empty_or_long_and_stays_the_same(name):
    short = slugify(name)
    assert 0 < len(short) <= LONGEST_SLUG
    assert "/" not in short
    assert " " not in short


def test_a_taken_slug_gets_a_number():
    assert next_free_slug("acme", set()) == "acme"
    assert next_free_slug("acme", {"acme", "acme-2"}) == "acme-3"


@pytest.mark.parametrize(
    ("one", "other"),
    [("ACME  Corp", "acme corp"), ("Straße", "STRASSE"), ("Ａｃｍｅ", "acme"), ("ﬁrst", "First"), (" acme ", "acme")],
)
def test_names_that_people_take_for_the_same_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


def test_a_name_is_cleaned_of_runs_of_space():
    assert clean_name("  Acme \t\n Corp ") == "Acme Corp"


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * 201, "a\0b", "a\ud800"])
def test_what_cannot_be_a_name_is_refused_with_a_sentence(text):
    with pytest.raises(NotAName, match=r"^The company .*\.$"):
        clean_name(text, "company")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jane Doe <jane@acme.example>", ("Jane Doe", "jane@acme.example")),
        ('"Doe, Jane" <jane@acme.example>', ("Doe, Jane", "jane@acme.example")),
        ("<jane@acme.example>", ("", "jane@acme.example")),
        ("jane@acme.example", ("", "jane@acme.example")),
        ("Jane Doe", ("Jane Doe", "")),
    ],
)
def test_a_contact_may_come_with_an_address(text, parts):
    assert split_name_and_email(text) == parts


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Müller\nGmbH", "Müller\nGmbH"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("a\U000e0001b", "a\\U000e0001b"),
        ("a\u00a0b", "a\u00a0b"),
        ("a\rb", "a\\x0db"),
    ],
)
def test_what_could_steer_a_terminal_is_written_out(text, seen):
    assert escape_controls(text) == seen


@given(st.text())
def test_what_is_shown_holds_nothing_that_steers(text):
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in escape_controls(text))
