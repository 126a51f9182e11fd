"""Excerpts of shipped playbooks, with comments, for the reference."""

import re
from textwrap import dedent

from handoffctl.core.yaml.reader import KeyPath, parse_yaml
from handoffctl.core.yaml.text import read_text
from handoffctl.resources import shipped

LONGEST = 26  # lines; an example is for looking at


def excerpt(playbook: str, path: KeyPath) -> list[str]:
    """Returns the lines of a key and everything under it, dedented below the keys that lead there."""
    text = read_text(shipped("playbooks") / f"{playbook}.yaml")
    lines = text.splitlines()
    first = parse_yaml(text).line(path) - 1
    indent = _indent(lines[first])
    excerpt_lines = [lines[first]]
    for line in lines[first + 1 :]:
        if line.strip() and _indent(line) <= indent:
            break
        excerpt_lines.append(line)
    while len(excerpt_lines) > LONGEST:
        excerpt_lines = _without_last_entry(excerpt_lines)
    head = [] if len(path) == 1 else [f"{path[0]}:"]
    body = dedent("\n".join(excerpt_lines).rstrip()).splitlines()
    return head + [f"  {line}".rstrip() if head else line for line in body]


def _without_last_entry(lines: list[str]) -> list[str]:
    """Drops the last entry directly under the first line."""
    inner = min((_indent(line) for line in lines[1:] if line.strip()), default=0)
    last = max((n for n, line in enumerate(lines) if n and line.strip() and _indent(line) == inner), default=1)
    return lines[:last] if last > 1 else lines[:LONGEST]


def _indent(line: str) -> int:
    spaces = re.match(r" *", line)
    return len(spaces[0]) if spaces else 0
