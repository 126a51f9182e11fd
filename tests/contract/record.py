"""Records what a program gives. From the top of the repository:

python -m tests.contract.record texts                 # what people read, by the program as it is
python -m tests.contract.record databases 0.3.0 --program "/path/to/0.6.0/bin/python -m handoffctl"
python -m tests.contract.record outcomes sale --program "/path/to/0.6.0/bin/python -m handoffctl"

`outcomes` is what scripts rely on, `databases` what is seen in the databases of earlier versions. Both were recorded
with 0.6.0, and are recorded anew only where a story changes, by 0.6.0 again. A deliberate difference belongs into
`differences.md`.
"""

import argparse
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.contract.databases import BUILDS, look, unpack, write
from tests.contract.replay import CHAPTERS, PROGRAM, RECORDED, TEXTS, Outcome, replay, transcript


def main() -> None:
    """Replays the stories that are asked for, and writes down what they give."""
    parser = argparse.ArgumentParser(description="Record what the program gives to scripts or to people.")
    parser.add_argument("what", choices=["texts", "outcomes", "both", "databases"])
    parser.add_argument("names", nargs="*", metavar="NAME", help="which stories or databases; else all")
    parser.add_argument("--program", default=shlex.join(PROGRAM), help="the command line of another version")
    given = parser.parse_args()
    program = shlex.split(given.program)
    if given.what == "databases":
        for build in given.names or BUILDS:
            _look_at(build, program)
        return
    for chapter in given.names or CHAPTERS:
        with TemporaryDirectory() as folder:
            outcomes = replay(chapter, Path(folder) / "story", program)
        if given.what != "outcomes":
            _write_texts(chapter, outcomes)
        if given.what != "texts":
            _write_outcomes(chapter, outcomes)


def _look_at(build: str, program: Sequence[str]) -> None:
    with TemporaryDirectory() as folder:
        unpack(build, Path(folder) / "home")
        write(build, look(Path(folder).resolve(), program))


def _write_texts(chapter: str, outcomes: Sequence[Outcome]) -> None:
    TEXTS.mkdir(exist_ok=True)
    (TEXTS / f"{chapter}.txt").write_text(transcript(outcomes), encoding="utf-8")


def _write_outcomes(chapter: str, outcomes: Sequence[Outcome]) -> None:
    RECORDED.mkdir(exist_ok=True)
    text = json.dumps([outcome.contract() for outcome in outcomes], ensure_ascii=False, indent=1)
    (RECORDED / f"{chapter}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
