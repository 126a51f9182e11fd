"""Which templates there are, and what stands in them. One in the home folder stands before a shipped one."""

import re
from dataclasses import dataclass
from pathlib import Path

from handoffctl.errors import NotFound, Refused, RulesFault, nearest
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import replace, write_new

MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class TemplateFile:
    """A template as it stands on the disk; `about` is what its first comment says."""

    name: str
    path: Path
    own: bool
    source: str

    @property
    def about(self) -> str:
        comment = re.match(r"\s*\{#-?(.*?)-?#\}", self.source, re.DOTALL)
        return " ".join(comment[1].split()) if comment else ""


def templates(home: Home) -> dict[str, Path]:
    """Every template by name. An empty file is none: it may be on its way, as in `template show NAME > NAME.j2`."""
    found = {}
    for folder in (shipped("templates"), home.folder / "templates"):
        found.update(
            {path.stem: path for path in sorted(folder.glob("*.j2")) if path.is_file() and path.stat().st_size}
        )
    return found


def copy(home: Home, name: str) -> Path:
    """Puts a shipped template into the home folder, to be changed there. Raises Refused where there is one already."""
    one = template(home, name)
    own = home.folder / "templates" / f"{name}.j2"
    taken = Refused(f"{own} is there already.", "Change it there, or remove it to begin with the shipped one.")
    if one.own:
        raise taken
    home.make()
    own.parent.mkdir(mode=0o700, exist_ok=True)
    if own.is_file():  # it is empty, or it would be the template
        replace(own, one.source)
    elif not write_new(own, one.source):
        raise taken
    return own


def template(home: Home, name: str) -> TemplateFile:
    """Raises NotFound for no such template, RulesFault for one that cannot be read."""
    known = templates(home)
    if name not in known:
        raise NotFound(
            f'No template is called "{name[:60]}" {nearest(name, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(known)}. Your own are files called NAME.j2 in {home.folder / 'templates'}.",
        )
    path = known[name]
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RulesFault(f"The template {path} is larger than 256 KiB.", "Write a shorter one.")
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesFault(f"The template {path} cannot be read: {error}.", "Save it as UTF-8 text.") from None
    return TemplateFile(name, path, path.parent == home.folder / "templates", source)
