"""The fields report: what handoffs ask for, and whether to keep asking."""
