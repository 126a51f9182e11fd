"""Lets work on what strangers wrote run in a process of its own, within limits of time and memory.

A template is a program and a mail may be made to keep a pattern busy for hours; neither may hold up or bring down the
command. Where the system cannot fork (Windows) the work is done in this process, without limits.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

SECONDS = 2  # of the processor; a template takes some thousandths
SECONDS_ON_THE_WALL = 60
BYTES = 256 * 1024 * 1024  # beyond what the program holds already; only where /proc tells how much that is

_BUG = 70


class OverLimit(Exception):
    """The work took more time or memory than it may have."""


def within_limits(work: Callable[[], Any]) -> Any:
    """What the work gives, which must be plain values as JSON has them. Raises OverLimit."""
    if not hasattr(os, "fork"):
        return work()
    sys.stderr.flush()
    here, there = os.pipe()
    child = _forked()
    if child == 0:
        os.close(here)
        _answer(work, there)
    os.close(there)
    try:
        with open(here, "rb") as answer:
            said = answer.read()
    finally:
        status = _ended(child)
    if os.waitstatus_to_exitcode(status) == _BUG:
        raise RuntimeError("The work in the other process failed; its traceback stands above.")
    if status or not said:
        raise OverLimit
    return json.loads(said)


def _forked() -> int:
    """The id of the new process, 0 in it. Ctrl-C just then would be told of twice; it ends the child without a word."""
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        return child
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _ended(child: int) -> int:
    try:
        return os.waitpid(child, 0)[1]
    except ChildProcessError:  # whoever started the program told the system to forget its children at once
        return 0


def _answer(work: Callable[[], Any], there: int) -> NoReturn:
    """In the child: does the work, writes what came of it, and ends without touching anything of the parent's."""
    code = _BUG
    try:
        _limit()
        said = json.dumps(work()).encode()
        with open(there, "wb") as answer:
            answer.write(said)
        code = 0
    except (MemoryError, KeyboardInterrupt):
        code = 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(code)


def _limit() -> None:
    import resource
    import signal

    # Python keeps SIGXCPU and SIGALRM as the system has them: they end the process, whatever it is busy with.
    for signs in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(signs, signal.SIG_DFL)
    signal.alarm(SECONDS_ON_THE_WALL)
    _lower(resource.RLIMIT_CPU, SECONDS)
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[0])
    except OSError:
        return
    _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + BYTES)


def _lower(what: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
