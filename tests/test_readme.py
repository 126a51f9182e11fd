"""What the README shows is what happens."""

import re
import shlex
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
NOW = "2026-03-02"


def examples() -> list[tuple[str, str]]:
    """Every command of the console blocks, with the output shown below it."""
    blocks = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    parts = [part for block in blocks for part in re.split(r"(?m)^\$ ", block) if part]
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts)]


def test_every_example_prints_what_the_readme_says(quick):
    assert len(examples()) > 5
    for command, output in examples():
        program, *words = shlex.split(command)
        ran = quick(*words, now=NOW)
        assert program == "handoffctl"
        assert ran.out == output, command
        assert ran.code in (0, 3), ran.err


def test_the_yaml_shown_is_that_of_the_shipped_playbook():
    shown = re.search(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    solo = (Path(__file__).parents[1] / "playbooks" / "solo.yaml").read_text(encoding="utf-8")
    assert shown
    lines = [line for line in shown[1].splitlines() if "nice_to_have" not in line]
    assert all(line in solo for line in lines)


def test_every_command_is_documented():
    from handoffctl.registry import MODULES

    commands = [command for listed in MODULES.values() for command in listed]
    assert [command for command in commands if not re.search(rf"`{command}[ `]", README)] == []
