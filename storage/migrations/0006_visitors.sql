-- A public demo knows nobody by name. Of the browser that began a run it keeps the hash of a random cookie, so that each
-- finds what it began itself, and nothing else.
CREATE TABLE run_visitors (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    visitor_sha256 TEXT NOT NULL CHECK (length(visitor_sha256) = 64),
    claimed_at TEXT NOT NULL CHECK (claimed_at LIKE '____-__-__T%Z')
) STRICT;
CREATE INDEX run_visitors_by_visitor ON run_visitors (visitor_sha256);
