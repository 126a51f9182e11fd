"""Values are parsed by their type into one written form; placeholders are no knowledge."""

import os
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.core.field_values import (
    BadValue,
    Placeholder,
    is_placeholder,
    parse_value,
    to_comparable,
    to_json_value,
    value_hint,
)
from handoffctl.core.moments import Clock
from handoffctl.core.money import from_cents, parse_number, to_cents
from handoffctl.core.yaml.forms import checked
from handoffctl.playbook.model import Field

NOW = Clock("2026-03-10T12:00:00Z", UTC)


def field(kind="text", **more):
    if kind == "choice":
        more = {"choices": ("small", "large", "n/a"), **more}
    return checked(Field, {"type": kind, **more})


def value(kind, text, **more):
    return parse_value(field(kind, **more), text, NOW)


@pytest.mark.parametrize(
    ("kind", "text", "form"),
    [
        ("text", "  They outgrew it ", "They outgrew it"),
        ("text", "none", "none"),
        ("number", "12,500", "12500"),
        ("number", "12.500", "12.5"),
        ("number", "-3", "-3"),
        ("number", "007", "7"),
        ("number", "0.50", "0.5"),
        ("money", "12,500", "12500"),
        ("money", "€12,500.50", "12500.5"),
        ("money", "12.500,50 €", "12500.5"),
        ("money", "1 250 000", "1250000"),
        ("money", "1'250'000 CHF", "1250000"),
        ("money", "USD 99", "99"),
        ("money", "12k", "12000"),
        ("money", "1.5M", "1500000"),
        ("money", "12,50", "12.5"),
        ("money", "0", "0"),
        ("date", "2026-05-01", "2026-05-01"),
        ("date", "+3d", "2026-03-13"),
        ("date", "fri", "2026-03-13"),
        ("email", "jane@acme.example", "jane@acme.example"),
        ("phone", "+49 (30) 123-4567", "+49 (30) 123-4567"),
        ("url", "acme.example", "acme.example"),
        ("url", "https://acme.example/a?b=c", "https://acme.example/a?b=c"),
        ("yes_no", "Y", "yes"),
        ("yes_no", "false", "no"),
        ("choice", "Large", "large"),
        ("choice", "sm", "small"),
        ("choice", "n/a", "n/a"),
        ("list", "speed, cost ,speed", "speed; cost"),
        ("list", "one; two, or three", "one; two, or three"),
    ],
)
def test_a_value_has_one_written_form(kind, text, form):
    assert value(kind, text) == form


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "twelve"),
        ("number", "1,2,3"),
        ("number", "9" * 30),
        ("money", "12.500"),
        ("money", "-5"),
        ("money", "1.234.56"),
        ("money", "9.999"),
        ("date", "2026-13-45"),
        ("date", "soon"),
        ("email", "jane"),
        ("email", "jane@acme"),
        ("email", "jane..doe@acme.example"),
        ("phone", "12"),
        ("phone", "00000000"),
        ("url", "not a site"),
        ("yes_no", "maybe"),
        ("choice", "medium"),
        ("text", ""),
        ("text", "a\0b"),
        ("text", "x " * 6000),
        ("list", ", ;"),
    ],
)
def test_what_does_not_fit_the_type_is_refused_with_a_sentence(kind, text):
    with pytest.raises(BadValue, match=r"[.]$"):
        value(kind, text)


def test_an_amount_that_reads_two_ways_is_asked_about():
    with pytest.raises(BadValue, match=r"can be read as 12500 or as 12\.5;"):
        value("money", "12.500")


def test_a_text_may_have_to_be_of_some_words():
    assert value("text", "They outgrew it", min_words=3)
    with pytest.raises(BadValue, match="at least 3 words"):
        value("text", "outgrew it", min_words=3)


@pytest.mark.parametrize("text", ["n/a", "N/A", "tbd", "TBD.", "x", "?", "---", "...", "unknown", "(tbd)", "aaaa",
                                  "test", "don’t know", "not yet", "lorem ipsum", "Ｎ/Ａ"])  # fmt: skip
def test_placeholders_are_no_answers(text):
    assert is_placeholder(text)
    with pytest.raises(Placeholder, match="is a placeholder, not an answer"):
        value("text", text)


@pytest.mark.parametrize("text", ["none", "no", "7", "Testing tools", "Xero", "we do not know our costs", "中"])
def test_answers_are_no_placeholders(text):
    assert not is_placeholder(text)


def test_a_list_of_placeholders_is_one():
    with pytest.raises(Placeholder):
        value("list", "n/a, tbd")
    assert value("list", "speed, tbd") == "speed"


def test_values_of_ordered_types_sort_as_people_mean_them():
    assert to_comparable(field("money"), "9.5") < to_comparable(field("money"), "10")
    assert to_comparable(field("number"), "9") < to_comparable(field("number"), "10")
    assert to_comparable(field("choice"), "small") < to_comparable(field("choice"), "large")
    assert to_comparable(field("date"), "2026-03-09") < to_comparable(field("date"), "2026-03-10")
    assert to_comparable(field("choice"), "no longer there") is None


def test_values_are_said_in_json_by_their_type():
    assert to_json_value("money", "12500") == 12500
    assert to_json_value("money", "99.5") == 99.5
    assert to_json_value("yes_no", "yes") is True
    assert to_json_value("list", "speed; cost") == ["speed", "cost"]
    assert to_json_value("text", "12") == "12"


def test_a_command_shows_what_to_type():
    assert value_hint(field("choice")) == "small|large|n/a"
    assert (value_hint(field("money")), value_hint(field()), value_hint(field("list"))) == (
        "AMOUNT",
        "TEXT",
        "ITEM, ITEM",
    )


@given(st.integers(-(10**14), 10**14))
def test_cents_and_amounts_are_two_ways_to_write_one_thing(count):
    assert to_cents(from_cents(abs(count))) == abs(count)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_an_amount_reads_the_same_however_it_is_grouped(whole, rest):
    english, german = f"{whole:,}.{rest:02d}", f"{whole:,}".replace(",", ".") + f",{rest:02d}"
    assert parse_number(english, money=True) == parse_number(german, money=True)
    assert to_cents(parse_number(english, money=True)) == whole * 100 + rest


@given(st.text(max_size=60), st.sampled_from(["text", "number", "money", "date", "email", "phone", "url", "yes_no",
                                             "choice", "list"]))  # fmt: skip
@settings(max_examples=int(os.environ.get("HANDOFFCTL_FUZZ", "200")), deadline=None)
def test_any_text_is_a_value_or_refused_and_the_written_form_stays(text, kind):
    try:
        form = value(kind, text)
    except BadValue:
        return
    assert value(kind, form) == form
