"""Report value: time from signing to first value."""
