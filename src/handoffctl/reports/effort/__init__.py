"""Report effort: what handoffs cost in time."""
