"""Laws that hold for every playbook and every deal: learning something never adds a gap."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.playbook.small_rules import NOW, STEP, facts, handoff, playbook, touch

from handoffctl.handoffs.gate import decide
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.lint import faults
from handoffctl.playbook.requirements import requirements_of

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "100"))
VALUES = {
    "situation": ["They outgrew spreadsheets", "Too many lists around"],
    "budget": ["0", "500", "12500.50"],
    "seats": ["1", "10", "300"],
    "size": ["small", "large", "huge"],
    "start": ["2026-01-15", "2026-03-20", "2027-01-01"],
    "signed": ["yes", "no"],
    "contact.email": ["jane@acme.example"],
    "contact.phone": ["+49 30 1234567"],
}
ORDERED = ("budget", "seats", "size", "start")

comparisons = st.one_of(
    st.sampled_from(ORDERED).flatmap(
        lambda name: st.builds(
            lambda key, limit: {"field": name, key: limit},
            st.sampled_from(["at_least", "at_most", "is", *(["before", "after"] if name == "start" else [])]),
            st.sampled_from(VALUES[name]),
        )
    ),
    st.builds(lambda some: {"field": "size", "one_of": some}, st.lists(st.sampled_from(VALUES["size"]), min_size=1)),
    st.builds(lambda answer: {"field": "signed", "is": answer}, st.sampled_from(["yes", "no"])),
)
happenings = st.sampled_from(
    [{"summary": "sent"}, {"summary": "confirmed"}, {"meeting": "held"}, {"introduced": "delivery"},
     {"next_step": "set"}, {"touches": {"at_least": "2"}}, {"touches": {"kind": "email", "within": "5d"}}]
)  # fmt: skip


def joined(parts):
    some = st.lists(parts, min_size=1, max_size=3)
    return some.map(lambda several: {"any_of": several}) | some.map(lambda several: {"all_of": several})


def contrary(parts):
    return joined(parts) | parts.map(lambda part: {"not": part})


# `not` stands over comparisons only; over touches "within" a touch does undo what was met, and is meant to.
undoable = st.recursive(comparisons, contrary, max_leaves=4)
criteria = st.recursive(st.sampled_from(list(VALUES)) | happenings | undoable, joined, max_leaves=6)
touches = st.lists(
    st.builds(
        touch,
        st.sampled_from(["call", "email", "meeting"]),
        st.sampled_from(["in", "out"]),
        st.sampled_from(["", "held", "no-show"]),
        st.sampled_from(["", "delivery"]),
        st.sampled_from(["2026-02-01", "2026-03-09", "2026-03-10T09:00:00Z"]),
    ),
    max_size=3,
).map(tuple)


@st.composite
def playbooks(draw):
    named = {f"c{n}": draw(criteria) for n in range(draw(st.integers(1, 4)))}
    named["top"] = {"any_of": list(named)}
    items = st.lists(st.sampled_from([*named, *VALUES]), max_size=4)
    stages = {"lead": {"exit": draw(items)}, "qualified": {"entry": draw(items)}}
    step = draw(st.sampled_from(["required", "nice_to_have"]))
    return playbook(criteria=named, stages=stages,
                    handoffs=[handoff(required=draw(items), nice_to_have=draw(items), next_step=step)])  # fmt: skip


@st.composite
def deals(draw):
    known = draw(st.sets(st.sampled_from(list(VALUES))))
    values = {name: draw(st.sampled_from(VALUES[name])) for name in known}
    summary = draw(st.sampled_from([None, "draft", "sent", "silent"]))
    return facts(values=values, touches=draw(touches), summary=summary, step=draw(st.sampled_from([None, STEP])))


@st.composite
def more_known(draw, deal):
    """The same deal after something was learned."""
    unknown = sorted(set(VALUES) - set(deal.values))
    new = {name: draw(st.sampled_from(VALUES[name])) for name in unknown if draw(st.booleans())}
    later = draw(st.sampled_from(["sent", "silent", "confirmed", "corrected"])) if deal.summary else deal.summary
    return Facts(deal.ref, {**deal.values, **new}, (*deal.touches, *draw(touches)),
                 later if later != "sent" or deal.summary == "draft" else deal.summary,
                 deal.step or draw(st.sampled_from([None, STEP])))  # fmt: skip


@given(data=st.data(), rules=playbooks(), deal=deals())
@settings(max_examples=EXAMPLES, deadline=None)
def test_adding_knowledge_never_adds_a_gap(data, rules, deal):
    after = data.draw(more_known(deal))
    asked = requirements_of(rules, rules.handoffs[0])
    was, now = decide(asked, deal, NOW), decide(asked, after, NOW)
    assert {gap.name for gap in now.missing} <= {gap.name for gap in was.missing}
    assert {gap.name for gap in now.nice_to_have} <= {gap.name for gap in was.nice_to_have}


@given(rules=playbooks(), deal=deals())
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_gap_says_why_and_what_to_do(rules, deal):
    answer = decide(requirements_of(rules, rules.handoffs[0]), deal, NOW)
    for gap in (*answer.missing, *answer.nice_to_have):
        assert gap.label
        assert gap.why
        assert str(gap.fix).startswith("handoffctl ")
        assert gap.fix.deal == deal.ref
        assert deal.ref in str(gap.fix)
    assert answer.clear is not bool(answer.missing)


@given(rules=playbooks())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_playbook_of_sound_parts_has_no_fault(rules):
    assert faults(rules) == []
