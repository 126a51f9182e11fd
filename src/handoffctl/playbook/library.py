"""Loads playbooks: the user's file, else the shipped one, else the archived revision.

A deal lives under the content of the shipped playbook that it entered with, until `playbook upgrade` moves it to the
newest one. A file of the user's own holds for all deals at once.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.errors import NotFound, NotReady, RulesFault, closest, nearest
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.query import (
    KeptContent,
    newest_revision,
    revision,
    revision_with_hash,
    stages_ever_used,
)
from handoffctl.playbook.reader import playbook_from_text, read_playbook
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home

EARLIER = "earlier"  # the folder of the contents that shipped before deals kept the content they entered with


@dataclass(frozen=True)
class LoadedPlaybook:
    """A playbook as read, and its file. `revision_id` is set if it is kept content, not what the file holds now."""

    playbook: Playbook
    path: Path
    revision_id: int | None = None


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


def own_file(home: Home, name: str) -> Path | None:
    """Returns the user's own file of this playbook; None if there is none, so that the shipped one holds."""
    path = home.folder / "playbooks" / f"{name}.yaml"
    return path if path.is_file() else None


def is_shipped(loaded: LoadedPlaybook) -> bool:
    """True if the playbook came with the program, in its newest content or an earlier one."""
    return loaded.path.is_relative_to(shipped("playbooks"))


def load_kept(home: Home, name: str, content: KeptContent | None) -> LoadedPlaybook:
    """Loads a playbook for a deal that entered it with this content; None if it did before deals kept their content.

    Such a deal has the content that shipped until then. The newest holds where the user has a file of their own, and
    where this version can no longer read the kept content. Raises as `load_playbook` does.
    """
    path = shipped("playbooks") / f"{name}.yaml"
    if "/" in name or own_file(home, name) or not path.is_file():
        return load_playbook(home, name)
    try:
        if content is None:
            earlier = shipped("playbooks") / EARLIER / f"{name}.yaml"
            return _read(home, earlier if earlier.is_file() and _text(earlier) != _text(path) else path)
        return _read(home, path) if content.hash == _digest(_text(path)) else _read_revision(home, name, path, content)
    except RulesFault:
        return _read(home, path)


def load_for_stage(home: Home, name: str, stage: str, content: KeptContent | None) -> LoadedPlaybook:
    """Loads a playbook as `load_kept` does for a deal in this stage, or the newest content if only that has the stage.

    An import may bring a deal to such a stage. Neither content may have it.
    """
    kept = load_kept(home, name, content)
    if stage in kept.playbook.stages:
        return kept
    newest = load_playbook(home, name)
    return newest if stage in newest.playbook.stages else kept


def load_with_stage(home: Home, name: str, stage: str) -> LoadedPlaybook:
    """Loads a playbook for a deal that enters this stage: the newest content, or an earlier one if only that has it."""
    newest = load_playbook(home, name)
    if stage not in newest.playbook.stages:
        earlier = load_kept(home, name, None)
        if stage in earlier.playbook.stages:
            return earlier
    return newest


def _read_revision(home: Home, name: str, path: Path, content: KeptContent) -> LoadedPlaybook:
    """Reads archived content, once per run. `path` is the file that has other content by now."""
    known = home.read_revisions.get(content.hash)
    if not isinstance(known, LoadedPlaybook):
        with home.reading() as query:
            row = revision(query, content.revision_id)
        if row is None:  # archived by the command that runs now
            return _read(home, path)
        known = LoadedPlaybook(playbook_from_text(row.content, f"{name} as kept on {row.at[:10]}"), path, row.id)
        home.read_revisions[content.hash] = known
    return known


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def refuse_changed(home: Home, loaded: LoadedPlaybook) -> None:
    """Raises NotReady if the playbook changed since it was read. Call it inside the transaction.

    Renaming a stage writes the file and the records in one transaction, so what was read before is outdated.
    """
    name = loaded.playbook.playbook
    if is_shipped(loaded) and not own_file(home, name):
        return  # what came with the program does not change while it runs
    if load_playbook(home, name).playbook != loaded.playbook:
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
            fields = {**load_with_stage(home, handoff.to_playbook, handoff.to_stage).playbook.fields, **fields}
    return playbook.with_values(fields=fields)


def archived_playbook(query: Query, name: str) -> Playbook | None:
    """Returns the newest archived revision of this playbook, for when its file is gone or faulty."""
    newest = newest_revision(query, name)
    return playbook_from_text(newest.content, f"{name} as kept on {newest.at[:10]}") if newest else None


def archive_revision(session: WriteSession, loaded: LoadedPlaybook) -> int:
    """Returns the id of the archived revision with this content, archived now if it is new.

    A file of the user's own that went back to an older content is archived again, so that its history is told. Of a
    shipped playbook several contents are in use at once, and each is archived once.
    """
    if loaded.revision_id is not None:
        return loaded.revision_id
    content = _text(loaded.path)
    digest = _digest(content)
    if is_shipped(loaded):
        archived = revision_with_hash(session.query, loaded.playbook.playbook, digest)
    else:
        archived = newest_revision(session.query, loaded.playbook.playbook)
    if archived and archived.hash == digest:
        return archived.id
    row = session.models.PlaybookRevision(
        playbook=loaded.playbook.playbook, hash=digest, content=content, at=session.at
    )
    revision_id = session.add(row).id
    assert revision_id is not None
    return revision_id
