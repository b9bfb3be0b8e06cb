-- Inspection: what people found wrong with outputs outside studies, what a model suggests, and corrected answers and
-- sources. Corrections never touch what was sampled: they lie beside it, and the latest holds.

-- A model was asked for flaws of one output.
CREATE TABLE flaw_askings (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    run_id TEXT NOT NULL,
    output_id TEXT NOT NULL,
    member TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_version TEXT NOT NULL CHECK (prompt_version <> ''),
    taxonomy_id TEXT NOT NULL CHECK (taxonomy_id <> ''),
    taxonomy_version TEXT NOT NULL CHECK (taxonomy_version <> ''),
    seed INTEGER NOT NULL, -- of the request; the marks of its fences come from it
    failure TEXT CHECK (failure IS NULL OR (json_valid(failure) AND json_type(failure) = 'object')), -- NULL = it answered
    text TEXT NOT NULL, -- its reply
    input_tokens INTEGER CHECK (input_tokens >= 0),
    output_tokens INTEGER CHECK (output_tokens >= 0),
    cost_usd REAL CHECK (cost_usd >= 0),
    duration_ms REAL CHECK (duration_ms >= 0),
    request_key TEXT NOT NULL UNIQUE CHECK (request_key <> ''), -- a second press of the same button carries the same key
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id)
) STRICT;
CREATE INDEX flaw_askings_by_run ON flaw_askings (run_id);

-- What it suggested. Never counted with what people found.
CREATE TABLE suggested_flaws (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    asking_id TEXT NOT NULL REFERENCES flaw_askings (id),
    span_start INTEGER, -- NULL = the whole answer
    span_end INTEGER,
    category TEXT NOT NULL CHECK (category <> ''),
    severity TEXT NOT NULL CHECK (severity <> ''),
    note TEXT NOT NULL,
    CHECK ((span_start IS NULL) = (span_end IS NULL)),
    CHECK (span_start >= 0 AND span_start < span_end)
) STRICT;
CREATE INDEX suggested_flaws_by_asking ON suggested_flaws (asking_id);

-- A flaw that a person marked on a run, outside any study. Changed or removed by a row that supersedes it.
CREATE TABLE run_flaws (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    run_id TEXT NOT NULL,
    output_id TEXT NOT NULL,
    rater_id TEXT NOT NULL REFERENCES raters (id),
    span_start INTEGER, -- NULL = the whole answer; offsets of the stored text, in code points
    span_end INTEGER,
    category TEXT NOT NULL CHECK (category <> ''),
    severity TEXT NOT NULL CHECK (severity <> ''),
    note TEXT NOT NULL,
    is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
    taxonomy_id TEXT NOT NULL CHECK (taxonomy_id <> ''),
    taxonomy_version TEXT NOT NULL CHECK (taxonomy_version <> ''),
    suggestion_id TEXT REFERENCES suggested_flaws (id), -- that the person took over
    supersedes TEXT UNIQUE,
    request_key TEXT NOT NULL UNIQUE CHECK (request_key <> ''), -- a second press of the same button carries the same key
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    UNIQUE (run_id, rater_id, output_id, id),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id),
    FOREIGN KEY (run_id, rater_id, output_id, supersedes) REFERENCES run_flaws (run_id, rater_id, output_id, id),
    CHECK ((span_start IS NULL) = (span_end IS NULL)),
    CHECK (span_start >= 0 AND span_start < span_end),
    CHECK (is_removed = 0 OR supersedes IS NOT NULL)
) STRICT;
CREATE INDEX run_flaws_by_output ON run_flaws (output_id);

-- Answers grouped by a person where the program read or compared them wrongly; the last row of a run is what holds.
CREATE TABLE regroupings (
    run_id TEXT NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    rater_id TEXT NOT NULL REFERENCES raters (id),
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    note TEXT NOT NULL,
    request_key TEXT NOT NULL UNIQUE CHECK (request_key <> ''),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (run_id, seq)
) STRICT;

-- Whether a passage of a fusion (code points start to end) rests on a candidate, as a person sees it; the last row of
-- a passage and position is what holds. `is_source` NULL = as the program saw it.
CREATE TABLE source_corrections (
    run_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    rater_id TEXT NOT NULL REFERENCES raters (id),
    span_start INTEGER NOT NULL CHECK (span_start >= 0),
    span_end INTEGER NOT NULL CHECK (span_end > span_start),
    position INTEGER NOT NULL,
    is_source INTEGER CHECK (is_source IN (0, 1)),
    request_key TEXT NOT NULL UNIQUE CHECK (request_key <> ''),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (run_id, seq),
    FOREIGN KEY (run_id, position) REFERENCES draws (run_id, position)
) STRICT;

-- A case shows what a run began from and what began from it.
CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
