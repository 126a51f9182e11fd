"""Every report in every form, over databases that have little to tell: something sensible, and no division by zero."""

import csv
import io
import json

import pytest

from handoffctl.console.table import width

REPORTS = (
    "throughput",
    "fields",
    "effort",
    "engagement",
    "missed",
    "handoffs",
    "follow-up",
    "value",
    "listening",
    "forecast",
    "won",
    "sla",
    "signs",
    "reasons",
    "dispositions",
    "goals",
)
NOW = "2026-03-20T09:00:00Z"


def _nothing(quick):
    pass


def _one_deal(quick):
    quick("add", "Acme Corp", now="2026-03-02T09:00:00Z")


def _all_in_one_stage(quick):
    for name in ("Acme Corp", "Northwind", "Birch Barn"):
        quick("add", name, now="2026-03-02")


def _a_stage_nobody_left(quick):
    _all_in_one_stage(quick)
    quick("handoff", "northwind", "--set", "situation=it broke in May", "--set", "contact.email=ada@northwind.example",
          "--step", "call her", now="2026-03-04T09:00:00Z")  # fmt: skip
    quick("close", "birch-barn", "--disqualified", "--because", "no money", now="2026-03-05")
    quick("touch", "northwind", "call", "--outcome", "held", now="2026-03-06T09:00:00Z")


SITUATIONS = [_nothing, _one_deal, _all_in_one_stage, _a_stage_nobody_left]


def _plain(text):
    return json.loads(text, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_report_has_something_sensible_to_say(quick, situation):
    situation(quick)
    for name in (*REPORTS, "all"):
        text = quick("report", name, now=NOW)
        assert (text.code, text.out.strip() != "") == (0, True), name
        in_tables = [line for line in text.out.splitlines() if "  " in line]
        assert all(width(line) <= 100 for line in in_tables), name
        assert "None" not in text.out
        found = _plain(quick("report", name, "--json", now=NOW).out)
        assert (found["playbook"], found["as_of"]) == ("solo", NOW)
        for form in ("--csv", "--markdown"):
            ran = quick("report", name, form, now=NOW)
            assert (ran.code, ran.out.strip() != "") == (0, True), (name, form)


@pytest.mark.parametrize("name", REPORTS)
def test_csv_is_one_table_whose_rows_have_all_columns(quick, name):
    _a_stage_nobody_left(quick)
    head, *rows = csv.reader(io.StringIO(quick("report", name, "--csv", now=NOW).out))
    assert len(set(head)) == len(head)
    assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize("name", REPORTS)
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(quick, playbook, name):
    playbook(HOSTILE)
    quick("add", "=cmd()", "--playbook", "hostile", now="2026-03-02")
    quick("handoff", "cmd", "--to", "next", "--playbook", "hostile", now="2026-03-03")
    quick("handoff", "cmd", "--to", "next", "--set", "plus=3", now="2026-03-03")
    out = quick("report", name, "--csv", "--playbook", "hostile", now=NOW).out
    cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
    for cell in cells:
        dangerous = cell[:1] in ("=", "+", "-", "@", "\t", "\r")
        assert not dangerous or _is_number(cell), cell


HOSTILE = """\
playbook: hostile
roles: {seller: You}
fields:
  plus: {label: "=1+1", type: number, why: "@sum(a1)"}
stages:
  lead: {title: "=lead", target: 1d}
  next: {title: "-next"}
  won: {title: "+won", kind: won}
handoffs:
  - {from: lead, to: next, trigger: "=they ask", reason: "-it fits", benefit: They gain., required: [plus]}
  - {from: next, to: won, trigger: They sign., reason: They said yes., benefit: They gain.}
value: {seen: plus, first: won, log: plus}
"""


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("code", "words"), [
    (2, ("throughput", "--by", "colour")),
    (2, ("throughput", "--by", "week", "--compare", "2026-01-01")),
    (2, ("throughput", "--since", "2026-03-02", "--until", "2026-03-01")),
    (4, ("throughput", "--stage", "leda")),
    (4, ("throughput", "--compare", "99")),
    (6, ("throughput", "--compare", "someday")),
    (6, ("engagement", "--since", "someday")),
    (4, ("effort", "--playbook", "slo")),
    (2, ("all", "--json", "--html", "page.html")),
    (2, ("missed", "--json", "--csv")),
])  # fmt: skip
def test_what_does_not_fit_is_refused_in_a_sentence(quick, code, words):
    _one_deal(quick)
    ran = quick("report", *words, now=NOW)
    assert (ran.code, "Traceback" in ran.err) == (code, False)
    assert ran.err.strip()


def test_before_and_after_a_change_of_the_playbook(quick, playbook, home):
    quick("add", "Acme Corp", now="2026-01-05")
    own = home / "playbooks" / "solo.yaml"
    own.parent.mkdir(exist_ok=True)
    quick("init", now="2026-02-01")
    own.write_text(own.read_text(encoding="utf-8").replace("target: 3d", "target: 5d"), encoding="utf-8")
    quick("add", "Northwind", now="2026-02-02")
    told = quick("report", "throughput", "--compare", "2", "--json", now=NOW).json
    assert told["compare"] == {"at": "2026-02-02", "revision": 2}
    assert [told[side]["stages"][0]["entered"] for side in ("before", "after")] == [1, 1]
    by_date = quick("report", "throughput", "--compare", "2026-02-02", "--json", now=NOW).json
    assert (by_date["before"], by_date["after"]) == (told["before"], told["after"])
    text = quick("report", "throughput", "--compare", "2", now=NOW).out
    assert "before 2026-02-02 (revision 2)" in text


def test_the_deals_past_their_target_come_with_what_to_type(quick):
    _all_in_one_stage(quick)
    told = quick("report", "throughput", "--json", now="2026-03-12").json
    assert told["bottleneck"] == "lead"
    assert told["past_target"]["count"] == 3
    first = told["past_target"]["deals"][0]
    assert (first["days"], first["target_days"]) == (10.0, 3.0)
    assert {one["command"] for one in told["past_target"]["deals"]} == {
        "handoffctl handoff acme-corp", "handoffctl handoff northwind", "handoffctl handoff birch-barn",
    }  # fmt: skip
    text = quick("report", "throughput", now="2026-03-12").out
    assert "Bottleneck: Lead. 3 deals there are past its target of 3 days, by 21.0 days taken together." in text


def test_a_bar_is_drawn_once_and_told_how_far_it_is(quick, monkeypatch):
    from handoffctl.console import progress as waiting

    monkeypatch.setattr(waiting, "WORTH_A_BAR", 0.0)
    drawn = []
    monkeypatch.setattr(waiting, "start_bar", lambda what: drawn.append(what) or _Bar())
    with waiting.progress_bar("Counting") as tell:
        tell(1, 2)
        tell(2, 2)
    assert drawn == ["Counting"]
    assert _Bar.told == [1, 2, "stopped"]


class _Bar:
    told: list = []

    def update(self, task, completed, total):
        self.told.append(completed)

    def stop(self):
        self.told.append("stopped")
