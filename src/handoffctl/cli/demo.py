"""A short, honest story on a throw-away database. Every line of it is a real command, run for real."""

import shlex
import tempfile
from pathlib import Path

from handoffctl.cli import here
from handoffctl.cli.screen import say, styled
from handoffctl.domain.names import visible
from handoffctl.errors import DONE, MISSING, UNEXPECTED

STORY: tuple[tuple[str, str, str, int], ...] = (
    ("2026-03-02T09:00:00Z", "A prospect has written. You add the account.",
     'add "Northwind Bakery" --contact "Ada Lindqvist <ada@northwind.example>"', DONE),
)  # fmt: skip


def tell() -> int:
    """Tells the story. Gives 1 where a command did not end as the story says."""
    from handoffctl.cli.main import main

    with tempfile.TemporaryDirectory(prefix="handoffctl-demo-") as folder:
        home = str(Path(folder) / "home")
        for now, why, words, code in STORY:
            say()
            say(f"# {why}")
            print(styled(visible(f"$ handoffctl {words}"), "1"), flush=True)
            ended = main([*shlex.split(words), "--home", home, "--now", now, "--no-input"])
            if ended != code:
                here.begin(here.Given())
                return UNEXPECTED
    here.begin(here.Given())
    say()
    say("The database of this story is gone. Begin your own: handoffctl add NAME")
    return DONE


__all__ = ["MISSING", "STORY", "tell"]
