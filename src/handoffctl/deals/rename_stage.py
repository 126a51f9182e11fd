"""Renames a stage in the playbook files and in all records, so that both stay consistent.

The files are written last, just before the transaction commits, and are restored if it fails. If the program is killed
in between, deals are in a stage that the file no longer has; running the same command again moves them.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import NamedTuple
from unicodedata import normalize

from handoffctl.core.yaml.text import UnreadableYaml
from handoffctl.db.query import Query
from handoffctl.db.rename_stage import rename_in_records as rename_records
from handoffctl.db.rename_stage import update_revision
from handoffctl.db.session import WriteSession
from handoffctl.deals.stays import Into, move
from handoffctl.errors import HandoffError, NotFound, Refused, nearest
from handoffctl.playbook import query as playbook_query
from handoffctl.playbook.library import LoadedPlaybook, load_playbook, playbook_paths
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.playbook.renamed_text import leads_to_stage, named_stages, stages_left_by, with_stage_renamed
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import playbooks_folder, read_text_file, replace, with_review_today


class RenamedStage(NamedTuple):
    """A `StageRename` as `playbook rename-stage --json` prints it.

    `deals` counts those in the stage now, `deals_ever` all that were ever in it. `copied` names the shipped playbooks
    that were copied to the user's folder.
    """

    playbook: str
    from_: str
    to: str
    deals: int
    deals_ever: int
    past_renamed: bool
    files: Sequence[str]
    copied: Sequence[str]


@dataclass(frozen=True)
class StageRename:
    """What a rename will do. If `apart`, deals went through both stages, so history keeps the old name."""

    current: LoadedPlaybook
    old: str
    new: str
    deals: int
    ever: int
    apart: bool
    texts: dict[Path, str] = field(default_factory=dict)  # the new text of each file
    copies: tuple[str, ...] = ()  # shipped playbooks that are copied to the user's folder

    @property
    def playbook(self) -> str:
        return self.current.playbook.playbook

    def as_json(self) -> RenamedStage:
        files = [str(path) for path in self.texts]
        return RenamedStage(
            self.playbook, self.old, self.new, self.deals, self.ever, not self.apart, files, self.copies
        )  # fmt: skip


def planned(home: Home, old: str, new: str, name: str) -> StageRename:
    """Returns what a rename would do. Raises NotFound for an unknown stage, Refused for an unusable new name."""
    old, new = normalize("NFC", old), normalize("NFC", new)
    with home.reading() as query:
        return _planned(home, query, old, new, name)


def rename(home: Home, old: str, new: str, name: str) -> StageRename:
    """Renames the stage: the records in one transaction, the files at its end. Raises what `planned` raises."""
    old, new = normalize("NFC", old), normalize("NFC", new)
    before: list[tuple[Path, str | None]] = []
    try:
        with home.writing() as session:
            plan = _planned(home, session.query, old, new, name)
            _move(home, session, plan)
            for path, text in plan.texts.items():
                playbooks_folder(home)
                before.append((path, read_text_file(path) if path.is_file() else None))
                replace(path, text)
    except BaseException:
        for path, text_before in reversed(before):
            with suppress(HandoffError, OSError):
                path.unlink() if text_before is None else replace(path, text_before)
        raise
    return plan


def _planned(home: Home, query: Query, old: str, new: str, name: str) -> StageRename:
    current = load_playbook(home, name or home.configuration.playbook)
    playbook = current.playbook
    present, ever = playbook_query.stays_in(query, playbook.playbook, old)
    if old not in playbook.stages and not ever:
        known = list(playbook.stages)
        raise NotFound(
            f'{playbook.playbook} has no stage "{old[:60]}" {nearest(old, known)}'.rstrip() + ".",
            f"Its stages: {', '.join(known)}.",
        )
    apart = False
    if old in playbook.stages:
        _refuse_taken(current, query, old, new)
    else:
        _refuse_wrong_kind(current, query, old, new)
        apart = _were_two_stages(query, playbook.playbook, old, new)
    texts, copies = ({}, ()) if apart else _texts(home, current, old, new)
    return StageRename(current, old, new, present, ever, apart, texts, copies)


def _were_two_stages(query: Query, playbook: str, old: str, new: str) -> bool:
    """True if these ever were two stages: deals went through the new one, or one revision contained both."""
    _, ever = playbook_query.stays_in(query, playbook, new)
    both = (
        row["playbook"] == playbook and {old, new} <= named_stages(row["content"])
        for row in playbook_query.contents_naming(query, old)
    )
    return ever > 0 or any(both)


def _refuse_taken(current: LoadedPlaybook, query: Query, old: str, new: str) -> None:
    if new in current.playbook.stages:
        raise Refused(f'{current.playbook.playbook} has a stage "{new}" already.', "Choose another name.")
    _, ever = playbook_query.stays_in(query, current.playbook.playbook, new)
    if ever:
        raise Refused(
            f'"{new}" was a stage of {current.playbook.playbook} before, and {ever} deals went through it.',
            f'Both would run together in the records. Choose another name for "{old}".',
        )


def _refuse_wrong_kind(current: LoadedPlaybook, query: Query, old: str, new: str) -> None:
    """Checks a rename that the file already has: the new stage must be in it, with the kind of the deals' stays."""
    stages = current.playbook.stages
    if new not in stages:
        raise NotFound(
            f'{current.playbook.playbook} has neither "{old}" any more nor a stage "{new[:60]}" '
            f"{nearest(new, list(stages))}".rstrip()
            + ".",
            f"Its stages: {', '.join(stages)}.",
        )
    present = playbook_query.present_stays(query, current.playbook.playbook, old)
    kinds = {row["kind"] for row in present} - {stages[new].kind}
    if kinds:
        matches = [name for name, stage in stages.items() if stage.kind in kinds]
        raise Refused(
            f'Deals in "{old}" are {", ".join(sorted(kinds))}, and "{new}" is {stages[new].kind}.',
            f"Stages that fit: {', '.join(matches) or 'none'}.",
        )


def _texts(home: Home, current: LoadedPlaybook, old: str, new: str) -> tuple[dict[Path, str], tuple[str, ...]]:
    """Returns the new texts; the playbook's own file comes last, so that the command can be repeated after a crash."""
    name = current.playbook.playbook
    folder = home.folder / "playbooks"
    texts: dict[Path, str] = {}
    copies = []
    for file_name, path in sorted(playbook_paths(home).items(), key=lambda item: item[0] == name):
        try:
            text = read_text_file(path)
        except Refused:
            if file_name == name:
                raise
            continue  # another unreadable playbook: playbook check and doctor report it
        is_affected = old in current.playbook.stages if file_name == name else _mentions(text, name, old)
        if not is_affected:
            continue
        own_file = folder / f"{file_name}.yaml"
        if path != own_file:
            copies.append(file_name)
            text = with_review_today(home, text)
        texts[own_file] = _renamed_text(path, text, current, old, new)
    return texts, tuple(copies)


def _mentions(text: str, playbook: str, stage: str) -> bool:
    try:
        return leads_to_stage(text, playbook, stage)
    except UnreadableYaml:  # another playbook with syntax errors is reported elsewhere
        return False


def _renamed_text(path: Path, text: str, current: LoadedPlaybook, old: str, new: str) -> str:
    try:
        changed = with_stage_renamed(text, current.playbook.playbook, old, new)
    except UnreadableYaml as fault:
        raise Refused(f"{path}: {fault.sentence}.", f'Rename "{old}" there by hand, then run this again.') from None
    if path == current.path:
        try:
            playbook_from_text(changed, path.name)
        except HandoffError as fault:
            raise Refused(f'"{old}" cannot be called "{new[:60]}".', "Choose another name.", fault.problems) from None
    return changed


def _move(home: Home, session: WriteSession, plan: StageRename) -> None:
    if plan.apart:
        _move_present_deals(home, session, plan)
    else:
        rename_records(
            session, plan.playbook, plan.old, plan.new, stages_left_by(read_text_file(plan.current.path), plan.old)
        )
        _rename_in_revisions(session, plan)
    if plan.texts:
        back = f"handoffctl playbook rename-stage {quote(plan.new)} {quote(plan.old)} --playbook {quote(plan.playbook)}"
        session.command.final = f"the playbook's file was changed with it\nGive the stage its name back: {back}"
    what = "Deals moved from" if plan.apart else "Renamed the stage"
    session.log(f"{what} {plan.old} to {plan.new} in the playbook {plan.playbook}.")


def _rename_in_revisions(session: WriteSession, plan: StageRename) -> None:
    """Renames the stage in the stored revisions too: past handoffs are looked up by name in their revision."""
    for row in playbook_query.contents_naming(session.query, plan.old):
        with suppress(UnreadableYaml):
            content = with_stage_renamed(row["content"], plan.playbook, plan.old, plan.new)
            if content != row["content"]:
                update_revision(session, row["id"], content)


def _move_present_deals(home: Home, session: WriteSession, plan: StageRename) -> None:
    """Moves each deal from the old stage to the new one; owners do not change."""
    for row in playbook_query.present_stays(session.query, plan.playbook, plan.old):
        into = Into(
            plan.playbook, plan.new, row["kind"], row["owner"], because=row["because"],
            disposition=row["disposition"], wakes_on=row["wakes_on"],
        )  # fmt: skip
        move(session, row["id"], into, session.at, home.clock.zone)
