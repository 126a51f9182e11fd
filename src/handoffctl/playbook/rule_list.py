"""Reads a section that may be an ordered list of rules with names, or a mapping of names to rules.

The list is turned into the mapping, whose order is that of the file, so that everything else knows one form only.
"""

from handoffctl.core.yaml.reader import KeyPath, RepeatedKey, Tree, YamlDocument
from handoffctl.core.yaml.validation import YamlProblem

NAME = "name"


def by_name(file: YamlDocument, section: str) -> tuple[YamlDocument, list[YamlProblem]]:
    """Returns the document with this section as a mapping, and a problem for each rule of a list without a name."""
    listed = file.tree.get(section)
    if not isinstance(listed, list):
        return file, []
    rules: dict[str, Tree] = {}
    lines = {path: line for path, line in file.lines.items() if path[:1] != (section,) or len(path) == 1}
    repeated, problems = list(file.repeated), []
    for n, rule in enumerate(listed):
        path: KeyPath = (section, n)
        name = rule.get(NAME) if isinstance(rule, dict) else None
        if not isinstance(rule, dict) or not isinstance(name, str) or not name:
            problems.append(YamlProblem(file.line(path), path, "needs a name, as in `name: gone-quiet`"))
        elif name in rules:
            repeated.append(RepeatedKey((section, name), file.line(path), lines[section, name]))
        else:
            rules[name] = {key: value for key, value in rule.items() if key != NAME}
            inside = {path: line for path, line in file.lines.items() if path[:2] == (section, n)}
            lines |= {(section, name, *path[2:]): line for path, line in inside.items()}
    return YamlDocument({**file.tree, section: rules}, lines, repeated), problems
