"""Reads where the deals of stages go that a newer version of a shipped playbook renamed or dropped."""

from collections.abc import Iterable, Mapping

from handoffctl.core.yaml.reader import Tree
from handoffctl.core.yaml.validation import read_tree
from handoffctl.errors import RulesFault
from handoffctl.playbook.model import Playbook
from handoffctl.resources import shipped

FOLDER = "upgrades"


def stage_map(name: str) -> dict[str, str]:
    """Returns the new stage for each renamed or dropped stage of a shipped playbook; empty where nothing was."""
    path = shipped("playbooks") / FOLDER / f"{name}.yaml"
    if not path.is_file():
        return {}
    stages: Tree = read_tree(path).tree.get("stages") or {}
    if not isinstance(stages, dict):
        raise RulesFault(f"{path}: stages must be a map of old stages to new ones.", "Install the program again.")
    return {str(old): str(new) for old, new in stages.items()}


def new_stages(playbook: Playbook, taken: Iterable[str], moved: Mapping[str, str]) -> dict[str, str]:
    """Returns the new stage for each of the `taken` ones that the playbook no longer has.

    A stage that was renamed twice is followed through both lines of the map. Raises RulesFault where the map leads to
    no stage of the playbook.
    """
    result = {}
    for old in taken:
        stage, seen = old, {old}
        while stage not in playbook.stages and moved.get(stage, stage) not in seen:
            stage = moved[stage]
            seen.add(stage)
        if stage not in playbook.stages:
            raise RulesFault(
                f'{playbook.playbook}: nothing says where the deals in "{old}" go.',
                f"They stay where they are, under the content that they entered with. To keep that content for good: "
                f"handoffctl init {playbook.playbook}",
            )
        if stage != old:
            result[old] = stage
    return result
