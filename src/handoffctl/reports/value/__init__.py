"""The value report: time from signing to first value."""
