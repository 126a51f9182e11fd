"""What the tests of the database file share: commands to try, and how to look at what came of them."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

READING = (("list",), ("show", "acme-corp"), ("check", "acme-corp"), ("report", "throughput"))
WRITING = (("add", "Cedar Shed"), ("set", "acme-corp", "interest=urgent"), ("handoff", "acme-corp", "--no-input"))


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def dumped(path: Path) -> list[str]:
    """Everything in a database as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def asked(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def forked(count: int, work: Callable[[], None]) -> list[int]:
    """Does this work in so many processes at the same moment; 0 for each in which it did not fail."""
    waiting, signal = os.pipe()
    children = []
    for _ in range(count):
        child = os.fork()
        if not child:
            os.close(signal)
            os.read(waiting, 1)  # nothing ever comes: the end of the pipe is the signal
            try:
                work()
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    os.close(signal)
    os.close(waiting)
    return [os.waitpid(child, 0)[1] for child in children]


def assert_refused(ran, says: str = "") -> None:
    """Exit code 6, a sentence and what to do next on stderr, nothing on stdout."""
    assert (ran.code, ran.out) == (6, ""), (ran.code, ran.out, ran.err)
    told = lines(ran.err)
    assert len(told) == 2, told
    assert says in told[0]
    assert told[0].endswith(".")
