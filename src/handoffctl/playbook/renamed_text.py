"""Renames a stage in the text of its playbook and of playbooks that lead to it."""

from handoffctl.core.yaml.reader import Tree, parse_yaml
from handoffctl.core.yaml.text import UnreadableYaml
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

    def change(token: YamlToken) -> str | None:
        path, value = token.path, token.says.strip()
        if token.is_key:
            return new if own and path == ("stages", old) else None
        match path:
            case ("handoffs", int(), "to"):
                return names.get(value)
            case ("sla", str(), "handoff"):
                return keys.get(value)
            case ("handoffs", int(), "from") | ("sla", str(), "stage") | ("value", "first" | "signed"):
                return values.get(value)
            case ("improve", "candidate"):
                return next(
                    (f"{keys[name]}{value[len(name) :]}" for name in keys if value.startswith(f"{name}.")), None
                )
        return None

    return replace_tokens(text, change)


def leads_to_stage(text: str, playbook: str, stage: str) -> bool:
    """True if a handoff of this text leads to that stage of another playbook."""
    if f"{playbook}/{stage}" not in text:
        return False
    return any(
        token.says.strip() == f"{playbook}/{stage}" and token.path[:1] == ("handoffs",) and token.path[2:] == ("to",)
        for token in yaml_tokens(text.removeprefix("\ufeff"))
    )


def stages_left_by(text: str, word: str) -> set[str]:
    """Returns the stages that a handoff leaves whose own name is this word."""
    handoffs = parse_yaml(text.removeprefix("\ufeff")).tree.get("handoffs")
    mappings = [handoff for handoff in handoffs if isinstance(handoff, dict)] if isinstance(handoffs, list) else []
    return {str(handoff.get("from")) for handoff in mappings if _is_called(handoff, word)}


def named_stages(text: str) -> set[str]:
    """Returns the stages of this text; empty if it is no mapping."""
    try:
        stages = parse_yaml(text.removeprefix("\ufeff")).tree.get("stages")
    except UnreadableYaml:
        return set()
    return set(stages) if isinstance(stages, dict) else set()


def _is_own_name(tree: dict[str, Tree], word: str) -> bool:
    handoffs = tree.get("handoffs")
    return isinstance(handoffs, list) and any(
        isinstance(handoff, dict) and _is_called(handoff, word) for handoff in handoffs
    )


def _is_called(handoff: dict[str, Tree], word: str) -> bool:
    if "name" in handoff:
        return handoff["name"] == word
    return "to" not in handoff and handoff.get("receiver") == word
