CREATE VIRTUAL TABLE answer_words
    USING fts5 (words, content = 'case_documents', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');

CREATE TABLE 'answer_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'answer_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'answer_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE VIEW case_documents (id, words) AS SELECT id, NULL FROM cases;

CREATE TABLE case_labels (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind <> ''),
    value TEXT NOT NULL,
    UNIQUE (kind, value)
) STRICT;

CREATE TABLE case_notes (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    source_id TEXT NOT NULL, -- of the rating, judgement or flaw it was written with
    is_standing INTEGER NOT NULL CHECK (is_standing IN (0, 1)),
    UNIQUE (case_id, source_id)
) STRICT;

CREATE UNIQUE INDEX cases_by_revision ON cases (revision);

CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE REFERENCES runs (id),
    revision INTEGER NOT NULL, -- grows with each change of any case, so that readers can ask for what is new
    started_ms INTEGER NOT NULL, -- since 1970, UTC
    draws INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    length INTEGER NOT NULL, -- of the longest answer, in characters
    prompt_length INTEGER NOT NULL,
    ratings INTEGER NOT NULL, -- that stand
    flaws INTEGER NOT NULL, -- that stand, of people
    flaw_weight REAL NOT NULL,
    stability REAL, -- NULL = no votes
    cost_usd REAL, -- NULL = unknown
    labels TEXT NOT NULL CHECK (json_valid(labels) AND json_type(labels) = 'array') -- ids of case_labels
) STRICT;

CREATE INDEX contenders_by_output ON contenders (output_id);

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

CREATE TRIGGER guard_contenders_delete BEFORE DELETE ON contenders BEGIN SELECT RAISE(ABORT, 'contenders is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_contenders_insert BEFORE INSERT ON contenders WHEN EXISTS (SELECT 1 FROM contenders WHERE output_id = NEW.output_id AND role = NEW.role AND study_id = NEW.study_id AND unit_place = NEW.unit_place) OR EXISTS (SELECT 1 FROM contenders WHERE place = NEW.place AND study_id = NEW.study_id AND unit_place = NEW.unit_place) BEGIN SELECT RAISE(ABORT, 'contenders has a row with this key already'); END;

CREATE TRIGGER guard_contenders_update BEFORE UPDATE ON contenders BEGIN SELECT RAISE(ABORT, 'contenders is insert-only: add a new row instead'); END;

CREATE TABLE disablings (
    user_id TEXT NOT NULL REFERENCES users (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (user_id, seq)
) STRICT;

CREATE TRIGGER guard_disablings_delete BEFORE DELETE ON disablings BEGIN SELECT RAISE(ABORT, 'disablings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_disablings_insert BEFORE INSERT ON disablings WHEN EXISTS (SELECT 1 FROM disablings WHERE seq = NEW.seq AND user_id = NEW.user_id) BEGIN SELECT RAISE(ABORT, 'disablings has a row with this key already'); END;

CREATE TRIGGER guard_disablings_update BEFORE UPDATE ON disablings BEGIN SELECT RAISE(ABORT, 'disablings is insert-only: add a new row instead'); END;

CREATE TABLE drafts (
    trial_id TEXT PRIMARY KEY NOT NULL REFERENCES trials (id),
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    saved_at TEXT NOT NULL CHECK (saved_at LIKE '____-__-__T%Z')
) STRICT;

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

CREATE TRIGGER guard_draws_delete BEFORE DELETE ON draws BEGIN SELECT RAISE(ABORT, 'draws is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_draws_insert BEFORE INSERT ON draws WHEN EXISTS (SELECT 1 FROM draws WHERE position = NEW.position AND run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'draws has a row with this key already'); END;

CREATE TRIGGER guard_draws_update BEFORE UPDATE ON draws BEGIN SELECT RAISE(ABORT, 'draws is insert-only: add a new row instead'); END;

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

CREATE TRIGGER guard_exclusions_delete BEFORE DELETE ON exclusions BEGIN SELECT RAISE(ABORT, 'exclusions is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_exclusions_insert BEFORE INSERT ON exclusions WHEN EXISTS (SELECT 1 FROM exclusions WHERE seq = NEW.seq AND study_id = NEW.study_id) BEGIN SELECT RAISE(ABORT, 'exclusions has a row with this key already'); END;

CREATE TRIGGER guard_exclusions_update BEFORE UPDATE ON exclusions BEGIN SELECT RAISE(ABORT, 'exclusions is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_exclusions AFTER INSERT ON exclusions BEGIN
    INSERT INTO stale_runs (run_id) SELECT DISTINCT run_id FROM trials
        JOIN study_units ON study_units.study_id = trials.study_id AND place = unit_place
        WHERE trials.study_id = NEW.study_id AND (trials.id = NEW.trial_id OR trials.rater_id = NEW.rater_id)
        AND run_id IS NOT NULL;
END;

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

CREATE TRIGGER guard_failures_delete BEFORE DELETE ON failures BEGIN SELECT RAISE(ABORT, 'failures is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_failures_insert BEFORE INSERT ON failures WHEN EXISTS (SELECT 1 FROM failures WHERE position = NEW.position AND run_id = NEW.run_id) OR EXISTS (SELECT 1 FROM failures WHERE run_id = NEW.run_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'failures has a row with this key already'); END;

CREATE TRIGGER guard_failures_update BEFORE UPDATE ON failures BEGIN SELECT RAISE(ABORT, 'failures is insert-only: add a new row instead'); END;

CREATE INDEX flaw_askings_by_run ON flaw_askings (run_id);

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

CREATE TRIGGER guard_flaw_askings_delete BEFORE DELETE ON flaw_askings BEGIN SELECT RAISE(ABORT, 'flaw_askings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_flaw_askings_insert BEFORE INSERT ON flaw_askings WHEN EXISTS (SELECT 1 FROM flaw_askings WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM flaw_askings WHERE request_key = NEW.request_key) BEGIN SELECT RAISE(ABORT, 'flaw_askings has a row with this key already'); END;

CREATE TRIGGER guard_flaw_askings_update BEFORE UPDATE ON flaw_askings BEGIN SELECT RAISE(ABORT, 'flaw_askings is insert-only: add a new row instead'); END;

CREATE INDEX flaws_by_output ON flaws (output_id);

CREATE INDEX flaws_by_rating ON flaws (rating_id);

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

CREATE TRIGGER guard_flaws_delete BEFORE DELETE ON flaws BEGIN SELECT RAISE(ABORT, 'flaws is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_flaws_insert BEFORE INSERT ON flaws WHEN EXISTS (SELECT 1 FROM flaws WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'flaws has a row with this key already'); END;

CREATE TRIGGER guard_flaws_update BEFORE UPDATE ON flaws BEGIN SELECT RAISE(ABORT, 'flaws is insert-only: add a new row instead'); END;

CREATE TABLE fusion_starts (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    fusor TEXT NOT NULL,
    model TEXT NOT NULL,
    shown TEXT NOT NULL CHECK (json_valid(shown) AND json_type(shown) = 'array'), -- positions, in the order shown
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_fusion_starts_delete BEFORE DELETE ON fusion_starts BEGIN SELECT RAISE(ABORT, 'fusion_starts is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_fusion_starts_insert BEFORE INSERT ON fusion_starts WHEN EXISTS (SELECT 1 FROM fusion_starts WHERE run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'fusion_starts has a row with this key already'); END;

CREATE TRIGGER guard_fusion_starts_update BEFORE UPDATE ON fusion_starts BEGIN SELECT RAISE(ABORT, 'fusion_starts is insert-only: add a new row instead'); END;

CREATE INDEX invitation_uses_by_user ON invitation_uses (user_id);

CREATE TABLE invitation_uses (
    token_sha256 TEXT PRIMARY KEY NOT NULL REFERENCES invitations (token_sha256),
    user_id TEXT NOT NULL REFERENCES users (id),
    used_at TEXT NOT NULL CHECK (used_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_invitation_uses_delete BEFORE DELETE ON invitation_uses BEGIN SELECT RAISE(ABORT, 'invitation_uses is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_invitation_uses_insert BEFORE INSERT ON invitation_uses WHEN EXISTS (SELECT 1 FROM invitation_uses WHERE token_sha256 = NEW.token_sha256) BEGIN SELECT RAISE(ABORT, 'invitation_uses has a row with this key already'); END;

CREATE TRIGGER guard_invitation_uses_update BEFORE UPDATE ON invitation_uses BEGIN SELECT RAISE(ABORT, 'invitation_uses is insert-only: add a new row instead'); END;

CREATE TABLE invitations (
    token_sha256 TEXT PRIMARY KEY NOT NULL CHECK (length(token_sha256) = 64),
    study_id TEXT REFERENCES studies (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'rater')),
    name TEXT, -- the only one who may use it
    expires_at TEXT NOT NULL CHECK (expires_at LIKE '____-__-__T%Z'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_invitations_delete BEFORE DELETE ON invitations BEGIN SELECT RAISE(ABORT, 'invitations is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_invitations_insert BEFORE INSERT ON invitations WHEN EXISTS (SELECT 1 FROM invitations WHERE token_sha256 = NEW.token_sha256) BEGIN SELECT RAISE(ABORT, 'invitations has a row with this key already'); END;

CREATE TRIGGER guard_invitations_update BEFORE UPDATE ON invitations BEGIN SELECT RAISE(ABORT, 'invitations is insert-only: add a new row instead'); END;

CREATE TABLE joinings (
    study_id TEXT NOT NULL REFERENCES studies (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    rater_id TEXT NOT NULL REFERENCES raters (id),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (study_id, seq),
    UNIQUE (study_id, rater_id)
) STRICT;

CREATE TRIGGER guard_joinings_delete BEFORE DELETE ON joinings BEGIN SELECT RAISE(ABORT, 'joinings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_joinings_insert BEFORE INSERT ON joinings WHEN EXISTS (SELECT 1 FROM joinings WHERE rater_id = NEW.rater_id AND study_id = NEW.study_id) OR EXISTS (SELECT 1 FROM joinings WHERE seq = NEW.seq AND study_id = NEW.study_id) BEGIN SELECT RAISE(ABORT, 'joinings has a row with this key already'); END;

CREATE TRIGGER guard_joinings_update BEFORE UPDATE ON joinings BEGIN SELECT RAISE(ABORT, 'joinings is insert-only: add a new row instead'); END;

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

CREATE TRIGGER guard_judgements_delete BEFORE DELETE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_judgements_insert BEFORE INSERT ON judgements WHEN EXISTS (SELECT 1 FROM judgements WHERE run_id = NEW.run_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'judgements has a row with this key already'); END;

CREATE TRIGGER guard_judgements_update BEFORE UPDATE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements is insert-only: add a new row instead'); END;

CREATE INDEX leases_by_creation ON leases (created_at);

CREATE INDEX leases_by_expiry ON leases (expires_at);

CREATE TABLE leases (
    trial_id TEXT NOT NULL REFERENCES trials (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    expires_at TEXT NOT NULL CHECK (expires_at LIKE '____-__-__T%Z'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (trial_id, seq)
) STRICT;

CREATE TRIGGER guard_leases_delete BEFORE DELETE ON leases BEGIN SELECT RAISE(ABORT, 'leases is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_leases_insert BEFORE INSERT ON leases WHEN EXISTS (SELECT 1 FROM leases WHERE seq = NEW.seq AND trial_id = NEW.trial_id) BEGIN SELECT RAISE(ABORT, 'leases has a row with this key already'); END;

CREATE TRIGGER guard_leases_update BEFORE UPDATE ON leases BEGIN SELECT RAISE(ABORT, 'leases is insert-only: add a new row instead'); END;

CREATE INDEX login_attempts_by_address ON login_attempts (address, attempted_at);

CREATE INDEX login_attempts_by_name ON login_attempts (name, attempted_at);

CREATE TABLE login_attempts (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL CHECK (length(name) <= 200), -- as it was tried; there may be no such user
    address TEXT NOT NULL CHECK (length(address) <= 200),
    is_success INTEGER NOT NULL CHECK (is_success IN (0, 1)),
    attempted_at TEXT NOT NULL CHECK (attempted_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_login_attempts_delete BEFORE DELETE ON login_attempts BEGIN SELECT RAISE(ABORT, 'login_attempts is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_login_attempts_insert BEFORE INSERT ON login_attempts WHEN EXISTS (SELECT 1 FROM login_attempts WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'login_attempts has a row with this key already'); END;

CREATE TRIGGER guard_login_attempts_update BEFORE UPDATE ON login_attempts BEGIN SELECT RAISE(ABORT, 'login_attempts is insert-only: add a new row instead'); END;

CREATE VIEW note_documents (id, words) AS SELECT id, NULL FROM case_notes;

CREATE VIRTUAL TABLE note_words
    USING fts5 (words, content = 'note_documents', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');

CREATE TABLE 'note_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'note_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'note_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE outcomes (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    ended TEXT NOT NULL CHECK (ended IN ('completed', 'stopped', 'failed', 'interrupted')),
    duration_ms REAL CHECK (duration_ms >= 0),
    input_tokens INTEGER CHECK (input_tokens >= 0),
    output_tokens INTEGER CHECK (output_tokens >= 0),
    cost_usd REAL CHECK (cost_usd >= 0),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_outcomes_delete BEFORE DELETE ON outcomes BEGIN SELECT RAISE(ABORT, 'outcomes is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_outcomes_insert BEFORE INSERT ON outcomes WHEN EXISTS (SELECT 1 FROM outcomes WHERE run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'outcomes has a row with this key already'); END;

CREATE TRIGGER guard_outcomes_update BEFORE UPDATE ON outcomes BEGIN SELECT RAISE(ABORT, 'outcomes is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_outcomes AFTER INSERT ON outcomes BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;

CREATE UNIQUE INDEX one_fusion_a_run ON outputs (run_id) WHERE role = 'fusion';

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

CREATE TRIGGER guard_outputs_delete BEFORE DELETE ON outputs BEGIN SELECT RAISE(ABORT, 'outputs is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_outputs_insert BEFORE INSERT ON outputs WHEN EXISTS (SELECT 1 FROM outputs WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM outputs WHERE position = NEW.position AND run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'outputs has a row with this key already'); END;

CREATE TRIGGER guard_outputs_update BEFORE UPDATE ON outputs BEGIN SELECT RAISE(ABORT, 'outputs is insert-only: add a new row instead'); END;

CREATE TABLE paid_elsewhere (
    id TEXT PRIMARY KEY NOT NULL, -- of a run or of an asking
    noted_at TEXT NOT NULL CHECK (noted_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_paid_elsewhere_delete BEFORE DELETE ON paid_elsewhere BEGIN SELECT RAISE(ABORT, 'paid_elsewhere is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_paid_elsewhere_insert BEFORE INSERT ON paid_elsewhere WHEN EXISTS (SELECT 1 FROM paid_elsewhere WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'paid_elsewhere has a row with this key already'); END;

CREATE TRIGGER guard_paid_elsewhere_update BEFORE UPDATE ON paid_elsewhere BEGIN SELECT RAISE(ABORT, 'paid_elsewhere is insert-only: add a new row instead'); END;

CREATE TABLE passwords (
    user_id TEXT NOT NULL REFERENCES users (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    hash TEXT NOT NULL CHECK (hash <> ''),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (user_id, seq)
) STRICT;

CREATE TRIGGER guard_passwords_delete BEFORE DELETE ON passwords BEGIN SELECT RAISE(ABORT, 'passwords is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_passwords_insert BEFORE INSERT ON passwords WHEN EXISTS (SELECT 1 FROM passwords WHERE seq = NEW.seq AND user_id = NEW.user_id) BEGIN SELECT RAISE(ABORT, 'passwords has a row with this key already'); END;

CREATE TRIGGER guard_passwords_update BEFORE UPDATE ON passwords BEGIN SELECT RAISE(ABORT, 'passwords is insert-only: add a new row instead'); END;

CREATE VIRTUAL TABLE prompt_words
    USING fts5 (words, content = 'case_documents', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');

CREATE TABLE 'prompt_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'prompt_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'prompt_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE prompts (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 64), -- sha256 of the content
    text TEXT NOT NULL CHECK (text <> ''),
    reference TEXT,
    language TEXT,
    tags TEXT NOT NULL CHECK (json_valid(tags) AND json_type(tags) = 'array'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_prompts_delete BEFORE DELETE ON prompts BEGIN SELECT RAISE(ABORT, 'prompts is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_prompts_insert BEFORE INSERT ON prompts WHEN EXISTS (SELECT 1 FROM prompts WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'prompts has a row with this key already'); END;

CREATE TRIGGER guard_prompts_update BEFORE UPDATE ON prompts BEGIN SELECT RAISE(ABORT, 'prompts is insert-only: add a new row instead'); END;

CREATE TABLE raters (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_raters_delete BEFORE DELETE ON raters BEGIN SELECT RAISE(ABORT, 'raters is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_raters_insert BEFORE INSERT ON raters WHEN EXISTS (SELECT 1 FROM raters WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM raters WHERE name = NEW.name) BEGIN SELECT RAISE(ABORT, 'raters has a row with this key already'); END;

CREATE TRIGGER guard_raters_update BEFORE UPDATE ON raters BEGIN SELECT RAISE(ABORT, 'raters is insert-only: add a new row instead'); END;

CREATE UNIQUE INDEX one_first_rating ON ratings (run_id, rater_id) WHERE supersedes IS NULL;

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

CREATE TRIGGER guard_ratings_delete BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_ratings_insert BEFORE INSERT ON ratings WHEN EXISTS (SELECT 1 FROM ratings WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM ratings WHERE request_key = NEW.request_key) OR EXISTS (SELECT 1 FROM ratings WHERE supersedes = NEW.supersedes) BEGIN SELECT RAISE(ABORT, 'ratings has a row with this key already'); END;

CREATE TRIGGER guard_ratings_update BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_ratings AFTER INSERT ON ratings BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;

CREATE TABLE recipes (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 64), -- sha256 of the body
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_recipes_delete BEFORE DELETE ON recipes BEGIN SELECT RAISE(ABORT, 'recipes is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_recipes_insert BEFORE INSERT ON recipes WHEN EXISTS (SELECT 1 FROM recipes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'recipes has a row with this key already'); END;

CREATE TRIGGER guard_recipes_update BEFORE UPDATE ON recipes BEGIN SELECT RAISE(ABORT, 'recipes is insert-only: add a new row instead'); END;

CREATE TABLE recorded_answers (
    recording_id TEXT NOT NULL REFERENCES recordings (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    question_set TEXT NOT NULL, -- '' = none is named
    question TEXT NOT NULL CHECK (question <> ''),
    member TEXT NOT NULL CHECK (member <> ''),
    gold TEXT,
    text TEXT NOT NULL, -- of the question; '' = not recorded
    answers TEXT NOT NULL CHECK (json_valid(answers) AND json_type(answers) = 'array'), -- null = blank
    tokens TEXT CHECK (tokens IS NULL OR json_valid(tokens) AND json_type(tokens) = 'array'), -- of the same draws; NULL = not counted
    PRIMARY KEY (recording_id, seq)
) STRICT;

CREATE TRIGGER guard_recorded_answers_delete BEFORE DELETE ON recorded_answers BEGIN SELECT RAISE(ABORT, 'recorded_answers is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_recorded_answers_insert BEFORE INSERT ON recorded_answers WHEN EXISTS (SELECT 1 FROM recorded_answers WHERE recording_id = NEW.recording_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'recorded_answers has a row with this key already'); END;

CREATE TRIGGER guard_recorded_answers_update BEFORE UPDATE ON recorded_answers BEGIN SELECT RAISE(ABORT, 'recorded_answers is insert-only: add a new row instead'); END;

CREATE TABLE recordings (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL CHECK (name <> ''),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64), -- of the file's bytes
    format TEXT NOT NULL CHECK (format <> ''),
    sets TEXT NOT NULL CHECK (json_valid(sets) AND json_type(sets) = 'array'),
    members TEXT NOT NULL CHECK (json_valid(members) AND json_type(members) = 'array'),
    questions INTEGER NOT NULL CHECK (questions >= 1),
    answers INTEGER NOT NULL CHECK (answers >= 1),
    problems TEXT NOT NULL CHECK (json_valid(problems) AND json_type(problems) = 'array'), -- the first of them
    problem_count INTEGER NOT NULL CHECK (problem_count >= 0),
    loaded_at TEXT NOT NULL CHECK (loaded_at LIKE '____-__-__T%Z'),
    UNIQUE (sha256, members, sets)
) STRICT;

CREATE TRIGGER guard_recordings_delete BEFORE DELETE ON recordings BEGIN SELECT RAISE(ABORT, 'recordings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_recordings_insert BEFORE INSERT ON recordings WHEN EXISTS (SELECT 1 FROM recordings WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM recordings WHERE members = NEW.members AND sets = NEW.sets AND sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'recordings has a row with this key already'); END;

CREATE TRIGGER guard_recordings_update BEFORE UPDATE ON recordings BEGIN SELECT RAISE(ABORT, 'recordings is insert-only: add a new row instead'); END;

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

CREATE TRIGGER guard_regroupings_delete BEFORE DELETE ON regroupings BEGIN SELECT RAISE(ABORT, 'regroupings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_regroupings_insert BEFORE INSERT ON regroupings WHEN EXISTS (SELECT 1 FROM regroupings WHERE request_key = NEW.request_key) OR EXISTS (SELECT 1 FROM regroupings WHERE run_id = NEW.run_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'regroupings has a row with this key already'); END;

CREATE TRIGGER guard_regroupings_update BEFORE UPDATE ON regroupings BEGIN SELECT RAISE(ABORT, 'regroupings is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_regroupings AFTER INSERT ON regroupings BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;

CREATE TABLE replays (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    kind TEXT NOT NULL CHECK (kind <> ''),
    title TEXT NOT NULL,
    seed INTEGER NOT NULL,
    inputs_sha256 TEXT NOT NULL CHECK (length(inputs_sha256) = 64),
    inputs TEXT NOT NULL CHECK (json_valid(inputs) AND json_type(inputs) = 'array'),
    request TEXT NOT NULL CHECK (json_valid(request) AND json_type(request) = 'object'),
    result TEXT NOT NULL CHECK (json_valid(result) AND json_type(result) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_replays_delete BEFORE DELETE ON replays BEGIN SELECT RAISE(ABORT, 'replays is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_replays_insert BEFORE INSERT ON replays WHEN EXISTS (SELECT 1 FROM replays WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'replays has a row with this key already'); END;

CREATE TRIGGER guard_replays_update BEFORE UPDATE ON replays BEGIN SELECT RAISE(ABORT, 'replays is insert-only: add a new row instead'); END;

CREATE INDEX run_askers_by_asker ON run_askers (asker_sha256, asked_at);

CREATE TABLE run_askers (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    asker_sha256 TEXT NOT NULL CHECK (length(asker_sha256) = 64),
    asked_at TEXT NOT NULL CHECK (asked_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_run_askers_delete BEFORE DELETE ON run_askers BEGIN SELECT RAISE(ABORT, 'run_askers is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_run_askers_insert BEFORE INSERT ON run_askers WHEN EXISTS (SELECT 1 FROM run_askers WHERE run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'run_askers has a row with this key already'); END;

CREATE TRIGGER guard_run_askers_update BEFORE UPDATE ON run_askers BEGIN SELECT RAISE(ABORT, 'run_askers is insert-only: add a new row instead'); END;

CREATE INDEX run_flaws_by_output ON run_flaws (output_id);

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

CREATE TRIGGER guard_run_flaws_delete BEFORE DELETE ON run_flaws BEGIN SELECT RAISE(ABORT, 'run_flaws is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_run_flaws_insert BEFORE INSERT ON run_flaws WHEN EXISTS (SELECT 1 FROM run_flaws WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM run_flaws WHERE request_key = NEW.request_key) OR EXISTS (SELECT 1 FROM run_flaws WHERE supersedes = NEW.supersedes) BEGIN SELECT RAISE(ABORT, 'run_flaws has a row with this key already'); END;

CREATE TRIGGER guard_run_flaws_update BEFORE UPDATE ON run_flaws BEGIN SELECT RAISE(ABORT, 'run_flaws is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_run_flaws AFTER INSERT ON run_flaws BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;

CREATE INDEX run_visitors_by_visitor ON run_visitors (visitor_sha256);

CREATE TABLE run_visitors (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    visitor_sha256 TEXT NOT NULL CHECK (length(visitor_sha256) = 64),
    claimed_at TEXT NOT NULL CHECK (claimed_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_run_visitors_delete BEFORE DELETE ON run_visitors BEGIN SELECT RAISE(ABORT, 'run_visitors is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_run_visitors_insert BEFORE INSERT ON run_visitors WHEN EXISTS (SELECT 1 FROM run_visitors WHERE run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'run_visitors has a row with this key already'); END;

CREATE TRIGGER guard_run_visitors_update BEFORE UPDATE ON run_visitors BEGIN SELECT RAISE(ABORT, 'run_visitors is insert-only: add a new row instead'); END;

CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;

CREATE INDEX runs_by_prompt ON runs (prompt_id);

CREATE INDEX runs_by_start ON runs (started_at, id);

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

CREATE TRIGGER guard_runs_delete BEFORE DELETE ON runs BEGIN SELECT RAISE(ABORT, 'runs is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_runs_insert BEFORE INSERT ON runs WHEN EXISTS (SELECT 1 FROM runs WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'runs has a row with this key already'); END;

CREATE TRIGGER guard_runs_update BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'runs is insert-only: add a new row instead'); END;

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

CREATE TRIGGER guard_scores_delete BEFORE DELETE ON scores BEGIN SELECT RAISE(ABORT, 'scores is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_scores_insert BEFORE INSERT ON scores WHEN EXISTS (SELECT 1 FROM scores WHERE criterion = NEW.criterion AND output_id = NEW.output_id AND rating_id = NEW.rating_id AND role = NEW.role) BEGIN SELECT RAISE(ABORT, 'scores has a row with this key already'); END;

CREATE TRIGGER guard_scores_update BEFORE UPDATE ON scores BEGIN SELECT RAISE(ABORT, 'scores is insert-only: add a new row instead'); END;

CREATE TABLE selections (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    output_id TEXT NOT NULL,
    selector TEXT NOT NULL CHECK (selector <> ''),
    body TEXT NOT NULL CHECK (json_valid(body) AND json_type(body) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    FOREIGN KEY (run_id, output_id) REFERENCES outputs (run_id, id)
) STRICT;

CREATE TRIGGER guard_selections_delete BEFORE DELETE ON selections BEGIN SELECT RAISE(ABORT, 'selections is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_selections_insert BEFORE INSERT ON selections WHEN EXISTS (SELECT 1 FROM selections WHERE run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'selections has a row with this key already'); END;

CREATE TRIGGER guard_selections_update BEFORE UPDATE ON selections BEGIN SELECT RAISE(ABORT, 'selections is insert-only: add a new row instead'); END;

CREATE TABLE session_ends (
    token_sha256 TEXT PRIMARY KEY NOT NULL REFERENCES sessions (token_sha256),
    ended_at TEXT NOT NULL CHECK (ended_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_session_ends_delete BEFORE DELETE ON session_ends BEGIN SELECT RAISE(ABORT, 'session_ends is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_session_ends_insert BEFORE INSERT ON session_ends WHEN EXISTS (SELECT 1 FROM session_ends WHERE token_sha256 = NEW.token_sha256) BEGIN SELECT RAISE(ABORT, 'session_ends has a row with this key already'); END;

CREATE TRIGGER guard_session_ends_update BEFORE UPDATE ON session_ends BEGIN SELECT RAISE(ABORT, 'session_ends is insert-only: add a new row instead'); END;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY NOT NULL CHECK (length(token_sha256) = 64),
    user_id TEXT NOT NULL REFERENCES users (id),
    expires_at TEXT NOT NULL CHECK (expires_at LIKE '____-__-__T%Z'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_sessions_delete BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'sessions is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_sessions_insert BEFORE INSERT ON sessions WHEN EXISTS (SELECT 1 FROM sessions WHERE token_sha256 = NEW.token_sha256) BEGIN SELECT RAISE(ABORT, 'sessions has a row with this key already'); END;

CREATE TRIGGER guard_sessions_update BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'sessions is insert-only: add a new row instead'); END;

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

CREATE TRIGGER guard_source_corrections_delete BEFORE DELETE ON source_corrections BEGIN SELECT RAISE(ABORT, 'source_corrections is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_source_corrections_insert BEFORE INSERT ON source_corrections WHEN EXISTS (SELECT 1 FROM source_corrections WHERE request_key = NEW.request_key) OR EXISTS (SELECT 1 FROM source_corrections WHERE run_id = NEW.run_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'source_corrections has a row with this key already'); END;

CREATE TRIGGER guard_source_corrections_update BEFORE UPDATE ON source_corrections BEGIN SELECT RAISE(ABORT, 'source_corrections is insert-only: add a new row instead'); END;

CREATE TABLE sqlite_sequence(name,seq);

CREATE INDEX stale_runs_by_run ON stale_runs (run_id);

CREATE TABLE stale_runs (
    mark INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL
) STRICT;

CREATE TABLE stops (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id),
    reason TEXT NOT NULL CHECK (reason IN ('evidence', 'certificate', 'budget', 'cap', 'exhausted', 'user')),
    draws INTEGER NOT NULL CHECK (draws >= 0),
    cancelled TEXT NOT NULL CHECK (json_valid(cancelled) AND json_type(cancelled) = 'array'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_stops_delete BEFORE DELETE ON stops BEGIN SELECT RAISE(ABORT, 'stops is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_stops_insert BEFORE INSERT ON stops WHEN EXISTS (SELECT 1 FROM stops WHERE run_id = NEW.run_id) BEGIN SELECT RAISE(ABORT, 'stops has a row with this key already'); END;

CREATE TRIGGER guard_stops_update BEFORE UPDATE ON stops BEGIN SELECT RAISE(ABORT, 'stops is insert-only: add a new row instead'); END;

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

CREATE TRIGGER guard_studies_delete BEFORE DELETE ON studies BEGIN SELECT RAISE(ABORT, 'studies is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_studies_insert BEFORE INSERT ON studies WHEN EXISTS (SELECT 1 FROM studies WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM studies WHERE supersedes = NEW.supersedes) BEGIN SELECT RAISE(ABORT, 'studies has a row with this key already'); END;

CREATE TRIGGER guard_studies_update BEFORE UPDATE ON studies BEGIN SELECT RAISE(ABORT, 'studies is insert-only: add a new row instead'); END;

CREATE TABLE study_closings (
    study_id TEXT NOT NULL REFERENCES studies (id),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
    decided_by TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z'),
    PRIMARY KEY (study_id, seq)
) STRICT;

CREATE TRIGGER guard_study_closings_delete BEFORE DELETE ON study_closings BEGIN SELECT RAISE(ABORT, 'study_closings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_study_closings_insert BEFORE INSERT ON study_closings WHEN EXISTS (SELECT 1 FROM study_closings WHERE seq = NEW.seq AND study_id = NEW.study_id) BEGIN SELECT RAISE(ABORT, 'study_closings has a row with this key already'); END;

CREATE TRIGGER guard_study_closings_update BEFORE UPDATE ON study_closings BEGIN SELECT RAISE(ABORT, 'study_closings is insert-only: add a new row instead'); END;

CREATE INDEX study_units_by_run ON study_units (run_id) WHERE run_id IS NOT NULL;

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

CREATE TRIGGER guard_study_units_delete BEFORE DELETE ON study_units BEGIN SELECT RAISE(ABORT, 'study_units is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_study_units_insert BEFORE INSERT ON study_units WHEN EXISTS (SELECT 1 FROM study_units WHERE place = NEW.place AND study_id = NEW.study_id) BEGIN SELECT RAISE(ABORT, 'study_units has a row with this key already'); END;

CREATE TRIGGER guard_study_units_update BEFORE UPDATE ON study_units BEGIN SELECT RAISE(ABORT, 'study_units is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_study_units AFTER INSERT ON study_units WHEN NEW.run_id IS NOT NULL BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;

CREATE INDEX suggested_flaws_by_asking ON suggested_flaws (asking_id);

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

CREATE TRIGGER guard_suggested_flaws_delete BEFORE DELETE ON suggested_flaws BEGIN SELECT RAISE(ABORT, 'suggested_flaws is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_suggested_flaws_insert BEFORE INSERT ON suggested_flaws WHEN EXISTS (SELECT 1 FROM suggested_flaws WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'suggested_flaws has a row with this key already'); END;

CREATE TRIGGER guard_suggested_flaws_update BEFORE UPDATE ON suggested_flaws BEGIN SELECT RAISE(ABORT, 'suggested_flaws is insert-only: add a new row instead'); END;

CREATE INDEX trial_ratings_by_study ON trial_ratings (study_id);

CREATE INDEX trial_ratings_by_unit ON trial_ratings (study_id, kind, unit_place, verdict, rater_id, trial_id, id);

CREATE INDEX trial_ratings_superseded ON trial_ratings (study_id, supersedes) WHERE supersedes IS NOT NULL;

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

CREATE TRIGGER guard_trial_ratings_delete BEFORE DELETE ON trial_ratings BEGIN SELECT RAISE(ABORT, 'trial_ratings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_trial_ratings_insert BEFORE INSERT ON trial_ratings WHEN EXISTS (SELECT 1 FROM trial_ratings WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM trial_ratings WHERE request_key = NEW.request_key) OR EXISTS (SELECT 1 FROM trial_ratings WHERE revision = NEW.revision AND trial_id = NEW.trial_id) OR EXISTS (SELECT 1 FROM trial_ratings WHERE supersedes = NEW.supersedes) BEGIN SELECT RAISE(ABORT, 'trial_ratings has a row with this key already'); END;

CREATE TRIGGER guard_trial_ratings_update BEFORE UPDATE ON trial_ratings BEGIN SELECT RAISE(ABORT, 'trial_ratings is insert-only: add a new row instead'); END;

CREATE TRIGGER stale_trial_ratings AFTER INSERT ON trial_ratings BEGIN
    INSERT INTO stale_runs (run_id) SELECT run_id FROM study_units
        WHERE study_id = NEW.study_id AND place = NEW.unit_place AND run_id IS NOT NULL;
END;

CREATE INDEX trials_by_unit ON trials (study_id, unit_place, kind, rater_id, id);

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

CREATE TRIGGER guard_trials_delete BEFORE DELETE ON trials BEGIN SELECT RAISE(ABORT, 'trials is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_trials_insert BEFORE INSERT ON trials WHEN EXISTS (SELECT 1 FROM trials WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM trials WHERE kind = NEW.kind AND rater_id = NEW.rater_id AND study_id = NEW.study_id AND unit_place = NEW.unit_place) BEGIN SELECT RAISE(ABORT, 'trials has a row with this key already'); END;

CREATE TRIGGER guard_trials_update BEFORE UPDATE ON trials BEGIN SELECT RAISE(ABORT, 'trials is insert-only: add a new row instead'); END;

CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    name TEXT NOT NULL UNIQUE REFERENCES raters (name),
    role TEXT NOT NULL CHECK (role IN ('owner', 'rater')),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_users_delete BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'users is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_users_insert BEFORE INSERT ON users WHEN EXISTS (SELECT 1 FROM users WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM users WHERE name = NEW.name) BEGIN SELECT RAISE(ABORT, 'users has a row with this key already'); END;

CREATE TRIGGER guard_users_update BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'users is insert-only: add a new row instead'); END;

CREATE TABLE weightings (
    id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 26),
    kind TEXT NOT NULL CHECK (kind <> ''),
    title TEXT NOT NULL,
    seed INTEGER NOT NULL,
    inputs_sha256 TEXT NOT NULL CHECK (length(inputs_sha256) = 64),
    inputs TEXT NOT NULL CHECK (json_valid(inputs) AND json_type(inputs) = 'array'),
    request TEXT NOT NULL CHECK (json_valid(request) AND json_type(request) = 'object'),
    result TEXT NOT NULL CHECK (json_valid(result) AND json_type(result) = 'object'),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T%Z')
) STRICT;

CREATE TRIGGER guard_weightings_delete BEFORE DELETE ON weightings BEGIN SELECT RAISE(ABORT, 'weightings is insert-only: add a new row instead'); END;

CREATE TRIGGER guard_weightings_insert BEFORE INSERT ON weightings WHEN EXISTS (SELECT 1 FROM weightings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'weightings has a row with this key already'); END;

CREATE TRIGGER guard_weightings_update BEFORE UPDATE ON weightings BEGIN SELECT RAISE(ABORT, 'weightings is insert-only: add a new row instead'); END;

