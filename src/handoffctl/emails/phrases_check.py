"""Checks a file of phrases. Imports yaml and pydantic."""

from pathlib import Path

from handoffctl.core.yaml.validation import YamlProblem, display_path, raise_problems, read_tree, validate
from handoffctl.emails.phrases import Phrases, faulty_phrases


def check_phrases(path: Path, content: bytes | None) -> Phrases:
    """Checks a file of phrases. `content` is None where the file cannot be read. Raises RulesFault with every
    fault, each with file, line and path."""
    document = read_tree(path, content)
    result = validate(document, Phrases)
    say = document.tree.get("say")
    problems = list(result.problems)
    for name, sentence in faulty_phrases(say) if isinstance(say, dict) else ():
        problems.append(YamlProblem(document.line(("say", name)), ("say", name), sentence))
    if result.model is None or problems:
        raise_problems(display_path(path), problems, "run the command again")
    return result.model
