"""Every kind of criterion, in the order of the format. A new kind is one module and one line here.

The keys that may be written, the schema, the reference, the name checks, the gate and the descriptions are made from
this list; none of them names a kind.
"""

from handoffctl.playbook.criteria.base import KINDS, Condition, Criterion, Kind, Kinds
from handoffctl.playbook.criteria.comparison import Comparison
from handoffctl.playbook.criteria.contact_level import ContactLevel
from handoffctl.playbook.criteria.introduced import Introduced
from handoffctl.playbook.criteria.known import Known
from handoffctl.playbook.criteria.meeting import Meeting
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.criteria.next_step import NextStep
from handoffctl.playbook.criteria.score import Score
from handoffctl.playbook.criteria.several import AllOf, AnyOf
from handoffctl.playbook.criteria.summary import Summary
from handoffctl.playbook.criteria.time_facts import (
    Attempts,
    PastClose,
    Penetration,
    PoolLeft,
    Slips,
    StageAge,
    Untouched,
)
from handoffctl.playbook.criteria.touches import Touches

CRITERIA: tuple[Kind, ...] = (
    Known,
    AnyOf,
    AllOf,
    Not,
    Comparison,
    Summary,
    Meeting,
    Introduced,
    Touches,
    ContactLevel,
    Score,
    NextStep,
)
# What only a disposition may wait for, besides all criteria.
TIME_FACTS: tuple[Kind, ...] = (
    StageAge,
    PastClose,
    Untouched,
    Attempts,
    Slips,
    Penetration,
    PoolLeft,
)

KINDS[Criterion] = Kinds.of(CRITERIA, elsewhere=TIME_FACTS)
KINDS[Condition] = Kinds.of((*CRITERIA, *TIME_FACTS))
