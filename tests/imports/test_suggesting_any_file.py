"""What holds for a suggested map whatever a file holds: it can be read, and it names only columns that are there."""

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoffctl.core.yaml.reader import parse_yaml
from handoffctl.core.yaml.validation import read_model
from handoffctl.imports.mapping.library import load_shipped_map, shipped_maps
from handoffctl.imports.mapping.model import ImportMap
from handoffctl.imports.suggest.column_names import build_vocabulary, split_words
from handoffctl.imports.suggest.column_profile import profile_file
from handoffctl.imports.suggest.inference import guess_map
from handoffctl.imports.suggest.map_text import write_map
from handoffctl.imports.suggest.yaml_text import is_writable, shortened, yaml_text

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "100"))
KNOWN = build_vocabulary(load_shipped_map(name) for name in shipped_maps())

ODD = [
    "yes", "No", "null", "~", "1", "1.5", "2026-01-01", "a: b", "a #b", "#x", "@at", "=1+1", "-", "- x", "? y",
    "& z", "*z", "!t", "'q'", "\"q\"", "say \"so\"", "a\\b", "[x]", "{x}", "x, y", "tab\there", "line\nbreak",
    "Größe", "e\u0301tape", "\u0301x", "商機", "😀", "\u202eevil", "\u00a0x", "x" * 200, "ü" * 200, "%", "|", ">",
    "` `", "x:", "...", "---",
]  # fmt: skip


@pytest.mark.parametrize("header", ODD)
def test_any_header_is_written_so_that_it_is_read_as_it_was(header):
    tree = parse_yaml(f"a: {yaml_text(header)}\nb: [{yaml_text(header)}, c]\n{yaml_text(header)}: d\n").tree
    assert (tree["a"], tree["b"][0], tree[header]) == (header, header, "d")
    assert not set(yaml_text(header)) & set("\n\t\u202e")


def test_what_no_map_can_hold_is_told_and_remarks_are_harmless():
    assert not any(map(is_writable, ["", "x\x1by", "x\x00", "\ufeff", "a\u2028b", "\udc80", "x" * 301]))
    assert shortened("a\n\x1b[31m" + "x" * 90) == "a \\x1b[31m" + "x" * 29 + "…"
    assert split_words("x" * 5_000)


NAMES = [
    "id", "deal id", "stage", "Status", "account", "Name", "e-mail", "date", "close date", "created at",
    "amount", "owner", "type", "field", "new value", "phone", "product", "activity", "case:concept:name",
]  # fmt: skip
CELLS = [
    "", "", "Won", "won", "Lost", "Lead", "New", "2026-01-02", "03/04/2026", "1,200.50", "$5", "a@b.example",
    "Call", "email", "yes", "A-17", "StageName", "Closed\u0007Won", "e\u0301", "é", "GTXPro", "GTX Pro",
    "\udc80", "2026-01-02 10:00", "n/a", "x" * 300,
]  # fmt: skip
texts = st.one_of(st.text(max_size=12), st.sampled_from(ODD), st.sampled_from(NAMES))
cells = st.one_of(st.text(max_size=8), st.sampled_from(CELLS))


@st.composite
def files(draw):
    headers = draw(st.lists(texts.map(str.strip).filter(bool), min_size=1, max_size=7, unique_by=str.casefold))
    size = st.lists(cells.map(str.strip), min_size=len(headers), max_size=len(headers))
    return headers, draw(st.lists(size, min_size=1, max_size=14))


def columns_named(tree):
    """Every column that the tree of a map names."""
    for word, value in tree.items():
        if word in ("contact", "entered", "fields"):
            yield from value.values()
        elif word not in ("program", "rows", "kinds", "order", "same", "statuses", "stage_changes", "touch_kinds"):
            yield value


@settings(max_examples=EXAMPLES, deadline=None)
@given(files())
@example((["a", "b"], [["", ""]]))
@example((["stage", "id"], [["Won\x07", "1"], ["é", "2"], ["e\u0301", "3"]]))
@example((["x" * 400, "stage"], [["1", "Lead"]]))
def test_whatever_is_in_a_file_the_map_can_be_read_and_names_only_its_columns(tmp_path_factory, file):
    headers, rows = file
    guess = guess_map(profile_file("any.csv", headers, rows), KNOWN)
    text = write_map(guess)
    tree = parse_yaml(text).tree
    assert set(columns_named(tree)) <= set(headers)
    assert ("NOT FOUND" in text) == bool(guess.missing)
    if not guess.missing:
        path = tmp_path_factory.mktemp("maps") / "map.yaml"
        path.write_text(text, encoding="utf-8")
        assert read_model(path, ImportMap).rows == guess.rows
