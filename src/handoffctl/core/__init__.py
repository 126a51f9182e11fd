"""Kernel without selling: moments, business time, names, money, field values, YAML and calendar files."""
