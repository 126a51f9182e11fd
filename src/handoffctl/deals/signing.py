"""Finds when the customer of a deal signed."""

from collections.abc import Sequence

from handoffctl.stats.stays import Stay


def signing(stays: Sequence[Stay], playbook: str, value_after_arrival: bool, signed: str | None = None) -> Stay | None:
    """Returns the stay that began with the signature: the first in a won stage of any playbook, or in `signed`.

    A deal may move to another playbook without having been in a won stage. If that playbook has the first value in one
    of its open stages (`value_after_arrival`), the customer has signed when the deal arrives there. If it names the
    stage `signed`, only that stage counts.
    """
    previous: Stay | None = None
    for stay in stays:
        ours = stay.playbook == playbook
        arrived = value_after_arrival and previous is not None and previous.playbook != playbook and ours
        if stay.kind == "won" or (ours and stay.stage == signed if signed else arrived):
            return stay
        previous = stay
    return None
