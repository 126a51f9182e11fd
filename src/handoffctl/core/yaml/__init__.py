"""Reads YAML safely: size and depth limits, line numbers, validation against models, plain sentences for errors."""
