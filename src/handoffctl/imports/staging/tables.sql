-- The rows of an export, in a temporary file beside the database until they are compared and written, so that memory
-- stays flat however long the export is. Tables with a name in the singular hold rows of the export; those in the plural,
-- which Python makes, hold each record once. `old_id` is the id of a record that exists already.
-- A moment is a text for a date, and seconds since 1970 for an instant: both sort by time, and lengths are a subtraction.

CREATE TABLE incoming.account (account_key TEXT, account TEXT, domain TEXT, file INT, row INT);
CREATE TABLE incoming.contact (
    key TEXT, account_key TEXT, account TEXT, domain TEXT, name TEXT, email TEXT, phone TEXT, title TEXT,
    file INT, row INT
);
CREATE TABLE incoming.deal (
    key TEXT, name TEXT, account_key TEXT, account TEXT, domain TEXT,
    contact_key TEXT, contact_name TEXT, contact_email TEXT, contact_phone TEXT, contact_title TEXT,
    stage INT, since, closed_at, amount_cents INT, owner TEXT, close TEXT, source TEXT, file INT, row INT
);
-- An entry of a deal into a stage. `place` is the file, the row, and the number in the row, as one number that sorts like
-- the export. `elsewhere` is 1 where the deal is now in another stage,
-- `before` the stage that it came from.
CREATE TABLE incoming.entry (
    place INTEGER PRIMARY KEY, deal TEXT, stage INT, at, elsewhere INT, owner TEXT, name TEXT, account_key TEXT,
    account TEXT, domain TEXT, amount_cents INT, before INT
);
CREATE TABLE incoming.value (deal TEXT, name TEXT, value TEXT, file INT, row INT);
CREATE TABLE incoming.touch (
    key TEXT, deal TEXT, account_key TEXT, account TEXT, domain TEXT, email TEXT, contact_key TEXT,
    kind TEXT, direction TEXT, outcome TEXT, text TEXT, at, file INT, row INT
);
CREATE TABLE incoming.skipped (file INT, row INT, reason TEXT);
CREATE TABLE incoming.stage (
    id INTEGER PRIMARY KEY, closing INT, playbook TEXT, name TEXT, title TEXT, kind TEXT, owner TEXT
);
