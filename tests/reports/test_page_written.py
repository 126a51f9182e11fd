"""All reports at once, and the page of them as a file: written whole, for its owner alone, over nothing else."""

import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from handoffctl.core.json_record import json_value
from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.errors import Refused
from handoffctl.reports import registry
from handoffctl.reports.context import ReportHead
from handoffctl.reports.html import page as writing
from handoffctl.reports.html.render import BEGINNING
from handoffctl.reports.registry import ReportDefinition

from .pages import curves, flowing, papers


class Nothing(NamedTuple):
    """The figures of a report that computes nothing but its name."""

    head: ReportHead
    name: str


@pytest.fixture
def frame(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The context of reports that compute nothing."""
    clock = Clock("2026-03-02")
    head = ReportHead("solo", clock.now)

    def report_named(name: str) -> ReportDefinition:
        return ReportDefinition(lambda context: Nothing(head, name), lambda result: papers()[2][1])

    monkeypatch.setattr(registry, "report_named", report_named)
    monkeypatch.setattr(writing, "report_named", report_named)
    monkeypatch.setattr(writing, "stage_curves", lambda context: curves())
    monkeypatch.setattr(writing, "stage_flows", lambda context, length: [flowing("Lead", (1, 0, 1))])
    return SimpleNamespace(
        home=SimpleNamespace(database=Path("nowhere.db")), clock=clock, window=Window(clock, "2026-01-01"),
        remarks=["Once.", "Once."], playbook=SimpleNamespace(title="", playbook="solo"), head=head,
    )  # fmt: skip


def test_every_report_is_found_under_its_name_in_order(frame: Any):
    found = json_value(registry.build_all(frame))
    assert found["as_of"] == "2026-03-02"
    head = {"playbook": "solo", "as_of": "2026-03-02"}
    assert found["reports"] == {name: {**head, "name": name} for name in registry.REPORT_NAMES}
    assert list(found["reports"]) == list(registry.REPORT_NAMES)


def test_a_page_is_written_whole_for_its_owner_alone_and_may_be_written_anew(frame: Any, tmp_path: Path):
    to = tmp_path / "report.html"
    writing.write_page(frame, to)
    first = to.read_text(encoding="utf-8")
    assert first.startswith(BEGINNING)
    assert first.count("Once.") == 1
    assert "Only what began from 2026-01-01." in first
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    to.write_text(BEGINNING + "older", encoding="utf-8")
    writing.write_page(frame, to)
    assert to.read_text(encoding="utf-8") == first
    assert list(tmp_path.iterdir()) == [to]


def test_a_link_stays_a_link(frame: Any, tmp_path: Path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "report.html"
    link.symlink_to(tmp_path / "there" / "page.html")
    writing.write_page(frame, link)
    assert link.is_symlink()
    assert (tmp_path / "there" / "page.html").read_text(encoding="utf-8").startswith(BEGINNING)


def test_nothing_is_written_over_what_is_no_page_of_ours(frame: Any, tmp_path: Path):
    other, link, pipe = tmp_path / "other.html", tmp_path / "link", tmp_path / "pipe"
    other.write_text("<!doctype html>\n<p>Mine.")
    link.symlink_to(other)
    os.mkfifo(pipe)
    (tmp_path / "empty").touch()
    refused = {
        tmp_path: "is a folder", other: "no report page", link: "no report page", pipe: "no ordinary file",
        tmp_path / "empty": "no report page", Path("/dev/null"): "no ordinary file",
        tmp_path / "no" / "page.html": "There is no folder", other / "page.html": "There is no folder",
        tmp_path / ("x" * 300): "cannot be written",
    }  # fmt: skip
    before = sorted(tmp_path.iterdir())
    for path, sentence in refused.items():
        with pytest.raises(Refused, match=sentence) as fault:
            writing.write_page(frame, path)
        assert fault.value.exit_code == 6
        assert fault.value.hint
    assert other.read_text() == "<!doctype html>\n<p>Mine."
    assert sorted(tmp_path.iterdir()) == before


def test_where_writing_fails_the_old_page_stays_and_nothing_else_is_left(
    frame: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    to = tmp_path / "report.html"
    to.write_text(BEGINNING + "older", encoding="utf-8")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Refused, match="no space left on device"):
        writing.write_page(frame, to)
    assert to.read_text(encoding="utf-8") == BEGINNING + "older"
    assert list(tmp_path.iterdir()) == [to]


NOW = "2026-03-02T09:00:00Z"


def test_the_program_writes_the_page_also_where_nothing_has_happened(quick: Any, tmp_path: Path):
    to = tmp_path / "report.html"
    ran = quick("report", "all", "--html", str(to), now=NOW)
    assert (ran.code, ran.out) == (0, "")
    assert f"Wrote {to}." in ran.err
    assert "Nothing to draw yet." in to.read_text(encoding="utf-8")
    quick("add", "Acme <b>Corp</b>", now="2026-01-02T09:00:00Z")
    assert quick("report", "all", "--html", str(to), now=NOW).code == 0
    text = to.read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "<figure>" in text
    assert quick("report", "all", "--html", str(tmp_path), now=NOW).code == 6


def test_the_program_gives_every_report_at_once(quick: Any):
    quick("add", "Acme", now="2026-01-02T09:00:00Z")
    found = quick("report", "all", "--json", now=NOW).json
    assert list(found["reports"]) == list(registry.REPORT_NAMES)
    for name in registry.REPORT_NAMES:
        assert found["reports"][name] == quick("report", name.replace("_", "-"), "--json", now=NOW).json
    for form in ("--markdown", "--csv"):
        assert quick("report", "all", form, now=NOW).code == 0
