"""What the shell offers after TAB. Silent on any trouble: a shell is no place for error messages."""

from collections.abc import Callable
from typing import TypeVar

from handoffctl.cli import here
from handoffctl.errors import HandoffError

Found = TypeVar("Found")


def _quietly(find: Callable[[], list[Found]]) -> list[Found]:
    try:
        return find()
    except HandoffError:
        return []


def accounts(incomplete: str) -> list[tuple[str, str]]:
    def find() -> list[tuple[str, str]]:
        from handoffctl.views.finding import completions

        with here.home().reading() as ask:
            return completions(ask, incomplete)

    return _quietly(find)


def stages(incomplete: str) -> list[tuple[str, str]]:
    def find() -> list[tuple[str, str]]:
        from handoffctl.actions.reporting import usual
        from handoffctl.actions.rules import rules

        with here.home().reading() as ask:
            playbook = rules(here.home(), usual(here.home(), ask)).playbook
        return [(name, playbook.title_of(name)) for name in playbook.stages if name.startswith(incomplete)]

    return _quietly(find)


def playbooks(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.actions.rules import files

        return [name for name in files(here.home()) if name.startswith(incomplete)]

    return _quietly(find)


def fields(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.actions.reporting import usual
        from handoffctl.actions.rules import rules
        from handoffctl.domain.playbook import BUILT_IN

        with here.home().reading() as ask:
            playbook = rules(here.home(), usual(here.home(), ask)).playbook
        return [f"{name}=" for name in (*playbook.fields, *BUILT_IN) if name.startswith(incomplete)]

    return _quietly(find)


def templates(incomplete: str) -> list[str]:
    def find() -> list[str]:
        from handoffctl.actions.mailing import templates as all_templates

        return [name for name in all_templates(here.home()) if name.startswith(incomplete)]

    return _quietly(find)
