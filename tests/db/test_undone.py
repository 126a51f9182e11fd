"""Which commands were taken back, where taking back is a command that can be taken back itself."""

from hypothesis import given
from hypothesis import strategies as st

from handoffctl.db.undone import undo_root, undone_commands


def test_a_command_is_in_effect_again_when_what_took_it_back_is_taken_back():
    assert undone_commands([]) == set()
    assert undone_commands([(2, 1)]) == {1}
    assert undone_commands([(2, 1), (3, 2)]) == {2}
    assert undone_commands([(2, 1), (3, 2), (4, 3)]) == {1, 3}
    assert undone_commands([(2, 1), (3, 2), (4, 1)]) == {1, 2}  # by --further it is taken back a second time
    assert undone_commands([(2, 1), (3, 2), (4, 1), (5, 4)]) == {2, 4}


def test_what_it_is_about_in_the_end_is_the_command_that_takes_nothing_back():
    undos = {2: 1, 3: 2, 5: 3}
    assert [undo_root(undos, one) for one in (1, 2, 3, 4, 5)] == [(1, 0), (1, 1), (1, 2), (4, 0), (1, 3)]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_whatever_a_file_says_both_come_to_an_end(pairs):
    undos = dict(pairs)
    gone = undone_commands(undos.items())
    assert gone <= set(undos.values())
    assert all(undo_root(undos, one)[0] <= one for one in range(10))
