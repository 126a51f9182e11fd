"""A crowd of processes that all wait for one signal and then run their commands at the same moment.

Run as a script: each member is forked from a process that has loaded the program already, so that they really meet.
"""

import json
import os
import sys
from io import StringIO
from pathlib import Path


def main() -> None:
    given = json.loads(sys.argv[1])
    os.environ.update(given["env"])
    folder = Path(given["folder"])
    _warm_up(folder / "scratch")
    waiting, signal = os.pipe()
    children = []
    for number, commands in enumerate(given["members"]):
        child = os.fork()
        if not child:
            os.close(signal)
            os.read(waiting, 1)  # nothing ever comes: the end of the pipe is the signal
            _member(commands, folder / f"{number}.json")
        children.append(child)
    os.close(signal)
    for child in children:
        os.waitpid(child, 0)
    print(json.dumps([json.loads((folder / f"{number}.json").read_text()) for number in range(len(children))]))


def _warm_up(home: Path) -> None:
    for line in (
        "add Warm-Up",
        "list",
        "show warm-up",
        "touch warm-up call",
        "set warm-up interest=urgent",
        "step warm-up once-more",
        "handoff warm-up --no-input",
        "report throughput",
        "log",
    ):
        _run([*line.split(), "--home", str(home)])


def _member(commands: list[list[str]], result: Path) -> None:
    try:
        result.write_text(json.dumps([_run(words) for words in commands]))
    finally:
        os._exit(0)


def _run(words: list[str]) -> tuple[int, str, str]:
    import traceback

    from handoffctl.app import main as program

    sys.stdout, sys.stderr = out, err = StringIO(), StringIO()
    try:
        code = program(words)
    except Exception:
        code = 1
        err.write(traceback.format_exc())
    finally:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    main()
