"""Reads YAML safely, with limits on size and depth, line numbers, validation, and errors in plain sentences."""
