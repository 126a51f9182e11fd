"""Pydantic's models of the parts of YAML files, made from their types only where a file has to be checked.

Each key is checked by itself first, then that they go together; only then is a part built. So an error in one key is
reported as such, whatever keys are beside it.
"""

from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    TypeAdapter,
    create_model,
)
from pydantic import Field as PydanticField
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema
from pydantic_core.core_schema import (
    no_info_after_validator_function,
    no_info_before_validator_function,
    str_schema,
)

from handoffctl.core.yaml.types import MISSING, After, Before, KeyInfo, ShortText, StrictModel

M = TypeVar("M", bound=StrictModel)


class Form(BaseModel):
    """Base of the models of parts. Unknown keys are errors."""

    # Built when it first reads something: most models are only ever read as a part of another one.
    model_config = ConfigDict(extra="forbid", populate_by_name=False, defer_build=True)


_FORMS: dict[type[StrictModel], type[Form]] = {}
_ADAPTERS: dict[type[StrictModel], TypeAdapter[Any]] = {}


def form_of(kind: type[StrictModel]) -> type[Form]:
    """Returns the model of the keys that may be written where a file says this type."""
    if kind not in _FORMS:
        _FORMS[kind] = _make_form(kind)
    return _FORMS[kind]


def _make_form(kind: type[StrictModel]) -> type[Form]:
    parent = kind.extends()
    base = form_of(parent) if parent else Form
    keys = {name: _field(info) for name, info in kind.written_keys().items() if name not in base.model_fields}
    return create_model(
        kind.__name__, __base__=base, __doc__=kind.__doc__, __module__=kind.__module__, **cast(Any, keys)
    )


def checked(kind: type[M], raw: Any) -> M:
    """Returns the part that a tree of texts says. Raises pydantic's ValidationError."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(cast(Any, Annotated[kind, _Part(kind)]))
    return cast(M, _ADAPTERS[kind].validate_python(raw))


class _Part:
    """Tells pydantic to read a part by its form and then to build it."""

    def __init__(self, kind: type[StrictModel]) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = no_info_after_validator_function(self._build, handler.generate_schema(form_of(self.kind)))
        return no_info_before_validator_function(self.kind.read_raw, schema)

    def _build(self, form: Form) -> StrictModel:
        return self.kind.build({name: getattr(form, name) for name in form.model_fields_set})


class _Text:
    """Tells pydantic of short text. Made of StringConstraints it would take longer to build, and most keys are text."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return str_schema(strip_whitespace=True, min_length=1, max_length=self.longest)


def _field(info: KeyInfo) -> tuple[Any, FieldInfo]:
    """Returns the type and the field that pydantic makes a key of."""
    words: dict[str, Any] = {"alias": info.written, "description": info.description or None, **info.limits}
    if info.default_factory:
        words["default_factory"] = info.default_factory
    elif isinstance(info.default, StrictModel):
        words["default"] = form_of(type(info.default))()
    elif info.default is not MISSING:
        words["default"] = info.default
    return _in_pydantic(info.annotation), PydanticField(**words)


def _in_pydantic(annotation: Any) -> Any:
    """Returns a type with pydantic's own marks in place of ours."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return Annotated[annotation, _Part(annotation)] if issubclass(annotation, StrictModel) else annotation
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *marks = parts
        return Annotated[_in_pydantic(inner), *(_mark(mark) for mark in marks)]
    if origin is None or not any(_is_type(part) for part in parts):
        return annotation
    inner_types = tuple(_in_pydantic(part) for part in parts)
    return Union[inner_types] if origin in (Union, UnionType) else origin[inner_types]  # noqa: UP007


def _is_type(part: Any) -> bool:
    return isinstance(part, type) or get_origin(part) is not None


def _mark(mark: Any) -> Any:
    if isinstance(mark, Before):
        return BeforeValidator(mark.read)
    if isinstance(mark, After):
        return AfterValidator(mark.check)
    if isinstance(mark, ShortText):
        return _Text(mark.longest)
    return PydanticField(**mark.limits)
