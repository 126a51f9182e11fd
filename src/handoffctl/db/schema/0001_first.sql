-- Moments are text: a date (2026-03-01) or an instant (2026-03-01T09:00:00Z). Money is integer cents. 0/1 for no/yes.
-- Every row names the command that wrote it, so that a command can be read back as a whole.

CREATE TABLE command (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                       -- when it was given
    words TEXT NOT NULL,                    -- as typed
    says TEXT NOT NULL,                     -- what it did, in one sentence
    account_id INTEGER REFERENCES account (id) ON DELETE SET NULL,
    deal_id INTEGER REFERENCES deal (id) ON DELETE SET NULL
);
CREATE INDEX command_of_account ON command (account_id, id);
CREATE INDEX command_of_deal ON command (deal_id);

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,                   -- the name as it is compared
    domain TEXT,
    unnamed INTEGER NOT NULL DEFAULT 0,     -- made for an imported deal that named no account
    test INTEGER NOT NULL DEFAULT 0         -- for drills; in no figure but the effort report
);
CREATE INDEX account_by_name ON account (folded);
CREATE INDEX account_for_drills ON account (id) WHERE test = 1;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT,
    folded TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    title TEXT,
    level TEXT,
    main INTEGER NOT NULL DEFAULT 0         -- the one that contact.* means
);
CREATE INDEX contact_of_account ON contact (account_id);

-- The stages that deals went through, each way written once: `solo/lead>solo/qualified>solo/lost`. Thousands of deals
-- share a few ways, so the report counts deals by way instead of reading every stay.
CREATE TABLE path (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    stages TEXT NOT NULL UNIQUE
);

CREATE TABLE deal (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    name TEXT,
    amount_cents INTEGER,
    expected_close TEXT,
    source TEXT,
    outside_stage TEXT,                     -- where an export has it, if it was moved outside
    outside_at TEXT,
    path_id INTEGER REFERENCES path (id),   -- always that of its stays
    UNIQUE (account_id, slug)
);
CREATE INDEX deal_by_path ON deal (path_id, account_id);

-- One stay of a deal in a stage. Its current stage and owner are those of the visit that has no end.
CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                -- first, second ... stay of the deal
    playbook TEXT NOT NULL,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,                     -- open, won, lost, nurture
    owner TEXT NOT NULL,
    entered_at TEXT,                        -- unknown where an export does not say
    left_at TEXT,
    days REAL,                              -- its length, once it has ended and both ends are known
    to_playbook TEXT,
    to_stage TEXT,
    to_kind TEXT,
    ended INTEGER NOT NULL DEFAULT 0,
    imported INTEGER NOT NULL DEFAULT 0,
    handoff_id INTEGER REFERENCES handoff (id),  -- the handoff that began it
    because TEXT,
    disposition TEXT,                       -- won, lost, disqualified, nurture
    wakes_on TEXT,
    UNIQUE (deal_id, number)
);
CREATE UNIQUE INDEX one_present_visit ON visit (deal_id) WHERE ended = 0;
-- Each covers a question of the throughput report, so that it reads the index alone.
CREATE INDEX visit_kinds ON visit (kind) WHERE ended = 0;
CREATE INDEX visit_lengths ON visit (playbook, stage, days, deal_id) WHERE days IS NOT NULL;
CREATE INDEX visit_present ON visit (playbook, stage, entered_at, kind, owner, deal_id) WHERE ended = 0;


CREATE TABLE field_value (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    deal_id INTEGER REFERENCES deal (id) ON DELETE CASCADE,  -- empty for what is true of the account
    name TEXT NOT NULL,
    type TEXT NOT NULL,                     -- text, money, date ... as the playbook had it
    value TEXT NOT NULL,
    at TEXT NOT NULL,
    seconds REAL                            -- how long the answer took, where somebody was asked
);
CREATE INDEX value_of_deal ON field_value (deal_id, name, id);
CREATE INDEX value_of_account ON field_value (account_id, name, id) WHERE deal_id IS NULL;

-- A placeholder that was typed where an answer was wanted.
CREATE TABLE refusal (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    deal_id INTEGER REFERENCES deal (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX refusal_of_deal ON refusal (deal_id);
CREATE INDEX refusal_of_account ON refusal (account_id);

CREATE TABLE playbook_revision (
    id INTEGER PRIMARY KEY,
    command_id INTEGER REFERENCES command (id),
    playbook TEXT NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX revision_of_playbook ON playbook_revision (playbook, id);

CREATE TABLE handoff (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    visit_id INTEGER NOT NULL REFERENCES visit (id) ON DELETE CASCADE,  -- the stay in which it was tried
    revision_id INTEGER NOT NULL REFERENCES playbook_revision (id),
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,                    -- blocked, completed, accepted, returned
    from_stage TEXT NOT NULL,
    to_playbook TEXT NOT NULL,
    to_stage TEXT NOT NULL,
    from_owner TEXT NOT NULL,
    to_owner TEXT NOT NULL,
    seconds REAL,                           -- spent on answers; empty when nothing was asked
    accepted_at TEXT,
    returned_at TEXT,
    because TEXT
);
CREATE INDEX handoff_of_deal ON handoff (deal_id, id);
CREATE INDEX handoff_in_visit ON handoff (visit_id);
CREATE INDEX visit_by_handoff ON visit (handoff_id) WHERE handoff_id IS NOT NULL;

CREATE TABLE gap (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    handoff_id INTEGER NOT NULL REFERENCES handoff (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL                      -- required, nice_to_have, returned (named when it was handed back)
);
CREATE INDEX gap_of_handoff ON gap (handoff_id);

CREATE TABLE touch (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    deal_id INTEGER REFERENCES deal (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    direction TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',
    met TEXT NOT NULL DEFAULT '',           -- the role or contact it was with
    text TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL
);
CREATE INDEX touch_of_deal ON touch (deal_id);
CREATE INDEX touch_of_account ON touch (account_id);

CREATE TABLE step (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    due TEXT,
    owner TEXT NOT NULL,
    at TEXT NOT NULL,
    done_at TEXT,
    replaced_at TEXT
);
CREATE UNIQUE INDEX one_open_step ON step (deal_id) WHERE done_at IS NULL AND replaced_at IS NULL;
CREATE INDEX step_of_deal ON step (deal_id);

CREATE TABLE summary (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    state TEXT NOT NULL,                    -- sent, confirmed
    sent_at TEXT,
    confirmed_at TEXT
);
CREATE INDEX summary_of_deal ON summary (deal_id, id);

-- What a record is called in the program it was imported from: `salesforce:deal:006...`.
CREATE TABLE origin (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    record_key TEXT NOT NULL UNIQUE,
    account_id INTEGER REFERENCES account (id) ON DELETE CASCADE,
    contact_id INTEGER REFERENCES contact (id) ON DELETE CASCADE,
    deal_id INTEGER REFERENCES deal (id) ON DELETE CASCADE
);
CREATE INDEX origin_of_account ON origin (account_id);
CREATE INDEX origin_of_contact ON origin (contact_id);
CREATE INDEX origin_of_deal ON origin (deal_id);
