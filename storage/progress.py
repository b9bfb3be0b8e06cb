"""How far studies are: who has finished or holds which unit, and what stands, without the bulk of what was said.

Made for lists and boards over a hundred thousand judgements; `judgements` reads them whole.
"""

from collections.abc import Iterable
from typing import NamedTuple

from storage.rows import Reader
from storage.trials import IS_OPEN, RATER_IS_OUT, TRIAL_IS_OUT


class StudyHead(NamedTuple):
    """A study as a list shows it; `wanted` main judgements make it whole, `done` of them are there."""

    id: str
    title: str
    version: int
    overlap: int
    units: int
    wanted: int
    done: int
    raters: int
    is_closed: bool
    created_at: str


class StudyRater(NamedTuple):
    """A rater of a study; the first who came has number 0."""

    number: int
    rater_id: str
    name: str
    is_excluded: bool
    joined_at: str


class Progress(NamedTuple):
    """By the place of a unit, the ids of those who have judged it and of those for whom it is kept; main trials only.

    Whoever skipped or took back is in neither, and nobody who is excluded.
    """

    judged: dict[int, frozenset[str]]
    leased: dict[int, frozenset[str]]


class Judged(NamedTuple):
    """A judgement that stands, as far as boards count; `is_excluded` by its rater or its trial. Flags are 0 and 1."""

    trial_id: str
    unit_place: int
    rater_id: str
    kind: str
    verdict: str
    output_id: str | None
    active_seconds: float | None
    is_after_reveal: int
    is_too_fast: int
    is_excluded: int


# A list of all that were superseded takes less time than a search for each.
_STANDS = "id NOT IN (SELECT supersedes FROM trial_ratings WHERE study_id = ? AND supersedes IS NOT NULL)"
_IS_OUT = f"({RATER_IS_OUT} OR {TRIAL_IS_OUT})"
_DONE = f"kind = 'main' AND verdict NOT IN ('skip', 'withdrawn') AND {_STANDS} AND NOT {_IS_OUT}"


def study_heads(reader: Reader) -> tuple[StudyHead, ...]:
    """All studies, latest first."""
    sql = """SELECT id, title, version, overlap,
        (SELECT count(*) FROM study_units WHERE study_id = studies.id),
        overlap * (SELECT count(*) FROM study_units
            WHERE study_id = studies.id AND phase = 'main' AND NOT is_identical AND same_as IS NULL),
        0, -- counted below
        (SELECT count(*) FROM joinings WHERE study_id = studies.id),
        coalesce((SELECT is_closed FROM study_closings WHERE study_id = studies.id ORDER BY seq DESC LIMIT 1), 0),
        created_at FROM studies ORDER BY id DESC"""
    heads = [StudyHead(*cells) for cells in reader.execute(sql)]
    return tuple(head._replace(done=_done(reader, head.id), is_closed=bool(head.is_closed)) for head in heads)


def study_raters(reader: Reader, study_id: str) -> tuple[StudyRater, ...]:
    """The raters of the study, in the order in which they came."""
    sql = f"""SELECT seq - 1, rater_id, name, {RATER_IS_OUT}, joinings.created_at
        FROM joinings JOIN raters ON raters.id = rater_id WHERE study_id = ? ORDER BY seq"""
    found = map(StudyRater._make, reader.execute(sql, study_id, study_id))
    return tuple(rater._replace(is_excluded=bool(rater.is_excluded)) for rater in found)


def progress(reader: Reader, study_id: str, *, now: str) -> Progress:
    """How far each unit is at this moment."""
    judged_by = f"""SELECT unit_place, group_concat(rater_id) FROM trial_ratings
        WHERE study_id = ? AND {_DONE} GROUP BY unit_place"""
    leased_by = f"""SELECT unit_place, group_concat(rater_id) FROM leases JOIN trials ON trials.id = trial_id
        WHERE expires_at > ? AND study_id = ? AND kind = 'main' AND {IS_OPEN} AND NOT {_IS_OUT}
        GROUP BY unit_place"""
    return Progress(
        judged=_raters_by_place(reader.execute(judged_by, *[study_id] * 4)),
        leased=_raters_by_place(reader.execute(leased_by, now, *[study_id] * 3)),
    )


def judged(reader: Reader, study_id: str) -> tuple[Judged, ...]:
    """Every judgement that stands and was not withdrawn (skips are among them), in the order in which they came."""
    sql = f"""SELECT trial_id, unit_place, rater_id, kind, verdict, output_id, active_seconds, is_after_reveal,
        is_too_fast, {_IS_OUT}
        FROM trial_ratings WHERE study_id = ? AND verdict <> 'withdrawn' AND {_STANDS}"""
    return tuple(map(Judged._make, reader.execute(sql, *[study_id] * 4)))


def active_seconds(reader: Reader, *, study_id: str, rater_id: str) -> tuple[float, ...]:
    """How long this rater was at each trial that they judged, as far as it is known; revisions do not count."""
    sql = """SELECT active_seconds FROM trial_ratings WHERE study_id = ? AND rater_id = ? AND revision = 1
        AND verdict NOT IN ('skip', 'withdrawn') AND active_seconds IS NOT NULL"""
    return tuple(float(seconds) for (seconds,) in reader.execute(sql, study_id, rater_id))


def _done(reader: Reader, study_id: str) -> int:
    sql = f"SELECT count(*) FROM trial_ratings WHERE study_id = ? AND {_DONE}"
    return int(reader.execute(sql, *[study_id] * 4).fetchone()[0])


def _raters_by_place(found: Iterable[tuple[int, str]]) -> dict[int, frozenset[str]]:
    return {place: frozenset(raters.split(",")) for place, raters in found}
