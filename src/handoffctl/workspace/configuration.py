"""`config.yaml`: the user, the usual playbook, currency, time zone and working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from handoffctl.core.moments import Zone
from handoffctl.core.yaml.text import read_content
from handoffctl.errors import RulesFault
from handoffctl.workspace.checked import recall, remember
from handoffctl.workspace.files import is_empty_file
from handoffctl.workspace.settings import Settings


@dataclass(frozen=True)
class Configuration:
    """The settings as read. Every setting has a default."""

    name: str = ""
    email: str = ""
    signature: str = ""
    playbook: str = "solo"
    currency: str = ""
    zone_name: str = ""
    workdays: Sequence[str] = ("mon", "tue", "wed", "thu", "fri")
    holidays: Sequence[str] = ()
    hours: tuple[int, int] | None = None
    locale: str = "en_US"
    hourly_rate: float | None = None  # what an hour of the team's time is worth, in the currency above

    @cached_property
    def zone(self) -> Zone:
        return ZoneInfo(self.zone_name) if self.zone_name else None


def configuration(path: Path) -> Configuration:
    """Reads the settings from this file, or returns the defaults if it does not exist. Raises RulesFault with every
    error."""
    if not path.exists() or is_empty_file(path):  # earlier versions left an empty one on a full disk
        return Configuration()
    if not path.is_file():
        raise RulesFault(f"{path} is not a file.", "Move it away; without it the defaults hold.")
    settings = _read(path)
    me = settings.me
    return Configuration(
        me.name, me.email, me.signature, settings.playbook, settings.currency, settings.zone,
        settings.workdays, [day.isoformat() for day in settings.holidays], settings.hours, settings.locale,
        settings.hourly_rate,
    )  # fmt: skip


def _read(path: Path) -> Settings:
    try:
        content = read_content(path)
    except OSError:  # which is told in the same way as a fault
        content = None
    known = recall(Settings, content) if content else None
    if known:
        return known
    from handoffctl.core.yaml.validation import read_model  # yaml and pydantic take longer than a reading command

    settings = read_model(path, Settings, content)
    if content:
        remember(settings, content)
    return settings
