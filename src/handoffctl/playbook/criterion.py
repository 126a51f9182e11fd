"""Something that must be true, as a playbook writes it: its keys, and that it says one thing."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field as Key
from pydantic import model_validator

from handoffctl.core.yaml.types import Days, Model, Says

TouchKind = Literal["call", "email", "meeting", "message", "note"]
Direction = Literal["in", "out"]


class TouchRule(Model):
    """How many touches of which kind, within how many days."""

    kind: TouchKind | None = None
    direction: Direction | None = None
    at_least: Annotated[int, Key(ge=1, le=1000)] = 1
    within: Days | None = None


WHOLE = (
    "known", "any_of", "all_of", "negated", "field", "summary", "meeting", "introduced", "touches", "score",
    "next_step",
)  # fmt: skip
TIMED = ("stage_age", "past_close", "untouched", "attempts")  # of a disposition's conditions
COMPARISONS = ("equals", "one_of", "at_least", "at_most", "before", "after")


class Criterion(Model):
    """Something that must be true. A bare name stands for `known`: that field is known, or that criterion holds."""

    whole: ClassVar[tuple[str, ...]] = WHOLE  # of these keys it has exactly one

    label: Says = ""
    why: Says = ""
    known: Says | None = None
    any_of: Annotated[tuple["Criterion", ...], Key(min_length=1)] | None = None
    all_of: Annotated[tuple["Criterion", ...], Key(min_length=1)] | None = None
    negated: "Criterion | None" = Key(None, alias="not")
    field: Says | None = None
    equals: Says | None = Key(None, alias="is")
    one_of: Annotated[tuple[Says, ...], Key(min_length=1)] | None = None
    at_least: Says | None = None
    at_most: Says | None = None
    before: Says | None = None
    after: Says | None = None
    summary: Literal["sent", "confirmed"] | None = None
    meeting: Literal["held"] | None = None
    introduced: Says | None = None
    touches: TouchRule | None = None
    score: Annotated[int, Key(ge=1, le=100_000)] | None = None  # at least so many points from the signals
    next_step: Literal["set"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name(cls, raw: Any) -> Any:
        return {"known": raw} if isinstance(raw, str) else raw

    @model_validator(mode="before")
    @classmethod
    def _timed_only_in_a_condition(cls, raw: Any) -> Any:
        for key in TIMED:
            if isinstance(raw, dict) and key in raw and key not in cls.model_fields:
                raise ValueError(f'"{key}" is a condition of a disposition; it stands by itself in its when or unless')
        return raw

    @model_validator(mode="after")
    def _one_condition(self) -> "Criterion":
        said = [key for key in self.whole if getattr(self, key) is not None]
        compared = [key for key in COMPARISONS if getattr(self, key) is not None]
        if len(said) != 1:
            keys = ", ".join(_in_yaml(key) for key in (said or self.whole))
            raise ValueError(f"has {keys}; it can have only one of them" if said else f"needs one of {keys}")
        if said == ["field"] and not compared:
            raise ValueError("needs a comparison: is, one_of, at_least, at_most, before or after")
        if compared and said != ["field"]:
            raise ValueError(f"{_in_yaml(compared[0])} goes with field only")
        return self


def _in_yaml(key: str) -> str:
    return {"negated": "not", "equals": "is"}.get(key, key)
