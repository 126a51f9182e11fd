"""What the shell offers after TAB. Silent on any trouble: a shell is no place for error messages."""

import re
from collections.abc import Callable
from typing import TypeVar

from handoffctl.console import context

Found = TypeVar("Found")


def _quietly(find: Callable[[], list[Found]]) -> list[Found]:
    try:
        return find()
    except Exception:
        return []


def _harmless(text: str) -> str:
    """What the shell may show beside a word: zsh evaluates it, so nothing passes that could be a command."""
    return "".join(c if c.isalnum() or c in " .,-" else " " for c in text)


def fit_to_type(word: str) -> bool:
    """Whether a word from a file or the database may go on the command line as it is."""
    return re.fullmatch(r"[\w.-]+", word) is not None


def accounts(incomplete: str) -> list[tuple[str, str]]:
    def find() -> list[tuple[str, str]]:
        from handoffctl.deals.lookup_query import completions

        with context.home().reading() as query:
            return [(slug, _harmless(name)) for slug, name in completions(query, incomplete) if fit_to_type(slug)]

    return _quietly(find)


def stages(incomplete: str) -> list[tuple[str, str]]:
    def find() -> list[tuple[str, str]]:
        from handoffctl.reports.context import usual_playbook

        playbook = usual_playbook(context.home())
        stages = [name for name in playbook.stages if name.startswith(incomplete)]
        return [(name, _harmless(playbook.title_of(name))) for name in stages]

    return _quietly(find)


def playbooks(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.playbook.library import playbook_paths

        return [name for name in playbook_paths(context.home()) if name.startswith(incomplete) and fit_to_type(name)]

    return _quietly(find)


def fields(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.playbook.model import BUILT_IN
        from handoffctl.reports.context import usual_playbook

        playbook = usual_playbook(context.home())
        return [f"{name}=" for name in (*playbook.fields, *BUILT_IN) if name.startswith(incomplete)]

    return _quietly(find)


def templates(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.emails.templates import template_paths as all_templates

        return [name for name in all_templates(context.home()) if name.startswith(incomplete) and fit_to_type(name)]

    return _quietly(find)


def persons(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.people.query import people

        with context.home().reading() as query:
            names = [one.name for one in people(query)]
        return [name for name in names if name.startswith(incomplete) and fit_to_type(name)]

    return _quietly(find)


OFFERS: dict[str, Callable[[str], list[tuple[str, str]] | list[str]]] = {
    "account": accounts,
    "stage": stages,
    "playbook": playbooks,
    "field": fields,
    "template": templates,
    "person": persons,
}
