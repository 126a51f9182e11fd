"""What may stand in `config.yaml`."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic import Field as Key

from handoffctl.domain.keys import Day, Model

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(f'"{name}" is not a time zone; write one like Europe/Berlin') from None
    return name


class Me(Model):
    """The seller, as e-mails name them."""

    name: str = ""
    email: str = ""
    signature: str = ""


class Settings(Model):
    """The whole file."""

    me: Me = Me()
    playbook: str = "solo"
    currency: Annotated[str, Key(max_length=8)] = ""
    zone: Annotated[str, AfterValidator(a_zone)] = ""
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[Day, ...] = ()
