-- What was proposed about a deal by a rule of its playbook, and what somebody decided. `rule` is empty where none spoke.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    rule TEXT NOT NULL DEFAULT '',
    proposed TEXT NOT NULL DEFAULT '',      -- lost, disqualified, nurture, keep; empty: nothing
    decided TEXT NOT NULL,                  -- lost, disqualified, nurture, won, keep, snooze
    until TEXT,                             -- nothing is proposed before then
    because TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL
);
CREATE INDEX decision_of_deal ON decision (deal_id, id);

-- A number that cannot be counted here, as somebody typed it. The newest for a month counts.
CREATE TABLE typed_number (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    playbook TEXT NOT NULL,
    objective TEXT NOT NULL,
    month TEXT NOT NULL,                    -- 2026-03
    number REAL NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX typed_number_of_objective ON typed_number (playbook, objective, month);

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

ALTER TABLE handoff ADD COLUMN reason TEXT;         -- why it was returned, by a name in the playbook's list of reasons
ALTER TABLE handoff ADD COLUMN enough INTEGER;      -- did the receiver have enough to begin? 1, 0, or empty: not said
ALTER TABLE handoff ADD COLUMN lacked TEXT NOT NULL DEFAULT '';  -- what was missing for that, in the receiver's words
ALTER TABLE visit ADD COLUMN reason TEXT;           -- why the deal ended, by a name in the playbook's list of reasons
ALTER TABLE person ADD COLUMN capacity INTEGER;     -- the number of open deals that is enough for them
