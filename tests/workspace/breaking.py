"""Runs one command again and again on a fresh copy of a folder, and breaks it off at its n-th step of writing a file.

A step is a call of Python that opens, writes, flushes, moves or removes a file. With "kill" the process is killed just
before it; with "full" the call fails as on a full disk. Run as a script: each run is forked from a process that has
loaded the program already. Prints what each run left behind. What SQLite does is no such step.
"""

import errno
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any

FULL = {"write", "writelines", "flush", "fsync", "link"}
STEPS = {*FULL, "open", "close", "chmod", "replace", "rename", "unlink", "mkdir", "rmdir", "remove"}
MODULES = ("posix", "io", "_io")


def main() -> None:
    given = json.loads(sys.argv[1])
    before, work = Path(given["folder"]), Path(given["work"])
    command, again = given["command"], given["again"]
    # Filled by the warm-up, so that each run takes the same steps.
    os.environ["XDG_CACHE_HOME"] = str(work / "cache")
    _warm_up(before, work / "warm-up", [command, again, ["list"]])
    count = work / "count"
    code = _run(_fresh(before, work / "whole"), command, _breaking(0, given["how"], count))
    steps = int(count.read_text())
    left = []
    for n in range(steps, 0, -max(1, steps // given["most"])):
        folder = _fresh(before, work / str(n))
        ended = _run(folder, command, _breaking(n, given["how"], count))
        left.append({
            "n": n, "code": ended, "said": _said(folder), "files": files(folder), "parts": parts(folder),
            "listed": _run(folder, ["list"]), "again": _run(folder, again), "said_again": _said(folder),
            "files_again": files(folder),
        })  # fmt: skip
        shutil.rmtree(folder)
    after = files(work / "whole")
    print(json.dumps({"code": code, "steps": steps, "before": files(before), "after": after, "left": left}))


def files(folder: Path) -> dict[str, str]:
    """What is in each file that is no hidden one and not the database. A folder of an export counts as one file."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.startswith("handoffctl.db") or "/." in f"/{name}":
            continue
        unit = name.partition("/")[0] if name.startswith("csv/") else name
        content = path.read_bytes()
        found[unit] = found.get(unit, "") + f"{len(content)} bytes {sha256(content).hexdigest()} "
    return found


def parts(folder: Path) -> list[str]:
    """The hidden files and folders that were left."""
    return [path.name for path in folder.rglob(".*")]


def _fresh(before: Path, folder: Path) -> Path:
    shutil.copytree(before, folder) if before.exists() else folder.mkdir()
    return folder


def _warm_up(before: Path, folder: Path, commands: list[list[str]]) -> None:
    """Runs the commands once in this process, so that no child has to load what a command loads late."""
    from handoffctl.app import main as program

    os.chdir(_fresh(before, folder))
    os.environ["HANDOFFCTL_HOME"] = str(folder)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in commands:
            program(words)
    os.chdir(folder.parent)
    shutil.rmtree(folder)


def _run(folder: Path, words: list[str], arm: Callable[[], None] | None = None) -> int:
    child = os.fork()
    if not child:
        _child(folder, words, arm)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _child(folder: Path, words: list[str], arm: Callable[[], None] | None) -> None:
    code = 1
    try:
        from handoffctl.app import main as program

        os.environ["HANDOFFCTL_HOME"] = str(folder)
        os.chdir(folder)
        out = os.open(f"{folder}.out", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if arm:
            arm()
        code = program(words)
    except BaseException:
        import traceback

        sys.setprofile(None)
        traceback.print_exc()
    finally:
        sys.setprofile(None)
        sys.stdout.flush()
        os._exit(code)


def _said(folder: Path) -> str:
    return Path(f"{folder}.out").read_text(encoding="utf-8")


def _breaking(n: int, how: str, count: Path) -> Callable[[], None]:
    """Arms the process to break off at its n-th step; with 0 it only counts them."""
    seen, process = 0, 0

    def watch(frame: Any, event: str, called: Any) -> None:
        nonlocal seen
        if event != "c_call" or not _is_step(called, FULL if how == "full" else STEPS) or os.getpid() != process:
            return
        seen += 1
        if not n:
            sys.setprofile(None)
            count.write_text(str(seen))
            sys.setprofile(watch)
        elif seen == n and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif seen == n:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def arm() -> None:
        nonlocal process
        process = os.getpid()  # not those that it starts to render a mail
        sys.setprofile(watch)

    return arm


def _is_step(called: Any, names: set[str]) -> bool:
    if getattr(called, "__name__", "") not in names:
        return False
    owner = getattr(called, "__self__", None)
    if not isinstance(owner, io.IOBase):
        return getattr(called, "__module__", None) in MODULES
    try:
        return owner.fileno() > 2  # not what goes to the terminal
    except (OSError, ValueError):  # text in memory; a file that is closed
        return False


if __name__ == "__main__":
    main()
