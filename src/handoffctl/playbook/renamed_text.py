"""Renames a stage in the text of its playbook and of playbooks that lead to it."""

from handoffctl.core.yaml.reader import Tree, UnreadableYaml, parse_yaml
from handoffctl.core.yaml.tokens import YamlToken, replace_tokens, yaml_tokens


def with_stage_renamed(text: str, playbook: str, old: str, new: str) -> str:
    """Returns the text of any playbook with every mention of this stage renamed; comments and layout stay.

    Raises Unreadable for text that is no mapping, or in which a word cannot be changed safely.
    """
    tree = parse_yaml(text.removeprefix("\ufeff")).tree
    own = tree.get("playbook") == playbook
    if own and new in tree.get("stages", {}) and old in tree.get("stages", {}):
        raise UnreadableYaml(1, f'it has both stages, "{old}" and "{new}"')
    names = {f"{playbook}/{old}": f"{playbook}/{new}"} | ({old: new} if own else {})
    keys = {name: word for name, word in names.items() if not _is_own_name(tree, name)}
    values = names if own else {}

    def change(place: YamlToken) -> str | None:
        path, says = place.path, place.says.strip()
        if place.is_key:
            return new if own and path == ("stages", old) else None
        match path:
            case ("handoffs", int(), "to"):
                return names.get(says)
            case ("sla", str(), "handoff"):
                return keys.get(says)
            case ("handoffs", int(), "from") | ("sla", str(), "stage") | ("value", "first" | "signed"):
                return values.get(says)
        return None

    return replace_tokens(text, change)


def mentions(text: str, playbook: str, stage: str) -> bool:
    """True if a handoff of this text leads to that stage of another playbook."""
    if f"{playbook}/{stage}" not in text:
        return False
    return any(
        place.says.strip() == f"{playbook}/{stage}" and place.path[:1] == ("handoffs",) and place.path[2:] == ("to",)
        for place in yaml_tokens(text.removeprefix("\ufeff"))
    )


def named_like(text: str, word: str) -> set[str]:
    """Returns the stages that a handoff leaves whose own name is this word."""
    handoffs = parse_yaml(text.removeprefix("\ufeff")).tree.get("handoffs")
    entries = [one for one in handoffs if isinstance(one, dict)] if isinstance(handoffs, list) else []
    return {str(one.get("from")) for one in entries if _goes_by(one, word)}


def named_stages(text: str) -> set[str]:
    """Returns the stages of this text; empty if it is no mapping."""
    try:
        stages = parse_yaml(text.removeprefix("\ufeff")).tree.get("stages")
    except UnreadableYaml:
        return set()
    return set(stages) if isinstance(stages, dict) else set()


def _is_own_name(tree: dict[str, Tree], word: str) -> bool:
    handoffs = tree.get("handoffs")
    return isinstance(handoffs, list) and any(isinstance(one, dict) and _goes_by(one, word) for one in handoffs)


def _goes_by(handoff: dict[str, Tree], word: str) -> bool:
    if "name" in handoff:
        return handoff["name"] == word
    return "to" not in handoff and handoff.get("receiver") == word
