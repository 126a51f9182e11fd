"""`python -m handoffctl`."""

from handoffctl.app import entry

entry()
