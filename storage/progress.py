"""How far studies are: who has finished or holds which unit, and what stands, without the bulk of what was said.

Made for lists and boards over a hundred thousand judgements; `judgements` reads them whole.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from storage.rows import Reader, json_text
from storage.trials import IS_EXCLUDED, LEASED_UNTIL, RATER_IS_OUT, STANDING, TRIAL_IS_OUT, latest_told, waits


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
    """By the place of a unit, the names of those who have judged it and of those for whom it is kept; main trials only.

    Whoever skipped or took back is in neither, and nobody who is excluded.
    """

    judged: dict[int, frozenset[str]]
    leased: dict[int, frozenset[str]]


class Extent(NamedTuple):
    """Up to which rows progress was read, and at which moment: what is not behind it may have changed since."""

    said: int
    leased: int
    excluded: int
    now: str


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


def progress(reader: Reader, study_id: str, *, now: str, places: Collection[int] | None = None) -> Progress:
    """How far each unit is at this moment; of these places only, where they are named."""
    is_named = "AND unit_place IN (SELECT value FROM json_each(?))" if places is not None else ""
    sql = f"""SELECT unit_place, (SELECT name FROM raters WHERE id = rater_id), {STANDING.format("verdict")},
        {LEASED_UNTIL} FROM trials WHERE study_id = ? AND kind = 'main' {is_named} AND NOT {IS_EXCLUDED}"""
    named = [json_text(list(places))] if places is not None else []
    judged, leased = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for place, name, verdict, leased_until in reader.execute(
        sql, latest_told(now), study_id, *named, study_id, study_id
    ):
        if waits(verdict):
            if leased_until is not None and leased_until > now:
                leased[place].add(name)
        elif verdict != "skip":
            judged[place].add(name)
    return Progress(judged=_frozen(judged), leased=_frozen(leased))


def extent(reader: Reader, study_id: str, *, now: str) -> Extent:
    """How far progress would be read at this moment."""
    sql = """SELECT (SELECT max(rowid) FROM trial_ratings), (SELECT max(rowid) FROM leases),
        (SELECT max(seq) FROM exclusions WHERE study_id = ?)"""
    said, leased, excluded = reader.execute(sql, study_id).fetchone()
    return Extent(said or 0, leased or 0, excluded or 0, now)


def changed_places(reader: Reader, study_id: str, *, since: Extent, until: Extent) -> frozenset[int] | None:
    """The units whose progress may be another than at `since`; None: any may.

    Rows are only ever added, so that those above a row's number are those that came after it. A clock that went back
    makes leases run again, and far enough, takes those away that were given at the time that it had told.
    """
    if since.excluded != until.excluded:
        return None
    # Joined crosswise: the few new leases are looked through, not the many trials of the study.
    sql = """SELECT unit_place FROM trial_ratings WHERE study_id = ? AND rowid > ?
        UNION SELECT unit_place FROM leases CROSS JOIN trials ON trials.id = trial_id
            WHERE leases.rowid > ? AND study_id = ?
        UNION SELECT unit_place FROM leases CROSS JOIN trials ON trials.id = trial_id
            WHERE expires_at > ? AND expires_at <= ? AND study_id = ?
        UNION SELECT unit_place FROM leases CROSS JOIN trials ON trials.id = trial_id
            WHERE leases.created_at > ? AND leases.created_at <= ? AND study_id = ?"""
    first, last = sorted((since.now, until.now))
    told = (latest_told(first), latest_told(last))
    found = reader.execute(sql, study_id, since.said, since.leased, study_id, first, last, study_id, *told, study_id)
    return frozenset(place for (place,) in found)


def judged(reader: Reader, study_id: str) -> tuple[Judged, ...]:
    """Every judgement that stands and was not withdrawn (skips are among them), in the order in which they came."""
    sql = f"""SELECT trial_id, unit_place, rater_id, kind, verdict, output_id, active_seconds, is_after_reveal,
        is_too_fast, {_IS_OUT}
        FROM trial_ratings WHERE study_id = ? AND verdict <> 'withdrawn' AND {_STANDS}"""
    return tuple(map(Judged._make, reader.execute(sql, *[study_id] * 4)))


def active_seconds(reader: Reader, *, study_id: str, rater_id: str) -> tuple[float, ...]:
    """How long this rater was at each trial that they judged, as far as it is known; revisions do not count."""
    sql = """SELECT active_seconds FROM trials CROSS JOIN trial_ratings AS said ON said.trial_id = trials.id
        WHERE trials.study_id = ? AND trials.rater_id = ? AND revision = 1
        AND verdict NOT IN ('skip', 'withdrawn') AND active_seconds IS NOT NULL"""
    return tuple(float(seconds) for (seconds,) in reader.execute(sql, study_id, rater_id))


def _done(reader: Reader, study_id: str) -> int:
    sql = f"SELECT count(*) FROM trial_ratings WHERE study_id = ? AND {_DONE}"
    return int(reader.execute(sql, *[study_id] * 4).fetchone()[0])


def _frozen(names_by_place: Mapping[int, set[str]]) -> dict[int, frozenset[str]]:
    return {place: frozenset(names) for place, names in names_by_place.items()}
