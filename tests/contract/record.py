"""Records what a program gives. From the top of the repository:

python -m tests.contract.record texts                 # what people read, by the program as it is
python -m tests.contract.record outcomes sale --program "/path/to/0.6.0/bin/python -m handoffctl"

`outcomes` is what scripts rely on. It was recorded with 0.6.0 and is recorded anew only where a story changes, by 0.6.0
again. A deliberate difference belongs into `differences.md`.
"""

import argparse
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.contract.replay import CHAPTERS, PROGRAM, RECORDED, TEXTS, Outcome, replay, transcript


def main() -> None:
    """Replays the stories that are asked for, and writes down what they give."""
    parser = argparse.ArgumentParser(description="Record what the program gives to scripts or to people.")
    parser.add_argument("what", choices=["texts", "outcomes", "both"])
    parser.add_argument("chapters", nargs="*", metavar="STORY", help=f"{', '.join(CHAPTERS)}; else all")
    parser.add_argument("--program", default=shlex.join(PROGRAM), help="the command line of another version")
    given = parser.parse_args()
    for chapter in given.chapters or CHAPTERS:
        with TemporaryDirectory() as folder:
            outcomes = replay(chapter, Path(folder) / "story", shlex.split(given.program))
        if given.what != "outcomes":
            _write_texts(chapter, outcomes)
        if given.what != "texts":
            _write_outcomes(chapter, outcomes)


def _write_texts(chapter: str, outcomes: Sequence[Outcome]) -> None:
    TEXTS.mkdir(exist_ok=True)
    (TEXTS / f"{chapter}.txt").write_text(transcript(outcomes), encoding="utf-8")


def _write_outcomes(chapter: str, outcomes: Sequence[Outcome]) -> None:
    RECORDED.mkdir(exist_ok=True)
    text = json.dumps([outcome.contract() for outcome in outcomes], ensure_ascii=False, indent=1)
    (RECORDED / f"{chapter}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
