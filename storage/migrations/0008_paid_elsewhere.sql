-- Who asked was kept as a hash without a key: whoever had the file could try all addresses until one fitted. Those are
-- forgotten, and overwritten on the disk: what people took within their last hour and day is forgiven once. From now on
-- a key goes in that is not in this file (`storage/keys.py`).
PRAGMA secure_delete = ON;
DELETE FROM run_askers;

-- Runs, and askings for flaws, that came in with a bundle: others have paid for them, so that no limit counts them here.
CREATE TABLE paid_elsewhere (
    id TEXT PRIMARY KEY NOT NULL, -- of a run or of an asking
    noted_at TEXT NOT NULL CHECK (noted_at LIKE '____-__-__T%Z')
) STRICT;

-- A lease of a time that has not come keeps nothing: a clock was ahead. Which units that concerns changes with time.
CREATE INDEX leases_by_creation ON leases (created_at);
