"""Finds the playbooks, templates and phrases that ship with the program: in the package, else in the checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Returns the folder of shipped `playbooks`, `templates` or `phrases`."""
    packed = PACKAGE / folder
    return packed if packed.is_dir() else PACKAGE.parents[1] / folder
