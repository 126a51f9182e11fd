"""The missed report: triggers without a handoff, deals moved outside, returns."""
