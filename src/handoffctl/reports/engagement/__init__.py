"""The engagement report: touches per stage, responses and silence."""
