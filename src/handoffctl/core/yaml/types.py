"""Types of values in YAML files: text, a name, a date, a length of time.

Each parses text, as the reader returns it, and raises ValueError with a sentence.
"""

import re
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, JsonValue
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema
from pydantic_core.core_schema import str_schema

from handoffctl.core.moments import duration_days


def _days(raw: Any) -> Any:
    return duration_days(raw) if isinstance(raw, str) else raw


def _day(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f'"{raw}" is not a date; write one like 2026-03-01') from None


def _working_days(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    count = raw.strip().casefold().removesuffix("d").strip()
    if not count.isascii() or not count.isdigit() or len(count) > 3 or not 1 <= int(count) <= 365:
        raise ValueError(f'"{raw}" is not a number of working days; write one from 1d to 365d')
    return int(count)


def _share(raw: Any) -> Any:
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


Days = Annotated[float, BeforeValidator(_days)]
WorkingDays = Annotated[int, BeforeValidator(_working_days)]
Share = Annotated[float, BeforeValidator(_share)]
Day = Annotated[date, BeforeValidator(_day)]


class _ShortText:
    # Most keys are of this kind; made of StringConstraints they would take a millisecond and a half of each command.
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return str_schema(strip_whitespace=True, min_length=1, max_length=2000)


Text = Annotated[str, _ShortText]
Name = Annotated[str, AfterValidator(check_name)]


class StrictModel(BaseModel):
    """A part of a YAML file. Unknown keys are errors."""

    # Built when it first reads something: most models are only ever read as a part of another one.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)

    def as_json(self) -> dict[str, JsonValue]:
        """Returns its keys and values as they are written, with lengths of time in days."""
        return self.model_dump(mode="json", by_alias=True)


def written_form(kind: Any) -> Any:
    """The model whose keys stand in a file where a model says `kind`: mostly itself, else the one that it names."""
    form = getattr(kind, "written_form", None)
    return kind if form is None else form()


def is_length(info: FieldInfo) -> bool:
    """True for a key that holds a length of time, in days."""
    optional = [part for kind in get_args(info.annotation) for part in getattr(kind, "__metadata__", ())]
    return any(getattr(part, "func", None) is _days for part in (*info.metadata, *optional))
