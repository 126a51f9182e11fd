"""A short story on a temporary database. Every line is a real command, really run."""

import shlex
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from handoffctl.console import context
from handoffctl.console.output import echo, echo_heading
from handoffctl.errors import DONE, MISSING, UNEXPECTED
from handoffctl.workspace.files import write

# When, what happens, the command, and how it is meant to end.
STORY = (
    (
        "2026-03-02T09:00:00Z",
        "Two prospects have written. You add them; each begins as a lead.",
        'add "Northwind Bakery" --contact "Ada Lindqvist <ada@northwind.example>"',
        DONE,
    ),
    ("2026-03-02T09:05:00Z", "", 'add "Harbor Books" --contact "Tom Okafor <tom@harbor.example>"', DONE),
    (
        "2026-03-03T10:00:00Z",
        "The bakery wants a first call. You hand the deal to the next stage, and are stopped: too little is known.",
        "handoff northwind-bakery",
        MISSING,
    ),
    (
        "2026-03-03T10:30:00Z",
        "One call fills the gaps. (On a terminal, handoff itself asks for just these and goes on.)",
        'touch northwind-bakery call "Wants to start before summer" --in '
        '--set situation="Three shops send their orders on paper" --set interest=urgent '
        '--step "first call with Ada" --due 2026-03-05',
        DONE,
    ),
    ("2026-03-03T10:35:00Z", "Now it passes.", "handoff northwind-bakery", DONE),
    (
        "2026-03-05T15:55:00Z",
        "The first call takes place, and the step that it was is done.",
        'touch northwind-bakery call "Orders go missing twice a week" --outcome held --done',
        DONE,
    ),
    (
        "2026-03-05T16:00:00Z",
        "After the first call she gets a short summary, ready to paste, and is asked to confirm it.",
        'summary draft northwind-bakery --set priorities="fewer mistakes, one list"',
        DONE,
    ),
    ("2026-03-05T16:05:00Z", "", "summary sent northwind-bakery --announced yes", DONE),
    (
        "2026-03-09T15:55:00Z",
        "The other one says no. Without an answer it would take five attempts before you may give up.",
        'touch harbor-books email "We are closing the shop" --in',
        DONE,
    ),
    ("2026-03-09T16:00:00Z", "", 'close harbor-books --lost --because "Closing the shop"', DONE),
    ("2026-03-12T08:00:00Z", "A week later: what would slip if nobody looked?", "today", DONE),
    ("2026-03-13T08:00:00Z", "At the end of the week: where do deals get stuck?", "report throughput", DONE),
)

SELLER = "me: {name: Sam Ortiz, signature: Sam}\n"


def run_story(main: Callable[[Sequence[str]], int]) -> int:
    """Runs the story's commands through `main`. Returns 1 if one did not end as the story says."""
    with tempfile.TemporaryDirectory(prefix="handoffctl-demo-") as folder:
        write(Path(folder) / "config.yaml", SELLER.encode())
        for now, why, words, code in STORY:
            if why:
                echo(f"\n# {why}")
            echo_heading(f"$ handoffctl {words}")
            sys.stdout.flush()
            ended = main(
                [*shlex.split(words), "--home", folder, "--db", f"{folder}/demo.db", "--now", now, "--no-input"]
            )
            sys.stdout.flush()
            if ended != code:
                return UNEXPECTED
    context.start(context.GlobalOptions())
    echo("\nThis was real, on a database that is gone now. Begin your own with: handoffctl add NAME")
    return DONE
