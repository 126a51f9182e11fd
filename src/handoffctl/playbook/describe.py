"""Describes everything that a playbook says, in values and in words."""

from collections.abc import Mapping
from typing import NamedTuple

from handoffctl.core.yaml.types import JsonValue
from handoffctl.errors import Refused
from handoffctl.playbook.agreements import AgreedRevision, agreements
from handoffctl.playbook.check import destination_playbook
from handoffctl.playbook.criteria import Criterion, describe_item
from handoffctl.playbook.describe_rules import (
    AgreementDescription,
    DispositionDescription,
    GoalDescription,
    ObjectiveDescription,
    SignalDescription,
    describe_agreement,
    describe_disposition,
    describe_goal,
    describe_objective,
    describe_signal,
    follow_up_in_words,
)
from handoffctl.playbook.library import LoadedPlaybook, load_playbook
from handoffctl.playbook.model import Field, Handoff, Playbook
from handoffctl.playbook.quantities import length
from handoffctl.playbook.reasons import OCCASIONS, reasons_for
from handoffctl.playbook.report_thresholds import Value, Verdicts
from handoffctl.playbook.requirements import item_label, item_why, requirements_of
from handoffctl.playbook.sections import FollowUp
from handoffctl.workspace.home import Home


class ItemDescription(NamedTuple):
    """An item; `asks` says what a criterion asks for, which its label may only hint at."""

    name: str
    label: str
    why: str
    asks: str


class HandoffDescription(NamedTuple):
    """A handoff that leaves a stage. `when` describes the criteria of its trigger.

    `like` names the fields that say what kind of deal it is.
    """

    name: str
    to: str
    title: str
    sender: str
    receiver: str
    trigger: str
    when: list[str]
    reason: str
    benefit: str
    required: list[ItemDescription]
    nice_to_have: list[ItemDescription]
    next_step: str
    emails: tuple[str, ...]
    like: list[ItemDescription]


class StageDescription(NamedTuple):
    """A stage, what it asks for on entering and leaving, and its handoffs. `target` is `target_days` in words."""

    stage: str
    title: str
    kind: str
    owner: str
    begins_when: str
    target_days: float | None
    target: str
    entry: list[ItemDescription]
    exit: list[ItemDescription]
    follow_up: FollowUp | None
    follow_up_in_words: str
    handoffs: list[HandoffDescription]


class CriterionDescription(NamedTuple):
    """A criterion with every key that the format has for criteria, whichever kinds there are, and in words."""

    criterion: Criterion
    in_words: str

    def as_json(self) -> Mapping[str, JsonValue]:
        return {**self.criterion.as_json(), "in_words": self.in_words}


class PlaybookDescription(NamedTuple):
    """All of a playbook. `reasons` has the lists that are not empty, by occasion.

    `rules` is the playbook as read, with lengths of time in days, for programs.
    """

    playbook: str
    title: str
    path: str
    draft: bool
    about: str
    reviewed: str | None
    confirm_within: float
    pitching: tuple[str, ...] | None
    agreed: list[AgreedRevision] | None
    roles: Mapping[str, str]
    stages: list[StageDescription]
    fields: Mapping[str, Field]
    criteria: Mapping[str, CriterionDescription]
    signals: Mapping[str, SignalDescription]
    dispositions: Mapping[str, DispositionDescription]
    wake_when: list[str]
    targets: int | None
    sla: Mapping[str, AgreementDescription]
    objectives: Mapping[str, ObjectiveDescription]
    verdicts: Verdicts
    value: Value | None
    goal: GoalDescription | None
    rules: Playbook
    reasons: Mapping[str, Mapping[str, str]]


def describe_playbook(home: Home, name: str | None) -> PlaybookDescription:
    """Describes a playbook; its stages in order, with the handoffs that leave each and what they ask."""
    loaded = load_playbook(home, name or home.configuration.playbook)
    playbook = loaded.playbook
    return PlaybookDescription(
        playbook=playbook.playbook,
        title=playbook.title or playbook.playbook,
        path=str(loaded.path),
        draft=playbook.draft,
        about=playbook.about,
        reviewed=playbook.reviewed.isoformat() if playbook.reviewed else None,
        confirm_within=playbook.confirm_within,
        pitching=playbook.pitching,
        agreed=_agreements_if_readable(home, playbook.playbook),
        roles=playbook.roles,
        stages=[_describe_stage(home, loaded, stage) for stage in playbook.stages],
        fields=playbook.fields,
        criteria={
            name: CriterionDescription(criterion, criterion.describe(playbook))
            for name, criterion in playbook.criteria.items()
        },
        signals={name: describe_signal(signal, playbook) for name, signal in playbook.signals.items()},
        dispositions={name: describe_disposition(rule, playbook) for name, rule in playbook.dispositions.items()},
        wake_when=[criterion.describe(playbook) for criterion in playbook.wake_when],
        targets=playbook.targets,
        sla={name: describe_agreement(agreement, playbook) for name, agreement in playbook.sla.items()},
        objectives={name: describe_objective(objective, playbook) for name, objective in playbook.objectives.items()},
        verdicts=playbook.verdicts,
        value=playbook.value,
        goal=describe_goal(playbook.goal) if playbook.goal else None,
        rules=playbook,
        reasons={occasion: reasons for occasion in OCCASIONS if (reasons := reasons_for(occasion, [playbook]))},
    )


def _agreements_if_readable(home: Home, name: str) -> list[AgreedRevision] | None:
    """Returns who agreed to it; None if the database cannot be read, which the playbook itself does not need."""
    try:
        return agreements(home, name)
    except Refused:
        return None


def _describe_stage(home: Home, loaded: LoadedPlaybook, name: str) -> StageDescription:
    playbook = loaded.playbook
    stage = playbook.stages[name]
    return StageDescription(
        stage=name,
        title=playbook.title_of(name),
        kind=stage.kind,
        owner=playbook.owner_of(name),
        begins_when=stage.begins_when,
        target_days=stage.target,
        target=length(stage.target) if stage.target is not None else "",
        entry=[_describe_item(playbook, item) for item in stage.entry],
        exit=[_describe_item(playbook, item) for item in stage.exit],
        follow_up=stage.follow_up,
        follow_up_in_words=follow_up_in_words(stage.follow_up) if stage.follow_up else "",
        handoffs=[_describe_handoff(home, loaded, handoff) for handoff in playbook.leaving(name)],
    )


def _describe_handoff(home: Home, loaded: LoadedPlaybook, handoff: Handoff) -> HandoffDescription:
    playbook = loaded.playbook
    destination = destination_playbook(home, loaded, handoff)
    requirements = requirements_of(playbook, handoff, destination)
    into = destination or playbook
    title = into.title_of(handoff.to_stage) if handoff.to else f"{handoff.receiver} (same stage)"
    return HandoffDescription(
        name=handoff.name,
        to=handoff.to or f"{handoff.receiver} (same stage)",
        title=f"{into.title or into.playbook}: {title}" if destination else title,
        sender=handoff.sender or playbook.owner_of(handoff.from_stage),
        receiver=handoff.receiver or into.owner_of(handoff.to_stage),
        trigger=handoff.trigger.says if handoff.trigger else "",
        when=[criterion.describe(playbook) for criterion in (handoff.trigger.when if handoff.trigger else ())],
        reason=handoff.reason,
        benefit=handoff.benefit,
        required=[_describe_item(requirements.playbook, name) for name in requirements.required],
        nice_to_have=[_describe_item(requirements.playbook, name) for name in requirements.nice_to_have],
        next_step=handoff.next_step,
        emails=handoff.emails,
        like=[_describe_item(playbook, name) for name in handoff.like],
    )


def _describe_item(playbook: Playbook, name: str) -> ItemDescription:
    asked = describe_item(name, playbook) if name in playbook.criteria else ""
    return ItemDescription(name, item_label(playbook, name), item_why(playbook, name), asked)
