"""Output that goes nowhere, and completion that a shell evaluates."""

import os
import subprocess
import sys

import pytest

PROGRAM = f"{sys.executable} -m handoffctl"


def shell(line: str, home) -> subprocess.CompletedProcess:
    environment = {**os.environ, "HANDOFFCTL_HOME": str(home)}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environment, timeout=60)


@pytest.mark.parametrize("line", ["list >&-", "list 2>&-", "add Birch >&-", "add Cedar 2>&-", "--help >&-"])
def test_a_closed_stream_is_no_reason_to_fail(home, line):
    done = shell(f"{PROGRAM} {line}", home)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_a_reader_that_has_seen_enough_is_no_fault(home, quick):
    for number in range(60):
        quick("add", f"Account {number}")
    done = shell(f"set -o pipefail; {PROGRAM} list --json | head -n 1", home)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_under_the_output_is_said_and_the_work_is_done(home, quick):
    done = shell(f"{PROGRAM} add Birch >/dev/full", home)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "handoffctl log" in done.stderr
    assert quick("list", "--json").json["total"] == 1


def test_completion_hands_the_shell_nothing_that_it_could_run_or_obey(home, quick):
    quick("add", "ab $(touch pwned) `touch pwned` \\$(touch pwned) \x1b]0;t\x07 \u202e")
    asked = {"_HANDOFFCTL_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "handoffctl show a"}
    done = subprocess.run(
        [sys.executable, "-m", "handoffctl"],
        capture_output=True,
        text=True,
        env={**os.environ, "HANDOFFCTL_HOME": str(home), **asked},
    )
    assert "ab-touch-pwned" in done.stdout
    assert not {"$", "`", "\x1b", "\x07", "\u202e"} & set(done.stdout.replace("\\", ""))
