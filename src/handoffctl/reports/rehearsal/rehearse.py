"""Rehearses a new playbook on the handoffs that were recorded in one of the same name, or in another one."""

from pathlib import Path
from typing import NamedTuple

from handoffctl.deals.stays_query import playbooks_used
from handoffctl.errors import NotFound
from handoffctl.playbook.library import archived_playbook, playbook_paths
from handoffctl.playbook.model import Playbook
from handoffctl.reports.context import ReportOptions, open_report
from handoffctl.reports.rehearsal.report import Rehearsal, build
from handoffctl.workspace.home import Home


class Rehearsed(NamedTuple):
    """The rehearsal, and sentences that are printed beside it."""

    rehearsal: Rehearsal
    remarks: list[str]


def rehearse(home: Home, new: Playbook, path: Path, options: ReportOptions) -> Rehearsed:
    """Returns the rehearsal of a new playbook. Records nothing.

    Raises NotFound if there is no playbook to rehearse it on, and as `open_report` does.
    """
    options = options._replace(playbook=options.playbook or new.playbook)
    _refuse_unknown(home, options.playbook)
    with open_report(home, options) as context:
        return Rehearsed(build(context, new, path), context.remarks)


def _refuse_unknown(home: Home, name: str) -> None:
    """Raises NotFound for a playbook that neither is there nor was ever used."""
    if name in playbook_paths(home):
        return
    with home.reading() as query:
        if archived_playbook(query, name) is None:
            used = playbooks_used(query) or [home.configuration.playbook]
            raise NotFound(
                f'No handoff was recorded in a playbook called "{name}".',
                f"Name the one that it would replace: --playbook {used[0]}",
            )
