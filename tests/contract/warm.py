"""A process that has loaded the program once and forks for each command, which saves the time of starting Python.

`python -m tests.contract.warm` reads one request a line as JSON: the words, the folder, the environment, and the files
for stdout and stderr. It answers each with the exit code.
"""

import atexit
import json
import os
import pkgutil
import runpy
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

TOP = Path(__file__).parents[2]


class WarmProgram:
    """Runs commands as `python -m handoffctl` does, each in a process forked from one that has loaded everything."""

    def __init__(self) -> None:
        environment = {
            "TZ": "UTC", "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"
        }  # fmt: skip
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.contract.warm"], cwd=TOP, env=environment, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Returns the exit code and both streams of one command."""
        assert self._server.stdin
        assert self._server.stdout
        with TemporaryDirectory() as place:
            out, err = Path(place) / "out", Path(place) / "err"
            request = {"words": words, "folder": str(folder), "environment": dict(environment)}
            print(json.dumps({**request, "out": str(out), "err": str(err)}), file=self._server.stdin, flush=True)
            code = int(self._server.stdout.readline())
            streams = [path.read_text(encoding="utf-8") for path in (out, err)]
        return subprocess.CompletedProcess(list(words), code, *streams)

    def close(self) -> None:
        """Ends the process."""
        self._server.communicate()


@cache
def warm_program() -> WarmProgram:
    """Returns the one that all tests of this process share. It ends with them."""
    program = WarmProgram()
    atexit.register(program.close)
    return program


def _serve() -> None:
    import handoffctl

    for module in pkgutil.walk_packages(handoffctl.__path__, "handoffctl."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run_and_exit(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run_and_exit(request: dict[str, object]) -> NoReturn:
    code = 1
    try:
        for descriptor, path, flags in (
            (0, os.devnull, os.O_RDONLY),
            (1, str(request["out"]), os.O_WRONLY | os.O_CREAT),
            (2, str(request["err"]), os.O_WRONLY | os.O_CREAT),
        ):
            os.dup2(os.open(path, flags), descriptor)
        os.environ.clear()
        os.environ.update(request["environment"])  # type: ignore[call-overload]
        os.chdir(str(request["folder"]))
        sys.argv = ["handoffctl", *request["words"]]  # type: ignore[misc]
        runpy.run_module("handoffctl", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
