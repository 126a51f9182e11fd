"""The handoff that a command means, where several leave a stage: `check` and `handoff` never mean different ones."""

import shlex

import pytest

DAY = "2026-03-02T09:00:00Z"
LATER = "2026-03-03T09:00:00Z"

TEAM = """\
playbook: team
roles: {finder: Who finds them, closer: Who closes them}
stages:
  found: {title: Found}
  talking: {title: Talking}
  won: {title: Won, kind: won}
handoffs:
  - {from: found, to: talking, trigger: They answer., reason: They fit., benefit: They are heard.}
  - {from: talking, receiver: closer, name: take over, trigger: They ask for a price., reason: A closer knows prices.,
     benefit: They get a price at once.}
  - {from: talking, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
PERSON_ONLY = """\
playbook: desk
roles: {finder: Who finds them, closer: Who closes them}
stages:
  talking: {title: Talking}
  won: {title: Won, kind: won}
handoffs:
  - {from: talking, receiver: closer, name: take over, trigger: They ask for a price., reason: A closer knows prices.,
     benefit: They get a price at once.}
"""


@pytest.fixture
def talking(does, playbook):
    """A deal in a stage that one handoff leaves, while another one changes only the person."""
    playbook(TEAM)
    does("add", "Acme Corp", "--playbook", "team", now=DAY)
    does("handoff", "acme-corp", "--to", "talking", "--step", "call her", now=DAY)


def command_shown(checked):
    line = next(line for line in checked.out.splitlines() if "Hand it off with: " in line)
    return shlex.split(line.partition("Hand it off with: ")[2])[1:]


@pytest.mark.parametrize(("to", "stage", "owner"), [("take over", "talking", "closer"), ("won", "won", "finder")])
def test_the_command_that_check_shows_does_the_handoff_that_was_checked(talking, does, to, stage, owner):
    words = command_shown(does("check", "acme-corp", "--to", to, now=LATER))
    assert words == ["handoff", "acme-corp", "--to", to]
    does(*words, now=LATER)
    deal = does("show", "acme-corp", "--json", now=LATER).json["deals"][0]
    assert (deal["stage"], deal["owner"]) == (stage, owner)


def test_check_names_the_handoff_that_it_took_itself_where_another_could_be_meant(talking, does):
    assert command_shown(does("check", "acme-corp", now=LATER)) == ["handoff", "acme-corp", "--to", "won"]


def test_check_leaves_the_name_out_where_there_is_only_one_handoff(does, playbook):
    playbook(TEAM)
    does("add", "Acme Corp", "--playbook", "team", now=DAY)
    assert command_shown(does("check", "acme-corp", now=LATER)) == ["handoff", "acme-corp"]


@pytest.mark.parametrize("words", [[], ["--to-person", "Mia Berg"], ["--json"], ["--set", "contact.phone=123456"]])
def test_a_script_that_names_no_handoff_is_refused_where_another_person_could_be_meant(talking, does, dump, words):
    does("person", "add", "Mia Berg", "--role", "closer", now=LATER)
    before = dump()
    refused = does("handoff", "acme-corp", *words, now=LATER, code=2)
    assert "2 handoffs leave Talking: won, take over." in refused.err
    assert dump() == before


def test_on_a_terminal_it_is_asked_which_one(talking, does, monkeypatch):
    offered = []

    def choose(question, options):
        offered.append((question, options))
        return "take over"

    monkeypatch.setattr("handoffctl.console.context.prompting", lambda: True)
    monkeypatch.setattr("handoffctl.handoffs.interview.choose", choose)
    monkeypatch.setattr("handoffctl.handoffs.interview.ask_line", lambda prompt: ("", 1.0))
    does("handoff", "acme-corp", now=LATER)
    assert offered == [("Acme Corp can be handed off in 2 ways:", ["won", "take over"])]
    assert does("show", "acme-corp", "--json", now=LATER).json["deals"][0]["owner"] == "closer"


def test_the_only_handoff_is_meant_also_if_it_changes_only_the_person(does, playbook):
    playbook(PERSON_ONLY)
    does("add", "Acme Corp", "--playbook", "desk", now=DAY)
    does("handoff", "acme-corp", now=LATER)
    assert does("show", "acme-corp", "--json", now=LATER).json["deals"][0]["owner"] == "closer"


def test_a_colleague_of_the_same_role_takes_over_without_a_name(talking, does):
    does("person", "add", "Fay Lund", "--role", "finder", now=LATER)
    does("handoff", "acme-corp", "--to-person", "Fay Lund", "--stay", now=LATER)
    assert does("show", "acme-corp", "--json", now=LATER).json["deals"][0]["owner"] == "Fay Lund"
