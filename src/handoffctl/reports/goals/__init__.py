"""The report on goals: what each role and person did, beside its quality, the objectives and the goal."""
