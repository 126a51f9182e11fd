-- What a row was before a command changed or removed it, so that the command can be taken back. Rows that a command adds
-- name it, and need no more. Triggers on the connection that writes see to it; see `store/former.py`.
CREATE TABLE former (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    of_table TEXT NOT NULL,
    of_row INTEGER NOT NULL,
    was TEXT NOT NULL                       -- all columns as JSON; reals as SQL writes them, for JSON rounds them
);
CREATE INDEX former_of_command ON former (command_id);

ALTER TABLE command ADD COLUMN undoes_id INTEGER REFERENCES command (id);   -- the command that this one took back
ALTER TABLE command ADD COLUMN final TEXT DEFAULT 'it is older than undo';  -- why it cannot be taken back; empty: it can

-- Who works here, in which roles, and when not. An owner is one of these by name, or a role.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    email TEXT,
    away_from TEXT,
    away_to TEXT                            -- the last day away
);
CREATE TABLE person_role (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    UNIQUE (person_id, role)
);

CREATE TABLE meeting (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    visit_id INTEGER NOT NULL REFERENCES visit (id) ON DELETE CASCADE,  -- the stay in which it was booked
    uid TEXT NOT NULL UNIQUE,               -- by which calendars know it
    at TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    met TEXT NOT NULL DEFAULT '',           -- the role or contact it is with
    handoff TEXT,                           -- the handoff that waits for it, by its name in the playbook
    state TEXT NOT NULL,                    -- booked, held, no-show, cancelled
    booked_at TEXT NOT NULL,
    marked_at TEXT,                         -- when somebody said what became of it
    moves INTEGER NOT NULL DEFAULT 0,       -- how often it was moved
    step_id INTEGER REFERENCES step (id) ON DELETE SET NULL,   -- the next step that stands for it
    touch_id INTEGER REFERENCES touch (id) ON DELETE SET NULL  -- the touch that it came to
);
CREATE INDEX meeting_of_deal ON meeting (deal_id, id);
CREATE INDEX meeting_in_visit ON meeting (visit_id);
CREATE INDEX meeting_waiting ON meeting (state, deal_id) WHERE state IN ('booked', 'no-show');
CREATE INDEX meeting_with_step ON meeting (step_id) WHERE step_id IS NOT NULL;
CREATE INDEX meeting_with_touch ON meeting (touch_id) WHERE touch_id IS NOT NULL;

-- Which criteria of the playbook held when a meeting was booked: of whom do those come who do not turn up?
CREATE TABLE meeting_criterion (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    meeting_id INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    held INTEGER NOT NULL
);
CREATE INDEX criterion_of_meeting ON meeting_criterion (meeting_id);

-- When what was handed to whom was last gone through. An empty receiver stands for all.
CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    receiver TEXT NOT NULL,
    at TEXT NOT NULL
);

-- What is still open is looked through every morning.
CREATE INDEX promise_open ON promise (deal_id) WHERE kept_at IS NULL;
CREATE INDEX handoff_not_accepted ON handoff (deal_id) WHERE state = 'completed' AND from_owner <> to_owner;
