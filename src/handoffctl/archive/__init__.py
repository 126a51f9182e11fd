"""Whole copies: export, import of our own export, backup and restore."""
