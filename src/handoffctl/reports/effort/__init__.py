"""The effort report: how long answering takes, and what the process costs a week."""
