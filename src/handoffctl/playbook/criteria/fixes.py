"""The fix shared by several kinds of criteria: a value for a field."""

from handoffctl.core.field_values import value_hint
from handoffctl.playbook.criteria.base import DealState
from handoffctl.playbook.fix import Fix, FixKind


def set_field(name: str, deal: DealState, wanted: str = "") -> Fix:
    """Returns the command that sets a field; `wanted` is the value to give if only certain ones do."""
    field = deal.playbook.field(name)
    value = wanted or (value_hint(field) if field else "TEXT")
    return Fix(FixKind.SET_VALUE, deal.facts.ref, field=name, value=value)
