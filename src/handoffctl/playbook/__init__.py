"""Playbooks: model, criteria, checks, advice, library, revisions."""
