"""The handoffs report: by handoff, by sender and by receiver."""
