"""Follow-up: the guideline of a stage, and how it is kept."""
