"""Report handoffs: handoffs by sender and receiver."""
