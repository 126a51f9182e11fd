"""Promises made to clients."""
