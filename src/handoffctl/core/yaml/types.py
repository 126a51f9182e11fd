"""Types of the parts and values of YAML files: a mapping with known keys; text, a name, a date, a length of time.

They say what a file may hold without reading it, and without pydantic, whose import and models would cost every command
a tenth of a second. `forms` makes pydantic's models of them where a file has to be checked, `plain` reads what was
checked before.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, NamedTuple, NoReturn, Self, dataclass_transform, get_args

from handoffctl.core.moments import duration_days

JsonValue = Any
MISSING: Final[Any] = object()  # in place of a default that a key does not have
LONGEST_TEXT = 2000
MOST_DAYS = 700_000.0  # more than the longest length of time that can be written


class KeyInfo:
    """One key: its default (MISSING if it is required), how it is written, its description and its limits.

    In `Annotated` it only has limits: `ge`, `gt`, `le`, `lt`, `min_length`, `max_length`, `allow_inf_nan`.
    """

    __slots__ = ("annotation", "default", "default_factory", "description", "limits", "written")

    def __init__(
        self,
        default: Any = MISSING,
        written: str = "",
        description: str = "",
        default_factory: Callable[[], Any] | None = None,
        limits: Mapping[str, float] | None = None,
        annotation: Any = None,
    ) -> None:
        self.default = default_factory() if default_factory else default
        self.default_factory = default_factory
        self.written = written
        self.description = description
        self.limits = limits or {}
        self.annotation = annotation

    def named(self, name: str, annotation: Any) -> "KeyInfo":
        """Returns the same for the attribute `name` of this type."""
        written = self.written or name
        return KeyInfo(self.default, written, self.description, self.default_factory, self.limits, annotation)

    def optional(self) -> "KeyInfo":
        """Returns the same with a default: None where it is required."""
        default = None if self.default is MISSING else self.default
        return KeyInfo(
            default, self.written, self.description, self.default_factory, self.limits, self.annotation
        )  # fmt: skip


def Key(  # noqa: N802 - it stands where a class attribute is declared, as a type does
    default: Any = MISSING,
    *,
    default_factory: Callable[[], Any] | None = None,
    written: str = "",
    description: str = "",
    **limits: float,
) -> Any:
    """Describes a key of a StrictModel; see KeyInfo. `written` is its name in the file, where it is another one."""
    return KeyInfo(default, written, description, default_factory, limits)


class Before(NamedTuple):
    """Marks a type whose values are read from text by this function, which raises ValueError with a sentence.

    `least` and `most` are the limits of what it returns, where it returns a number.
    """

    read: Callable[[Any], Any]
    least: float | None = None
    most: float | None = None


class After(NamedTuple):
    """Marks a type whose values this function returns, perhaps changed. It raises ValueError with a sentence."""

    check: Callable[[Any], Any]


class ShortText(NamedTuple):
    """Marks text of up to 2,000 characters without blanks around it, which is not empty."""

    longest: int = LONGEST_TEXT


def read_days(raw: Any) -> Any:
    """Returns a length of time in days."""
    return duration_days(raw) if isinstance(raw, str) else raw


def read_day(raw: Any) -> Any:
    """Returns a date. Raises ValueError."""
    if not isinstance(raw, str):
        return raw
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f'"{raw}" is not a date; write one like 2026-03-01') from None


def read_working_days(raw: Any) -> Any:
    """Returns a number of working days. Raises ValueError."""
    if not isinstance(raw, str):
        return raw
    count = raw.strip().casefold().removesuffix("d").strip()
    if not count.isascii() or not count.isdigit() or len(count) > 3 or not 1 <= int(count) <= 365:
        raise ValueError(f'"{raw}" is not a number of working days; write one from 1d to 365d')
    return int(count)


def read_share(raw: Any) -> Any:
    """Returns a share from 0 to 1. Raises ValueError."""
    if not isinstance(raw, str):
        return raw
    number = raw.strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", number) or not 0 <= float(number) <= (100 if "%" in raw else 1):
        raise ValueError(f'"{raw}" is not a share; write one like 50% or 0.5')
    return float(number) / 100 if "%" in raw else float(number)


def check_name(text: str) -> str:
    """Returns the text if it can be a name: up to 60 letters, digits, _, - and dots. Raises ValueError."""
    # With `re`: pydantic's own engine takes 18 ms to build this pattern, a quarter of a short command.
    if not re.fullmatch(r"\w[\w.-]{0,59}", text):
        raise ValueError(f'"{text}" cannot be a name; take up to 60 letters, digits, _ - and . without spaces')
    return text


Days = Annotated[float, Before(read_days, 0, MOST_DAYS)]
WorkingDays = Annotated[int, Before(read_working_days, 1, 365)]
Share = Annotated[float, Before(read_share, 0, 1)]
Day = Annotated[date, Before(read_day)]
Text = Annotated[str, ShortText()]
Name = Annotated[str, After(check_name)]


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Key,))
class StrictModel:
    """A part of a YAML file: its keys as attributes, which never change. Unknown keys are errors.

    Not a dataclass: to make one of each part would cost every command ten milliseconds.
    """

    _keys: ClassVar[Mapping[str, KeyInfo]] = {}
    _defaults: ClassVar[Mapping[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        keys = dict(cls._keys)
        for name, annotation in cls.__annotations__.items():
            default = vars(cls).get(name, MISSING)
            info = default if isinstance(default, KeyInfo) else KeyInfo(default)
            keys[name] = info.named(name, annotation)
            if isinstance(default, KeyInfo):
                delattr(cls, name)
        cls._keys = keys
        cls._defaults = {name: info.default for name, info in keys.items()}

    def __init__(self, **values: Any) -> None:
        attributes = {**self._defaults, **values}
        if len(attributes) != len(self._defaults) or MISSING in attributes.values():
            unknown = values.keys() - self._defaults.keys()
            missing = [name for name, value in attributes.items() if value is MISSING]
            raise TypeError(f"{type(self).__name__} lacks {missing} and has no {sorted(unknown)}")
        vars(self).update(attributes)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    @classmethod
    def key_infos(cls) -> Mapping[str, KeyInfo]:
        """Returns its keys by attribute name, those of its base first."""
        return cls._keys

    @classmethod
    def written_keys(cls) -> Mapping[str, KeyInfo]:
        """Returns the keys that may be written where a file says this type. One of several kinds has those of all."""
        return cls._keys

    @classmethod
    def extends(cls) -> "type[StrictModel] | None":
        """Returns the type whose written keys it has too, if any."""
        parent = cls.__mro__[1]
        return parent if issubclass(parent, StrictModel) and parent.key_infos() else None

    @classmethod
    def read_raw(cls, raw: Any) -> Any:
        """Returns what a file holds as a mapping of keys, where it may be written shorter. Raises ValueError."""
        return raw

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """Returns the part with these values, each of which was checked. Raises ValueError if they do not agree."""
        part = cls(**values)
        part.check()
        return part

    def check(self) -> None:
        """Raises ValueError with a sentence if its keys do not agree with each other."""

    def with_values(self, **values: Any) -> Self:
        """Returns a copy with other values, which are not checked."""
        return type(self)(**{**vars(self), **values})

    def as_json(self) -> dict[str, JsonValue]:
        """Returns its keys and values as they are written, with lengths of time in days."""
        keys: dict[str, JsonValue] = self.as_json_of(type(self))
        return keys

    def as_json_of(self, kind: "type[StrictModel]") -> JsonValue:
        """Returns every key that may be written for `kind`; None for those it lacks."""
        return {
            info.written: _as_json(getattr(self, name, None), inner_type(info.annotation))
            for name, info in kind.written_keys().items()
        }


def inner_type(annotation: Any) -> Any:
    """Returns the type of the single values in a type: that of the items of a list, or of the values of a mapping."""
    parts = [part for part in get_args(annotation) if part not in (type(None), Ellipsis)]
    if not parts or isinstance(parts[0], str):  # not a type of other types, or a Literal
        return annotation
    return inner_type(parts[0] if hasattr(annotation, "__metadata__") else parts[-1])


def _as_json(value: Any, kind: Any) -> JsonValue:
    if isinstance(value, StrictModel):
        return value.as_json_of(kind)
    if isinstance(value, tuple):
        return [_as_json(part, kind) for part in value]
    if isinstance(value, Mapping):
        return {key: _as_json(part, kind) for key, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def is_length(info: KeyInfo) -> bool:
    """True for a key that holds a length of time, in days."""
    optional = [part for kind in get_args(info.annotation) for part in getattr(kind, "__metadata__", ())]
    own = getattr(info.annotation, "__metadata__", ())
    return any(isinstance(part, Before) and part.read is read_days for part in (*own, *optional))
