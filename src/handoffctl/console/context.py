"""Process-wide CLI context: workspace, interactivity and the parsed global options."""

import os
import shlex
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handoffctl.core.names import Abbreviation
from handoffctl.workspace.home import BeforeCommit, Home, home_folder


@dataclass
class GlobalOptions:
    """The program's own options, wherever they stood on the command line."""

    home: str | None = None
    db: str | None = None
    now: str | None = None
    no_color: bool = False
    no_input: bool = False
    json: bool = False
    words: tuple[str, ...] = ()
    kind: str = ""  # the command without options and arguments, once it runs


options = GlobalOptions()
_before_commit: BeforeCommit | None = None


@cache
def home() -> Home:
    """The workspace of this run. Opens nothing yet."""
    database = options.db or os.environ.get("HANDOFFCTL_DB")
    now = options.now or os.environ.get("HANDOFFCTL_NOW")
    words = shlex.join(["handoffctl", *options.words])[:4000].encode("utf-8", "backslashreplace").decode()
    path = Path(os.path.expanduser(database)) if database else None
    return Home(home_folder(options.home), path, now, words, options.kind, _before_commit)


def start(given: GlobalOptions, before_commit: BeforeCommit | None = None) -> None:
    """Starts a run with these options; `before_commit` runs at the end of each writing transaction."""
    global options, _before_commit
    options, _before_commit = given, before_commit
    home.cache_clear()


def prompting() -> bool:
    """True if a person can be asked."""
    quiet = options.no_input or options.json or os.environ.get("HANDOFFCTL_NO_INPUT")
    return not quiet and sys.stdin.isatty() and sys.stdout.isatty()


def reference(text: str) -> str:
    """Returns the account or deal as typed. On a terminal its beginning is enough; a script has to write it in full."""
    return Abbreviation(text) if prompting() else text


def coloured() -> bool:
    return sys.stdout.isatty() and not options.no_color and not os.environ.get("NO_COLOR")
