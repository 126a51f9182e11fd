"""The model of a playbook: fields, criteria, stages and handoffs. The models check shapes, `lint` the sense.

The YAML reader passes every scalar as text, so dates, numbers and booleans are typed here and nowhere else.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from handoffctl.core.yaml.types import Day, Days, Key, Name, StrictModel, Text, WorkingDays
from handoffctl.playbook.criteria import Condition, Criterion
from handoffctl.playbook.criteria.base import Path
from handoffctl.playbook.criteria.next_step import NEXT_STEP as NEXT_STEP
from handoffctl.playbook.facts import CONTACT_LEVELS
from handoffctl.playbook.report_thresholds import Improve, Value, Verdicts
from handoffctl.playbook.sections import Agreement, Disposition, FollowUp, Goal, Objective, Reasons, Signal

NEXT_STEPS = "next steps"  # the head of meetings and promises
Kind = Literal["open", "won", "lost", "nurture"]
FieldType = Literal["text", "choice", "number", "money", "date", "email", "phone", "url", "yes_no", "list"]


class Field(StrictModel):
    """One piece of information: its type, what to ask for it, and why it is needed."""

    label: Text = ""
    type: FieldType = "text"
    of: Literal["deal", "account"] = "deal"
    choices: tuple[Text, ...] = ()
    min_words: Annotated[int, Key(ge=0, le=100)] = 0
    ask: Text = ""
    hint: Text = ""  # help for the person who types the answer
    why: Text = ""
    summary: Text = ""
    client: bool | None = None
    internal: bool | None = None

    @property
    def head(self) -> str:
        """The head of the summary that its value stands under, or an empty string.

        Nothing stands under "next steps" but meetings and promises, so a field that names that head feeds none.
        """
        return "" if self.internal or self.summary.casefold() == NEXT_STEPS else self.summary

    @property
    def client_facing(self) -> bool:
        """True if its value and its question may reach what a client reads or hears. Everything else is internal."""
        return not self.internal and bool(self.client or self.head)

    def check(self) -> None:
        if self.internal and self.client:
            raise ValueError("`internal: true` and `client: true` contradict each other; keep one of them")
        if self.internal and self.summary:
            raise ValueError("`internal: true` keeps a field from clients, and `summary` sends it to them; keep one")
        if self.client is False and self.summary:
            raise ValueError("`client: false` keeps a field from clients, and `summary` sends it to them; keep one")
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("only type choice has choices" if self.choices else "a field of type choice needs choices")
        if self.min_words and self.type != "text":
            raise ValueError("min_words goes with type text only")


class Stage(StrictModel):
    """Where a deal is. `kind` says whether it is open, won, lost or put aside; the name never does."""

    title: Text = ""
    kind: Kind = "open"
    owner: Text = ""
    begins_when: Text = ""
    exit: tuple[Text, ...] = ()
    entry: tuple[Text, ...] = ()
    target: Days | None = None
    follow_up: FollowUp | None = None


class Trigger(StrictModel):
    """The prospect's action that calls for a handoff, in words and perhaps as criteria."""

    says: Text
    when: tuple[Criterion, ...] = ()

    @classmethod
    def read_raw(cls, raw: Any) -> Any:
        return {"says": raw} if isinstance(raw, str) else raw


class Handoff(StrictModel):
    """A handoff the playbook defines: from where to where, by whom to whom, why, and what it requires."""

    from_stage: Text = Key(written="from")
    to: Text | None = None
    name: Text = ""
    sender: Text = ""
    receiver: Text = ""
    trigger: Trigger | None = None
    reason: Text = ""
    benefit: Text = ""
    client_benefit: Text = ""
    required: tuple[Text, ...] = ()
    nice_to_have: tuple[Text, ...] = ()
    next_step: Literal["required", "nice_to_have"] = "nice_to_have"
    emails: tuple[Text, ...] = ()
    like: tuple[Text, ...] = ()

    @property
    def to_playbook(self) -> str | None:
        """Returns the other playbook this handoff leads to, if any."""
        return self.to.partition("/")[0] if self.to and "/" in self.to else None

    @property
    def to_stage(self) -> str:
        """Returns the stage it leads to; its own if only the person changes."""
        return self.to.rpartition("/")[2] if self.to else self.from_stage

    @property
    def key(self) -> str:
        """Returns its name on the command line and in the records."""
        return self.name or self.to or self.receiver


class Playbook(StrictModel):
    """One YAML file of rules."""

    playbook: Name
    title: Text = ""
    about: Text = ""
    reviewed: Day | None = None
    draft: bool = False
    confirm_within: WorkingDays = 3  # a summary is silent when it has no answer after so many
    reference: bool = False  # the subject of a summary carries its reference
    heads: Mapping[Text, Text] = Key(default_factory=dict)  # what a client reads above each head of the summary
    pitching: tuple[Text, ...] | None = None  # words that a summary should do without; else the usual ones
    roles: Mapping[Name, Text] = Key(default_factory=dict)
    fields: Mapping[Name, Field] = Key(default_factory=dict)
    criteria: Mapping[Name, Criterion] = Key(default_factory=dict)
    stages: Annotated[Mapping[Name, Stage], Key(min_length=1)]
    handoffs: tuple[Handoff, ...] = ()
    signals: Mapping[Name, Signal] = Key(default_factory=dict)
    conditions: Mapping[Name, Condition] = Key(default_factory=dict)
    dispositions: Mapping[Name, Disposition] = Key(default_factory=dict)
    wake_when: tuple[Criterion, ...] = ()
    reasons: Reasons = Reasons()
    targets: Annotated[int, Key(ge=1, le=10_000_000)] | None = None
    goal: Goal | None = None
    sla: Mapping[Name, Agreement] = Key(default_factory=dict)
    objectives: Mapping[Name, Objective] = Key(default_factory=dict)
    verdicts: Verdicts = Verdicts()
    improve: Improve | None = None
    value: Value | None = None

    @property
    def first_stage(self) -> str:
        """Returns the first open stage, where a new deal begins."""
        return next(name for name, stage in self.stages.items() if stage.kind == "open")

    def title_of(self, stage: str) -> str:
        named_stage = self.stages.get(stage)
        return (named_stage and named_stage.title) or in_words(stage)

    def owner_of(self, stage: str) -> str:
        """Returns the role that owns deals in this stage: the stage's own, else the first role."""
        return self.stages[stage].owner or next(iter(self.roles), "me")

    def leaving(self, stage: str) -> list[Handoff]:
        return [handoff for handoff in self.handoffs if handoff.from_stage == stage]

    def field(self, name: str) -> Field | None:
        """Returns the field or built-in value of this name."""
        return self.fields.get(name) or BUILT_IN.get(name)

    def every_condition(self) -> Iterator[tuple[Path, Condition]]:
        """Yields every criterion and condition and all their parts, each with its path in the file."""
        for name, criterion in self.criteria.items():
            yield from criterion.with_parts(("criteria", name))
        for n, handoff in enumerate(self.handoffs):
            for m, criterion in enumerate(handoff.trigger.when if handoff.trigger else ()):
                yield from criterion.with_parts(("handoffs", n, "trigger", "when", m))
        for name, signal in self.signals.items():
            for m, criterion in enumerate(signal.when):
                yield from criterion.with_parts(("signals", name, "when", m))
        for name, named_condition in self.conditions.items():
            yield from named_condition.with_parts(("conditions", name))
        for m, criterion in enumerate(self.wake_when):
            yield from criterion.with_parts(("wake_when", m))
        for name, objective in self.objectives.items():
            if objective.of:
                yield from objective.of.with_parts(("objectives", name, "of"))
        for name, rule in self.dispositions.items():
            for key, conditions in (("when", rule.when), ("unless", rule.unless)):
                for m, condition in enumerate(conditions):
                    yield from condition.with_parts(("dispositions", name, key, m))

    def label_of(self, name: str) -> str:
        item = self.field(name) or self.criteria.get(name) or self.conditions.get(name)
        return (item and item.label) or in_words(name)


def in_words(name: str) -> str:
    """Turns a name into a label: `decision_process` becomes `Decision process`."""
    words = re.sub(r"[._-]+", " ", name).strip()
    return words[:1].upper() + words[1:]


# Values every account and deal has, named like fields. `contact.*` is the main contact.
BUILT_IN: Mapping[str, Field] = {
    "contact.name": Field(label="Contact", ask="Whom do you talk to?", why="A deal is with a person.", client=True),
    "contact.email": Field(
        label="Contact's e-mail",
        type="email",
        ask="At which address do they read mail?",
        why="Summaries go there.",
        client=True,
    ),
    "contact.phone": Field(
        label="Contact's phone",
        type="phone",
        ask="On which number do they answer?",
        why="To reach them the same day.",
        client=True,
    ),
    "contact.title": Field(
        label="Contact's title", ask="What is their job title?", why="It says what they decide.", client=True
    ),
    "contact.level": Field(
        label="Contact's level",
        type="choice",
        choices=CONTACT_LEVELS,
        ask="How senior are they?",
        why="It says what they decide.",
    ),
    "account.domain": Field(
        label="Web domain", type="url", of="account", ask="What is their web address?", why="It tells accounts apart."
    ),
    "deal.amount": Field(label="Amount", type="money", ask="What is the deal worth?", why="To know what is at stake."),
    "deal.expected_close": Field(
        label="Expected close", type="date", ask="When do they mean to decide?", why="The plan is made back from there."
    ),
    "deal.source": Field(label="Source", ask="Where did this deal come from?", why="To know which source pays."),
}
