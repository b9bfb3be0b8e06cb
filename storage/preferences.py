"""What people said, as columns: a list a column for any number of judgements, so that a million can be counted at once.

Rows are known here by the numbers that SQLite gave them, which grow as they come: what is new is what is above.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from storage.rows import Reader

KINDS = ("main", "training", "repeat")
VERDICTS = ("output", "tie", "all_bad", "ranking", "scores", "skip", "withdrawn")
ROLES = ("single", "best", "fusion", "vote", "candidate")
AFTER_REVEAL, TOO_FAST = 1, 2
_ROWS_AT_ONCE = 100_000  # 20 MB of text


class StudyMark(NamedTuple):
    """How far a study has come: its last judgement, its last exclusion. What it asks never changes."""

    study_id: str
    judged: int
    excluded: int


class StudyHead(NamedTuple):
    """A study as a choice: `judgements` are its judged trials, of whatever kind; `definition` is JSON."""

    id: str
    title: str
    definition: str
    definition_sha256: str
    created_at: str
    units: int
    judgements: int
    raters: int


class SaidColumns(NamedTuple):
    """Judgements as they came, revisions and withdrawals among them.

    `trial` numbers the trial, of which the last judgement stands; `kind`, `verdict` and `role` are places in KINDS,
    VERDICTS and ROLES, `flags` the sum of AFTER_REVEAL and TOO_FAST, `shown_order` the JSON of the trial.
    """

    row: list[int]
    trial: list[int]
    unit_place: list[int]
    rater_id: list[str]
    kind: list[int]
    verdict: list[int]
    output_id: list[str | None]
    role: list[int]  # -1 = no output was chosen
    seconds: list[float | None]
    flags: list[int]
    shown_order: list[str]


class UnitCells(NamedTuple):
    """A unit without its contenders. Language and tags are the run's where the unit tells none."""

    place: int
    prompt: str
    phase: str
    is_identical: int
    same_as: int | None
    run_id: str | None
    language: str | None
    gold: int | None
    tags: str | None


class ContenderCells(NamedTuple):
    """A contender without its text; `is_named` where the text was found to tell its writer."""

    unit_place: int
    place: int
    role: str
    member: str
    output_id: str
    length: int
    is_named: int
    digest: str  # the beginning of its text's


class RatingCells(NamedTuple):
    """A rating given on the Compare page that stands."""

    id: str
    run_id: str
    rater_id: str
    verdict: str
    role: str | None
    output_id: str | None
    names_visible: int


class ScoreCells(NamedTuple):
    """A score given on the Compare page."""

    rating_id: str
    output_id: str
    role: str
    criterion: str
    value: float


def study_marks(reader: Reader) -> dict[str, StudyMark]:
    """How far every study has come, by its id, the latest first."""
    sql = """SELECT id, coalesce((SELECT max(rowid) FROM trial_ratings WHERE study_id = studies.id), 0),
        coalesce((SELECT max(seq) FROM exclusions WHERE study_id = studies.id), 0) FROM studies ORDER BY id DESC"""
    return {mark.study_id: mark for mark in map(StudyMark._make, reader.execute(sql))}


def study_choices(reader: Reader) -> tuple[StudyHead, ...]:
    """Every study, the latest first."""
    sql = """SELECT id, title, definition, definition_sha256, created_at,
        (SELECT count(*) FROM study_units WHERE study_id = studies.id
            AND phase = 'main' AND NOT is_identical AND same_as IS NULL),
        (SELECT count(*) FROM trial_ratings WHERE study_id = studies.id)
            - (SELECT count(*) FROM trial_ratings WHERE study_id = studies.id AND supersedes IS NOT NULL),
        (SELECT count(*) FROM joinings WHERE study_id = studies.id) FROM studies ORDER BY id DESC"""
    return tuple(map(StudyHead._make, reader.execute(sql)))


def ratings_mark(reader: Reader) -> int:
    """How far the ratings of the Compare page have come."""
    return int(reader.execute("SELECT coalesce(max(rowid), 0) FROM ratings").fetchone()[0])


def said_columns(reader: Reader, study_id: str, *, after: int, upto: int) -> Iterator[SaidColumns]:
    """The judgements of the study above one row and up to another, some at a time."""
    # One JSON text a column: SQLite puts it together without the interpreter, which reads it three times as fast as
    # rows. The order of an aggregate is that of the rows it sees: those of the subquery, as they came.
    cells = {
        "row": "said.rowid",
        "trial": "trials.rowid",
        "unit_place": "said.unit_place",
        "rater_id": "said.rater_id",
        "kind": _code("said.kind", KINDS),
        "verdict": _code("said.verdict", VERDICTS),
        "output_id": "said.output_id",
        "role": f"coalesce({_code('said.role', ROLES)}, -1)",
        "seconds": "said.active_seconds",
        "flags": f"said.is_after_reveal * {AFTER_REVEAL} + said.is_too_fast * {TOO_FAST}",
        "shown_order": "trials.shown_order",
    }
    columns = ", ".join(f"json_group_array({cells[name]})" for name in SaidColumns._fields)
    sql = f"""SELECT {columns} FROM trial_ratings AS said CROSS JOIN trials ON trials.id = trial_id
        WHERE said.study_id = ? AND said.rowid > ? AND said.rowid <= ?"""
    while after < upto:
        last = _last_row(reader, study_id, after=after, upto=upto)
        yield SaidColumns(*map(json.loads, reader.execute(sql, study_id, after, last).fetchone()))
        after = last


def said_bodies(reader: Reader, study_id: str, after: int, upto: int) -> Iterator[tuple[int, Any]]:
    """The rankings and scores among these judgements by their rows."""
    sql = """SELECT rowid, body FROM trial_ratings WHERE study_id = ? AND rowid > ? AND rowid <= ?
        AND verdict IN ('ranking', 'scores')"""
    return ((row, json.loads(body)) for row, body in reader.execute(sql, study_id, after, upto))


def excluded_raters(reader: Reader, study_id: str) -> frozenset[str]:
    """The ids of those who are left out of the study."""
    sql = "SELECT rater_id, is_excluded FROM exclusions WHERE study_id = ? AND rater_id IS NOT NULL ORDER BY seq"
    return _last_true(reader.execute(sql, study_id))


def excluded_trials(reader: Reader, study_id: str) -> frozenset[int]:
    """The row numbers of the trials that are left out of the study."""
    sql = """SELECT trials.rowid, is_excluded FROM exclusions JOIN trials ON trials.id = trial_id
        WHERE exclusions.study_id = ? ORDER BY seq"""
    return _last_true(reader.execute(sql, study_id))


def unit_cells(reader: Reader, study_id: str) -> Iterator[UnitCells]:
    """The units of the study by place."""
    sql = """SELECT place, prompt, phase, is_identical, same_as, run_id,
        coalesce(json_extract(body, '$.language'), language), json_extract(body, '$.gold'),
        coalesce(json_extract(body, '$.tags'), tags) FROM study_units LEFT JOIN runs ON runs.id = run_id
        LEFT JOIN prompts ON prompts.id = prompt_id WHERE study_id = ? ORDER BY place"""
    return map(UnitCells._make, reader.execute(sql, study_id))


def contender_cells(reader: Reader, study_id: str) -> Iterator[ContenderCells]:
    """The contenders of the study, by unit and place."""
    sql = """SELECT unit_place, place, role, member, output_id, length(text), names <> '[]',
        substr(text_sha256, 1, 16) FROM contenders
        WHERE study_id = ? ORDER BY unit_place, place"""
    return map(ContenderCells._make, reader.execute(sql, study_id))


def doubled_texts(reader: Reader, study_id: str) -> Iterator[tuple[int, int, str]]:
    """The texts (by unit and place) of units that show the same as another, and of those others."""
    sql = """SELECT unit_place, place, text FROM contenders WHERE study_id = ?1 AND unit_place IN (
        SELECT place FROM study_units WHERE study_id = ?1 AND same_as IS NOT NULL
        UNION SELECT same_as FROM study_units WHERE study_id = ?1 AND same_as IS NOT NULL)"""
    return iter(reader.execute(sql, study_id))


def unit_prompts(reader: Reader, study_id: str, places: list[int], *, most: int) -> dict[int, str]:
    """How the prompts of these units begin, by place."""
    sql = """SELECT place, substr(prompt, 1, ?) FROM study_units
        WHERE study_id = ? AND place IN (SELECT value FROM json_each(?))"""
    return dict(reader.execute(sql, most, study_id, json.dumps(places)).fetchall())


def standing_ratings(reader: Reader) -> tuple[RatingCells, ...]:
    """Every rating of the Compare page that stands and was not withdrawn."""
    sql = """SELECT id, run_id, rater_id, verdict, role, output_id, names_visible FROM ratings
        WHERE verdict <> 'withdrawn' AND id NOT IN (SELECT supersedes FROM ratings WHERE supersedes IS NOT NULL)
        ORDER BY rowid"""
    return tuple(map(RatingCells._make, reader.execute(sql)))


def standing_scores(reader: Reader) -> tuple[ScoreCells, ...]:
    """The scores of those ratings."""
    sql = """SELECT rating_id, output_id, role, criterion, value FROM scores
        WHERE rating_id NOT IN (SELECT supersedes FROM ratings WHERE supersedes IS NOT NULL)"""
    return tuple(map(ScoreCells._make, reader.execute(sql)))


def _last_row(reader: Reader, study_id: str, *, after: int, upto: int) -> int:
    sql = "SELECT rowid FROM trial_ratings WHERE study_id = ? AND rowid > ? AND rowid <= ? LIMIT 1 OFFSET ?"
    found = reader.execute(sql, study_id, after, upto, _ROWS_AT_ONCE - 1).fetchone()
    return int(found[0]) if found else upto


def _code(column: str, words: tuple[str, ...]) -> str:
    """SQL of a word's place."""
    cases = " ".join(f"WHEN '{word}' THEN {place}" for place, word in enumerate(words))
    return f"CASE {column} {cases} END"


def _last_true(decisions: Any) -> frozenset[Any]:
    is_out = dict(iter(decisions))
    return frozenset(key for key, is_excluded in is_out.items() if is_excluded)
