"""The summary e-mail: draft, sent, confirmed or corrected."""
