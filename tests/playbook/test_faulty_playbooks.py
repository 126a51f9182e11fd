"""A playbook with one fault, or several, held against `playbook check`: the line, the sentence and the nearest word."""

import re

import pytest

FULL = """\
playbook: full
title: One of everything
reviewed: 2026-03-01
confirm_within: 3d
roles: {marketing: Finds, seller: Sells, success: Looks after clients}
fields:
  situation: {label: Situation, min_words: 3, ask: What is it like today?, why: All start from it.}
  budget: {label: Budget, type: money}
  seats: {label: Seats, type: number}
  size: {label: Size, type: choice, of: account, choices: [small, large]}
  start: {label: Start, type: date}
  value_seen: {label: Value seen}
criteria:
  reachable: {label: Reachable, any_of: [contact.email, contact.phone], why: To follow up.}
  large: {all_of: [{field: size, is: large}, {field: seats, at_least: 50}]}
  warm: {label: Warm, score: 30}
  met: {introduced: success}
stages:
  lead:
    title: Lead
    owner: marketing
    exit: [reachable]
    target: 3d
    follow_up: {first_within: 4h, attempts: 5, most: 8, within: 14d, every: 3d, waived: [no budget]}
  talks:
    title: Talks
    owner: seller
    entry: [warm]
  won: {title: Won, kind: won, owner: success, entry: [met]}
  lost: {title: Lost, kind: lost}
handoffs:
  - from: lead
    to: talks
    trigger: {says: They ask for a call., when: [warm]}
    reason: They fit.
    benefit: The prospect is heard.
    required: [situation]
    nice_to_have: [budget]
    next_step: required
  - from: talks
    name: to success
    receiver: success
    trigger: They ask what comes after.
    reason: They want to meet who looks after them.
    benefit: The prospect meets no stranger.
  - from: talks
    to: won
    receiver: success
    trigger: They sign.
    reason: They said yes.
    benefit: The client begins at once.
    required: [value_seen, start]
signals:
  asked: {label: Asked the price, why: Only buyers ask., points: 20, when: [{field: budget, at_least: 1000}]}
  replied:
    points: 15
    when: [{touches: {direction: in, at_least: 1, within: 14d}}]
dispositions:
  silent:
    propose: nurture
    when: [{untouched: 30d}, {attempts: 5}]
    unless: [large]
    because: Nobody answers.
    wake: 90d
  too_small:
    propose: disqualified
    when: [{field: size, is: small}, {stage_age: 30d}]
    because: It would not pay.
sla:
  fresh:
    from: marketing
    to: seller
    promise: Each lead is passed on the same day.
    measure: passed
    handoff: talks
    within: 1d
    share: 80%
  called:
    from: seller
    to: marketing
    promise: Each lead is called within four hours.
    measure: first_touch
    stage: talks
    within: 4h
objectives:
  pipeline: {role: seller, measure: pipeline, serves: Growth of a fifth a year., at_least: 100000, per: quarter}
  losses:
    role: success
    measure: churn
    serves: Clients stay.
    at_most: 5
verdicts: {attempts: 10, often: 40%, placeholders: 0.1}
value:
  seen: value_seen
  first: start
"""

ONE_FAULT = {
    "an unknown key of a signal": (
        "    points: 15", "    point: 15",
        '56: signals.replied.point: there is no key "point" here (did you mean "points"?)'),
    "an unknown section": (
        "dispositions:", "disposition:",
        '58: disposition: there is no key "disposition" here (did you mean "dispositions"?)'),
    "a section of signals that is misspelt takes no score out of reach": (
        "signals:", "signls:",
        '53: signls: there is no key "signls" here (did you mean "signals"?)'),
    "a key that is there twice": (
        "    stage: talks\n", "    stage: talks\n    measure: accepted\n",
        '84: sla.called.measure: "measure" is here twice, first in line 82'),
    "an unknown field of a signal": (
        "{field: budget, at_least: 1000}", "{field: budgett, at_least: 1000}",
        '54: signals.asked.when[0].field: no field is called "budgett" (did you mean "budget"?)'),
    "an unknown criterion of a disposition": (
        "unless: [large]", "unless: [lage]",
        '62: dispositions.silent.unless: no field or criterion is called "lage" (did you mean "large"?)'),
    "an unknown stage of an agreement": (
        "    stage: talks\n", "    stage: talk\n",
        '83: sla.called.stage: no stage is called "talk" (did you mean "talks"?)'),
    "an unknown handoff of an agreement": (
        "handoff: talks", "handoff: tlks",
        '75: sla.fresh.handoff: no handoff is called "tlks" (did you mean "talks"?)'),
    "an unknown role of an objective": (
        "role: success", "role: succes",
        '88: objectives.losses.role: no role is called "succes" (did you mean "success"?)'),
    "an unknown role to introduce": (
        "introduced: success", "introduced: sucess",
        '17: criteria.met.introduced: no role is called "sucess" (did you mean "success"?)'),
    "a handoff without a reason, where only the person changes": (
        "    reason: They want to meet who looks after them.\n", "",
        '40: handoffs[1]: "reason" is missing; say why the deal is passed on'),
    "a handoff without a benefit": (
        "    benefit: The client begins at once.\n", "",
        '46: handoffs[2]: "benefit" is missing; say what the prospect gains by it'),
    "two handoffs without a name between the same stages": (
        "    name: to success\n", "    to: won\n",
        "46: handoffs[2]: it joins the same stages as handoffs[1]; give each a name"),
    "a stage that nothing leads to": (
        "  won: {title: Won", "  trial: {title: Trial, target: 7d}\n  won: {title: Won",
        '29: stages.trial: nothing leads to "trial"; it needs a handoff from a stage that a deal can reach'),
    "a signal that can never be met": (
        "at_least: 1000}", "at_least: 1000, at_most: 10}",
        "54: signals.asked.when[0]: these comparisons contradict each other; no value can meet them all"),
    "a condition that can never be met": (
        "{field: size, is: small}", "{field: size, is: tiny}",
        '67: dispositions.too_small.when[0].is: "tiny" is not one of: small, large, so no value can meet it'),
    "a length of time without a unit": (
        "wake: 90d", "wake: 90",
        '64: dispositions.silent.wake: "90" is not a length of time; write one like 30m, 4h, 3d or 2w'),
    "working days as weeks": (
        "confirm_within: 3d", "confirm_within: 3w",
        '4: confirm_within: "3w" is not a number of working days; write one from 1d to 365d'),
    "a date as people write it": (
        "reviewed: 2026-03-01", "reviewed: 1.3.2026",
        '3: reviewed: "1.3.2026" is not a date; write one like 2026-03-01'),
    "a share in words": (
        "share: 80%", "share: 8 of 10",
        '77: sla.fresh.share: "8 of 10" is not a share; write one like 50% or 0.5'),
    "a share of more than all": (
        "often: 40%", "often: 140%",
        '92: verdicts.often: "140%" is not a share; write one like 50% or 0.5'),
    "a score out of reach": (
        "score: 30", "score: 40",
        "16: criteria.warm.score: the signals add up to 35 points, so 40 can never be reached"),
    "a score out of reach that a disposition waits for": (
        "{untouched: 30d}", "{not: {score: 36}}",
        "61: dispositions.silent.when[0].not.score: the signals add up to 35 points, so 36 can never be reached"),
    "a signal that waits for a score": (
        "within: 14d}}]", "within: 14d}}, warm]",
        "57: signals.replied.when: a signal cannot wait for a score, which is made of signals"),
    "points that are no number": (
        "points: 15", "points: many",
        '56: signals.replied.points: "many" is not a whole number'),
    "points in excess": (
        "points: 20,", "points: 20000,",
        '54: signals.asked.points: "20000" is too large; the most is 1000'),
    "a signal of nothing": (
        "when: [{touches: {direction: in, at_least: 1, within: 14d}}]", "when: []",
        "57: signals.replied.when: is empty"),
    "the only item of a list": (
        "direction: in,", "direction: inward,",
        '57: signals.replied.when[0].touches.direction: "inward" is not one of: in, out'),
    "a disposition that wakes what it does not put aside": (
        "    propose: disqualified\n", "    propose: disqualified\n    wake: 30d\n",
        '65: dispositions.too_small: "wake" goes with propose: nurture only, and this proposes disqualified'),
    "a disposition that proposes something else": (
        "propose: nurture", "propose: nurturing",
        '60: dispositions.silent.propose: "nurturing" is not one of: lost, disqualified, nurture, keep '
        '(did you mean "nurture"?)'),
    "a disposition without its because": (
        "    because: It would not pay.\n", "",
        '65: dispositions.too_small: "because" is missing'),
    "two conditions in one": (
        "{untouched: 30d}, {attempts: 5}", "{untouched: 30d, attempts: 5}",
        "61: dispositions.silent.when[0]: has untouched, attempts; it can have only one of them"),
    "a condition inside a criterion": (
        "{untouched: 30d}", "{any_of: [{untouched: 30d}, large]}",
        '61: dispositions.silent.when[0].any_of[0]: "untouched" is a condition of a disposition; it stands by itself '
        "in its when or unless"),
    "a condition among the criteria": (
        "{introduced: success}", "{stage_age: 3d}",
        '17: criteria.met: "stage_age" is a condition of a disposition; it stands by itself in its when or unless'),
    "an agreement that names neither how soon nor how many": (
        "    within: 4h\n", "",
        "78: sla.called: needs within (how soon) or share (how many of them), or both"),
    "an agreement about nothing": (
        "    stage: talks\n", "",
        "78: sla.called: needs handoff or stage"),
    "an agreement about two things": (
        "handoff: talks\n", "handoff: talks\n    stage: lead\n",
        "70: sla.fresh: has handoff and stage; it can have only one of them"),
    "an agreement on conversion without its share": (
        "measure: first_touch", "measure: converted",
        "78: sla.called: measure: converted needs a share"),
    "an objective with both limits": (
        "    at_most: 5\n", "    at_most: 5\n    at_least: 1\n",
        "87: objectives.losses: has at_least and at_most; it can have only one of them"),
    "an objective without a limit": (
        "    at_most: 5\n", "",
        "87: objectives.losses: needs at_least or at_most"),
    "an objective in words": (
        "at_most: 5", "at_most: few",
        '91: objectives.losses.at_most: "few" is not a number'),
    "an objective without end": (
        "at_most: 5", "at_most: inf",
        '91: objectives.losses.at_most: "inf" is not a number'),
    "an objective below nothing": (
        "at_most: 5", "at_most: -1",
        '91: objectives.losses.at_most: "-1" is too small; the least is 0'),
    "a measure nobody knows": (
        "measure: churn", "measure: happiness",
        '89: objectives.losses.measure: "happiness" is not one of: leads, worked, calls, conversations, '
        "meetings_set, meetings, handoffs, accepted, pipeline, wins, revenue, win_rate, cycle, churn, retention, "
        "contract_length, renewal, expansion, first_value, typed"),
    "a value that names nothing": (
        "seen: value_seen", "seen: value_sen",
        '94: value.seen: no field is called "value_sen" (did you mean "value_seen"?)'),
    "a first value that is no day": (
        "first: start", "first: budget",
        '95: value.first: "budget" is a field of type money; what is wanted is a stage, or a field of type date'),
    "fewer attempts at most than at least": (
        "attempts: 5, most: 8", "attempts: 9, most: 8",
        '24: stages.lead.follow_up: "most" is 8, less than "attempts", which is 9'),
    "a list that is a word": (
        "waived: [no budget]", "waived: no budget",
        "24: stages.lead.follow_up.waived: should be a list, like [no budget]"),
    "a tab": (
        "    title: Talks\n", "\ttitle: Talks\n",
        "26: a tab stands in the indentation; use spaces"),
    "a line too far in": (
        "    owner: seller\n", "     owner: seller\n",
        '27: a ":" stands where none can; put the text in quotes, or mend the indentation'),
    "a line not far enough in": (
        "    owner: seller\n", "   owner: seller\n",
        "27: the indentation does not fit the lines above, or a text needs quotes"),
    "too deep": (
        "{introduced: success}", "{not: " * 49 + "met" + "}" * 49,
        "17: this is nested more than 50 deep"),
    "too large": (
        "title: One of everything", f"title: One of everything{'x' * 256 * 1024}",
        "1: the file is larger than 256 KiB"),
}  # fmt: skip


@pytest.fixture
def check(quick, tmp_path, monkeypatch):
    """What `playbook check` says of a text, without the lines around the faults."""
    monkeypatch.chdir(tmp_path)

    def check(text, now="2026-03-02"):
        (tmp_path / "full.yaml").write_text(text, encoding="utf-8")
        ran = quick("playbook", "check", "full.yaml", now=now)
        if ran.code == 0:
            return []
        head, *faults, hint = ran.err.splitlines()
        count, them = ("1 fault", "it") if len(faults) == 1 else (f"{len(faults)} faults", "them")
        assert (ran.code, ran.out, head) == (5, "", f"full.yaml has {count}.")
        assert hint.startswith(f"Put {them} right and run ")
        return [fault.removeprefix("  full.yaml:") for fault in faults]

    return check


def edited(edits):
    text = FULL
    for old, new in edits:
        assert text.count(old) == 1, f"the edit of {old!r} must be a single one"
        text = text.replace(old, new)
    return text


def test_one_of_everything_has_no_fault(check):
    assert check(FULL) == []


@pytest.mark.parametrize("kind", ONE_FAULT)
def test_one_fault_is_one_line_with_its_place_and_the_nearest_word(kind, check):
    old, new, line = ONE_FAULT[kind]
    assert check(edited([(old, new)])) == [line]


SEVERAL_FAULTS = [
    (
        [
            ("points: 15", "points: none"),
            ("score: 30", "score: 1000"),  # whether it can be reached is not known while a signal cannot be read
            ("name: to success", 'name: ""'),
            ("handoff: talks", "handoff: to success"),  # what that handoff is called is not known
            ("first: start", "first: sart"),
        ],
        [
            "41: handoffs[1].name: is empty",
            '56: signals.replied.points: "none" is not a whole number',
            '95: value.first: no stage or field is called "sart" (did you mean "start"?)',
        ],
    ),
    (
        [
            ("    from: seller\n", "    form: seller\n"),
            ("measure: passed", "measure: past"),
            ("reviewed: 2026-03-01", "reviewed: 2026-02-30"),
            ("{untouched: 30d}", "{untouched: a month}"),
            ("unless: [large]", "unless: []\n    wake: 1d"),
            ("type: money", "type: number, choices: [a]"),
        ],
        [
            '3: reviewed: "2026-02-30" is not a date; write one like 2026-03-01',
            "8: fields.budget: only type choice has choices",
            '61: dispositions.silent.when[0].untouched: "a month" is not a length of time; write one like 30m, 4h, 3d '
            "or 2w",
            '65: dispositions.silent.wake: "wake" is here twice, first in line 63',
            '75: sla.fresh.measure: "past" is not one of: passed, accepted, first_touch, first_response, converted '
            '(did you mean "passed"?)',
            '80: sla.called.form: there is no key "form" here (did you mean "from"?)',
        ],
    ),
    (
        [
            ("owner: marketing", "owner: marketng"),
            ("    to: talks\n", "    to: talk\n"),
            ("introduced: success", "introduced: [success]"),
            ("attempts: 5, most: 8", "attempts: 0, most: 8"),
            ("role: success", "role: sucess"),
            ("    at_most: 5\n", "    at_most: 5\n    at_least: 1\n"),
            ("verdicts: {attempts: 10", "verdicts: {atempts: 10"),
        ],
        [
            "17: criteria.met.introduced: should be a single value, not a list",
            '21: stages.lead.owner: no role is called "marketng" (did you mean "marketing"?)',
            '24: stages.lead.follow_up.attempts: "0" is too small; the least is 1',
            '33: handoffs[0].to: no stage is called "talk" (did you mean "talks"?)',
            "87: objectives.losses: has at_least and at_most; it can have only one of them",
            '93: verdicts.atempts: there is no key "atempts" here (did you mean "attempts"?)',
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "lines"), SEVERAL_FAULTS)
def test_several_faults_come_at_once_and_none_that_is_only_left_behind_by_another(edits, lines, check):
    assert check(edited(edits)) == lines


def test_every_part_of_the_format_has_its_fault():
    told = {re.split(r"[.\[:]", line.partition(": ")[2])[0] for _, _, line in ONE_FAULT.values()}
    assert {
        "criteria",
        "stages",
        "handoffs",
        "signals",
        "dispositions",
        "sla",
        "objectives",
        "verdicts",
        "value",
    } <= told
