"""The regular meeting with the receivers."""
