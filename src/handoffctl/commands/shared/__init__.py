"""Options, completion and e-mail delivery shared by several commands."""
