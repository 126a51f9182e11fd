"""Keeps what YAML files said when they were checked, so that the same content is never parsed and checked again.

A file for each content, in the user's cache folder: a line of JSON that says what it is, and a line with the part. It
is used if it belongs to the user, only the user can read it, it is whole, and this very program made it of this very
content; else it is made anew. What it holds is held to the same limits as a YAML file. Nothing depends on the folder:
where it cannot be written, each command checks its files itself.
"""

import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from handoffctl import __version__
from handoffctl.core.yaml.plain import from_plain, to_plain
from handoffctl.core.yaml.types import StrictModel
from handoffctl.resources import PACKAGE
from handoffctl.workspace.files import OWNER_ONLY, write_unsynced

FORMAT = 1
MOST_BYTES = 4 * 1024 * 1024
MOST_FILES = 100
_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u")  # of a control character or half a pair, which no YAML file can hold
_RULES = ("core", "core/yaml", "playbook", "playbook/criteria")  # the folders of the code that checks

M = TypeVar("M", bound=StrictModel)


def recall(kind: type[M], content: bytes) -> M | None:
    """Returns what this content said when it was checked as a part of this type; None if that is not known."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        header, _, body = _read_own(folder / _file_name(kind, content)).partition(b"\n")
        if json.loads(header) != _header(kind, content, body) or _ESCAPE.search(body):
            return None
        return from_plain(kind, json.loads(body))
    except (OSError, ValueError, RecursionError):
        return None


def remember(part: StrictModel, content: bytes) -> None:
    """Keeps a part that was read from this content and has no fault. Does nothing where that is not possible."""
    folder = cache_folder()
    if folder is None:
        return
    body = json.dumps(to_plain(part), ensure_ascii=False, separators=(",", ":"))
    if from_plain(type(part), json.loads(body)) != part:
        return
    encoded = body.encode()
    header = json.dumps(_header(type(part), content, encoded)).encode()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_ours(folder.stat()):
            write_unsynced(folder / _file_name(type(part), content), header + b"\n" + encoded)
            _discard_oldest(folder)


def cache_folder() -> Path | None:
    """Returns the folder of the program in the user's cache folder; None where files have no owner to check."""
    if not hasattr(os, "geteuid"):
        return None
    given = os.environ.get("XDG_CACHE_HOME", "")
    if given.startswith("/"):
        return Path(given, "handoffctl")
    try:
        return Path.home() / ".cache" / "handoffctl"
    except RuntimeError:  # nobody knows the home of this user
        return None


def _file_name(kind: type[StrictModel], content: bytes) -> str:
    return f"{kind.__name__.lower()}-{sha256(content).hexdigest()[:40]}.json"


def _header(kind: type[StrictModel], content: bytes, body: bytes) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "program": __version__,
        "rules": _rules_stamp(kind.__module__),
        "kind": kind.__name__,
        "content": sha256(content).hexdigest(),
        "body": sha256(body).hexdigest(),
    }


@cache
def _rules_stamp(module: str) -> str:
    """Returns a text that changes with the code that checks, so that a checkout may change without a new version."""
    files = [path for folder in _RULES for path in _stamps(PACKAGE / folder)]
    own_file = getattr(sys.modules[module], "__file__", None)
    own = os.stat(own_file) if own_file else None
    stamps = [*sorted(files), ("", own.st_mtime_ns, own.st_size) if own else None]
    return sha256(repr(stamps).encode()).hexdigest()[:16]


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                file_status = entry.stat()
                yield entry.path, file_status.st_mtime_ns, file_status.st_size


def _is_ours(file_status: os.stat_result) -> bool:
    """True for what belongs to this user and what nobody else can write."""
    return file_status.st_uid == os.geteuid() and not file_status.st_mode & 0o022


def _read_own(path: Path) -> bytes:
    """Reads a file that belongs to this user and only this user can read, never through a link. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        file_status = os.fstat(descriptor)
        own = _is_ours(file_status) and stat.S_ISREG(file_status.st_mode)
        if not own or stat.S_IMODE(file_status.st_mode) != OWNER_ONLY or file_status.st_size > MOST_BYTES:
            raise PermissionError(path)
        return file.read(MOST_BYTES)


def _discard_oldest(folder: Path) -> None:
    with os.scandir(folder) as entries:
        ages = sorted((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in entries)
    for _, path in ages[:-MOST_FILES]:
        with suppress(OSError):
            os.unlink(path)
