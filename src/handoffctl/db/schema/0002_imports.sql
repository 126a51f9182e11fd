-- Touches that came from another program are known again by its name for them.
ALTER TABLE origin ADD COLUMN touch_id INTEGER REFERENCES touch (id) ON DELETE CASCADE;
CREATE INDEX origin_of_touch ON origin (touch_id) WHERE touch_id IS NOT NULL;

-- A value that an import brought follows a newer export; one that somebody gave here does not.
ALTER TABLE field_value ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;

-- Accounts are looked up by their domain, contacts by their address.
CREATE INDEX account_by_domain ON account (domain) WHERE domain IS NOT NULL;
CREATE INDEX contact_by_email ON contact (email) WHERE email IS NOT NULL;
