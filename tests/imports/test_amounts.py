import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.imports.cells.amounts import AmountParser, parse_percent
from handoffctl.imports.cells.dates import AmbiguousFormat, CellParseError


def column(*texts):
    amounts = AmountParser()
    for text in texts:
        amounts.observe(text)
    return amounts


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("15000", 1_500_000),
        ("15,000.00", 1_500_000),
        ("1.234,56", 123_456),
        ("1 234,56", 123_456),
        ("1\u00a0234,56", 123_456),
        ("1\u202f234,56", 123_456),
        ("1'234.50", 123_450),
        ("$3,972.45", 397_245),
        ("1,234.56", 123_456),
        ("$3.972.451", 397_245_100),
        ("12 500,00 €", 1_250_000),
        ("95,570.69", 9_557_069),
        ("$12,400.00", 1_240_000),
        ("-12000.00", -1_200_000),
        ("1'250.50", 125_050),
        ("1’250.50", 125_050),
        ("EUR 12", 1_200),
        ("12,50 €", 1_250),
        ("USD 1,234,567", 123_456_700),
        ("12,00,000", 120_000_000),
        ("(1,200)", -120_000),
        ("-$7", -700),
        ("5-", -500),
        ("117.0", 11_700),
        ("1.2E+06", 120_000_000),
        ("0.005", 1),
        ("0", 0),
        ("999999999999999.99", 99_999_999_999_999_999),
        ("", None),
        ("  ", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, cents):
    assert column(text).cents(text) == cents


def test_three_digits_after_one_sign_are_thousands():
    assert column("1,234").cents("1,234") == 123_400
    assert column("1.234").cents("1.234") == 123_400


def test_the_column_shows_which_sign_is_the_decimal_one():
    assert column("1,234", "2,5").cents("1,234") == 123
    assert column("1.234", "2,5").cents("1.234") == 123_400
    assert column("1.234", "117.0").cents("1.234") == 123
    assert column("1,234", "1,234,567").cents("1,234") == 123_400


def test_a_column_that_writes_both_ways_leaves_the_doubtful_ones_unread():
    amounts = column("1.234,56", "1,234.56", "1,234")
    assert amounts.cents("1.234,56") == amounts.cents("1,234.56") == 123_456
    with pytest.raises(CellParseError, match="both ways"):
        amounts.cents("1,234")


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "inf",
        "-inf",
        "1e999",
        "1e-5",
        "9" * 16,
        "9" * 10_000,
        "12%",
        "12k",
        "1.2M",
        "1,2,3",
        "1 2 3",
        "--5",
        "(5",
        "#REF!",
        "12/3",
        "$",
        "-",
        ".",
        "1,,2",
        "1,234.5.6",
        "abc",
        "1.234,5.6",
        "12 34",
        "１２３",
        "١٢٣",
        "12３",
        "²",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_amount_is_a_reason_and_no_crash(text):
    with pytest.raises(CellParseError) as fault:
        column(text).cents(text)
    assert len(str(fault.value)) < 150


@given(st.lists(st.text(alphabet="0123456789.,' -+()eE$€k%", max_size=12), max_size=6))
def test_any_text_is_an_amount_or_unreadable(texts):
    amounts = column(*texts)
    for text in texts:
        try:
            assert isinstance(amounts.cents(text), int | None)
        except CellParseError:
            continue


@given(st.integers(-(10**14), 10**14))
def test_every_amount_is_read_back_in_american_and_german_writing(cents):
    american = f"{cents / 100:,.2f}" if abs(cents) < 10**12 else f"{cents // 100}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert column(american).cents(american) == column(german).cents(german)
    if abs(cents) < 10**12:
        assert column(american).cents(american) == cents


def test_before_the_column_was_seen_only_an_amount_that_needs_it_is_undecided():
    amounts = AmountParser(decided=False)
    for text in ("1,234", "1.234", "$12.500", "(999,000)"):
        with pytest.raises(AmbiguousFormat):
            amounts.cents(text)
    assert [amounts.cents(text) for text in ("1,234.56", "1.234,56", "2,5", "117.0", "15000", "0,123", "")] == [
        *(123_456, 123_456, 250, 11_700, 1_500_000, 12, None)
    ]
    with pytest.raises(CellParseError):
        amounts.cents("soon")


@given(st.lists(st.text(alphabet="0123456789., -€", max_size=12), max_size=6))
def test_what_is_read_before_the_column_was_seen_is_read_the_same_afterwards(texts):
    early, late = AmountParser(decided=False), column(*texts)
    for text in texts:
        try:
            assert early.cents(text) == late.cents(text)
        except (CellParseError, AmbiguousFormat):
            continue


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("10 %", 10),
        ("10%", 10),
        ("10,5%", 10.5),
        ("0.1", 0.1),
        ("100.00", 100),
        ("0", 0),
        ("", None),
        (" ", None),
    ],
)
def test_a_percentage_is_read_with_and_without_its_sign(text, value):
    assert parse_percent(text) == value


@pytest.mark.parametrize("text", ["101", "-1", "ten", "1e1", "nan", "inf", "1_0", "%", "10%%", "１０", "9" * 5000])
def test_what_is_no_percentage_is_none(text):
    assert parse_percent(text) is None
