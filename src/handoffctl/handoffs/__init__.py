"""The heart: the gate, a handoff attempt, accept and return, closing, triggers, drills."""
