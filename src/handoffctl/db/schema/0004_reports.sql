-- A trigger that was seen: the prospect did what calls for a handoff. Once for each stay and handoff.
CREATE TABLE sighting (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    visit_id INTEGER NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
    handoff TEXT NOT NULL,                  -- which handoff it calls for, by the name it has in the playbook
    at TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,        -- somebody said so; else its criteria held for the first time
    UNIQUE (visit_id, handoff)
);
CREATE INDEX sighting_of_deal ON sighting (deal_id);

-- What a drill learned, once it was put back: how long the answer took still counts, the answer does not.
ALTER TABLE field_value ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

-- Reports read the lengths of stays by where they led to, from the index alone.
DROP INDEX visit_lengths;
CREATE INDEX visit_lengths ON visit (playbook, stage, to_playbook, to_stage, days, deal_id) WHERE days IS NOT NULL;
