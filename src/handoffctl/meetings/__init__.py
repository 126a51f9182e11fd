"""Meetings: booking, outcome, invitation."""
