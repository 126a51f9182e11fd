"""A person at a terminal: fixtures for the tests of what they see and type."""

import os
import sys

import pytest

LATER = "2026-03-03T09:00:00Z"


class Terminal:
    """The program in a pseudo-terminal, with the screen that a person sees."""

    def __init__(self, command, env):
        import pexpect
        import pyte

        self.screen = pyte.Screen(100, 40)
        self._stream = pyte.Stream(self.screen)
        self.raw = ""
        self._child = pexpect.spawn(
            command[0], command[1:], env=env, dimensions=(40, 100), encoding="utf-8", timeout=60
        )
        self._child.logfile_read = self
        self._child.delaybeforesend = 0

    def write(self, text):
        self.raw += text
        self._stream.feed(text)

    def flush(self):
        pass

    def sees(self, text):
        """Waits until this comes, after what came before."""
        self._child.expect_exact(text)
        return self

    def types(self, text):
        self._child.send(text + "\r")
        return self

    def ends_input(self):
        self._child.sendeof()
        return self

    def interrupts(self):
        self._child.sendintr()
        return self

    def ends(self):
        """The exit code."""
        from pexpect import EOF

        self._child.expect(EOF)
        self._child.close()
        return self._child.exitstatus

    @property
    def lines(self):
        """What stands on the screen."""
        return [line.rstrip() for line in self.screen.display if line.strip()]


@pytest.fixture
def sits(home):
    """`sits("handoff", "acme-corp", now=...)`: the program with somebody in front of it."""

    def sits(*words, now=LATER, **more):
        command = [sys.executable, "-m", "handoffctl", "--home", str(home), "--now", now, *words]
        return Terminal(command, {**os.environ, **more})

    return sits


@pytest.fixture
def shell():
    """`shell("handoffctl ... > out.txt")`: a shell with somebody in front of it."""
    return lambda command: Terminal(["/bin/sh", "-c", command], dict(os.environ))
