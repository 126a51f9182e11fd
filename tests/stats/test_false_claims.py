"""How often a run of a report claims something false: exact sums always, simulations in the long trials."""

import re

import pytest
from tests.stats.false_claims.page import PAGE, page_of
from tests.stats.false_claims.reports import EXACT_SUMS, SIMULATED, rows_of
from tests.stats.false_claims.row import EXACT

BOUNDED = 300  # runs; `python -m tests.stats.false_claims` has 4,000
AT_MOST = 0.05
NEWCOMBE_AT_MOST = 0.06  # his interval is not exact, and a trial that is looked at often adds to that
STANDARD_ERRORS = 3


@pytest.fixture(scope="module")
def exact_rows():
    return [row for part in EXACT_SUMS for row in rows_of(part, EXACT)]


def test_no_exact_sum_is_above_the_size_of_its_test(exact_rows):
    limits = {row: NEWCOMBE_AT_MOST if row.report.startswith("trial") else AT_MOST for row in exact_rows}
    assert [row for row, limit in limits.items() if row.false_claims > limit] == []


def test_what_is_there_is_seen_with_enough_data(exact_rows):
    seen = [row.power for row in exact_rows if row.size == "200 due each"]
    assert min(seen) > 0.8
    kept_out = [row.power for row in exact_rows if "keep it out" in row.report and row.effect.startswith("10%")]
    assert min(kept_out) >= 0.8


def test_the_page_has_the_exact_sums_of_today(exact_rows):
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in table_lines(page_of(exact_rows)) if line not in lines] == []


def test_no_figure_of_the_page_is_above_six_percent():
    figures = [line.split(" | ") for line in table_lines(PAGE.read_text(encoding="utf-8"))]
    assert len(figures) > 100
    assert [cells for cells in figures if float(cells[3].rstrip("%")) >= 6] == []


def table_lines(page):
    """The rows of figures of a page, without the heads."""
    return [line for line in page.splitlines() if re.match(r"\| .* \| (exact|[\d,]+) \| ", line)]


@pytest.mark.trial
@pytest.mark.parametrize("part", SIMULATED)
def test_few_simulated_runs_claim_anything_false(part):
    limit = AT_MOST + STANDARD_ERRORS * (AT_MOST * (1 - AT_MOST) / BOUNDED) ** 0.5
    assert [row for row in rows_of(part, BOUNDED) if row.false_claims > limit] == []
