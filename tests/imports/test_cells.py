import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.imports.cells.amounts import AmountParser
from handoffctl.imports.cells.dates import AmbiguousFormat, DateParser
from handoffctl.imports.cells.parsers import (
    LONGEST_TEXT,
    CellParser,
    InvalidCell,
    domain_of,
    full_salesforce_id,
    require_all,
)


def cells(ids="", same=(), order="ymd"):
    return CellParser(ids, dict(same), DateParser(order, None), AmountParser())


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.Acorn.example/about?x=1", "acorn.example"),
        ("acorn.example", "acorn.example"),
        ("http://shop.acorn.example:8080", "shop.acorn.example"),
        ("www.müller.example", "müller.example"),
        ("", None),
        ("none", None),
        ("n/a", None),
        ("http://[oops", None),
        ("two words.example", None),
    ],
)
def test_a_domain_is_the_host_without_www(website, domain):
    assert domain_of(website) == domain
    assert cells().domains([website]) == [domain]


def test_ids_of_15_and_18_characters_are_the_same_id():
    assert full_salesforce_id("001D000000IRFma") == "001D000000IRFmaIAH"
    assert full_salesforce_id("001D000000IRFmaIAH") == "001D000000IRFmaIAH"
    assert full_salesforce_id("deal-1") == "deal-1"


@given(st.text("0123456789ABCabc", min_size=13, max_size=13))
def test_a_long_id_begins_with_the_short_one_and_stays_as_it_is(rest):
    long = full_salesforce_id(f"00{rest}")
    assert (long[:15], len(long)) == (f"00{rest}", 18)
    assert full_salesforce_id(long) == long


def test_ids_differ_in_case_and_are_known_by_the_way_of_their_program():
    assert cells().ids(["a1", "A1", ""]) == ["a1", "A1", None]
    assert cells("salesforce").ids(["001D000000IRFma", "deal-1"]) == ["001D000000IRFmaIAH", "deal-1"]
    assert cells("zoho").ids(["zcrm_12", "12"]) == ["12", "12"]
    with pytest.raises(InvalidCell, match="has an id of 201 characters"):
        cells().ids(["a1", "x" * 201])


def test_names_that_the_map_calls_the_same_are_one_in_any_case():
    same = cells(same={"GTXPro": "GTX Pro"})
    assert same.names(["GTXPro", "gtxpro", "GTX  Pro", "MG", ""]) == ["GTX Pro", "GTX Pro", "GTX Pro", "MG", None]


def test_words_stand_on_one_line_and_end_somewhere():
    assert cells().texts(["a \n b", "", "x" * (LONGEST_TEXT + 1)]) == ["a b", None, "x" * LONGEST_TEXT]


def test_a_cell_that_cannot_be_read_names_its_column():
    with pytest.raises(InvalidCell, match='Value: "a lot" is no amount'):
        cells().cents(["12", "a lot"], "Value")
    with pytest.raises(InvalidCell, match='Closes: "soon" is no date'):
        cells().days(["2026-01-02", "soon"], "Closes")
    with pytest.raises(InvalidCell, match='Since: "lately" is no date'):
        cells().moments(["2026-01-02", "lately"], "Since")


def test_a_day_that_may_be_another_is_a_question_and_no_fault_of_its_row():
    with pytest.raises(AmbiguousFormat):
        cells(order=None).moments(["01/02/2026"], "Since")


def test_moments_are_dates_or_seconds():
    assert cells().moments(["2026-01-02", "", "1970-01-01T00:00:01.5Z"], "Since") == ["2026-01-02", None, 1.5]


def test_an_address_that_is_none_is_kept_where_it_is_harmless_and_said():
    said = []
    found = cells().emails(["Ada@Acme.example", "", "ada@local host", "müller@x", "n/a"], lambda *one: said.append(one))
    assert found[1:3] == [None, None]
    assert found[4] is None
    assert {place for place, _ in said} >= {2, 4}
    assert all("is no e-mail address by the rules" in words for _, words in said)


def test_what_is_needed_and_missing_is_named():
    require_all(["a", "b"], "Id")
    with pytest.raises(InvalidCell, match="has no Id"):
        require_all(["a", None], "Id")
