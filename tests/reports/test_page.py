"""The page: what it loads (nothing), what hostile names do to it (nothing), and what its pictures show."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.reports.forecast.figures import CurrencyTotal
from handoffctl.reports.html.charts import bar, days, days_in_words, draw_flow, escaped, steps, ticks
from handoffctl.reports.html.pictures import report_pictures
from handoffctl.reports.html.render import PageInfo, page

from .pages import HOSTILE, LONG, curves, flowing, forecast, papers, pictures, staying, whole_page, won

VOID = {"meta", "br", "hr", "wbr", "img", "link", "input"}


class Nesting(HTMLParser):
    """Notes tags, attributes and words; fails where a tag is closed that is not the open one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += [data] if "style" not in self.open else []


def read(text: str) -> Nesting:
    nesting = Nesting()
    nesting.feed(text)
    nesting.close()
    assert nesting.open == []
    return nesting


def test_the_page_is_well_nested_and_every_anchor_leads_somewhere():
    seen = read(whole_page())
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    pointers = [attrs["href"].removeprefix("#") for tag, attrs in seen.tags if tag == "a"]
    pointers += [one for _, attrs in seen.tags for one in (attrs.get("aria-labelledby") or "").split()]
    assert set(pointers) <= set(ids)
    assert [attrs["href"] for tag, attrs in seen.tags if tag == "a"][:4] == [
        "#time",
        "#throughput",
        "#staying",
        "#flow",
    ]


def test_the_page_holds_nothing_that_runs_or_loads():
    text = whole_page()
    seen = read(text)
    assert not {tag for tag, _ in seen.tags} & {"script", "img", "link", "iframe", "object", "form", "base", "use"}
    names = {name for _, attrs in seen.tags for name in attrs}
    assert not {name for name in names if name.startswith("on")} | names & {"src", "srcset", "action", "xlink:href"}
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert ("meta", "default-src 'none'") in [(tag, (attrs.get("content") or "")[:18]) for tag, attrs in seen.tags]
    assert not re.search(r"https?:|//", page(PageInfo("Solo", "2026-03-02"), papers()[-1:], [], []))


def test_hostile_names_are_shown_as_they_are_written():
    text = whole_page()
    assert "\x1b" not in text
    assert "\u202e" not in text
    words = "".join(read(text).words)
    assert words.count("<script>alert('x')</script>") >= 8
    assert r"\x1b[31m\u202e&" in words
    assert LONG in words


@given(st.text())
def test_any_text_comes_back_as_words_only(text: str):
    seen = read(f"<p>{escaped(text)}</p>")
    assert {tag for tag, _ in seen.tags} <= {"p", "wbr"}


def test_a_curve_falls_straight_down_on_the_day_of_each_point_and_goes_on_to_the_last():
    assert steps([(10, 0.5), (20, 0.0)], 1, 100) == [(0, 100), (10, 100), (10, 50), (20, 50), (20, 0)]
    assert steps([(10, 0.5), (30, 0.5)], 1, 100) == [(0, 100), (10, 100), (10, 50), (30, 50)]
    assert steps([(0, 1.0), (10, 0.5)], 1, 100) == [(0, 100), (10, 100), (10, 50)]
    assert steps([(0, 0.75), (10, 0.5)], 1, 100) == [(0, 100), (0, 75), (10, 75), (10, 50)]
    assert steps([(0, 0.0)], 1, 100) == [(0, 100), (0, 0)]
    assert steps([], 1, 100) == [(0, 100)]


def test_a_curve_of_very_many_points_is_drawn_with_few_and_ends_where_it_ends():
    many = [(n / 1000, 1 - n / 100_000) for n in range(1, 100_001)]
    corners = steps(many, 3, 100)
    assert len(corners) < 1300
    assert corners[-1] == (300, 0)
    assert corners == sorted(corners, key=lambda corner: (corner[0], -corner[1]))


@pytest.mark.parametrize("most", [0.0004, 0.7, 1, 4, 7, 10, 69, 100, 1234, 40_000])
def test_an_axis_has_few_round_marks_within_its_length(most: float):
    marks = ticks(most)
    assert 2 <= len(marks) <= 6
    assert marks[0] == 0
    assert most / 2 < marks[-1] <= most + 1e-9


def test_a_bar_is_as_long_as_its_share_and_open_where_only_the_least_is_known():
    assert 'class="good" width="49.50%"' in bar(5, 0, 6, 10)
    assert 'class="late" width="49.50%"' in bar(5, 0, 4, 10)
    assert 'class="open" width="99.00%"' in bar(None, 10, 20, 10)
    assert bar(None, 0, None, 0).count("<rect") == 1


def test_days_are_said_in_few_figures():
    assert [days(length) for length in (0, 0.01, 3.0, 3.25, 1234)] == ["0", "<0.1", "3", "3.2", "1,234"]
    assert [days_in_words(length) for length in (1, 0.01)] == ["1 day", "less than 0.1 days"]


@pytest.mark.parametrize(("months", "named"), [(1, 1), (2, 2), (6, 3), (8, 4), (12, 4), (13, 5), (60, 4), (61, 5)])
def test_a_flow_names_as_many_months_as_there_is_room_for_and_the_last_one(months: int, named: int):
    drawn = draw_flow("it", flowing("Lead", *[(1, 1, 1)] * months))
    labels = re.findall(r"<text[^>]*>(\d{4}-\d\d)</text>", drawn)
    assert len(labels) == named
    assert labels[0] == f"{2021 + (months - 1) // 12}-{(months - 1) % 12 + 1:02}"


def test_each_stage_says_in_words_how_it_stands_against_its_target():
    words = "".join(read(page(PageInfo("Solo", "2026-03-02"), [], curves(), [])).words)
    for said in (
        "▲ 6 days over",
        "within",
        "too early to say",
        "▲ at least 50 days over",
        "no target",
        "not known yet",
    ):
        assert said in words
    assert "Half have left after 9 days. The target is 3 days." in words
    assert "More than half are still there after 80 days." in words


def test_the_signals_of_won_deals_are_drawn_and_told_in_words():
    drawn = "".join(read(pictures()["won"]).words)
    assert "points, stands out." in drawn
    assert "Had by most: +10 (-19 to 40) points, nearly all have it, so it tells nothing." in drawn
    assert "New" not in drawn  # known for too few
    assert pictures()["won"].count("<circle") == 3


def test_the_forecast_is_drawn_with_its_band_and_told_in_words():
    drawn = "".join(read(pictures()["forecast"]).words)
    assert "Expected 41,000 EUR; 8 times in 10 between 12,000 and 70,000." in drawn
    assert "2026-02: expected 1,000, typed 700." in drawn
    assert pictures()["forecast"].count('class="band"') == 2  # one for each currency, never added up


def test_too_few_deals_are_not_drawn():
    few = won()._replace(won=4)
    none = forecast()._replace(totals=[CurrencyTotal("EUR", 0, None, None, None)])
    assert report_pictures({"won": few, "forecast": none}) == {}


def test_without_data_the_page_says_so():
    words = "".join(read(page(PageInfo("Solo", "2026-03-02"), papers()[1:2], [], [])).words)
    assert "No deal has been in an open stage yet." in words
    assert "Nothing to draw yet." in words
    assert "Nothing to show yet." in words
    idle = page(
        PageInfo("Solo", "now"), [], [staying("Lead", [], None, None)], [flowing("Lead"), flowing("Won", (0, 0, 0))]
    )
    assert "Nothing known yet of: Lead." in idle
    assert "Nothing known yet of: Lead, Won." in idle
    assert "<svg" in idle
    assert "<figure" not in idle


def test_hostile_words_are_hostile():
    assert all(part in HOSTILE for part in ("<script>", "https://", "\x1b", "\u202e", '"', "'"))
