"""handoffctl: a handoff as a real, checked, measured event, over one local SQLite file."""

__version__ = "0.10.0"
