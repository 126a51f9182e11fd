"""A limit on the processor's time that a test may use; what other programs do meanwhile does not count."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest


@contextmanager
def processor_seconds(most: float) -> Iterator[None]:
    """Fails the test as soon as the block has used `most` seconds of the processor, its ended children included.

    A limit leaves a sound program ten times what it needs, and ends what takes time that grows with the square.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"This took more than {most} seconds of the processor.")

    before = os.times()
    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
    after = os.times()
    children = after.children_user - before.children_user + after.children_system - before.children_system
    assert children < most, f"Its children took {children:.1f} seconds of the processor."
