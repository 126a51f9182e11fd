"""The model of `config.yaml`."""

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from handoffctl.core.yaml.types import After, Before, Day, Key, StrictModel

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(f'"{name}" is not a time zone; write one like Europe/Berlin') from None
    return name


def check_locale(name: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}", name):
        raise ValueError(f'"{name}" is not a locale; write one like en_GB')
    return name


def _hours(raw: Any) -> Any:
    text = raw.strip() if isinstance(raw, str) else ""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})", text)
    opens, closes = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (1, 0)
    if not match or int(match[2]) > 59 or int(match[4]) > 59 or not opens < closes <= 24 * 60:
        shown = f'"{text}"' if text else "this"
        raise ValueError(f"{shown} is not when you work; write hours like 09:00-17:00")
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
    locale: Annotated[str, After(check_locale)] = "en_US"
    currency: Annotated[str, Key(max_length=8)] = ""
    zone: Annotated[str, After(check_zone)] = ""
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[Day, ...] = ()
    hours: Annotated[tuple[int, int] | None, Before(_hours)] = None  # minutes of the day
    hourly_rate: Annotated[float, Key(gt=0, le=1_000_000)] | None = None
