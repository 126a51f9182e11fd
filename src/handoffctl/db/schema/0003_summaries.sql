-- The ledger of summaries: draft, sent, confirmed, corrected. (Silent is reckoned, not kept.) The text is kept from the
-- draft on, and never changed once the mail was sent; of a mail that was sent without a draft there may be none.
ALTER TABLE summary ADD COLUMN reference TEXT;      -- stands in the subject, so that an answer can be found by it
ALTER TABLE summary ADD COLUMN sent_as TEXT;        -- the Message-ID
ALTER TABLE summary ADD COLUMN recipient TEXT;      -- of a draft only where somebody named one
ALTER TABLE summary ADD COLUMN subject TEXT;
ALTER TABLE summary ADD COLUMN body TEXT;
ALTER TABLE summary ADD COLUMN hash TEXT;           -- of subject and body, from the moment it was sent
ALTER TABLE summary ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;  -- somebody wrote in it: not to be written anew unasked
ALTER TABLE summary ADD COLUMN announced INTEGER;   -- whether the client agreed to confirm it; empty: nobody said
ALTER TABLE summary ADD COLUMN text_command_id INTEGER REFERENCES command (id);  -- values told later are not in the text
CREATE UNIQUE INDEX one_draft ON summary (deal_id) WHERE state = 'draft';
CREATE UNIQUE INDEX summary_by_reference ON summary (reference) WHERE reference IS NOT NULL;
CREATE INDEX summary_unanswered ON summary (state, deal_id) WHERE state IN ('draft', 'sent');

-- What a client answered, as somebody took it down; the values that its command told are the corrections. With the hash
-- of the mail it was taken from, if it was, so that no mail is proposed twice: ids may be missing or double.
CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    summary_id INTEGER NOT NULL REFERENCES summary (id) ON DELETE CASCADE,
    taken_as TEXT NOT NULL,                 -- confirmed, corrected, other
    at TEXT NOT NULL,
    note TEXT,
    hash TEXT UNIQUE,
    sender TEXT
);
CREATE INDEX answer_of_summary ON answer (summary_id);

CREATE TABLE promise (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                -- first, second ... promise of the deal
    text TEXT NOT NULL,
    due TEXT,
    at TEXT NOT NULL,
    kept_at TEXT,
    UNIQUE (deal_id, number)
);

-- An e-mail that a handoff called for and that was drafted when it was done.
CREATE TABLE letter (
    id INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    handoff_id INTEGER NOT NULL REFERENCES handoff (id) ON DELETE CASCADE,
    template TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX letter_of_handoff ON letter (handoff_id);
