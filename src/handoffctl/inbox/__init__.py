"""Reads mail files, strips quoted mail, matches replies to summaries and classifies them."""
