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

ALTER TABLE handoff ADD COLUMN score INTEGER;       -- the points of the signals at the gate; empty: it has no signals
