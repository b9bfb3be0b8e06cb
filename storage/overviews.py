"""What lists and boards say of a study beside its progress: what it is made of, when it was frozen, what came after."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from storage.rows import Json, Reader
from storage.studies import StudyRow
from storage.trials import IS_EXCLUDED, IS_OPEN


class StudyOverview(NamedTuple):
    """A study's contents and times; `units` are those that count, `raters` those who have judged.

    `frozen_at` is its first judgement, None while there is none; `superseded_by` is the next version. The hash is that
    of what was stored, whatever a later program would make of it.
    """

    units: int
    raters: int
    frozen_at: str | None
    last_at: str | None
    superseded_by: str | None
    definition_sha256: str


class Activity(NamedTuple):
    """All that makes a board look different from before; `open_by` are the ids of raters who are at a trial now."""

    judgements: int
    revisions: int
    trials: int
    exclusions: int
    closings: int
    invitations: int
    invitation_uses: int
    superseded_by: str | None
    open_by: tuple[str, ...]


class StudyInvitation(NamedTuple):
    """A link to a study, without what makes it work; `used_by` is who came by it."""

    name: str | None
    created_at: str
    expires_at: str
    used_by: str | None
    used_at: str | None


_OVERVIEW = """SELECT id,
    (SELECT count(*) FROM study_units
        WHERE study_id = studies.id AND phase = 'main' AND NOT is_identical AND same_as IS NULL),
    (SELECT count(DISTINCT rater_id) FROM trial_ratings WHERE study_id = studies.id),
    (SELECT min(created_at) FROM trial_ratings WHERE study_id = studies.id),
    (SELECT max(created_at) FROM trial_ratings WHERE study_id = studies.id),
    (SELECT id FROM studies AS later WHERE later.supersedes = studies.id), definition_sha256 FROM studies"""
_COUNTS = """SELECT (SELECT count(*) FROM trial_ratings WHERE study_id = ?1),
    (SELECT count(*) FROM trial_ratings WHERE study_id = ?1 AND supersedes IS NOT NULL),
    (SELECT count(*) FROM trials WHERE study_id = ?1), (SELECT count(*) FROM exclusions WHERE study_id = ?1),
    (SELECT count(*) FROM study_closings WHERE study_id = ?1), (SELECT count(*) FROM invitations WHERE study_id = ?1),
    (SELECT count(*) FROM invitation_uses JOIN invitations USING (token_sha256) WHERE study_id = ?1),
    (SELECT id FROM studies WHERE supersedes = ?1)"""


def overviews(reader: Reader) -> dict[str, StudyOverview]:
    """The overview of every study by its id."""
    return {study_id: StudyOverview(*rest) for study_id, *rest in reader.execute(_OVERVIEW)}


def definitions(reader: Reader) -> dict[str, Json]:
    """What every study asks, by its id."""
    return {study.id: study.definition for study in reader.rows(StudyRow)}


def overview(reader: Reader, study_id: str) -> StudyOverview:
    """The overview of one study, which exists."""
    _, *rest = reader.execute(f"{_OVERVIEW} WHERE id = ?", study_id).fetchone()
    return StudyOverview(*rest)


def activity(reader: Reader, study_id: str, *, now: str) -> Activity:
    """What happened to a study until now."""
    counts = reader.execute(_COUNTS, study_id).fetchone()
    open_by = f"""SELECT DISTINCT rater_id FROM leases JOIN trials ON trials.id = trial_id
        WHERE expires_at > ? AND study_id = ? AND {IS_OPEN} AND NOT {IS_EXCLUDED} ORDER BY rater_id"""
    raters = tuple(rater for (rater,) in reader.execute(open_by, now, study_id, study_id, study_id))
    return Activity._make((*counts, raters))


def study_with_definition(reader: Reader, definition_sha256: str) -> str | None:
    """The id of the first study of this definition, None if there is none."""
    sql = "SELECT id FROM studies WHERE definition_sha256 = ? ORDER BY id LIMIT 1"
    found = reader.execute(sql, definition_sha256).fetchone()
    return found[0] if found else None


def rater_names(reader: Reader, ids: Iterable[str] | None = None) -> dict[str, str]:
    """The names of these raters, or of every one, by id and in the order of names."""
    if ids is None:
        return dict(reader.execute("SELECT id, name FROM raters ORDER BY name").fetchall())
    sql = "SELECT id, name FROM raters WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name"
    return dict(reader.execute(sql, json.dumps(sorted(ids))).fetchall())


def invitations_of(reader: Reader, study_id: str) -> tuple[StudyInvitation, ...]:
    """The invitations to a study, the latest first."""
    sql = """SELECT invitations.name, invitations.created_at, expires_at, users.name, used_at FROM invitations
        LEFT JOIN invitation_uses USING (token_sha256) LEFT JOIN users ON users.id = user_id
        WHERE study_id = ? ORDER BY invitations.created_at DESC, invitations.rowid DESC"""
    return tuple(map(StudyInvitation._make, reader.execute(sql, study_id)))
