"""Report follow-up: how well guidelines are kept."""
