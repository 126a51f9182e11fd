"""`python -m handoffctl`."""

from handoffctl.cli.main import entry

entry()
