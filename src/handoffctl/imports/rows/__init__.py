"""Reads the rows of an export, by kind, into columns for the staging tables."""
