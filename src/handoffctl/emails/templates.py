"""The files of templates: find, load and copy them. One in the home folder overrides a shipped one."""

import re
from dataclasses import dataclass
from pathlib import Path

from handoffctl.errors import NotFound, Refused, RulesFault, nearest
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import replace, write_new

MOST_BYTES = 256 * 1024


CLIENT, SPOKEN, COLLEAGUE = "client", "spoken", "colleague"
_READER = re.compile(r"""\{%-?\s*set\s+reader\s*=\s*["'](client|spoken|colleague)["']\s*-?%\}""")
_INTERNAL = re.compile(r"\{%-?\s*set\s+internal\s*=\s*[tT]rue\s*-?%\}")
_LANGUAGE = re.compile(r"""\{%-?\s*set\s+language\s*=\s*["']([a-z]{2,3})["']\s*-?%\}""")


@dataclass(frozen=True)
class TemplateFile:
    """A template as it is on disk; `own` is True for one in the home folder."""

    name: str
    path: Path
    own: bool
    source: str

    @property
    def about(self) -> str:
        """The text of its first comment, which describes it."""
        comment = re.match(r"\s*\{#-?(.*?)-?#\}", self.source, re.DOTALL)
        return " ".join(comment[1].split()) if comment else ""

    @property
    def reader(self) -> str:
        """For whom it is: the client, a colleague, or spoken in front of the client.

        It says so at its top, as in `{% set reader = "colleague" %}`; `{% set internal = true %}` says the same. One
        that does not say so counts as the client's.
        """
        match = _READER.search(self.source)
        return match[1] if match else COLLEAGUE if _INTERNAL.search(self.source) else CLIENT

    @property
    def language(self) -> str:
        """The language that it says it is written in, as in `{% set language = "de" %}`; else English."""
        match = _LANGUAGE.search(self.source)
        return match[1] if match else "en"


def template_paths(home: Home) -> dict[str, Path]:
    """Returns the path of every template by name.

    An empty file does not count: it may be about to be written, as in `template show NAME > NAME.j2`.
    """
    paths = {}
    for folder in (shipped("templates"), home.folder / "templates"):
        paths.update(
            {path.stem: path for path in sorted(folder.glob("*.j2")) if path.is_file() and path.stat().st_size}
        )
    return paths


def copy_template(home: Home, name: str) -> Path:
    """Copies a shipped template into the home folder, and returns the path of the copy. Raises Refused, NotFound."""
    shipped_file = load_template(home, name)
    own = home.folder / "templates" / f"{name}.j2"
    taken = Refused(f"{own} is there already.", "Change it there, or remove it to begin with the shipped one.")
    if shipped_file.own:
        raise taken
    home.create_folder()
    own.parent.mkdir(mode=0o700, exist_ok=True)
    if own.is_file():  # an empty file, otherwise it would be the template
        replace(own, shipped_file.source)
    elif not write_new(own, shipped_file.source):
        raise taken
    return own


def load_template(home: Home, name: str) -> TemplateFile:
    """Loads a template. Raises NotFound if it does not exist, RulesFault if it cannot be read."""
    paths = template_paths(home)
    if name not in paths:
        raise NotFound(
            f'No template is called "{name[:60]}" {nearest(name, list(paths))}'.rstrip() + ".",
            f"There are: {', '.join(paths)}. Your own are files called NAME.j2 in {home.folder / 'templates'}.",
        )
    path = paths[name]
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RulesFault(f"The template {path} is larger than 256 KiB.", "Write a shorter one.")
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesFault(f"The template {path} cannot be read: {error}.", "Save it as UTF-8 text.") from None
    return TemplateFile(name, path, path.parent == home.folder / "templates", source)
