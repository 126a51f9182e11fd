"""Tables as text, CSV and Markdown: aligned, harmless in a spreadsheet, escaped where marks would speak."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.console.table import Table, as_csv, as_markdown, as_text, format_cell, width

SMALL = Table(("stage", "entered", "days"), [["Lead", 1200, 3.25], ["Won", 3, None]], ["days: of finished stays."])


def test_text_sets_numbers_to_the_right_and_notes_below():
    assert as_text(SMALL) == (
        "stage  entered  days\n"
        "Lead     1,200   3.2\n"
        "Won          3     -\n"
        "\n"
        "days: of finished stays."
    )  # fmt: skip


def test_a_table_without_rows_is_its_headings():
    assert as_text(Table(("stage", "days"), [])) == "stage  days"
    assert as_csv(Table(("stage", "days"), [])) == "stage,days"
    assert as_markdown(Table(("stage", "days"), [])) == "| stage | days |\n| --- | --- |"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, "-"), (0, "0"), (1234567, "1,234,567"), (0.0, "0.0"), (0.04, "<0.1"), (0.05, "0.1"), (12.34, "12.3"),
        (1234.5, "1,234.5"), ("two\nlines", "two lines"), ("a\x1b[1mb", "a\\x1b[1mb"),
        ("\u202egnp", "\\u202egnp"), ("", ""),
    ],
)  # fmt: skip
def test_cells_are_said_as_people_read_them(cell, text):
    assert format_cell(cell) == text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Acme", 4),
        ("Müller", 6),
        ("Mu\u0308ller", 6),
        ("東京", 4),
        ("株式会社A", 9),
        ("\U0001f525", 2),
        ("ｶﾅ", 2),
        ("", 0),
    ],
)
def test_wide_characters_take_two_places_and_combining_ones_none(text, places):
    assert width(text) == places


def test_columns_stay_aligned_with_wide_names():
    table = Table(("account", "stage"), [["株式会社", "Lead"], ["Acme Corp", "Won"], ["Zoe\u0308", "Won"]])
    lines = as_text(table).splitlines()
    assert [width(line[: line.rindex(" ")]) for line in lines] == [width("Acme Corp") + 1] * 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(start):
    text = f'{start}HYPERLINK("http://example.org")'
    read = list(csv.reader(io.StringIO(as_csv(Table(("name", "n"), [[text, -5]])), newline="")))
    assert read == [["name", "n"], ["'" + text, "-5"]]


def test_csv_keeps_every_figure_whole():
    assert as_csv(SMALL) == "stage,entered,days\nLead,1200,3.25\nWon,3,"


cells = st.one_of(
    st.none(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0")),
)  # fmt: skip
rows = st.lists(st.tuples(cells, cells, cells), max_size=5)


@given(rows)
def test_csv_is_read_back_as_it_was(given_rows):
    read = list(csv.reader(io.StringIO(as_csv(Table(("a", "b", "c"), given_rows)) + "\n", newline="")))
    assert read[0] == ["a", "b", "c"]
    for line, row in zip(read[1:], given_rows, strict=True):
        for text, cell in zip(line, row, strict=True):
            assert text.removeprefix("'") == ("" if cell is None else str(cell)).removeprefix("'")
            assert isinstance(cell, int | float) or text[:1] not in ("=", "+", "-", "@", "\t")


def test_markdown_escapes_what_would_be_marks():
    table = Table(("name", "n"), [["a|b *c* _d_ `e` [f](g) <h> \\i", 1200]])
    assert as_markdown(table) == (
        "| name | n |\n"
        "| --- | ---: |\n"
        "| a\\|b \\*c\\* \\_d\\_ \\`e\\` \\[f\\](g) \\<h\\> \\\\i | 1,200 |"
    )  # fmt: skip


@given(rows)
def test_every_markdown_row_has_as_many_cells_as_the_head(given_rows):
    for line in as_markdown(Table(("a", "b", "c"), given_rows)).split("\n"):
        bare = line.replace("\\\\", "").replace("\\|", "")
        assert bare.count("|") == 4


@given(rows)
def test_text_has_one_line_for_each_row_and_nothing_to_steer_with(given_rows):
    lines = as_text(Table(("a", "b", "c"), given_rows)).split("\n")
    assert len(lines) == 1 + len(given_rows)
    assert all(c.isprintable() or c.isspace() for line in lines for c in line)
