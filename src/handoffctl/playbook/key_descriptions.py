"""Describes every part and key of a playbook, for the schema and the reference.

The keys of criteria are described beside them, in `playbook/criteria`, because each kind is a module of its own.
"""

from collections.abc import Mapping, Sequence
from inspect import cleandoc

from handoffctl.core.yaml.types import StrictModel
from handoffctl.playbook.criteria import CRITERIA, TIME_FACTS, Condition, Criterion
from handoffctl.playbook.criteria.base import Kind, main_key, own_names

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _models_within(kinds: Sequence[Kind]) -> list[type[StrictModel]]:
    """Returns the types of mappings under keys of these kinds, such as that of `touches`."""
    annotations = [kind.key_infos()[name].annotation for kind in kinds for name in own_names(kind)]
    classes = [annotation for annotation in annotations if isinstance(annotation, type)]
    return [kind for kind in classes if issubclass(kind, StrictModel) and not issubclass(kind, Condition)]


_WITHIN_CRITERIA: list[type[StrictModel]] = _models_within((*CRITERIA, *TIME_FACTS))
_OF_CRITERIA: list[type[StrictModel]] = [Criterion, Condition, *_WITHIN_CRITERIA]

PARTS: Mapping[str, str] = {
    "Criterion": (
        f"Something that must be true. It has one of the keys from `{main_key(CRITERIA[0])}` to "
        f"`{main_key(CRITERIA[-1])}`, and perhaps a label and a reason. Wherever a criterion can stand, the bare name "
        "of a field stands for: that field is known; and the name of a criterion for: it holds."
    ),
    "Condition": (
        f"A criterion, or one of {_NUMBERS[len(TIME_FACTS)]} facts about time and effort. It has one of all these keys."
    ),
    **{model.__name__: cleandoc(model.__doc__ or "") for model in _WITHIN_CRITERIA},
    "Playbook": "The keys at the left margin. Only `playbook` and `stages` are needed.",
    "Field": "One piece of information: what kind of value it is, what to ask for it, and why it is needed.",
    "Stage": "Where a deal is. Its kind, never its name, says whether it is open, won, lost or put aside.",
    "FollowUp": "How a stage is followed up: how soon, how often, for how long, and when to decide.",
    "Handoff": "A passing-on: from where to where, by whom to whom, why, and what must be known for it.",
    "Trigger": "What the prospect does that calls for a handoff. The sentence alone is enough.",
    "Signal": "A sign that somebody means to buy. Its points count while all of `when` is true.",
    "Disposition": "When to let a deal go, to put it aside or to keep it. It is proposed; the decision is yours.",
    "Agreement": "What one team has promised another, and how that is measured.",
    "Objective": "What a role is measured by, beside the aim of the business that it serves.",
    "Goal": "The revenue that everybody works towards.",
    "Reasons": "Reasons by name, each with its words, so that they can be counted: `return --as too-early`.",
    "Verdicts": "When `report fields` has enough to judge an item by, and when it doubts one.",
    "Improve": "How often to look for an item that nobody needs, and which one to leave out first.",
    "Value": "The value a customer sees in what they bought, as names of fields.",
}

WORDS: Mapping[str, str] = {
    **{
        f"{model.__name__}.{info.written}": info.description
        for model in _OF_CRITERIA
        for name, info in model.written_keys().items()
        if model is not Condition or name not in Criterion.written_keys()
    },
    "Playbook.playbook": "The name of the playbook; the file is called the same, with `.yaml`.",
    "Playbook.title": "What people call it.",
    "Playbook.about": "In a sentence or two: whom it is for and what it is like.",
    "Playbook.reviewed": "The day on which somebody last went through it and asked what can go.",
    "Playbook.draft": "A draft may lack reasons and benefits; a handoff without them is refused until it has them.",
    "Playbook.confirm_within": "After so many working days without an answer a summary counts as silent.",
    "Playbook.reference": "The subject of a summary carries its reference, as in [6YRT4], by which answers are found.",
    "Playbook.heads": "What clients read above each head of the summary, as in `timeline: Timing`.",
    "Playbook.pitching": "Words that a summary should do without; else a list that comes with the program.",
    "Playbook.roles": "The roles, each with a sentence about who that is. The first one owns what names no owner.",
    "Playbook.fields": "What is asked about a deal or an account.",
    "Playbook.criteria": "What must be true, under a name by which stages and handoffs can ask for it.",
    "Playbook.stages": "The stages in their order. A new deal begins in the first open one.",
    "Playbook.handoffs": "How a deal is passed on, from stage to stage or from person to person.",
    "Playbook.signals": "Signs that somebody means to buy, each with its points.",
    "Playbook.dispositions": "When to let a deal go, to put it aside, or to keep it. The first rule that holds speaks.",
    "Playbook.conditions": "What dispositions wait for, under a name by which they can say so.",
    "Playbook.wake_when": "Criteria, any of which raises a deal that was put aside in `today`.",
    "Playbook.reasons": "The reasons for returned handoffs and for deals that ended, to choose from with `--as`.",
    "Playbook.targets": "How many accounts there are to win; accounts that were never added are left of them.",
    "Playbook.goal": "The revenue that everybody works towards.",
    "Playbook.sla": "What the teams have promised each other.",
    "Playbook.objectives": "What each role is measured by, and what that is good for.",
    "Playbook.improve": "How often `today` reminds you to leave an item out on trial.",
    "Playbook.verdicts": "From when on the report on fields doubts an item.",
    "Playbook.value": "Where the value that a customer sees is kept.",
    "Field.label": "What people call it; else its name in words.",
    "Field.type": "What kind of value it holds.",
    "Field.of": "Whose it is. What belongs to the account stays true for its next deal.",
    "Field.choices": "The values there are; only with `type: choice`, which needs them.",
    "Field.min_words": "An answer with fewer words counts as missing; only with `type: text`.",
    "Field.ask": "The question to put to the prospect.",
    "Field.hint": "Help for the person who types the answer, such as: \"none\" is an answer. Clients never see it.",
    "Field.why": "What the answer is needed for; shown wherever it is missing.",
    "Field.summary": "The head of the summary e-mail under which it stands; what stands there goes to the client.",
    "Field.client": "True: its value and its question may reach clients, though no head of the summary has it.",
    "Field.internal": "True: neither value nor question reaches a client. So it is without `summary` and `client`.",
    "Stage.title": "What people call it; else its name in words.",
    "Stage.kind": "Whether deals in it are being worked on, were won or lost, or are put aside.",
    "Stage.owner": "The role that drives a deal in this stage; else the first role.",
    "Stage.begins_when": "What the prospect does that begins this stage, and tells it from the one before.",
    "Stage.exit": "Fields and criteria that every handoff out of it into an open or won stage asks for.",
    "Stage.entry": "Fields and criteria that every handoff into it asks for.",
    "Stage.target": "How long a deal should stay in it at the most.",
    "Stage.follow_up": "How often and how soon to follow up.",
    "FollowUp.first_within": "How soon the first attempt is due after the stage begins, in working time.",
    "FollowUp.attempts": "So many attempts at least before a deal is given up.",
    "FollowUp.most": "After so many attempts a decision is due.",
    "FollowUp.within": "The working days in which the attempts are made.",
    "FollowUp.every": "How long after the last touch the next attempt is due, in working time.",
    "FollowUp.no_shows": "After so many meetings to which they did not come a decision is due.",
    "FollowUp.waived": "Words of a closing reason for which fewer attempts are enough, such as `out of business`.",
    "Handoff.from": "The stage it leaves.",
    "Handoff.to": "The stage it leads to, or `PLAYBOOK/STAGE`. Left out where only the person changes.",
    "Handoff.name": "What it is called; needed where two handoffs join the same stages.",
    "Handoff.sender": "The role that passes the deal on; else the owner of the stage it leaves.",
    "Handoff.receiver": "The role that takes it over; else the owner of the stage it leads to.",
    "Handoff.trigger": "What the prospect does that calls for it. Only a draft may leave it out.",
    "Handoff.reason": "Why the deal is passed on. Only a draft may leave it out.",
    "Handoff.client_benefit": "The same as the client hears it, as the end of a sentence: `you can ask about the "
    "stock system directly`. The introduction says it after `so`.",
    "Handoff.benefit": "What the prospect gains by it. Only a draft may leave it out.",
    "Handoff.required": "Fields and criteria without which it does not happen.",
    "Handoff.nice_to_have": "Fields and criteria that are asked for, and never stand in the way.",
    "Handoff.next_step": "Whether the deal needs a next step to be passed on.",
    "Handoff.emails": "The templates of the e-mails that are due once it is done.",
    "Handoff.like": "Fields that say what kind of deal it is; a receiver's record is looked at for that kind.",
    "Trigger.says": "The prospect's action, in a sentence.",
    "Trigger.when": "What shows that it has happened; all of it. Then the program sees the trigger by itself.",
    "Signal.label": "What people call it; else its name in words.",
    "Signal.why": "Why it is a sign that somebody means to buy.",
    "Signal.points": "How many points it gives while it holds.",
    "Signal.when": "What must be true for it; all of it. A signal cannot ask for a score.",
    "Signal.fades": "Its points halve each time so much time has passed since it began to hold, rounded down.",
    "Signal.only_one_of": "A name shared by signals of which only the one with the most points counts.",
    "Disposition.propose": "What to do with the deal. `keep` says to go on with it although a later rule says stop.",
    "Disposition.when": "What must be true for that; all of it. A bare name may also be that of a condition.",
    "Disposition.unless": "The exceptions: while one of these is true, the rule is silent.",
    "Disposition.because": "The reason, in a sentence; it is shown with the proposal.",
    "Disposition.wake": "When to look at it again; only with `propose: nurture`.",
    "Disposition.for": "For how long nothing else is proposed; only with `propose: keep`.",
    "Agreement.from": "The role that has promised it.",
    "Agreement.to": "The role it was promised to.",
    "Agreement.promise": "The promise, in a sentence.",
    "Agreement.measure": "What is looked at: that it is passed on, accepted, touched, answered, or comes to something.",
    "Agreement.handoff": "The handoff it is about, by its name or where it leads to. This or `stage`.",
    "Agreement.stage": "The stage it is about. This or `handoff`.",
    "Agreement.within": "How soon. This, `share`, or both; `measure: converted` needs a share.",
    "Agreement.share": "In how many of the cases.",
    "Objective.role": "The role that is measured by it.",
    "Objective.person": "The person it is for, where it is not for everybody in the role.",
    "Objective.of": "A criterion that a deal must meet to be counted.",
    "Objective.measure": "What is counted.",
    "Objective.serves": "The aim of the business that it serves.",
    "Objective.at_least": "So much or more. This or `at_most`. A rate is a number from 0 to 1.",
    "Objective.at_most": "So much or less. This or `at_least`.",
    "Objective.per": "In which time.",
    "Goal.revenue": "So much, in the currency of the configuration.",
    "Goal.per": "In which time.",
    "Reasons.return": "Why a receiver returns a deal.",
    "Reasons.lost": "Why a deal is lost.",
    "Reasons.disqualified": "Why it was never one.",
    "Reasons.nurture": "Why it is put aside.",
    "Improve.every": "How long after the last trial, or the first handoff, `today` says so.",
    "Improve.candidate": "The item to leave out first, as HANDOFF.ITEM. It is no longer proposed once it was tried.",
    "Verdicts.attempts": "Fewer first attempts than this are not enough to judge an item by.",
    "Verdicts.often": "From this share on an item is often missing.",
    "Verdicts.placeholders": "From this share on an item is often filled with a placeholder such as `tbd`.",
    "Value.seen": "The field with the value that the customer saw at signing.",
    "Value.signed": "The stage that begins with the signature, where that is not a won one.",
    "Value.first": "When they first had some of it: a stage, or a field of type date.",
    "Value.log": "The field with what has borne it out or lowered it since; each value it was given is an entry.",
}  # fmt: skip


def key_description(model: type, key: str) -> str:
    """Returns the description of a key, from its model or that model's base."""
    return next((WORDS[f"{kind.__name__}.{key}"] for kind in model.__mro__ if f"{kind.__name__}.{key}" in WORDS), "")
