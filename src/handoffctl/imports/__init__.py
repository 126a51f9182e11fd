"""Imports the history of another program: files, cells, mapping, rows, staging."""
