"""Validates a YAML file against the type of its content. Reports each error with file, line, path and a plain sentence.

One error must not hide another. So faulty parts are cut out of the tree and the rest is validated again; paths
always refer to the tree as written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from pydantic import ValidationError

from handoffctl.core.yaml.forms import checked
from handoffctl.core.yaml.model_errors import describe_error, intended_path
from handoffctl.core.yaml.reader import KeyPath, Tree, YamlDocument, parse_yaml
from handoffctl.core.yaml.text import UnreadableYaml, read_content, text_of
from handoffctl.core.yaml.types import StrictModel
from handoffctl.errors import RulesFault

MOST_FAULTS = 100
ROUNDS = 8
LONGEST_SENTENCE = 300

M = TypeVar("M", bound=StrictModel)


@dataclass(frozen=True, order=True)
class YamlProblem:
    """One error of a file, with its line and path."""

    line: int
    path: KeyPath = field(compare=False)
    sentence: str = field(compare=False)


@dataclass
class ValidationResult(Generic[M]):
    """The model of the valid part of the tree, the errors, and the parts that had to be cut out.

    `model` is None if too much is missing.
    """

    model: M | None
    problems: list[YamlProblem]
    cuts: set[KeyPath]


def read_model(path: Path, model: type[M], content: bytes | None = None) -> M:
    """Reads and validates a file. Raises RulesFault with every error in `problems`, each with file, line and path."""
    result = validate(read_tree(path, content), model)
    if result.model is None or result.problems:
        raise_problems(display_path(path), result.problems, "run the command again")
    return result.model


def read_tree(path: Path, content: bytes | None = None) -> YamlDocument:
    """Reads the tree of a file and its lines, or of the content it was seen to have. Raises RulesFault if it is not
    readable YAML."""
    try:
        return parse_yaml(text_of(read_content(path) if content is None else content))
    except UnreadableYaml as fault:
        raise_problems(display_path(path), [YamlProblem(fault.line, (), fault.sentence)], "run the command again")
    except OSError as fault:
        sentence = f"{display_path(path)} cannot be read: {fault.strerror}."
        raise RulesFault(sentence, "Look at its name and its rights.") from None


def display_path(path: Path) -> str:
    """Returns the path as people would type it: relative to the current folder if it is inside."""
    try:
        folder = Path.cwd()
    except OSError:  # the folder was deleted meanwhile
        return path.as_posix()
    return (path.relative_to(folder) if path.is_absolute() and path.is_relative_to(folder) else path).as_posix()


def raise_problems(file: str, problems: Iterable[YamlProblem], then: str) -> NoReturn:
    """Raises RulesFault with the problems in the order of their lines; `then` is what to do after fixing them."""
    lines = list(dict.fromkeys(_as_line(file, problem) for problem in sorted(problems)))
    count, them = ("1 fault", "it") if len(lines) == 1 else (f"{len(lines)} faults", "them")
    more = " or more" if len(lines) >= MOST_FAULTS else ""
    raise RulesFault(f"{file} has {count}{more}.", f"Put {them} right and {then}.", lines[:MOST_FAULTS])


def _as_line(file: str, problem: YamlProblem) -> str:
    where = f"{dotted_path(problem.path)}: " if problem.path else ""
    text = " ".join(problem.sentence.split())
    return f"{file}:{problem.line}: {where}{text if len(text) <= LONGEST_SENTENCE else text[:LONGEST_SENTENCE] + '...'}"


def dotted_path(path: KeyPath) -> str:
    """Formats a path like `handoffs[0].required`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{' '.join(key.split())[:60]}" for key in path)
    return text.removeprefix(".")


def validate(file: YamlDocument, model: type[M], stand_in: Mapping[str, Tree] | None = None) -> ValidationResult[M]:
    """Validates the tree, cuts out faulty parts, and validates the rest until it is valid.

    `stand_in` has values for required keys at the root, so that the rest can be validated without them.
    """
    problems = [
        YamlProblem(key.line, key.path, f'"{key.path[-1]}" is here twice, first in line {key.first}')
        for key in file.repeated[:MOST_FAULTS]
    ]
    cuts: set[KeyPath] = set()
    for _ in range(ROUNDS):
        try:
            return ValidationResult(checked(model, without_cuts(file.tree, cuts, stand_in or {})), problems, cuts)
        except ValidationError as fault:
            errors = [{**error, "loc": original_path(error["loc"], file.tree, cuts)} for error in _details(fault)]
        new = {_to_cut(error, file.tree) for error in errors}
        intended = {path for error in errors[:MOST_FAULTS] if (path := intended_path(error, model))}
        problems += _problems(errors, file, model, cuts, intended)
        if () in new or new <= cuts:
            break
        cuts |= new | intended
    return ValidationResult(None, problems, cuts)


def _details(fault: ValidationError) -> list[dict[str, Any]]:
    errors = [dict(error) for error in fault.errors(include_url=False)]
    return [error for error in errors if not _is_consequence(error, errors)]


def _is_consequence(error: dict[str, Any], errors: Sequence[dict[str, Any]]) -> bool:
    """Returns True if a list counts as too short only because its items, which are reported themselves, are faulty."""
    path = error["loc"]
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in errors
    )


def _problems(
    errors: list[dict[str, Any]],
    file: YamlDocument,
    model: type[StrictModel],
    cuts: set[KeyPath],
    intended: set[KeyPath],
) -> Iterable[YamlProblem]:
    """Yields the errors that do not merely follow from earlier cuts, or from the misspelling of an intended key."""
    above = {cut[:length] for cut in cuts for length in range(len(cut) + 1)}
    own = [
        error
        for error in errors
        if error["loc"] not in intended and existing_path(error["loc"], file.tree) not in above
    ]
    own.sort(key=lambda error: file.line(error["loc"]))
    for error in own[:MOST_FAULTS]:
        where = error["loc"][:-1] if error["type"] == "missing" else problem_path(error["loc"], file.tree)
        yield YamlProblem(file.line(error["loc"]), where, describe_error(error, model))


def _to_cut(error: dict[str, Any], tree: Tree) -> KeyPath:
    path: KeyPath = error["loc"]
    if error["type"] == "missing":
        return path[:-1] or path
    return existing_path(path, tree)


def without_cuts(tree: dict[str, Tree], cuts: set[KeyPath], stand_in: Mapping[str, Tree]) -> Tree:
    """Returns the tree without the parts that were cut out."""
    return {**stand_in, **kept} if cuts and isinstance(kept := _kept(tree, (), cuts), dict) else tree


def _kept(tree: Tree, path: KeyPath, cuts: set[KeyPath]) -> Tree:
    if isinstance(tree, dict):
        return {key: _kept(value, (*path, key), cuts) for key, value in tree.items() if (*path, key) not in cuts}
    if isinstance(tree, list):
        return [_kept(value, (*path, n), cuts) for n, value in enumerate(tree) if (*path, n) not in cuts]
    return tree


def original_path(path: KeyPath, tree: Tree, cuts: set[KeyPath]) -> KeyPath:
    """Converts a path of the tree with cuts to a path of the whole tree: cuts move the items of lists up."""
    whole: KeyPath = ()
    for key in path:
        if isinstance(key, int) and isinstance(tree, list):
            key = [n for n in range(len(tree)) if (*whole, n) not in cuts][key]
        tree = tree[key] if _holds(tree, key) else ""  # type: ignore[index]
        whole = (*whole, key)
    return whole


def existing_path(path: KeyPath, tree: Tree) -> KeyPath:
    """Returns the part of the path that exists in the tree."""
    for length, key in enumerate(path):
        if not _holds(tree, key):
            return path[:length]
        tree = tree[key]  # type: ignore[index]
    return path


def problem_path(path: KeyPath, tree: Tree) -> KeyPath:
    """Returns the path that an error is shown under: the part that exists, and the list instead of a word in it."""
    path = existing_path(path, tree)
    for key in path:
        tree = tree[key]  # type: ignore[index]
    return path[:-1] if isinstance(tree, str) and path and isinstance(path[-1], int) else path


def _holds(tree: Tree, key: str | int) -> bool:
    if isinstance(tree, dict):
        return isinstance(key, str) and key in tree
    return isinstance(tree, list) and isinstance(key, int) and key < len(tree)
