-- Promises have an owner, and are ours, the client's ("theirs"), or a milestone of both.
ALTER TABLE promise ADD COLUMN kind TEXT NOT NULL DEFAULT 'ours';   -- ours, theirs, milestone
ALTER TABLE promise ADD COLUMN owner TEXT NOT NULL DEFAULT '';      -- who keeps it; empty: nobody was named
ALTER TABLE promise ADD COLUMN told INTEGER NOT NULL DEFAULT 0;     -- 1: it may stand in what the client reads
ALTER TABLE promise ADD COLUMN dropped_at TEXT;

-- The next step is private. What a client is told of it becomes a promise, at most once.
ALTER TABLE step ADD COLUMN made INTEGER NOT NULL DEFAULT 0;        -- 1: the program made it, for a meeting
ALTER TABLE step ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;    -- 1: the client is not to be told of it
ALTER TABLE step ADD COLUMN promise_id INTEGER REFERENCES promise (id) ON DELETE SET NULL;
CREATE INDEX step_of_promise ON step (promise_id) WHERE promise_id IS NOT NULL;
UPDATE step SET made = 1 WHERE id IN (SELECT step_id FROM meeting WHERE step_id IS NOT NULL);

-- A meeting is with several people of both sides. `meeting.met` stays the role or contact that the first of them is.
ALTER TABLE meeting ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE meeting ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE TABLE meeting_guest (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    meeting_id INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT,
    side TEXT NOT NULL                      -- client, ours
);
CREATE INDEX guest_of_meeting ON meeting_guest (meeting_id);

ALTER TABLE person ADD COLUMN intro TEXT NOT NULL DEFAULT '';       -- what a client is told of this person

-- The client's own words, and the mail in which they stand.
ALTER TABLE answer ADD COLUMN line TEXT;
ALTER TABLE answer ADD COLUMN mail TEXT;                            -- the name of the file; empty: taken down by hand

-- A summary either says everything, or what is new since another one that the client answered.
ALTER TABLE summary ADD COLUMN since_id INTEGER REFERENCES summary (id) ON DELETE SET NULL;
ALTER TABLE summary ADD COLUMN question TEXT;                       -- the field that its one question is about
ALTER TABLE summary ADD COLUMN nudged_at TEXT;                      -- when the client was reminded of it, once
CREATE INDEX summary_since ON summary (since_id) WHERE since_id IS NOT NULL;

-- What bore out the value of a deal (1), or lowered it (-1).
CREATE TABLE value_entry (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                -- first, second ... entry of the deal
    effect INTEGER NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (deal_id, number)
);

-- The content of a shipped playbook under which a deal lives, where it is not the newest one.
ALTER TABLE deal ADD COLUMN revision_id INTEGER REFERENCES playbook_revision (id);
CREATE INDEX deal_by_revision ON deal (revision_id) WHERE revision_id IS NOT NULL;
