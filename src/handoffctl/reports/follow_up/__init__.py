"""The follow-up report: how well the guidelines of stages are kept."""
