from zoneinfo import ZoneInfo

import pytest

from handoffctl.transfer.history import Stay, domain_of, stays_in_order

NEW_YORK = ZoneInfo("America/New_York")


def stays(*entries, zone=None):
    given = [Stay(stage, entered, "h.csv", row) for row, (stage, entered) in enumerate(entries, 2)]
    return [(stay.stage, stay.row) for stay in stays_in_order(given, zone)]


def test_rows_are_ordered_by_moment_and_then_as_in_the_file():
    assert stays(("B", "2026-01-02T09:00:00Z"), ("A", "2026-01-01T09:00:00Z"), ("C", "2026-01-02T09:00:00Z")) == [
        ("A", 3),
        ("B", 2),
        ("C", 4),
    ]


def test_rows_of_one_stage_in_a_row_are_one_stay_from_the_first():
    assert stays(("A", "2026-01-01"), ("A", "2026-01-05"), ("B", "2026-01-06"), ("A", "2026-01-07")) == [
        ("A", 2),
        ("B", 4),
        ("A", 5),
    ]


def test_a_date_comes_before_the_instants_of_its_local_day():
    assert stays(("B", "2026-01-02T03:00:00Z"), ("A", "2026-01-01"), ("C", "2026-01-02"), zone=NEW_YORK) == [
        ("A", 3),
        ("B", 2),
        ("C", 4),
    ]


def test_unknown_beginnings_come_first():
    assert stays(("B", "2026-01-02"), ("A", None)) == [("A", 3), ("B", 2)]
    assert stays(("B", "2026-01-02T03:00:00Z"), ("C", "2026-01-05"), ("A", None)) == [("A", 4), ("B", 2), ("C", 3)]


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
