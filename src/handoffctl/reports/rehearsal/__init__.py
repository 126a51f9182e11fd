"""The rehearsal of a playbook: recorded handoffs replayed under new rules."""
