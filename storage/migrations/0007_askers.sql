-- Who began a run, as a hash: what people took within an hour and a day is counted over it, also after a restart. Not the
-- visitor of a run: whoever throws that cookie away is still the same asker, and a whole network may be one.
CREATE TABLE run_askers (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    asker_sha256 TEXT NOT NULL CHECK (length(asker_sha256) = 64),
    asked_at TEXT NOT NULL CHECK (asked_at LIKE '____-__-__T%Z')
) STRICT;
CREATE INDEX run_askers_by_asker ON run_askers (asker_sha256, asked_at);
