-- Who agreed to which content of a playbook, and when: a shared definition is one that somebody said yes to.
CREATE TABLE agreement (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    revision_id INTEGER NOT NULL REFERENCES playbook_revision (id),
    who TEXT NOT NULL,                      -- a person or a role
    at TEXT NOT NULL
);
CREATE INDEX agreement_to ON agreement (revision_id);
