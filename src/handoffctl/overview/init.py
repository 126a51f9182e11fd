"""Creates the home folder with a configuration, a database and playbooks of the user's own."""

from pathlib import Path

from handoffctl.db.file import (
    make_ready,
)
from handoffctl.playbook.library import load_playbook
from handoffctl.resources import shipped
from handoffctl.workspace.files import is_empty_file
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import read_text_file, with_review_today, write_new, write_schema

CONFIGURATION = """\
# Who you are, as e-mails name you.
me:
  name: {name}
  email: {email}
# The playbook for new deals.
playbook: {playbook}
# Further settings: me.signature, currency (EUR), zone (Europe/Berlin), workdays ([mon, tue]), hours (09:00-17:00),
# holidays ([2026-12-25]), locale (en_GB).
"""


def init(home: Home, names: list[str], me: str, email: str) -> list[Path]:
    """Creates the home folder, its configuration and database, and copies playbooks into it. Overwrites nothing."""
    wanted = names or ["solo"]
    _remove_empty(home, wanted)
    sources = [load_playbook(home, name) for name in wanted]
    home.create_folder()
    for folder in ("playbooks", "templates"):
        (home.folder / folder).mkdir(mode=0o700, exist_ok=True)
    make_ready(home.database, home.author or me)
    copies = [home.folder / "playbooks" / f"{source.playbook.playbook}.yaml" for source in sources]
    fresh = [
        path
        for source, path in zip(sources, copies, strict=True)
        if write_new(path, with_review_today(home, read_text_file(source.path)))
    ]
    write_schema(home.folder / "playbooks")
    config = CONFIGURATION.format(name=_quoted(me), email=_quoted(email), playbook=wanted[0])
    if write_new(home.folder / "config.yaml", config):
        fresh.append(home.folder / "config.yaml")
    return fresh


def _remove_empty(home: Home, names: list[str]) -> None:
    """Deletes an empty configuration and empty playbooks, which earlier versions left on a full disk."""
    copied = [f"{name}.yaml" for name in names if (shipped("playbooks") / f"{name}.yaml").is_file()]
    for path in (home.folder / "config.yaml", *(home.folder / "playbooks" / file for file in copied)):
        if is_empty_file(path):
            path.unlink()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(c for c in escaped if c.isprintable())}"'
