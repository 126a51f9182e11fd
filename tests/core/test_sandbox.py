"""Work in the sandbox's process whose parent is killed meanwhile."""

import subprocess
import sys

KILLS_ITS_PARENT = """
import os, signal, time
from handoffctl.core.sandbox import within_limits

def work():
    os.kill(os.getppid(), signal.SIGKILL)
    while os.getppid() == parent:
        time.sleep(0.01)
    return "x" * 1_000_000

parent = os.getpid()
within_limits(work)
"""


def test_work_whose_parent_was_killed_ends_without_a_word() -> None:
    # The pipe of standard error ends when the child ends, too.
    process = subprocess.run([sys.executable, "-c", KILLS_ITS_PARENT], capture_output=True, text=True, timeout=60)
    assert process.returncode == -9
    assert process.stderr == ""
