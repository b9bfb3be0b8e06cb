-- The lab: recorded answers as they were loaded, and the reports made from them.

-- One file as it was read. Its members and sets are part of what it is, as a file's name may say them.
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

-- What one member was recorded to say to one question; a second gold answer in the same file makes a second row.
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
