"""The follow-up guideline of a stage and how well it is kept."""
