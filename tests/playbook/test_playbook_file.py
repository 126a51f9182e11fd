"""The reader of playbooks: every fault at once, each on one line with its place and a way out."""

from pathlib import Path

import pytest
from tests.small_playbook import SMALL, faults_of

from handoffctl.core.yaml.types import StrictModel
from handoffctl.core.yaml.validation import read_model
from handoffctl.errors import RulesFault
from handoffctl.playbook.reader import playbook_from_text, read_playbook

ONE_FAULT = [
    ("required: [situation, budget]", "required: [situation, budgt]",
     'small.yaml:22: handoffs[0].required: no field or criterion is called "budgt" (did you mean "budget"?)'),
    ("exit: [reachable]", "exit: [reachble]",
     'small.yaml:13: stages.lead.exit: no field or criterion is called "reachble" (did you mean "reachable"?)'),
    ("title: A small one", "titel: A small one",
     'small.yaml:2: titel: there is no key "titel" here (did you mean "title"?)'),
    ("title: Qualified,", "colour: red,",
     'small.yaml:14: stages.qualified.colour: there is no key "colour" here'),
    ("title: Lead,", "title: Lead, title: Led,",
     'small.yaml:13: stages.lead.title: "title" is here twice, first in line 13'),
    ("    reason: They fit.\n", "",
     'small.yaml:17: handoffs[0]: "reason" is missing; say why the deal is passed on'),
    ("    benefit: The prospect gets what they asked for.\n", "",
     'small.yaml:24: handoffs[1]: "benefit" is missing; say what the prospect gains by it'),
    ("    trigger: They sign.\n", "",
     'small.yaml:24: handoffs[1]: "trigger" is missing; say what the prospect does that calls for this handoff'),
    ("type: text", "type: txt",
     'small.yaml:5: fields.situation.type: "txt" is not one of: text, choice, number, money, date, email, phone, url, '
     'yes_no, list (did you mean "text"?)'),
    ("min_words: 3", "min_words: three",
     'small.yaml:5: fields.situation.min_words: "three" is not a whole number'),
    ("target: 3d", "target: 3 days",
     'small.yaml:13: stages.lead.target: "3 days" is not a length of time; write one like 30m, 4h, 3d or 2w'),
    ("title: A small one", "reviewed: 2026-13-45",
     'small.yaml:2: reviewed: "2026-13-45" is not a date; write one like 2026-03-01'),
    ("choices: [small, large]", "min_words: 0",
     "small.yaml:7: fields.size: a field of type choice needs choices"),
    ("choices: [small, large]", "choices: small",
     "small.yaml:7: fields.size.choices: should be a list, like [small]"),
    ("to: won\n    receiver: delivery", "to: wun\n    receiver: delivery",
     'small.yaml:25: handoffs[1].to: no stage is called "wun" (did you mean "won"?)'),
    ("owner: seller", "owner: sellar",
     'small.yaml:14: stages.qualified.owner: no role is called "sellar" (did you mean "seller"?)'),
    ("    to: won\n    receiver: delivery\n", "",
     'small.yaml:24: handoffs[1]: without "to" only the person changes, so it needs a "receiver"'),
    ("{title: Won, kind: won}", "{title: Won, kind: won}\n  trial: {title: Trial}",
     'small.yaml:16: stages.trial: nothing leads to "trial"; it needs a handoff from a stage that a deal can reach'),
    ("{field: budget, at_least: 5000}", "{field: budget, at_least: lots}",
     'small.yaml:11: criteria.big.at_least: "lots" is not an amount of money; write one like 12500 or 12,500, '
     "so no value can meet it"),
    ("{field: budget, at_least: 5000}", "{field: situation, at_least: 5000}",
     'small.yaml:11: criteria.big.at_least: "at_least" compares choice, number, money, date, and this field is of '
     "type text"),
    ("{field: budget, at_least: 5000}", "{field: size, is: medium}",
     'small.yaml:11: criteria.big.is: "medium" is not one of: small, large, so no value can meet it'),
    ("{field: budget, at_least: 5000}", "{field: budget, at_least: 5000, at_most: 100}",
     "small.yaml:11: criteria.big: these comparisons contradict each other; no value can meet them all"),
    ("{field: budget, at_least: 5000}", "{field: budget}",
     "small.yaml:11: criteria.big: needs a comparison: is, one_of, at_least, at_most, before or after"),
    ("{field: budget, at_least: 5000}", "{not: budget}",
     "small.yaml:11: criteria.big.not: what is known or has happened is never undone, so this could not be met again; "
     '"not" stands over comparisons of fields and over touches with "within"'),
    ("{field: budget, at_least: 5000}", "{any_of: [big]}",
     "small.yaml:11: criteria.big: it refers to itself (big -> big), so it can never be met"),
    ("  - from: qualified\n", "  -\n", 'small.yaml:25: handoffs[1]: "from" is missing'),
    ("playbook: small", "playbook: large",
     'small.yaml:1: playbook: the file is called small.yaml, so playbook must be "small"'),
    ("playbook: small\n", "", 'small.yaml:1: "playbook" is missing'),
    ("  big:", "  size: {known: budget}\n  big:",
     'small.yaml:11: criteria.size: "size" is the name of a field too; give the criterion another name'),
    ("choices: [small, large]", "choices: [small, Small]",
     'small.yaml:7: fields.size.choices: "small" is there more than once; capitals make no difference'),
    ("label: Budget", 'label: ""', "small.yaml:6: fields.budget.label: is empty"),
    ("  size: {label", "  how big: {label",
     'small.yaml:7: fields.how big: "how big" cannot be a name; take up to 60 letters, digits, _ - and . without '
     "spaces"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_small_playbook_has_no_fault():
    assert playbook_from_text(SMALL, "small.yaml").handoffs[1].to == "won"


@pytest.mark.parametrize(("old", "new", "line"), ONE_FAULT)
def test_a_fault_is_one_line_with_its_place_and_the_nearest_right_word(old, new, line):
    assert SMALL.count(old) == 1, "the edit must be a single one"
    assert faults_of(SMALL.replace(old, new)) == [line]


SEVERAL_FAULTS = [
    (
        {
            "title: A small one": "titel: A small one",
            "type: money": "type: mony",
            "required: [situation, budget]": "required: [situatoin, budget]",
            "    reason: They said yes.\n": "",
        },
        [
            'small.yaml:2: titel: there is no key "titel" here (did you mean "title"?)',
            'small.yaml:6: fields.budget.type: "mony" is not one of: text, choice, number, money, date, email, phone, '
            'url, yes_no, list (did you mean "money"?)',
            'small.yaml:22: handoffs[0].required: no field or criterion is called "situatoin" '
            '(did you mean "situation"?)',
            'small.yaml:24: handoffs[1]: "reason" is missing; say why the deal is passed on',
        ],
    ),
    (
        {
            "  - from: lead\n    to: qualified\n": "  - to: qualified\n",
            "required: [big]": "required: [bigg]\n    next_step: maybe",
            "exit: [reachable]": "exit: [reachable, contact.emial]",
        },
        [
            'small.yaml:13: stages.lead.exit: no field or criterion is called "contact.emial" '
            '(did you mean "contact.email"?)',
            'small.yaml:17: handoffs[0]: "from" is missing',
            'small.yaml:29: handoffs[1].required: no field or criterion is called "bigg" (did you mean "big"?)',
            'small.yaml:30: handoffs[1].next_step: "maybe" is not one of: required, nice_to_have',
        ],
    ),
    (
        {
            "any_of: [contact.email": "any: [contact.email",
            "target: 3d": "target: [3d]",
            "    trigger: They sign.\n": "    trigr: They sign.\n",
            "at_least: 5000": "at_least: much",
        },
        [
            'small.yaml:10: criteria.reachable.any: there is no key "any" here (did you mean "any_of"?)',
            'small.yaml:11: criteria.big.at_least: "much" is not an amount of money; write one like 12500 or 12,500, '
            "so no value can meet it",
            "small.yaml:13: stages.lead.target: should be a single value, not a list",
            'small.yaml:27: handoffs[1].trigr: there is no key "trigr" here (did you mean "trigger"?)',
        ],
    ),
    (
        {
            "roles: {seller: You, delivery: A partner}": "roles: [seller, delivery]",
            "stages:\n": "stages:\n  3rd: Third\n  island: {title: Island, owner: nobody, kind: opn}\n",
            "label: Situation, type": "label: Situation, label: Again, type",
            "required: [big]": "required: [big, budjet]",
        },
        [
            "small.yaml:3: roles: should be a mapping of names, one `name: ...` to a line",
            'small.yaml:5: fields.situation.label: "label" is here twice, first in line 5',
            "small.yaml:13: stages.3rd: should be a mapping of names, one `name: ...` to a line",
            'small.yaml:14: stages.island.kind: "opn" is not one of: open, won, lost, nurture (did you mean "open"?)',
            'small.yaml:32: handoffs[1].required: no field or criterion is called "budjet" (did you mean "budget"?)',
        ],
    ),
]


@pytest.mark.parametrize(("edits", "lines"), SEVERAL_FAULTS)
def test_all_faults_come_at_once_in_the_order_of_their_lines(edits, lines):
    text = SMALL
    for old, new in edits.items():
        assert text.count(old) == 1, f"the edit of {old!r} must be a single one"
        text = text.replace(old, new)
    assert faults_of(text) == lines


def test_the_message_counts_the_faults_and_the_hint_says_what_to_do_next():
    Path("small.yaml").write_text(SMALL.replace("type: money", "type: mony").replace("to: won", "to: wun"))
    with pytest.raises(RulesFault) as caught:
        read_playbook(Path("small.yaml"))
    assert caught.value.exit_code == 5
    assert caught.value.message == "small.yaml has 2 faults."
    assert caught.value.hint == "Put them right and run handoffctl playbook check small."


def test_a_kept_text_is_read_like_a_file_but_may_have_any_name():
    assert playbook_from_text(SMALL, "revision 3 of small").playbook == "small"
    with pytest.raises(RulesFault, match=r"revision 3 of small has 1 fault\.") as caught:
        playbook_from_text(SMALL.replace("to: won", "to: wun"), "revision 3 of small")
    assert caught.value.problems[0].startswith("revision 3 of small:25: handoffs[1].to:")


def test_a_file_that_is_not_there_is_said_so():
    with pytest.raises(RulesFault, match=r"none\.yaml cannot be read: No such file or directory\."):
        read_playbook(Path("none.yaml"))


def test_a_path_in_the_current_folder_is_shown_from_here(tmp_path):
    assert faults_of("")[0].startswith("small.yaml:1:")
    with pytest.raises(RulesFault) as caught:
        read_playbook(tmp_path / "small.yaml")
    assert caught.value.problems[0].startswith("small.yaml:1:")


def test_a_draft_may_lack_reason_benefit_and_trigger():
    bare = "".join(line for line in SMALL.splitlines(keepends=True) if "reason:" not in line and "benefit:" not in line)
    bare = bare.replace("    trigger: They sign.\n", "")
    assert len(faults_of(bare)) == 5
    assert playbook_from_text("draft: true\n" + bare, "small.yaml").draft


class Config(StrictModel):
    playbook: str = "solo"
    workdays: tuple[str, ...] = ()


def test_any_other_file_of_rules_is_read_by_its_model():
    Path("config.yaml").write_text("playbook: mine\nworkdays: [mon, tue]\n")
    assert read_model(Path("config.yaml"), Config) == Config(playbook="mine", workdays=("mon", "tue"))
    Path("config.yaml").write_text("playbook: mine\nworkdays: mon\n")
    with pytest.raises(RulesFault, match=r"config\.yaml has 1 fault\.") as caught:
        read_model(Path("config.yaml"), Config)
    assert caught.value.problems == ["config.yaml:2: workdays: should be a list, like [mon]"]
