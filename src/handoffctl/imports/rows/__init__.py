"""Reads the rows of an export, kind by kind, and hands them on."""
