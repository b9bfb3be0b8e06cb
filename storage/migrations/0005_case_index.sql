-- The index of cases: of each run what lists filter, sort and count by, and the words that can be searched for.
-- All of it follows from other tables and can be made again. Which runs have to be is noted by triggers, in the
-- transaction that changes something about them, so that no writer can forget it.

-- A mark says that something about the run changed. Marks are never used twice: whoever has read a run may take away
-- the marks that were there then, and one that came meanwhile stays.
CREATE TABLE stale_runs (
    mark INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL
) STRICT;
CREATE INDEX stale_runs_by_run ON stale_runs (run_id);

-- What a case can be filtered by, by name: ('member', 'm1'), ('loss', 'broken'), …
CREATE TABLE case_labels (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind <> ''),
    value TEXT NOT NULL,
    UNIQUE (kind, value)
) STRICT;

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
CREATE UNIQUE INDEX cases_by_revision ON cases (revision);

-- A note is a document of its own. Superseded ones stay in the index of words, and are not found.
CREATE TABLE case_notes (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    source_id TEXT NOT NULL, -- of the rating, judgement or flaw it was written with
    is_standing INTEGER NOT NULL CHECK (is_standing IN (0, 1)),
    UNIQUE (case_id, source_id)
) STRICT;

-- Words come cut and folded, with spaces between them: this tokenizer leaves all scripts but ASCII as they are.
-- Documents are numbered as cases and case_notes are. Texts stay where they are, and where in them a word stands is not
-- kept: that takes two thirds of the space, and one table with a column for each place takes half. Views stand in for
-- the texts, as other programs count the rows of every table, and those of one without any cannot be counted.
CREATE VIEW case_documents (id, words) AS SELECT id, NULL FROM cases;
CREATE VIEW note_documents (id, words) AS SELECT id, NULL FROM case_notes;
CREATE VIRTUAL TABLE prompt_words
    USING fts5 (words, content = 'case_documents', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');
CREATE VIRTUAL TABLE answer_words
    USING fts5 (words, content = 'case_documents', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');
CREATE VIRTUAL TABLE note_words
    USING fts5 (words, content = 'note_documents', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');

-- Which studies show a run.
CREATE INDEX study_units_by_run ON study_units (run_id) WHERE run_id IS NOT NULL;

CREATE TRIGGER stale_outcomes AFTER INSERT ON outcomes BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;
CREATE TRIGGER stale_ratings AFTER INSERT ON ratings BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;
CREATE TRIGGER stale_run_flaws AFTER INSERT ON run_flaws BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;
CREATE TRIGGER stale_regroupings AFTER INSERT ON regroupings BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;
CREATE TRIGGER stale_study_units AFTER INSERT ON study_units WHEN NEW.run_id IS NOT NULL BEGIN
    INSERT INTO stale_runs (run_id) VALUES (NEW.run_id);
END;
CREATE TRIGGER stale_trial_ratings AFTER INSERT ON trial_ratings BEGIN
    INSERT INTO stale_runs (run_id) SELECT run_id FROM study_units
        WHERE study_id = NEW.study_id AND place = NEW.unit_place AND run_id IS NOT NULL;
END;
-- Who is left out of a study, or taken in again, touches all that this person judged.
CREATE TRIGGER stale_exclusions AFTER INSERT ON exclusions BEGIN
    INSERT INTO stale_runs (run_id) SELECT DISTINCT run_id FROM trials
        JOIN study_units ON study_units.study_id = trials.study_id AND place = unit_place
        WHERE trials.study_id = NEW.study_id AND (trials.id = NEW.trial_id OR trials.rater_id = NEW.rater_id)
        AND run_id IS NOT NULL;
END;

INSERT INTO stale_runs (run_id) SELECT run_id FROM outcomes ORDER BY rowid;
