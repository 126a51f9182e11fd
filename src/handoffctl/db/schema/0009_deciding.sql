-- Leaving an item, or a whole step, out of a playbook to see whether it is missed.
CREATE TABLE trial (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    playbook TEXT NOT NULL,
    handoff TEXT NOT NULL,                  -- the handoff that does without it; for a stage the stage
    item TEXT NOT NULL,                     -- the field or criterion; empty where the step itself is left out
    kind TEXT NOT NULL,                     -- item, handoff, stage
    mode TEXT NOT NULL,                     -- probation, randomized
    size INTEGER NOT NULL,                  -- deals to judge it by; for randomized trials in each arm
    margin REAL,                            -- randomized: so much more harm is still acceptable, as a share
    draw_key TEXT NOT NULL DEFAULT '',        -- randomized: the key by which the arms are drawn
    started_at TEXT NOT NULL,
    ended_at TEXT,
    verdict TEXT,                           -- keep_out, put_back, stopped
    because TEXT NOT NULL DEFAULT ''
);
CREATE INDEX trial_running ON trial (playbook) WHERE ended_at IS NULL;
CREATE TABLE trial_deal (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    trial_id INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    visit_id INTEGER NOT NULL REFERENCES visit (id) ON DELETE CASCADE,  -- the stay in which it began
    handoff_id INTEGER REFERENCES handoff (id),  -- the attempt that did without the item
    arm TEXT NOT NULL,                      -- without, with
    at TEXT NOT NULL,
    missed INTEGER,                         -- 1: it was missed; 0: it was not; empty: not known yet
    missed_at TEXT,
    UNIQUE (trial_id, visit_id)
);
CREATE INDEX trial_of_deal ON trial_deal (deal_id);
CREATE INDEX trial_of_visit ON trial_deal (visit_id);
CREATE INDEX trial_of_handoff ON trial_deal (handoff_id) WHERE handoff_id IS NOT NULL;

-- What a client was asked again although it was known, as people report it.
CREATE TABLE asked_twice (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    handoff_id INTEGER REFERENCES handoff (id),  -- the handoff after which it was noticed, where `accept` reports it
    name TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX asked_twice_of_deal ON asked_twice (deal_id);
CREATE INDEX asked_twice_of_handoff ON asked_twice (handoff_id) WHERE handoff_id IS NOT NULL;

ALTER TABLE handoff ADD COLUMN score INTEGER;       -- the points of the signals at the gate; empty: it has no signals
ALTER TABLE handoff ADD COLUMN reason TEXT;         -- why it was returned, by a name in the playbook's list of reasons
ALTER TABLE handoff ADD COLUMN enough INTEGER;      -- did the receiver have enough to begin? 1, 0, or empty: not said
ALTER TABLE handoff ADD COLUMN lacked TEXT NOT NULL DEFAULT '';  -- what was missing for that, in the receiver's words
ALTER TABLE visit ADD COLUMN reason TEXT;           -- why the deal ended, by a name in the playbook's list of reasons
