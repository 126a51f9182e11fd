"""What needs attention today, most urgent first."""
