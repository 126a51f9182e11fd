"""Bars of characters: the target in the middle, what is beyond twice of it cut off, the unknown not drawn as known."""

import pytest

from handoffctl.console.target_bar import target_bar


@pytest.mark.parametrize(("value", "at_least", "drawn"), [
    (0.0, None, "·····|·····"), (0.1, None, "█····|·····"), (7.0, None, "█████|·····"), (10.5, None, "█████|███··"),
    (14.0, 99.0, "█████|█████"), (900.0, None, "█████|█████"), (None, None, "·····|·····"), (None, 0.0, "·····|·····"),
    (None, 9.9, "░░░░░|░░···"),
])  # fmt: skip
def test_a_bar_stands_beside_its_target(value, at_least, drawn):
    assert target_bar(value, 7.0, at_least) == drawn


def test_a_target_of_nothing_has_an_empty_bar():
    assert target_bar(3.0, 0.0) == "·····|·····"
