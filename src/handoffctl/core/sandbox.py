"""Runs untrusted work (templates, mail parsing) in a forked process with limits on CPU time and memory.

A template is a program, and a mail may keep a regular expression busy for hours; neither may hang or crash the
command. Where the system cannot fork (Windows), the work is done in this process, without limits.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

if sys.platform != "win32":
    import resource

SECONDS = 2  # of CPU time; a template takes some milliseconds
SECONDS_ON_THE_WALL = 60
BYTES = 256 * 1024 * 1024  # beyond the memory of the parent; only where /proc tells that

_BUG = 70  # exit code of the child (EX_SOFTWARE of sysexits.h)


class OverLimit(Exception):
    """Raised for work that took more time or memory than allowed."""


def within_limits(work: Callable[[], Any]) -> Any:
    """Returns the result of the work, which must be JSON values.

    Raises OverLimit if the work exceeds a limit, and RuntimeError if it raises.
    """
    if not hasattr(os, "fork"):
        return work()
    sys.stderr.flush()
    read_end, write_end = os.pipe()
    # Ctrl-C waits until the child is sure to be waited for, too.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # it ends the child silently: the parent reports it
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(read_end)
        _run_child(work, write_end)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(write_end)
        with open(read_end, "rb") as pipe:
            result = pipe.read()
    finally:
        status = _wait_for(child)
    if os.waitstatus_to_exitcode(status) == _BUG:
        raise RuntimeError("The work in the other process failed; its traceback stands above.")
    if status or not result:
        raise OverLimit
    return json.loads(result)


def _wait_for(child: int) -> int:
    try:
        return os.waitpid(child, 0)[1]
    except ChildProcessError:  # the parent of this program set SIGCHLD to be ignored, so the system reaped the child
        return 0


def _run_child(work: Callable[[], Any], write_end: int) -> NoReturn:
    """Does the work in the child, writes its result to the pipe, and exits without running the parent's cleanup."""
    code = _BUG
    try:
        _set_limits()
        result = json.dumps(work()).encode()
        # A parent that was killed meanwhile reads nothing, and has nobody left to tell.
        with suppress(BrokenPipeError), open(write_end, "wb") as pipe:
            pipe.write(result)
        code = 0
    except (MemoryError, KeyboardInterrupt):
        code = 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(code)


def _set_limits() -> None:
    # With their default action both signals end the process, whatever it is busy with.
    for limit_signal in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(limit_signal, signal.SIG_DFL)
    signal.alarm(SECONDS_ON_THE_WALL)
    _lower(resource.RLIMIT_CPU, SECONDS)
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[0])
    except OSError:
        return
    _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + BYTES)


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
