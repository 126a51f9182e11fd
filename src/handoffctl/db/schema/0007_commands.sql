-- What a command was, without reading its words: `handoff`, `summary sent`, `person add`. Each answer of an interview is
-- a command of its own, with the kind of the command that records the same. Empty for what was erased.
-- `db/old_commands.py` fills the three columns for the commands that were there before.
ALTER TABLE command ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE command ADD COLUMN author TEXT NOT NULL DEFAULT '';  -- who gave it; empty: the configuration names nobody
ALTER TABLE command ADD COLUMN wrote_file TEXT;  -- what an undo leaves: a calendar file, or a playbook in the home folder
