"""What CONTRIBUTING says of files and functions is there."""

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
TEXT = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8")
SOURCE = TOP / "src" / "handoffctl"
# `db/file.py`, or a function in a file: `handoffs/gate.py: decide`
MENTIONED = sorted(set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w.-]+\.py)(?:: (\w+))?`", TEXT)))


@pytest.mark.parametrize(("path", "name"), MENTIONED)
def test_a_file_that_contributing_names_exists_and_holds_the_function(path, name):
    places = [folder / path for folder in (SOURCE, TOP, *SOURCE.glob("imports/*")) if (folder / path).exists()]
    assert places or path in EXAMPLES, path
    if name:
        defined = {getattr(node, "name", "") for node in ast.walk(ast.parse(places[0].read_text(encoding="utf-8")))}
        assert name in defined


# File names that stand for a layer of any slice.
EXAMPLES = {
    "model.py",
    "query.py",
    "book.py",
    "close.py",
    "output.py",
    "render.py",
    "figures.py",
    "report.py",
    "..._query.py",
}
