"""Which rule speaks: the first that matches. Held against a second, tiny interpreter over truth tables."""

from itertools import product

import pytest

from handoffctl.core.moments import Clock
from handoffctl.dispositions.judgement import Judgement, judge
from handoffctl.playbook.advice import advice
from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.facts import CountedFacts, Facts
from handoffctl.playbook.reader import playbook_from_text

CLOCK = Clock("2026-06-01")
HEAD = """\
playbook: small
stages:
  lead: {title: Lead, target: 9d}
  won: {kind: won}
handoffs:
  - {from: lead, to: won, trigger: They sign., reason: They signed., benefit: They can begin.}
fields: {a: {type: yes_no}, b: {type: yes_no}, c: {type: yes_no}}
criteria:
  yes_a: {field: a, is: "yes"}
  yes_b: {field: b, is: "yes"}
conditions:
  yes_c: {field: c, is: "yes"}
  late: {past_close: 60d}
dispositions:
"""


def rules_of(*rules):
    return playbook_from_text(HEAD + "".join(f"  - {{{rule}, because: So.}}\n" for rule in rules), "small.yaml")


def said(values):
    return {name: {True: "yes", False: "no"}[value] for name, value in values.items() if value is not None}


def judged(playbook, values, may_be_lost=True):
    facts = Facts("acme", said(values), counted=CountedFacts("2026-01-01"))
    return judge(playbook.dispositions, DealState(playbook, facts, CLOCK), lambda because: may_be_lost)


# The second interpreter: a rule is what it proposes, the names that must be true, and those that must not be.
TINY = [
    ("first", "nurture", ("yes_a", "yes_b"), ()),
    ("second", "lost", ("yes_a",), ("yes_c",)),
    ("third", "keep", ("yes_b",), ("yes_a",)),
    ("fourth", "disqualified", ("yes_c",), ()),
]


def tiny(values, may_be_lost):
    holds = {f"yes_{name}": value for name, value in values.items()}
    matching = [
        (name, propose)
        for name, propose, when, unless in TINY
        if not [one for one in when if holds[one] is not True] and True not in [holds[one] for one in unless]
    ]
    held_back = [name for name, propose in matching if propose == "lost" and not may_be_lost]
    names = [name for name, _ in matching if name not in held_back]
    return Judgement("".join(names[:1]), tuple(names[1:]), tuple(held_back))


def test_a_second_interpreter_says_the_same_of_every_case():
    playbook = rules_of(*(
        f"name: {name}, propose: {propose}, when: [{', '.join(when)}], unless: [{', '.join(unless)}]"
        for name, propose, when, unless in TINY
    ))  # fmt: skip
    spoken = set()
    for *known, may_be_lost in product((True, False, None), (True, False, None), (True, False, None), (True, False)):
        values = dict(zip("abc", known, strict=True))
        assert judged(playbook, values, may_be_lost) == tiny(values, may_be_lost), (values, may_be_lost)
        spoken.add(tiny(values, may_be_lost).rule)
    assert spoken == {"first", "second", "third", "fourth", ""}


def test_each_condition_on_what_was_counted_holds_from_its_limit_on():
    limits = {
        "stage_age: 30d": ({"entered_at": "2026-05-02"}, {"entered_at": "2026-05-03"}),
        "stage_age: {times_usual: 2}": (
            {"entered_at": "2026-05-02", "usual_days": 15.0}, {"entered_at": "2026-05-02", "usual_days": 15.5},
        ),
        "stage_age: {times_usual: 2, else: 30d}": ({"entered_at": "2026-05-02"}, {"entered_at": "2026-05-03"}),
        "stage_age: {times_usual: 3}": (
            {"entered_at": "2026-05-02", "target_days": 10.0}, {"entered_at": "2026-05-02", "target_days": 11.0},
        ),
        "untouched: 2w": ({"touched_at": "2026-05-18"}, {"touched_at": "2026-05-19"}),
        "attempts: 3": ({"attempts": 3}, {"attempts": 2}),
        "slips: 2": ({"slips": 2}, {"slips": 1}),
        "penetration: 2": ({"heard_from": 2}, {"heard_from": 1}),
        "pool_left: 5": ({"pool_left": 5}, {"pool_left": 6}),
    }  # fmt: skip
    for written, (enough, short) in limits.items():
        playbook = playbook_from_text(
            f"targets: 9\n{HEAD}  - {{name: one, propose: keep, when: [{{{written}}}], because: So.}}\n", "small.yaml"
        )
        for counted, rule in ((enough, "one"), (short, ""), ({}, "")):
            state = DealState(playbook, Facts("acme", counted=CountedFacts(**counted)), CLOCK)
            assert judge(playbook.dispositions, state).rule == rule, (written, counted)
        assert judge(playbook.dispositions, DealState(playbook, Facts("acme"), CLOCK)).rule == ""


def test_a_close_date_that_is_not_known_is_not_past():
    playbook = rules_of("name: one, propose: keep, when: [late]")
    for values, rule in (({}, ""), ({"deal.expected_close": "2026-04-02"}, "one"),
                         ({"deal.expected_close": "2026-04-03"}, "")):  # fmt: skip
        state = DealState(playbook, Facts("acme", values, counted=CountedFacts()), CLOCK)
        assert judge(playbook.dispositions, state).rule == rule


@pytest.mark.parametrize(
    ("earlier", "later", "shadowed"),
    [
        ("when: [late]", "when: [late, yes_a]", True),
        ("when: [{past_close: 30d}]", "when: [late, yes_a]", True),
        ("when: [late]", "when: [{past_close: 30d}, yes_a]", False),
        ("when: [{all_of: [yes_a, yes_b]}]", "when: [yes_a, yes_b, yes_c]", True),
        ("when: [late], unless: [yes_a]", "when: [late, yes_b]", False),
        ("when: [late], unless: [yes_a]", "when: [late], unless: [yes_a, yes_b]", True),
        ("when: [late, yes_a]", "when: [late]", False),
        ("when: [{attempts: 3}]", "when: [{attempts: 5}]", True),
    ],
)
def test_a_rule_that_can_never_speak_is_advised_against(earlier, later, shadowed):
    rules = (f"name: one, propose: keep, {earlier}", f"name: two, propose: nurture, {later}")
    found = [path for path, sentence in advice(rules_of(*rules)) if "never speaks" in sentence]
    assert found == ([("dispositions", "two")] if shadowed else [])
