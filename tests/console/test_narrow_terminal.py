"""Reports on a terminal of eighty columns: what does not fit is left out and said to be, never cropped in silence."""

import sqlite3
from contextlib import closing

import pytest

from handoffctl.console.table import Table, fit_table, format_cell, numeric_columns, width
from handoffctl.reports.context import ReportOptions, open_report
from handoffctl.reports.registry import REPORT_NAMES, report_named
from handoffctl.workspace.home import Home

PLACES = 80
DAYS = [f"2026-03-{day:02}T09:00:00Z" for day in range(2, 21)]
CLOSED = "2026-03-23T09:00:00Z"  # late enough for `report won`
NOW = "2026-03-25T09:00:00Z"

LONG = """\
playbook: long
signals: {they-asked-for-a-price-by-themselves: {points: 5, when: [contact.email]}}
title: Names as long as they come
roles: {development-representative: Who finds them, account-executive: Who sells, delivery: Who delivers}
fields:
  situation: {label: What is the situation they are in today, min_words: 2}
  budget: {label: The budget for the whole of the year, type: money}
sla:
  first-answer: {from: development-representative, to: account-executive, measure: first_touch, stage: first,
                 within: 4h, share: 80%, promise: A new prospect hears from a person within four hours.}
dispositions:
  - {name: nobody-has-been-in-touch-for-a-long-time, propose: keep, for: 9d, when: [{stage_age: 1d}],
     because: They take their time with everything they do.}
value: {seen: situation, first: won, log: situation}
goal: {revenue: 2000000, per: year}
objectives:
  first-talks-with-new-prospects: {role: development-representative, measure: conversations, at_least: 200,
                                   per: quarter, serves: Enough for the accounts that we want.}
stages:
  first: {title: Prospecting in new territories, owner: development-representative, target: 2d,
          follow_up: {first_within: 4h, attempts: 3, within: 10d, every: 2d}}
  second: {title: Understanding their situation, owner: account-executive, target: 3d}
  won: {title: Won and handed to the delivery, kind: won, owner: delivery}
  lost: {title: Lost for one reason or another, kind: lost}
  later: {title: Put aside until they are ready, kind: nurture}
handoffs:
  - {from: first, to: second, required: [situation], nice_to_have: [budget], reason: They fit.,
     benefit: They are heard., trigger: {says: They tell of their situation., when: [situation]}}
  - {from: second, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


@pytest.fixture
def filled(quick, playbook, home, once):
    """A home in which every report has something to tell, under names as long as they are shown."""

    def make():
        playbook(LONG)
        quick("person", "add", "Alexandra Constantinou", "--role", "account-executive", now=DAYS[0])
        names = [f"Consolidated Instruments {letter * 9}" for letter in "abcdefgh"]
        slugs = []
        for number, name in enumerate(names):
            ran = quick("add", name, "--playbook", "long", "--contact", f"Jo <jo{number}@x.example>", now=DAYS[number])
            slugs.append(ran.out.strip())
        for number, slug in enumerate(slugs):
            now, after = DAYS[number + 2], DAYS[number + 4]
            quick("handoff", slug, "--to", "second", now=now)  # blocked
            for kind in ("call", "email", "meeting", "message", "note"):
                quick("touch", slug, kind, "--outcome", "" if kind != "meeting" else "held", now=now)
            quick("set", slug, "situation=their old tool broke", now=now)
            if number < 5:
                quick("handoff", slug, "--to", "second", "--step", "call", now=after)
            if number < 2:
                quick("return", slug, "--because", "nobody knows the budget", "--missing", "budget", now=DAYS[-6])
            if number in (3, 4):
                quick("handoff", slug, "--to", "won", now=DAYS[-5])
            if number < 3:
                quick("summary", "sent", slug, "--announced", "yes", now=after)
                quick("summary", "confirm", slug, now=DAYS[-5])
        quick("meeting", "book", slugs[2], "--at", "2026-03-12T10:00:00Z", "--for", "won", now=DAYS[4])
        quick("meeting", "no-show", slugs[2], now="2026-03-12T11:00:00Z")
        for way, slug in (("--lost", slugs[6]), ("--nurture", slugs[7])):
            quick("close", slug, way, "--because", "no budget this year", now=DAYS[-4])
        quick("close", slugs[0], "--lost", "--because", "no budget this year", now=CLOSED)
        quick("add", "Drill Inc", "--playbook", "long", "--test", now=DAYS[0])
        quick("handoff", "drill-inc", "--to", "second", "--set", "situation=it all broke", now=DAYS[0])
        with closing(sqlite3.connect(home / "handoffctl.db")) as connection:  # as if somebody had answered questions
            connection.execute("UPDATE handoff SET seconds = 12345.5")
            connection.execute("UPDATE field_value SET seconds = 12345.5")
            connection.commit()

    once(make)


def tables(home, name):
    with open_report(Home(home, now=NOW), ReportOptions("long")) as context:
        report = report_named(name)
        rendered = report.render(report.build(context))
    return [part.table for part in rendered.parts]


def least_width(table: Table) -> int:
    """What a terminal needs for it: a long first text is cut short, others than commands may wrap between words."""
    right, places = numeric_columns(table), 2 * (len(table.columns) - 1)
    for n, column in enumerate(table.columns):
        cells = [format_cell(row[n]) for row in table.rows]
        whole = right[n] or n == 0 or all(cell.startswith("handoffctl ") for cell in cells)
        words = cells if whole else [word for cell in cells for word in cell.split()]
        wide = max(map(width, [column, *words]))
        places += min(wide, PLACES // 3) if n == 0 else wide
    return places


@pytest.mark.parametrize("name", REPORT_NAMES)
def test_no_report_is_cropped_at_eighty_columns(filled, home, name):
    shown = tables(home, name)
    assert shown, "the report tells nothing, so that nothing is held"
    assert [one.columns for one in (fit_table(one, PLACES) for one in shown) if least_width(one) > PLACES] == []
