"""Loads import maps: the user's own, and those shipped for known programs."""

from functools import cache
from pathlib import Path

from handoffctl.core.names import slugify
from handoffctl.core.yaml.validation import read_model
from handoffctl.errors import UsageFault, nearest
from handoffctl.imports.mapping.model import ImportMap

PRESETS = Path(__file__).resolve().parent / "presets"


def shipped_maps() -> dict[str, Path]:
    """Returns the path of each shipped map, by program."""
    return {path.stem: path for path in sorted(PRESETS.glob("*.yaml"))}


@cache
def load_shipped_map(name: str) -> ImportMap:
    """Returns the shipped map of a program. Raises UsageFault if there is none."""
    paths = shipped_maps()
    name = name.casefold()
    if name not in paths:
        raise UsageFault(
            f'"{name[:40]}" is no program whose exports are known {nearest(name, list(paths))}'.rstrip() + ".",
            f"There are: {', '.join(paths)}. For another one write a map: handoffctl import --suggest FILE > map.yaml",
        )
    return read_model(paths[name], ImportMap)


def load_own_map(path: Path) -> tuple[str, ImportMap]:
    """Returns the name of the export's system and the user's map; later imports find the same records by that name.

    The name is the program in the map, else the name of the file. Raises RulesFault or Refused.
    """
    import_map = read_model(path, ImportMap)
    return slugify(import_map.program or path.name.partition(".")[0]), import_map
