"""The model of `config.yaml`."""

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator
from pydantic import Field as Key

from handoffctl.core.yaml.types import Day, StrictModel

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(f'"{name}" is not a time zone; write one like Europe/Berlin') from None
    return name


def _hours(raw: Any) -> Any:
    written = raw.strip() if isinstance(raw, str) else ""
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})", written)
    opens, closes = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (1, 0)
    if not found or int(found[2]) > 59 or int(found[4]) > 59 or not opens < closes <= 24 * 60:
        said = f'"{written}"' if written else "this"
        raise ValueError(f"{said} is not when you work; write hours like 09:00-17:00")
    return opens, closes


class Me(StrictModel):
    """The seller, as e-mails name them."""

    name: str = ""
    email: str = ""
    signature: str = ""


class Settings(StrictModel):
    """The whole file."""

    me: Me = Me()
    playbook: str = "solo"
    currency: Annotated[str, Key(max_length=8)] = ""
    zone: Annotated[str, AfterValidator(a_zone)] = ""
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[Day, ...] = ()
    hours: Annotated[tuple[int, int] | None, BeforeValidator(_hours)] = None  # minutes of the day
