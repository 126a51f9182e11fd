"""Report fields: what handoffs ask, and whether to keep asking."""
