"""Whom a field is for: keys that contradict each other are faults with their line; heads have words of their own."""

import re

import pytest

from handoffctl.playbook.model import Field

NOW = "2026-03-05T09:00:00Z"
PLAYBOOK = """\
playbook: own
heads: {timing: When it has to work}
fields:
  timeline: {label: Timeline, summary: timing}
  secret:
    label: Secret
    KEYS
stages: {lead: {}}
"""


@pytest.mark.parametrize(("keys", "fault"), [
    ("internal: true\n    client: true", "`internal: true` and `client: true` contradict each other"),
    ("internal: true\n    summary: timing", "`internal: true` keeps a field from clients, and `summary` sends it"),
    ("client: false\n    summary: timing", "`client: false` keeps a field from clients, and `summary` sends it"),
])  # fmt: skip
def test_contradicting_keys_are_a_fault_with_its_line(quick, playbook, keys, fault):
    playbook(PLAYBOOK.replace("KEYS", keys))
    checked = quick("playbook", "check", "own", now=NOW)
    assert checked.code == 5
    assert fault in checked.out + checked.err
    assert re.search(r"own\.yaml:[5-8]\b", checked.err), checked.err


@pytest.mark.parametrize(("keys", "facing"), [
    ({}, False), ({"summary": "timing"}, True), ({"client": True}, True), ({"client": False}, False),
    ({"internal": True}, False), ({"summary": "next steps"}, False), ({"summary": "Next steps", "client": True}, True),
    ({"internal": False}, False),
])  # fmt: skip
def test_a_field_reaches_clients_only_where_the_playbook_says_so(keys, facing):
    assert Field(**keys).client_facing is facing


def test_a_head_prints_with_the_playbooks_own_words(does, playbook):
    playbook(PLAYBOOK.replace("KEYS", 'hint: "guess it"'))
    does("add", "Acme Corp", "--playbook", "own", "--contact", "Ada <ada@acme.example>")
    does("set", "acme-corp", "timeline=by May", "secret=they are broke")
    text = does("summary", "draft", "acme-corp").out
    assert "\nWhen it has to work: by May\n" in text
    for internal in ("guess it", "they are broke", "Secret", "Timing"):
        assert internal not in text
