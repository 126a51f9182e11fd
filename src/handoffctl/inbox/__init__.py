"""Replies found in mail files: reads mailboxes, strips quoted mail, matches replies to summaries."""
