"""Public CRM exports, and the figures that were computed from them independently."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")  # a test finds the environment without it


@pytest.fixture
def data() -> Path:
    """The folder of exports; tests that use it are skipped where it is not at hand."""
    return Path(DATA or "")


@pytest.fixture
def oracle(data: Path) -> Any:
    return json.loads((data / "oracle.json").read_text(encoding="utf-8"))
