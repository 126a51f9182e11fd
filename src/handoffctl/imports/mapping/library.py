"""The maps by which exports are read: the user's own, and those shipped for programs that are known."""

from functools import cache
from pathlib import Path

from handoffctl.core.names import slug
from handoffctl.core.yaml.checked import read_model
from handoffctl.errors import UsageFault, nearest
from handoffctl.imports.mapping.model import Map

PRESETS = Path(__file__).resolve().parent / "presets"


def programs() -> dict[str, Path]:
    """The programs whose exports are known, with the map of each."""
    return {path.stem: path for path in sorted(PRESETS.glob("*.yaml"))}


@cache
def shipped_map(name: str) -> Map:
    """The map for this program. Raises UsageFault where there is none."""
    known = programs()
    name = name.casefold()
    if name not in known:
        raise UsageFault(
            f'"{name[:40]}" is no program whose exports are known {nearest(name, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(known)}. For another one write a map: handoffctl import --suggest FILE > map.yaml",
        )
    return read_model(known[name], Map)


def own_map(path: Path) -> tuple[str, Map]:
    """The user's map, and the name under which its records are found again: its program, else its file's name."""
    found = read_model(path, Map)
    return slug(found.program or path.name.partition(".")[0]), found
