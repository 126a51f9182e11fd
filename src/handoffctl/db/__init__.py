"""The database: queries, write sessions, models, schema steps, undo log, backup, integrity. Only here is sqlmodel."""
