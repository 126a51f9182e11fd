"""A YAML file held against a model: a validated model, or every fault with file, line, path and a plain sentence.

One fault must not hide another. So what is at fault is cut out of the tree and the rest is validated again; paths
always speak of the tree as written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from handoffctl.core.yaml.model_errors import misspelt, sentence
from handoffctl.core.yaml.reader import KeyPath, Tree, Unreadable, Written, text_of, written
from handoffctl.errors import RulesFault

MOST_FAULTS = 100
ROUNDS = 8
LONGEST_SENTENCE = 300

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Problem:
    """One fault and where it stands."""

    line: int
    path: KeyPath = field(compare=False)
    sentence: str = field(compare=False)


@dataclass
class Checked(Generic[M]):
    """What is left of the tree as a model, the faults found, and the parts that had to be cut out."""

    model: M | None
    problems: list[Problem]
    cuts: set[KeyPath]


def read_model(path: Path, model: type[M]) -> M:
    """The file as a model. Raises RulesFault with every fault in `problems`, each with file, line and path."""
    tree = read_tree(path)
    found = checked(tree, model)
    if found.model is None or found.problems:
        complain(shown(path), found.problems, "run the command again")
    return found.model


def read_tree(path: Path) -> Written:
    """The tree of the file and its lines. Raises RulesFault."""
    try:
        return written(text_of(path))
    except Unreadable as fault:
        complain(shown(path), [Problem(fault.line, (), fault.sentence)], "run the command again")
    except OSError as fault:
        said = f"{shown(path)} cannot be read: {fault.strerror}."
        raise RulesFault(said, "Look at its name and its rights.") from None


def shown(path: Path) -> str:
    """The path as people would type it from here."""
    try:
        here = Path.cwd()
    except OSError:  # the folder was deleted meanwhile
        return path.as_posix()
    return (path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path).as_posix()


def complain(file: str, problems: Iterable[Problem], then: str) -> NoReturn:
    """Raises RulesFault with the problems by line; `then` is what to do once they are put right."""
    lines = list(dict.fromkeys(_as_line(file, problem) for problem in sorted(problems)))
    count, them = ("1 fault", "it") if len(lines) == 1 else (f"{len(lines)} faults", "them")
    more = " or more" if len(lines) >= MOST_FAULTS else ""
    raise RulesFault(f"{file} has {count}{more}.", f"Put {them} right and {then}.", lines[:MOST_FAULTS])


def _as_line(file: str, problem: Problem) -> str:
    where = f"{dotted(problem.path)}: " if problem.path else ""
    said = " ".join(problem.sentence.split())
    return f"{file}:{problem.line}: {where}{said if len(said) <= LONGEST_SENTENCE else said[:LONGEST_SENTENCE] + '...'}"


def dotted(path: KeyPath) -> str:
    """`handoffs[0].required`"""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{' '.join(key.split())[:60]}" for key in path)
    return text.removeprefix(".")


def checked(file: Written, model: type[M], stand_in: Mapping[str, Tree] | None = None) -> Checked[M]:
    """Validates, cuts out what is at fault, and validates the rest until it is sound.

    `stand_in` has values for the keys at the root that a model cannot do without, so that the rest can be judged.
    """
    problems = [
        Problem(again.line, again.path, f'"{again.path[-1]}" is here twice, first in line {again.first}')
        for again in file.repeated[:MOST_FAULTS]
    ]
    cuts: set[KeyPath] = set()
    for _ in range(ROUNDS):
        try:
            return Checked(model.model_validate(without(file.tree, cuts, stand_in or {})), problems, cuts)
        except ValidationError as fault:
            errors = [{**error, "loc": as_written(error["loc"], file.tree, cuts)} for error in _details(fault)]
        new = {_to_cut(error, file.tree) for error in errors}
        meant = {path for error in errors[:MOST_FAULTS] if (path := misspelt(error, model))}
        problems += _told(errors, file, model, cuts, meant)
        if () in new or new <= cuts:
            break
        cuts |= new | meant
    return Checked(None, problems, cuts)


def _details(fault: ValidationError) -> list[dict[str, Any]]:
    return [dict(error) for error in fault.errors(include_url=False) if not _only_faulty(dict(error))]


def _only_faulty(error: dict[str, Any]) -> bool:
    """Whether a list is called too short merely because its items, which are told of themselves, are at fault."""
    return error["type"] == "too_short" and bool(error["input"])


def _told(
    errors: list[dict[str, Any]], file: Written, model: type[BaseModel], cuts: set[KeyPath], meant: set[KeyPath]
) -> Iterable[Problem]:
    """The errors that are not merely what earlier cuts, or a key that is misspelt, have left behind."""
    above = {cut[:length] for cut in cuts for length in range(len(cut) + 1)}
    own = [error for error in errors if error["loc"] not in meant and existing(error["loc"], file.tree) not in above]
    own.sort(key=lambda error: file.line(error["loc"]))
    for error in own[:MOST_FAULTS]:
        where = error["loc"][:-1] if error["type"] == "missing" else place(error["loc"], file.tree)
        yield Problem(file.line(error["loc"]), where, sentence(error, model))


def _to_cut(error: dict[str, Any], tree: Tree) -> KeyPath:
    path: KeyPath = error["loc"]
    if error["type"] == "missing":
        return path[:-1] or path
    return existing(path, tree)


def without(tree: dict[str, Tree], cuts: set[KeyPath], stand_in: Mapping[str, Tree]) -> Tree:
    """The tree without the parts that were cut out."""
    return {**stand_in, **kept} if cuts and isinstance(kept := _kept(tree, (), cuts), dict) else tree


def _kept(tree: Tree, path: KeyPath, cuts: set[KeyPath]) -> Tree:
    if isinstance(tree, dict):
        return {key: _kept(value, (*path, key), cuts) for key, value in tree.items() if (*path, key) not in cuts}
    if isinstance(tree, list):
        return [_kept(value, (*path, n), cuts) for n, value in enumerate(tree) if (*path, n) not in cuts]
    return tree


def as_written(path: KeyPath, tree: Tree, cuts: set[KeyPath]) -> KeyPath:
    """A path of the tree with cuts as a path of the whole tree: the items of lists have moved up."""
    here: KeyPath = ()
    for key in path:
        if isinstance(key, int) and isinstance(tree, list):
            key = [n for n in range(len(tree)) if (*here, n) not in cuts][key]
        tree = tree[key] if _holds(tree, key) else ""  # type: ignore[index]
        here = (*here, key)
    return here


def existing(path: KeyPath, tree: Tree) -> KeyPath:
    """The part of the path that is in the tree."""
    for length, key in enumerate(path):
        if not _holds(tree, key):
            return path[:length]
        tree = tree[key]  # type: ignore[index]
    return path


def place(path: KeyPath, tree: Tree) -> KeyPath:
    """The path that a fault is shown under: what exists, and the list instead of a word in it."""
    path = existing(path, tree)
    for key in path:
        tree = tree[key]  # type: ignore[index]
    return path[:-1] if isinstance(tree, str) and path and isinstance(path[-1], int) else path


def _holds(tree: Tree, key: str | int) -> bool:
    if isinstance(tree, dict):
        return isinstance(key, str) and key in tree
    return isinstance(tree, list) and isinstance(key, int) and key < len(tree)
