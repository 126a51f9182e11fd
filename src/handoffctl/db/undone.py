"""Which commands were undone. An undo is a command itself, so it can be undone as well."""

from collections.abc import Iterable, Mapping

# The kind of the command that forgets what was taken back. It changes no record, so what came before it can still be
# taken back.
FORGETTING = "delete --taken-back"


def undone_commands(undos: Iterable[tuple[int, int]]) -> set[int]:
    """Returns the commands not in effect, from pairs of an undo and the earlier command it undoes.

    A command is undone by an undo that is itself in effect; it is in effect again once that undo is undone.
    """
    gone: set[int] = set()
    for command, undoes in sorted(undos, reverse=True):  # the newest is in effect, and settles what came before it
        if command not in gone:
            gone.add(undoes)
    return gone


def undo_root(undos: Mapping[int, int], command: int) -> tuple[int, int]:
    """Returns the command a chain of undos is about in the end, and how many undos lead there."""
    steps = 0
    while undos.get(command, command) < command:  # what is taken back is earlier; a file may say otherwise
        command, steps = undos[command], steps + 1
    return command, steps
