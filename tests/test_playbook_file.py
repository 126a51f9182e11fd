"""The reader of playbooks: every fault with its line and a way out, and nothing but RulesFault for anything hostile."""

import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import BaseModel

from handoffctl.domain.playbook import BUILT_IN, NEXT_STEP, Playbook
from handoffctl.errors import RulesFault
from handoffctl.playbook_file import playbook_from_text, read_model, read_playbook
from handoffctl.yaml_file import written

SOLO = Path(__file__).parents[1] / "playbooks" / "solo.yaml"
EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "200"))

SMALL = """\
playbook: small
title: A small one
roles: {seller: You, delivery: A partner}
fields:
  situation: {label: Situation, type: text, min_words: 3}
  budget: {label: Budget, type: money}
  size: {label: Size, type: choice, choices: [small, large]}
  start: {label: Start, type: date}
criteria:
  reachable: {any_of: [contact.email, contact.phone]}
  big: {field: budget, at_least: 5000}
stages:
  lead: {title: Lead, exit: [reachable], target: 3d}
  qualified: {title: Qualified, owner: seller}
  won: {title: Won, kind: won}
handoffs:
  - from: lead
    to: qualified
    trigger: {says: They agree to talk., when: [reachable]}
    reason: They fit.
    benefit: The prospect is heard.
    required: [situation, budget]
    next_step: required
  - from: qualified
    to: won
    receiver: delivery
    trigger: They sign.
    reason: They said yes.
    benefit: The prospect gets what they asked for.
    required: [big]
"""

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
     'small.yaml:24: handoffs[1]: without "to" only the person changes, so "receiver" must be another than the sender'),
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
    ("label: Budget", "summary: curent situation",
     'small.yaml:6: fields.budget.summary: "curent situation" is not a head of the summary mail: current situation, '
     "business priorities, competition, timeline, decision process, next steps"),
    ("label: Budget", 'label: ""', "small.yaml:6: fields.budget.label: is empty"),
    ("  size: {label", "  how big: {label",
     'small.yaml:7: fields.how big: "how big" cannot be a name; take up to 60 letters, digits, _ - and . without '
     "spaces"),
]  # fmt: skip


def faults_of(text: str, name: str = "small") -> list[str]:
    """The faults of a text, read as a file in the current folder."""
    Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesFault) as caught:
        read_playbook(Path(f"{name}.yaml"))
    return caught.value.problems


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


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
NESTED = "this is nested more than 50 deep"
HOSTILE = {
    "a bracket that is not closed": ("a: b\nstages: [x\nb: c\n", 2, "the list that begins here lacks its"),
    "a quote that is not closed": ("a: b\ntitle: 'x\nb: c\n", 2, "the text in quotes that begins here is not closed"),
    "a colon too many": ("title: a: b\n", 1, 'a ":" stands where none can'),
    "an indentation that fits nothing": ("a:\n  b: c\n d: e\n", 3, "the indentation does not fit"),
    "a tab": ("a:\n\tb: c\n", 2, "a tab stands in the indentation; use spaces"),
    "a reserved character": ("a: @b\n", 1, "a character stands here that YAML keeps for itself"),
    "an unknown escape": ('a: "\\q"\n', 1, "stands before something that gives it no meaning"),
    "a key that is a list": ("[a]: b\n", 1, "a key must be plain text"),
    "an alias bomb": (BOMB, 1, '"&a" refers to another part of the file'),
    "an alias of its own": ("a: &a [*a]\n", 1, '"&a" refers to another part of the file'),
    "an alias of nothing": ("a: *a\n", 1, '"*a" refers to another part of the file'),
    "flow brackets": ("a: " + "[" * 50_000, 1, NESTED),
    "closed flow brackets": ("a: " + "[" * 50_000 + "]" * 50_000, 1, NESTED),
    "flow braces": ("a: " + "{a: " * 50_000, 1, NESTED),
    "block dashes": ("a:\n" + "- " * 50_000, 2, NESTED),
    "block keys": ("? " * 50_000, 1, "a key must be plain text"),
    "indentation": ("".join(" " * n + "a:\n" for n in range(600)), 51, NESTED),
    "300 KiB": ("# " + "x" * 300 * 1024, 1, "the file is larger than 256 KiB"),
    "a second document": (SMALL + "---\na: b\n", 31, "a second document begins here"),
    "a tag of Python": ("a: !!python/object/apply:os.system [ls]\n", 1, "a tag"),
    "a tag of its own": ("a: !b c\n", 1, "a tag"),
    "nothing": ("", 1, "the file is empty"),
    "a comment only": ("# nothing yet\n", 1, "the file is empty"),
    "a list": ("- a\n", 1, "the file should hold keys and values"),
    "a word": ("playbook\n", 1, "the file should hold keys and values"),
    "a null byte": ("a: b\nc: \0\n", 2, "here is a character that is not text (U+0000)"),
    "an escape sequence": ("a: \x1b[31m\n", 1, "here is a character that is not text (U+001B)"),
    "an escaped escape sequence": ('a: "\\e[31m"\n', 1, "here is a character that is not text (U+001B)"),
    "a next-line character": ("a: b\x85c: d\n", 1, "here is a character that is not text (U+0085)"),
    "a line separator": ("a: b\n\u2028c: d\n", 2, "here is a character that is not text (U+2028)"),
    "half a character": ('a: "\\ud800"\n', 1, ""),
    "a character that is none": ('a: "\\UFFFFFFFF"\n', 1, ""),
    "an unknown version": ("%YAML 9.9\n---\na: b\n", 1, "this cannot be read as YAML"),
}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_refused_with_its_line_and_quickly(kind, loader, monkeypatch):
    monkeypatch.setattr("handoffctl.yaml_file.LOADER", loader)
    text, line, said = HOSTILE[kind]
    began = time.monotonic()
    (fault,) = faults_of(text)
    assert fault.startswith(f"small.yaml:{line}: ")
    assert said in fault
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(128, 256)), 1),
        (SMALL.encode("utf-16"), 1),
        (SMALL.encode("utf-16-le"), 1),
        (b"a: b\nc: caf\xe9\n", 2),
    ],
)
def test_what_is_not_utf_8_is_refused(raw, line):
    Path("small.yaml").write_bytes(raw)
    with pytest.raises(RulesFault) as caught:
        read_playbook(Path("small.yaml"))
    assert caught.value.problems[0].startswith(f"small.yaml:{line}: ")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    Path("small.yaml").write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_playbook(Path("small.yaml")) == playbook_from_text(SMALL, "small.yaml")


def test_a_merge_key_is_an_unknown_key():
    faults = faults_of(SMALL.replace("title: Lead,", "<<: {title: Lead},"))
    assert faults == ['small.yaml:13: stages.lead.<<: there is no key "<<" here']


def test_words_that_yaml_takes_for_something_else_stay_words():
    text = SMALL.replace("title: Lead", "title: 1:30").replace("label: Budget", "label: yes")
    rules = playbook_from_text(text.replace("choices: [small, large]", "choices: [no, 1e3]"), "small.yaml")
    assert (rules.stages["lead"].title, rules.fields["budget"].label) == ("1:30", "yes")
    assert rules.fields["size"].choices == ("no", "1e3")


def test_faults_without_number_are_told_up_to_a_hundred_and_quickly():
    began = time.monotonic()
    many = SMALL.replace("required: [big]", f"required: [{', '.join(f'budget{n}x' for n in range(15_000))}]")
    assert len(faults_of(many)) == 100
    assert len(faults_of(SMALL + "".join(f"titel{n}: x\n" for n in range(15_000)))) == 100
    assert len(faults_of(SMALL + "title: x\n" * 20_000)) == 100
    chain = "".join(f"  c{n}: c{n + 1}\n" for n in range(9_000))
    assert faults_of(SMALL.replace("  big:", chain + "  c9000: budget\n  big:"))
    double = "".join(f"  c{n}: {{any_of: [c{n + 1}, c{n + 1}]}}\n" for n in range(40)) + "  c40: budget\n"
    assert "follow" in faults_of(SMALL.replace("  big:", double + "  big:"))[0]
    assert time.monotonic() - began < 20


def test_the_shipped_playbook_reads_the_same_under_both_loaders():
    text = SOLO.read_text(encoding="utf-8")
    assert written(text, yaml.SafeLoader) == written(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert read_playbook(SOLO).first_stage == "lead"


def test_the_shipped_playbook_keeps_to_its_own_measure():
    rules = read_playbook(SOLO)
    assert all(field.label and field.why and field.ask for field in rules.fields.values())
    assert all(stage.begins_when for stage in rules.stages.values())
    assert all(stage.target and stage.follow_up for stage in rules.stages.values() if stage.kind == "open")
    assert {field.summary for field in rules.fields.values()} - {""} == {
        "current situation", "business priorities", "competition", "timeline", "decision process", "next steps"
    }  # fmt: skip
    for handoff in rules.handoffs:
        asked = {*rules.stages[handoff.from_stage].exit, *handoff.required, *rules.stages[handoff.to_stage].entry}
        assert len(asked) <= 5, handoff.key
    text = SOLO.read_text(encoding="utf-8")
    unused = [name for name in rules.fields if text.count(name) < 2]
    assert not unused
    assert not set(rules.fields) & ({*BUILT_IN, NEXT_STEP})


class Config(BaseModel):
    playbook: str = "solo"
    workdays: tuple[str, ...] = ()


def test_any_other_file_of_rules_is_read_by_its_model():
    Path("config.yaml").write_text("playbook: mine\nworkdays: [mon, tue]\n")
    assert read_model(Path("config.yaml"), Config) == Config(playbook="mine", workdays=("mon", "tue"))
    Path("config.yaml").write_text("playbook: mine\nworkdays: mon\n")
    with pytest.raises(RulesFault, match=r"config\.yaml has 1 fault\.") as caught:
        read_model(Path("config.yaml"), Config)
    assert caught.value.problems == ["config.yaml:2: workdays: should be a list, like [mon]"]


JARGON = ("pydantic", "Input should", "type=", "ctx", "validation", "__", "Traceback")


@given(data=st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_single_edit_of_the_shipped_playbook_gives_a_playbook_or_a_fault(data):
    lines = SOLO.read_text(encoding="utf-8").splitlines(keepends=True)
    n = data.draw(st.integers(0, len(lines) - 1), "line")
    place = data.draw(st.integers(0, len(lines[n])), "place")
    edit = data.draw(st.sampled_from(["delete", "twice", "swap", "cut", "insert", "replace", "indent", "text"]), "edit")
    said = data.draw(st.sampled_from([*":-#[]{},&*!|>'\"%@`?\t\n ~\0\x85", "- ", ": ", "[]", "{}", "null", "1e9", "é"]))
    swapped = data.draw(st.integers(0, len(lines) - 1))
    if edit == "swap":
        lines[n], lines[swapped] = lines[swapped], lines[n]
    else:
        lines[n] = {
            "delete": "",
            "twice": lines[n] * 2,
            "cut": lines[n][:place] + lines[n][place + 1 :],
            "insert": lines[n][:place] + said + lines[n][place:],
            "replace": lines[n][:place] + said + lines[n][place + 1 :],
            "indent": "  " + lines[n],
            "text": data.draw(st.text(max_size=20)) + "\n",
        }[edit]
    _gives_a_playbook_or_a_fault("".join(lines))


@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_gives_a_playbook_or_a_fault(text):
    _gives_a_playbook_or_a_fault(text)
    _gives_a_playbook_or_a_fault(SMALL + text)


def _gives_a_playbook_or_a_fault(text):
    try:
        assert isinstance(playbook_from_text(text, "x.yaml"), Playbook)
    except RulesFault as fault:
        assert fault.problems
        for line in fault.problems:
            assert line.startswith("x.yaml:")
            assert "\n" not in line
            assert not any(word in line for word in JARGON)
