"""Which commands were taken back. Taking back is a command itself, so it can be taken back as well."""

from collections.abc import Iterable, Mapping

# The kind of the command that forgets what was taken back. It changes no record, so what came before it can still be
# taken back.
FORGETTING = "delete --taken-back"


def taken_back(undos: Iterable[tuple[int, int]]) -> set[int]:
    """The commands that are not in effect, of pairs of a command and the earlier one that it takes back.

    A command is taken back by one that is itself in effect: so it is again in effect when that one is taken back.
    """
    gone: set[int] = set()
    for command, undoes in sorted(undos, reverse=True):  # the newest is in effect, and settles what came before it
        if command not in gone:
            gone.add(undoes)
    return gone


def at_root(undos: Mapping[int, int], command: int) -> tuple[int, int]:
    """The command that all this is about in the end, and how many of them take back one another on the way there."""
    steps = 0
    while undos.get(command, command) < command:  # what is taken back is earlier; a file may say otherwise
        command, steps = undos[command], steps + 1
    return command, steps
