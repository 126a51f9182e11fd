"""Report missed: triggers without a handoff."""
