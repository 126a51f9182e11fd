"""Checks a playbook: YAML, models and semantic checks, with all errors at once. Imports yaml and pydantic."""

from pathlib import Path

from handoffctl.core.yaml.reader import KeyPath, Tree, YamlDocument, parse_yaml
from handoffctl.core.yaml.text import UnreadableYaml
from handoffctl.core.yaml.validation import (
    YamlProblem,
    display_path,
    original_path,
    problem_path,
    raise_problems,
    read_tree,
    validate,
)
from handoffctl.playbook.lint import faults
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.rule_list import by_name
from handoffctl.playbook.symbols import DeclaredNames

STAND_IN: dict[str, Tree] = {"playbook": "unnamed", "stages": {"unnamed": {}}}


def check_file(path: Path, content: bytes | None) -> Playbook:
    """Checks the playbook in a file. `content` is None where the file cannot be read. Raises RulesFault with every
    error, each with file, line and path."""
    return _validated(read_tree(path, content), display_path(path), path.stem)


def check_text(text: str, shown: str) -> Playbook:
    """Checks the text of a playbook; `shown` is its name in messages. Raises RulesFault."""
    try:
        tree = parse_yaml(text.removeprefix("\ufeff"))  # a mark that some editors write, kept by earlier versions
    except UnreadableYaml as fault:
        raise_problems(shown, [YamlProblem(fault.line, (), fault.sentence)], "run the command again")
    return _validated(tree, shown, "")


def _validated(file: YamlDocument, shown: str, stem: str) -> Playbook:
    file, nameless = by_name(file, "dispositions")
    result = validate(file, Playbook, STAND_IN)
    problems = [*nameless, *result.problems]
    if result.model:
        problems += _semantic_problems(result.model, file, result.cuts)
    name = file.tree.get("playbook")
    if stem and isinstance(name, str) and name != stem:
        sentence = f'the file is called {stem}.yaml, so playbook must be "{stem}"'
        problems.append(YamlProblem(file.line(("playbook",)), ("playbook",), sentence))
    if problems or result.model is None:
        raise_problems(shown, problems, f"run handoffctl playbook check {stem or name}")
    return result.model


def _semantic_problems(playbook: Playbook, file: YamlDocument, cuts: set[KeyPath]) -> list[YamlProblem]:
    """Returns semantic errors in the readable part, except those a cut-out part may cause."""
    readable = {name: field for name, field in playbook.fields.items() if not _has_cut(("fields", name), cuts)}
    playbook = playbook.with_values(fields=readable)
    problems = []
    for fault in faults(playbook, _declared(file.tree, cuts)):
        path = original_path(fault.path, file.tree, cuts)
        if not _from_a_cut(path, cuts):
            problems.append(YamlProblem(file.line(path), problem_path(path, file.tree), fault.sentence))
    return problems


def _has_cut(path: KeyPath, cuts: set[KeyPath]) -> bool:
    return any(cut[: len(path)] == path for cut in cuts)


def _from_a_cut(path: KeyPath, cuts: set[KeyPath]) -> bool:
    if any(path[:length] in cuts for length in range(1, len(path) + 1)):
        return True
    return path[-1] == "not" and _has_cut(path, cuts)  # what it stands over may have lost its "within"


def _declared(tree: dict[str, Tree], cuts: set[KeyPath]) -> DeclaredNames:
    def names(key: str) -> list[str] | None:
        section = tree.get(key, {})
        return list(section) if isinstance(section, dict) and (key,) not in cuts else None

    return DeclaredNames(
        names("fields"),
        names("criteria"),
        names("stages"),
        names("roles"),
        ways=not any(_hides_reachability(cut) for cut in cuts),
        handoffs=not any(cut[0] == "handoffs" and (len(cut) < 3 or cut[2] in _NAME_KEYS) for cut in cuts),
        points=not any(cut[0] == "signals" for cut in cuts),
        conditions=names("conditions"),
    )


_NAME_KEYS = ("name", "to", "receiver")  # the keys by which a handoff is called


def _hides_reachability(cut: KeyPath) -> bool:
    return cut[0] in ("stages", "handoffs") and (len(cut) < 3 or cut[-1] in ("kind", "from", "to"))


def place_of(path: Path, keys: KeyPath) -> str:
    """Returns the place of some keys in the file: `playbooks/sales.yaml:41`."""
    return f"{display_path(path)}:{read_tree(path).line(keys)}"
