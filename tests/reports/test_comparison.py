"""Every report can be computed before and after a moment; what began before is on one side, the rest on the other."""

import pytest
from tests.conftest import Run

from handoffctl.reports.registry import REPORT_NAMES

NOW = "2026-03-20"


@pytest.mark.parametrize("name", [name for name in REPORT_NAMES if name != "throughput"])
def test_every_report_has_a_before_and_an_after(does: Run, name: str) -> None:
    does("add", "Bo", now="2026-03-02")
    does("touch", "bo", "call", "--in", "spoke of orders", now="2026-03-02")
    compared = does("report", name.replace("_", "-"), "--compare", "2026-03-10", "--json").json
    plain = does("report", name.replace("_", "-"), "--json").json
    assert compared["compare"] == {"at": "2026-03-10", "revision": None}
    assert set(compared["before"]) == set(plain) - {"playbook", "as_of"}
    assert set(compared["after"]) == set(compared["before"])
    for form in ("--csv", "--markdown", ""):
        does("report", name.replace("_", "-"), "--compare", "2026-03-10", *([form] if form else []))


def test_each_first_try_is_on_one_side(does: Run) -> None:
    for name, day in (("Bo", "2026-03-02"), ("Cy", "2026-03-10"), ("Di", "2026-03-11")):
        does("add", name, now=day)
        does("handoff", name.casefold(), "--no-input", now=day, code=3)
    compared = does("report", "fields", "--compare", "2026-03-10", "--json").json
    asked = [compared[side]["fields"][0]["asked"] for side in ("before", "after")]
    assert asked == [1, 2]
    assert "revision" in does("report", "fields", "--compare", "7", code=4).err
