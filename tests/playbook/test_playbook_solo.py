"""The playbook that ships for solo sellers keeps to its own measure."""

from pathlib import Path

import yaml

from handoffctl.core.yaml.reader import parse_yaml
from handoffctl.playbook.reader import read_playbook
from handoffctl.playbook.requirements import requirements_of

SOLO = Path(__file__).parents[2] / "playbooks" / "solo.yaml"


def test_the_shipped_playbook_reads_the_same_under_both_loaders():
    text = SOLO.read_text(encoding="utf-8")
    assert parse_yaml(text, yaml.SafeLoader) == parse_yaml(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert read_playbook(SOLO).first_stage == "lead"


def test_the_shipped_playbook_keeps_to_its_own_measure():
    rules = read_playbook(SOLO)
    assert all(field.label and field.why and field.ask for field in rules.fields.values())
    assert all(stage.begins_when for stage in rules.stages.values())
    assert all(stage.target and stage.follow_up for stage in rules.stages.values() if stage.kind == "open")
    assert {field.summary for field in rules.fields.values()} - {""} == {
        "current situation", "business priorities", "competition", "timeline", "decision process",
    }  # fmt: skip
    for handoff in rules.handoffs:
        asked = {*rules.stages[handoff.from_stage].exit, *handoff.required, *rules.stages[handoff.to_stage].entry}
        assert len(asked) <= 5, handoff.key
    text = SOLO.read_text(encoding="utf-8")
    unused = [name for name in rules.fields if text.count(name) < 2]
    assert not unused


def test_the_first_handoff_asks_little():
    rules = read_playbook(SOLO)
    asked = requirements_of(rules, rules.leaving("lead")[0])
    assert asked.required == ("reachable", "situation", "next_step")
