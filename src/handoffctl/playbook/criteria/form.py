"""The written form of a criterion: one mapping with the keys of every kind; the keys present tell the kind.

Each key is checked by itself first, then that they go together; only then is a criterion built. So an error in one key
is reported as such, whatever keys are beside it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, cast

from pydantic import BaseModel, GetCoreSchemaHandler, JsonValue, create_model, model_validator
from pydantic import Field as Key
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function, plain_serializer_function_ser_schema

from handoffctl.core.yaml.types import StrictModel
from handoffctl.playbook.criteria.base import FORMS, Condition, Criterion

Kind = type[Condition]


class WrittenCriterion(StrictModel):
    """Base of the forms; `make_form` adds the keys."""

    kinds: ClassVar[Sequence[Kind]] = ()
    elsewhere: ClassVar[Sequence[str]] = ()  # keys of conditions, which may not stand here

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name(cls, raw: Any) -> Any:
        return {"known": raw} if isinstance(raw, str) else raw

    @model_validator(mode="before")
    @classmethod
    def _timed_only_in_a_condition(cls, raw: Any) -> Any:
        for key in cls.elsewhere if isinstance(raw, dict) else ():
            if key in raw:
                raise ValueError(f'"{key}" is a condition of a disposition; it stands by itself in its when or unless')
        return raw

    def criterion(self) -> Condition:
        """Builds the criterion that the keys tell. Raises ValueError if they do not go together."""
        present = [kind for kind in self.kinds if own_names(kind)[0] in self.model_fields_set]
        if len(present) != 1:
            keys = ", ".join(main_key(kind) for kind in (present or self.kinds))
            raise ValueError(f"has {keys}; it can have only one of them" if present else f"needs one of {keys}")
        (chosen,) = present
        self._refuse_keys_of_others(chosen)
        names = [name for name in chosen.key_infos() if name in self.model_fields_set]
        criterion = chosen(**{name: getattr(self, name) for name in names})
        if problem := criterion.incomplete():
            raise ValueError(problem)
        return criterion

    def _refuse_keys_of_others(self, chosen: Kind) -> None:
        for kind in self.kinds:
            for name in own_names(kind)[1:] if kind is not chosen else ():
                if name in self.model_fields_set:
                    raise ValueError(f"{written_key(kind, name)} goes with {main_key(kind)} only")

    @classmethod
    def core_schema(cls, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tells pydantic to read a criterion by this form and build its kind, and to write it with every key."""
        return no_info_after_validator_function(
            cls.criterion,
            handler.generate_schema(cls),
            serialization=plain_serializer_function_ser_schema(cls.criterion_as_json),
        )

    @classmethod
    def criterion_as_json(cls, criterion: Condition) -> dict[str, JsonValue]:
        """Returns every key of the form; None for those the criterion lacks."""
        return {info.alias or name: _as_json(getattr(criterion, name, None)) for name, info in cls.model_fields.items()}


def _as_json(value: Any) -> JsonValue:
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    if isinstance(value, StrictModel):
        return value.as_json()
    return FORMS[Criterion].criterion_as_json(value) if isinstance(value, Condition) else value


def make_form(
    of: type[Any], base: type[WrittenCriterion], kinds: Sequence[Kind], elsewhere: Sequence[Kind]
) -> type[WrittenCriterion]:
    """Returns the form of Criterion or Condition with the keys of these kinds. Refuses those of `elsewhere`."""
    fields = {name: _optional(Condition, name) for name in Condition.key_infos() if not base.kinds}
    fields |= {name: _optional(kind, name) for kind in kinds for name in own_names(kind)}
    form = create_model(of.__name__, __base__=base, __doc__=of.__doc__, __module__=__name__, **cast(Any, fields))
    form.kinds = (*base.kinds, *kinds)
    form.elsewhere = [main_key(kind) for kind in elsewhere]
    return form


@cache
def own_names(kind: Kind) -> list[str]:
    """Returns the attribute names only this kind has. The key of the first identifies it."""
    return [name for name in kind.key_infos() if name not in Condition.key_infos()]


def written_key(kind: Kind, name: str) -> str:
    """Returns the YAML key of an attribute."""
    return kind.key_infos()[name].alias or name


def main_key(kind: Kind) -> str:
    """Returns the key that identifies a kind."""
    return written_key(kind, own_names(kind)[0])


def _optional(kind: type[Any], name: str) -> tuple[Any, Any]:
    """Returns a key of a kind as optional."""
    info = kind.key_infos()[name]
    default = None if info.is_required() else info.default
    return kind.__annotations__[name], Key(default, alias=info.alias, description=info.description)


def models_within(kinds: Sequence[Kind]) -> list[type[BaseModel]]:
    """Returns the models of mappings under keys of these kinds, such as that of `touches`."""
    annotations = [kind.__annotations__[name] for kind in kinds for name in own_names(kind)]
    classes = [annotation for annotation in annotations if isinstance(annotation, type)]
    return [model for model in classes if issubclass(model, BaseModel)]
