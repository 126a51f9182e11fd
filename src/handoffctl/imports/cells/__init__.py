"""Parses cells: amounts, dates and times, names, addresses."""
