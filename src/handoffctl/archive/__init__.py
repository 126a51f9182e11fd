"""Moves whole workspaces: export, import of an export, backup and restore."""
