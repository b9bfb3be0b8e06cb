-- Annotation: studies as they were defined, trials as they were shown, what people judged, and who may come in.
-- "The latest" of anything is the row with the highest seq: transactions are in a row, clocks of processes are not.

CREATE TABLE studies (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    title TEXT NOT NULL CHECK (title <> ''),
    definition TEXT NOT NULL CHECK (json_valid(definition) AND json_type(definition) = 'object'),
    definition_sha256 TEXT NOT NULL CHECK (length(definition_sha256) = 64), -- of the definition and the units
    overlap INTEGER NOT NULL CHECK (overlap >= 1), -- so many people judge each unit
    version INTEGER NOT NULL CHECK (version >= 1),
    supersedes TEXT UNIQUE REFERENCES studies (id),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    UNIQUE (id, definition_sha256),
    CHECK ((version = 1) = (supersedes IS NULL))
) STRICT;

CREATE TABLE study_closings (
    study_id TEXT NOT NULL REFERENCES studies (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
    decided_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (study_id, seq)
) STRICT;

-- Units that are identical or the same as another are recorded and never shown.
CREATE TABLE study_units (
    study_id TEXT NOT NULL REFERENCES studies (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    run_id TEXT REFERENCES runs (id), -- NULL = imported
    prompt TEXT NOT NULL CHECK (prompt <> ''),
    phase TEXT NOT NULL CHECK (phase IN ('training', 'main')),
    is_identical INTEGER NOT NULL CHECK (is_identical IN (0, 1)), -- its contenders read the same
    same_as INTEGER, -- the unit that shows the same
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    PRIMARY KEY (study_id, place),
    FOREIGN KEY (study_id, same_as) REFERENCES study_units (study_id, place),
    CHECK (same_as < place)
) STRICT;

-- An output as the study shows it. One that was imported has no run, and an id that only its unit knows.
CREATE TABLE contenders (
    study_id TEXT NOT NULL,
    unit_place INTEGER NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 0),
    role TEXT NOT NULL CHECK (role IN ('single', 'best', 'fusion', 'vote', 'candidate')),
    run_id TEXT, -- NULL = imported
    output_id TEXT NOT NULL CHECK (output_id <> ''),
    member TEXT NOT NULL,
    text TEXT NOT NULL, -- as raters read it: self-naming may be masked
    text_sha256 TEXT NOT NULL CHECK (length(text_sha256) = 64),
    names TEXT NOT NULL CHECK (json_valid(names) AND json_type(names) = 'array'),
    PRIMARY KEY (study_id, unit_place, place),
    UNIQUE (study_id, unit_place, output_id, role),
    FOREIGN KEY (study_id, unit_place) REFERENCES study_units (study_id, place),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id)
) STRICT;
CREATE INDEX contenders_by_output ON contenders (output_id);

-- The raters of a study, numbered as they came.
CREATE TABLE joinings (
    study_id TEXT NOT NULL REFERENCES studies (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    rater_id TEXT NOT NULL REFERENCES raters (id),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (study_id, seq),
    UNIQUE (study_id, rater_id)
) STRICT;

CREATE TABLE trials (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    study_id TEXT NOT NULL,
    unit_place INTEGER NOT NULL,
    rater_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('training', 'main', 'repeat')),
    repeat_of TEXT,
    position INTEGER NOT NULL CHECK (position >= 0),
    shown_order TEXT NOT NULL CHECK (json_valid(shown_order) AND json_type(shown_order) = 'array'),
    definition_sha256 TEXT NOT NULL,
    opened_at TEXT NOT NULL CHECK (opened_at LIKE '____-__-__T%Z'),
    UNIQUE (study_id, rater_id, unit_place, kind),
    UNIQUE (study_id, rater_id, unit_place, id),
    UNIQUE (study_id, rater_id, unit_place, kind, id),
    UNIQUE (study_id, id),
    FOREIGN KEY (study_id, rater_id) REFERENCES joinings (study_id, rater_id),
    FOREIGN KEY (study_id, definition_sha256) REFERENCES studies (id, definition_sha256),
    FOREIGN KEY (study_id, unit_place) REFERENCES study_units (study_id, place),
    FOREIGN KEY (study_id, rater_id, unit_place, repeat_of) REFERENCES trials (study_id, rater_id, unit_place, id),
    CHECK ((kind = 'repeat') = (repeat_of IS NOT NULL))
) STRICT;
CREATE INDEX trials_by_unit ON trials (study_id, unit_place, kind, rater_id, id);

-- How long a trial is kept for its rater; a renewal is a new row.
CREATE TABLE leases (
    trial_id TEXT NOT NULL REFERENCES trials (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    expires_at TEXT NOT NULL CHECK (expires_at LIKE '____-__-__T%Z'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (trial_id, seq)
) STRICT;
CREATE INDEX leases_by_expiry ON leases (expires_at);

-- What a rater said of an own trial. A correction supersedes the one before: a chain, never a fork, one beginning.
CREATE TABLE trial_ratings (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    study_id TEXT NOT NULL,
    unit_place INTEGER NOT NULL,
    rater_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    trial_id TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    verdict TEXT NOT NULL CHECK (verdict IN ('output', 'tie', 'all_bad', 'ranking', 'scores', 'skip', 'withdrawn')),
    output_id TEXT,
    role TEXT, -- as what the output was shown
    strength INTEGER NOT NULL CHECK (strength BETWEEN 0 AND 2),
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    active_seconds REAL CHECK (active_seconds >= 0),
    shown TEXT NOT NULL CHECK (json_valid(shown) AND json_type(shown) = 'object'),
    is_after_reveal INTEGER NOT NULL CHECK (is_after_reveal IN (0, 1)),
    is_too_fast INTEGER NOT NULL CHECK (is_too_fast IN (0, 1)),
    supersedes TEXT UNIQUE,
    request_key TEXT NOT NULL UNIQUE CHECK (request_key <> ''), -- a second press of the same button carries the same key
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    UNIQUE (trial_id, revision),
    UNIQUE (trial_id, id),
    UNIQUE (id, study_id, unit_place),
    FOREIGN KEY (study_id, rater_id, unit_place, kind, trial_id)
        REFERENCES trials (study_id, rater_id, unit_place, kind, id),
    FOREIGN KEY (study_id, unit_place, output_id, role) REFERENCES contenders (study_id, unit_place, output_id, role),
    FOREIGN KEY (trial_id, supersedes) REFERENCES trial_ratings (trial_id, id),
    CHECK ((verdict = 'output') = (output_id IS NOT NULL)),
    CHECK ((role IS NULL) = (output_id IS NULL)),
    CHECK (verdict = 'output' OR strength = 0),
    CHECK ((revision = 1) = (supersedes IS NULL)),
    CHECK (verdict <> 'withdrawn' OR supersedes IS NOT NULL)
) STRICT;
CREATE INDEX trial_ratings_by_study ON trial_ratings (study_id); -- and by rowid, which is as they came
CREATE INDEX trial_ratings_superseded ON trial_ratings (study_id, supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX trial_ratings_by_unit ON trial_ratings (study_id, kind, unit_place, verdict, rater_id, trial_id, id);

CREATE TABLE flaws (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    rating_id TEXT NOT NULL,
    study_id TEXT NOT NULL,
    unit_place INTEGER NOT NULL,
    output_id TEXT NOT NULL,
    role TEXT NOT NULL,
    span_start INTEGER, -- NULL = the whole answer
    span_end INTEGER,
    category TEXT NOT NULL CHECK (category <> ''),
    severity TEXT NOT NULL CHECK (severity <> ''),
    note TEXT NOT NULL,
    taxonomy_id TEXT NOT NULL CHECK (taxonomy_id <> ''),
    taxonomy_version TEXT NOT NULL CHECK (taxonomy_version <> ''),
    FOREIGN KEY (rating_id, study_id, unit_place) REFERENCES trial_ratings (id, study_id, unit_place),
    FOREIGN KEY (study_id, unit_place, output_id, role) REFERENCES contenders (study_id, unit_place, output_id, role),
    CHECK ((span_start IS NULL) = (span_end IS NULL)),
    CHECK (span_start >= 0 AND span_start < span_end)
) STRICT;
CREATE INDEX flaws_by_rating ON flaws (rating_id);
CREATE INDEX flaws_by_output ON flaws (output_id);

CREATE TABLE exclusions (
    study_id TEXT NOT NULL REFERENCES studies (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    rater_id TEXT REFERENCES raters (id),
    trial_id TEXT,
    is_excluded INTEGER NOT NULL CHECK (is_excluded IN (0, 1)),
    reason TEXT NOT NULL CHECK (reason <> ''),
    decided_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (study_id, seq),
    FOREIGN KEY (study_id, trial_id) REFERENCES trials (study_id, id),
    CHECK ((rater_id IS NULL) <> (trial_id IS NULL))
) STRICT;

-- What a rater has not said yet. The one table without guards: a draft is written over, and gone once it is said.
CREATE TABLE drafts (
    trial_id TEXT PRIMARY KEY NOT NULL REFERENCES trials (id),
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    saved_at TEXT NOT NULL CHECK (saved_at LIKE '____-__-__T%Z')
) STRICT;

-- A person with a password rates under the same name.
CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL UNIQUE REFERENCES raters (name),
    role TEXT NOT NULL CHECK (role IN ('owner', 'rater')),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE passwords (
    user_id TEXT NOT NULL REFERENCES users (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    hash TEXT NOT NULL CHECK (hash <> ''),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (user_id, seq)
) STRICT;

CREATE TABLE disablings (
    user_id TEXT NOT NULL REFERENCES users (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (user_id, seq)
) STRICT;

-- Of links and sessions only the hash is kept: who reads the file cannot come in with what it says.
CREATE TABLE invitations (
    token_sha256 TEXT PRIMARY KEY NOT NULL CHECK (length(token_sha256) = 64),
    study_id TEXT REFERENCES studies (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'rater')),
    name TEXT, -- the only one who may use it
    expires_at TEXT NOT NULL CHECK (expires_at LIKE '____-__-__T%Z'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE invitation_uses (
    token_sha256 TEXT PRIMARY KEY NOT NULL REFERENCES invitations (token_sha256),
    user_id TEXT NOT NULL REFERENCES users (id),
    used_at TEXT NOT NULL CHECK (used_at LIKE '____-__-__T%Z')
) STRICT;
CREATE INDEX invitation_uses_by_user ON invitation_uses (user_id);

CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY NOT NULL CHECK (length(token_sha256) = 64),
    user_id TEXT NOT NULL REFERENCES users (id),
    expires_at TEXT NOT NULL CHECK (expires_at LIKE '____-__-__T%Z'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE session_ends (
    token_sha256 TEXT PRIMARY KEY NOT NULL REFERENCES sessions (token_sha256),
    ended_at TEXT NOT NULL CHECK (ended_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE login_attempts (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL CHECK (length(name) <= 200), -- as it was tried; there may be no such user
    address TEXT NOT NULL CHECK (length(address) <= 200),
    is_success INTEGER NOT NULL CHECK (is_success IN (0, 1)),
    attempted_at TEXT NOT NULL CHECK (attempted_at LIKE '____-__-__T%Z')
) STRICT;
CREATE INDEX login_attempts_by_name ON login_attempts (name, attempted_at);
CREATE INDEX login_attempts_by_address ON login_attempts (address, attempted_at);
