"""Letting go: which open deals the rules of a playbook propose to give up, to put aside or to keep."""
