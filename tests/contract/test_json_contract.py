"""What 0.6.0 gave to scripts and to people, story by story, is what the program gives today."""

import json
from difflib import unified_diff
from pathlib import Path

import pytest
from tests.contract.compare import Difference, allowed, differences, not_allowed, without_use
from tests.contract.replay import AS_TESTED, CHAPTERS, RECORDED, TEXTS, Outcome, printed, replay, story, transcript

LONG = ("day", "sale")  # they take minutes, so .ci/run replays them with its long trials


@pytest.mark.parametrize(
    "chapter", [pytest.param(chapter, marks=[pytest.mark.trial] if chapter in LONG else []) for chapter in CHAPTERS]
)
def test_a_story_ends_as_it_did(chapter, tmp_path):
    recorded = json.loads((RECORDED / f"{chapter}.json").read_text(encoding="utf-8"))
    assert [one["command"] for one in recorded] == [one.typed for one in story(chapter) if not one.copies]
    outcomes = replay(chapter, tmp_path / "story", AS_TESTED)
    found = [difference for was, now in zip(recorded, outcomes, strict=True) for difference in since(chapter, was, now)]
    rows = allowed()
    faults = [f"Not as it was for scripts:\n{one}" for one in not_allowed(found, rows)]
    faults += [f"differences.md allows what is not there: {row}" for row in without_use(chapter, found, rows)]
    faults += [f"Not printed as JSON is: {one.command.typed}" for one in outcomes if not well_printed(one)]
    before = (TEXTS / f"{chapter}.txt").read_text(encoding="utf-8")
    faults += as_people_read_it(before, transcript(outcomes))
    assert not faults, "\n".join(faults)


def since(chapter: str, was: dict, now: Outcome) -> list[Difference]:
    """What differs for one command."""
    return differences(chapter, now.command.typed, was, now.contract())


def well_printed(outcome: Outcome) -> bool:
    """JSON is one object in the form that it always had, or there is none."""
    if "json" not in outcome.contract():
        return True
    return outcome.stdout == printed(json.loads(outcome.stdout))


def as_people_read_it(before: str, now: str) -> list[str]:
    """How the texts differ, if they do."""
    lines = list(unified_diff(before.splitlines(), now.splitlines(), "as recorded", "now", lineterm="", n=2))
    again = "If that is meant, record the texts anew: python -m tests.contract.record texts"
    return ["Not as it was for people:", *lines, again] if lines else []


def test_what_is_lost_or_changed_is_found_and_what_is_new_is_welcome():
    was = {"a": 1, "b": [{"c": 1.0}, {"c": None}], "d": "text"}

    def where(now):
        return [one.where for one in differences("sale", "handoffctl list", was, now)]

    assert where(was) == []
    assert where({"a": 1, "new": 2, "b": [{"c": 1.0, "new": 1}, {"c": None}], "d": "text"}) == []
    assert where({"a": True, "b": [{"c": 1}, {}], "d": "texts"}) == ["a", "b.0.c", "b.1.c", "d"]
    assert where({"a": 1, "b": [{"c": 1.0}], "d": "text"}) == ["b"]
    assert where({"b": was["b"], "a": 1, "d": "text"}) == ["(order of keys)"]


def test_a_row_of_the_table_allows_just_its_difference(tmp_path: Path):
    table = tmp_path / "differences.md"
    table.write_text(
        "# Text\n\n| story | command | where | was | is | why |\n|---|---|---|---|---|---|\n"
        '| sale | `handoffctl list*` | `deals.*.stage` | "a\\|b" | * | Stages have ids. |\n'
    )
    (row,) = allowed(table)
    differs = Difference("sale", "handoffctl list --json", "deals.0.stage", '"a|b"', '"c"')
    others = [Difference("day", *differs_in) for differs_in in [("handoffctl list", "deals.0.stage", '"a|b"', '"c"')]]
    others += [Difference("sale", "handoffctl list", "deals.0.stage", '"ab"', '"c"')]
    assert not_allowed([differs, *others], [row]) == others
    assert without_use("sale", [differs], [row]) == []
    assert without_use("sale", others, [row]) == [row]
    table.write_text("| sale | handoffctl list | exit | 0 | 3 |  |\n")
    with pytest.raises(ValueError, match="none of them empty"):
        allowed(table)
