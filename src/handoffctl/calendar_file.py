"""Writes calendar files (.ics): invitations to meetings, and what is due."""
