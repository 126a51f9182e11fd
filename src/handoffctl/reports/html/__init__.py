"""All reports as one HTML page."""
