"""Figures: pure functions from counted rows to numbers. No disk, no database, no terminal, no clock."""
