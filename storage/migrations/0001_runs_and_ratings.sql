-- What was asked, what came of it, and what people thought of it.
-- Times are UTC text with Z, JSON columns are read back whole, ids are ULIDs unless said otherwise. Guards follow.
-- Words that grow with the program (failure kinds, selectors, criteria) are not listed here: a list costs a rebuild.

CREATE TABLE prompts (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 64), -- sha256 of the content
    text TEXT NOT NULL CHECK (text <> ''),
    reference TEXT,
    language TEXT,
    tags TEXT NOT NULL CHECK (json_valid(tags) AND json_type(tags) = 'array'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE recipes (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 64), -- sha256 of the body
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

-- A run without an outcome is open or was interrupted.
CREATE TABLE runs (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    prompt_id TEXT NOT NULL REFERENCES prompts (id),
    recipe_id TEXT NOT NULL REFERENCES recipes (id),
    seed INTEGER NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('sampled', 'scripted', 'recorded')),
    parent_run_id TEXT REFERENCES runs (id), -- the run that this one retries or repeats
    app_version TEXT NOT NULL CHECK (app_version <> ''),
    started_at TEXT NOT NULL CHECK (started_at LIKE '____-__-__T%Z')
) STRICT;
CREATE INDEX runs_by_start ON runs (started_at, id);
CREATE INDEX runs_by_prompt ON runs (prompt_id);

CREATE TABLE draws (
    run_id TEXT NOT NULL REFERENCES runs (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    member TEXT NOT NULL,
    model TEXT NOT NULL,
    seed INTEGER NOT NULL,
    is_recorded INTEGER NOT NULL CHECK (is_recorded IN (0, 1)),
    asked_at TEXT NOT NULL CHECK (asked_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (run_id, position)
) STRICT;

-- Everything that is shown to people. Ratings, flaws and selections point here.
CREATE TABLE outputs (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    run_id TEXT NOT NULL REFERENCES runs (id),
    role TEXT NOT NULL CHECK (role IN ('candidate', 'fusion')),
    position INTEGER, -- of a candidate's draw
    member TEXT NOT NULL, -- of a fusion: the fusor
    model TEXT NOT NULL,
    text TEXT NOT NULL,
    thought TEXT NOT NULL,
    answer TEXT,
    answer_start INTEGER,
    answer_end INTEGER,
    finish_reason TEXT NOT NULL,
    input_tokens INTEGER CHECK (input_tokens >= 0),
    output_tokens INTEGER CHECK (output_tokens >= 0),
    cost_usd REAL CHECK (cost_usd >= 0),
    duration_ms REAL CHECK (duration_ms >= 0),
    first_token_ms REAL CHECK (first_token_ms >= 0),
    detail TEXT NOT NULL CHECK (json_valid(detail) AND json_type(detail) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    UNIQUE (run_id, position),
    UNIQUE (run_id, id),
    FOREIGN KEY (run_id, position) REFERENCES draws (run_id, position),
    CHECK ((role = 'candidate') = (position IS NOT NULL)),
    CHECK ((answer_start IS NULL) = (answer_end IS NULL)),
    CHECK (answer_start BETWEEN 0 AND answer_end)
) STRICT;
CREATE UNIQUE INDEX one_fusion_a_run ON outputs (run_id) WHERE role = 'fusion';

CREATE TABLE failures (
    run_id TEXT NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    stage TEXT NOT NULL CHECK (stage IN ('sampling', 'judging', 'selecting', 'fusing')),
    position INTEGER, -- of the draw that was lost
    kind TEXT NOT NULL CHECK (kind <> ''),
    message TEXT NOT NULL,
    text TEXT NOT NULL, -- what had arrived before
    is_retryable INTEGER NOT NULL CHECK (is_retryable IN (0, 1)),
    duration_ms REAL CHECK (duration_ms >= 0),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (run_id, seq),
    UNIQUE (run_id, position),
    FOREIGN KEY (run_id, position) REFERENCES draws (run_id, position),
    CHECK (position IS NULL OR stage = 'sampling')
) STRICT;

CREATE TABLE stops (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    reason TEXT NOT NULL CHECK (reason IN ('evidence', 'certificate', 'budget', 'cap', 'exhausted', 'user')),
    draws INTEGER NOT NULL CHECK (draws >= 0),
    cancelled TEXT NOT NULL CHECK (json_valid(cancelled) AND json_type(cancelled) = 'array'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE judgements (
    run_id TEXT NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    shown TEXT NOT NULL CHECK (json_valid(shown) AND json_type(shown) = 'array'),
    winner INTEGER,
    score REAL,
    reason TEXT NOT NULL,
    is_readable INTEGER NOT NULL CHECK (is_readable IN (0, 1)),
    text TEXT, -- of the judge's reply, as all that follows; NULL = no reply is known
    thought TEXT,
    finish_reason TEXT,
    input_tokens INTEGER CHECK (input_tokens >= 0),
    output_tokens INTEGER CHECK (output_tokens >= 0),
    cost_usd REAL CHECK (cost_usd >= 0),
    duration_ms REAL CHECK (duration_ms >= 0),
    first_token_ms REAL CHECK (first_token_ms >= 0),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (run_id, seq),
    FOREIGN KEY (run_id, winner) REFERENCES draws (run_id, position),
    CHECK ((text IS NULL) = (thought IS NULL) AND (text IS NULL) = (finish_reason IS NULL))
) STRICT;

CREATE TABLE selections (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    output_id TEXT NOT NULL,
    selector TEXT NOT NULL CHECK (selector <> ''),
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id)
) STRICT;

CREATE TABLE fusion_starts (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    fusor TEXT NOT NULL,
    model TEXT NOT NULL,
    shown TEXT NOT NULL CHECK (json_valid(shown) AND json_type(shown) = 'array'), -- positions, in the order shown
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE outcomes (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    ended TEXT NOT NULL CHECK (ended IN ('completed', 'stopped', 'failed', 'interrupted')),
    duration_ms REAL CHECK (duration_ms >= 0),
    input_tokens INTEGER CHECK (input_tokens >= 0),
    output_tokens INTEGER CHECK (output_tokens >= 0),
    cost_usd REAL CHECK (cost_usd >= 0),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TABLE raters (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

-- A correction is a new rating that supersedes the one before: a chain, never a fork, with one beginning.
CREATE TABLE ratings (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    run_id TEXT NOT NULL REFERENCES runs (id),
    rater_id TEXT NOT NULL REFERENCES raters (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('output', 'tie', 'all_bad', 'none', 'withdrawn')),
    role TEXT CHECK (role IN ('single', 'best', 'fusion', 'vote', 'candidate')), -- as what the output was shown
    output_id TEXT,
    note TEXT NOT NULL,
    names_visible INTEGER NOT NULL CHECK (names_visible IN (0, 1)),
    supersedes TEXT UNIQUE,
    request_key TEXT NOT NULL UNIQUE CHECK (request_key <> ''), -- a second press of the same button carries the same key
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    UNIQUE (run_id, id),
    UNIQUE (run_id, rater_id, id),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id),
    FOREIGN KEY (run_id, rater_id, supersedes) REFERENCES ratings (run_id, rater_id, id),
    CHECK ((verdict = 'output') = (output_id IS NOT NULL)),
    CHECK ((role IS NULL) = (output_id IS NULL)),
    CHECK (verdict <> 'withdrawn' OR supersedes IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX one_first_rating ON ratings (run_id, rater_id) WHERE supersedes IS NULL;

CREATE TABLE scores (
    rating_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    output_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('single', 'best', 'fusion', 'vote', 'candidate')),
    criterion TEXT NOT NULL CHECK (criterion <> ''),
    value REAL NOT NULL CHECK (criterion <> 'stars' OR value BETWEEN 1 AND 5),
    PRIMARY KEY (rating_id, output_id, role, criterion),
    FOREIGN KEY (run_id, rating_id) REFERENCES ratings (run_id, id),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id)
) STRICT;
