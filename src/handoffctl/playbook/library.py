"""Loads playbooks: the user's file, else the shipped one, else the archived revision."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.errors import NotFound, NotReady, closest, nearest
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.query import newest_revision, stages_ever_used
from handoffctl.playbook.reader import playbook_from_text, read_playbook
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class LoadedPlaybook:
    """A playbook as read, and its file."""

    playbook: Playbook
    path: Path


def playbook_paths(home: Home) -> dict[str, Path]:
    """Returns every playbook by name; one in the home folder hides a shipped one of the same name."""
    paths = {}
    for folder in (shipped("playbooks"), home.folder / "playbooks"):
        paths.update({path.stem: path for path in sorted(folder.glob("*.yaml"))})
    return paths


def load_playbook(home: Home, name: str) -> LoadedPlaybook:
    """Loads the playbook of this name. Raises NotFound, or RulesFault if it is faulty."""
    own = home.folder / "playbooks" / f"{name}.yaml"
    path = own if own.is_file() else shipped("playbooks") / f"{name}.yaml"
    if "/" in name or not path.is_file():
        names = list(playbook_paths(home))
        raise NotFound(
            f'No playbook is called "{name}" {nearest(name, names)}'.rstrip() + ".",
            f"There are: {', '.join(names)}. Your own go to {home.folder / 'playbooks'}.",
        )
    return _read(home, path)


def _read(home: Home, path: Path) -> LoadedPlaybook:
    """Reads the playbook in this file, once per run unless the file changes."""
    file_status = path.stat()
    stamp = file_status.st_mtime_ns, file_status.st_size, file_status.st_ino
    known_stamp, parsed = home.read_files.get(path, (None, None))
    if not isinstance(parsed, LoadedPlaybook) or known_stamp != stamp:
        parsed = LoadedPlaybook(read_playbook(path), path)
        home.read_files[path] = stamp, parsed
    return parsed


def refuse_changed(home: Home, loaded: LoadedPlaybook) -> None:
    """Raises NotReady if the playbook changed since it was read. Call it inside the transaction.

    Renaming a stage writes the file and the records in one transaction, so what was read before is outdated.
    """
    if load_playbook(home, loaded.playbook.playbook).playbook != loaded.playbook:
        raise NotReady(
            f"The playbook {loaded.playbook.playbook} was changed meanwhile; the deal stays where it is.",
            "Run the command again.",
        )


def rename_stage_command(home: Home, playbook: Playbook, stage: str, kind: str) -> str:
    """Returns the command that moves the deals of a removed stage: to the most similar stage, else an unused one."""
    fitting = [name for name, candidate in playbook.stages.items() if candidate.kind == kind] or list(playbook.stages)
    to = closest(stage, fitting) or _first_unused_stage(home, playbook.playbook, fitting) or fitting[0]
    words = ["handoffctl", "playbook", "rename-stage", stage, to]
    if playbook.playbook != home.configuration.playbook:
        words += ["--playbook", playbook.playbook]
    return shlex.join(words)


def _first_unused_stage(home: Home, playbook: str, stages: Iterable[str]) -> str:
    """Returns the first of these stages that no deal was ever in: likely the removed one under a new name."""
    with home.reading() as query:
        used_stages = stages_ever_used(query, playbook)
    return next((stage for stage in stages if stage not in used_stages), "")


def with_destination_fields(home: Home, loaded: LoadedPlaybook, stage: str, names: Iterable[str]) -> Playbook:
    """Returns the playbook, plus the fields of playbooks this stage leads to if one of the names is not its own."""
    playbook = loaded.playbook
    if all(playbook.field(name) for name in names):
        return playbook
    fields = dict(playbook.fields)
    for handoff in playbook.leaving(stage):
        if handoff.to_playbook:
            fields = {**load_playbook(home, handoff.to_playbook).playbook.fields, **fields}
    return playbook.model_copy(update={"fields": fields})


def archived_playbook(query: Query, name: str) -> Playbook | None:
    """Returns the newest archived revision of this playbook, for when its file is gone or faulty."""
    newest = newest_revision(query, name)
    return playbook_from_text(newest.content, f"{name} as kept on {newest.at[:10]}") if newest else None


def archive_revision(session: WriteSession, loaded: LoadedPlaybook) -> int:
    """Returns the id of the archived revision with this content, archived now if it is new."""
    content = loaded.path.read_text(encoding="utf-8-sig")
    digest = sha256(content.encode()).hexdigest()
    newest = newest_revision(session.query, loaded.playbook.playbook)
    if newest and newest.hash == digest:
        return newest.id
    row = session.models.PlaybookRevision(
        playbook=loaded.playbook.playbook, hash=digest, content=content, at=session.at
    )
    revision_id = session.add(row).id
    assert revision_id is not None
    return revision_id
