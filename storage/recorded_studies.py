"""Studies of judgements that others recorded: which there are, and what of them is stored already.

Units carry a key made from what is compared, by which the same file is known again. How rows get there is for
`staged_studies`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from storage.ratings import plain_name
from storage.rows import Json, Reader
from storage.trials import Kind

_OF_SERIES = "json_extract(definition, '$.source.series') = ?"


class KnownUnit(NamedTuple):
    """Where a recorded unit is; `is_turned`: the contender whose member comes second by name is its first."""

    study_id: str
    place: int
    is_turned: bool


class Mark(NamedTuple):
    """The hash of a study's definition, and how far its judgements have come."""

    definition_sha256: str
    judged: int


class StoredVote(NamedTuple):
    """What is stored of a recorded judgement; `member` is the winner's, None where there is none."""

    verdict: str
    member: str | None


class NewVote(NamedTuple):
    """A recorded judgement to be stored; `winner` is the member that won."""

    place: int
    rater: str
    kind: Kind
    order: tuple[int, int]
    verdict: str
    winner: str | None
    output_id: str | None
    strength: int
    is_open: bool
    body: dict[str, Json]
    said_at: str | None


def studies_of(reader: Reader, series: str) -> dict[str, Mark]:
    """Every study of this series by its id, in the order they were made."""
    sql = f"""SELECT id, definition_sha256,
        (SELECT coalesce(max(rowid), 0) FROM trial_ratings WHERE study_id = studies.id)
        FROM studies WHERE {_OF_SERIES} ORDER BY id"""
    return {study_id: Mark(*mark) for study_id, *mark in reader.execute(sql, series)}


def series_of(reader: Reader, files_sha256: str) -> str | None:
    """The series of the first study that was made from these very files, None if there is none."""
    sql = """SELECT json_extract(definition, '$.source.series') FROM studies
        WHERE json_extract(definition, '$.source.sha256') = ? ORDER BY id LIMIT 1"""
    found = reader.execute(sql, files_sha256).fetchone()
    return str(found[0]) if found else None


def units_of_series(reader: Reader, series: str) -> Iterator[tuple[bytes, KnownUnit]]:
    """Every unit of the series under the key that its body names."""
    sql = f"""SELECT json_extract(body, '$.key'), units.study_id, units.place, first.member > second.member
        FROM study_units AS units
        JOIN contenders AS first ON first.study_id = units.study_id AND first.unit_place = units.place
            AND first.place = 0
        JOIN contenders AS second ON second.study_id = units.study_id AND second.unit_place = units.place
            AND second.place = 1
        WHERE units.study_id IN (SELECT id FROM studies WHERE {_OF_SERIES})"""
    for key, study_id, place, is_turned in reader.execute(sql, series):
        yield bytes.fromhex(key), KnownUnit(study_id, place, bool(is_turned))


def stored_vote(reader: Reader, study_id: str, vote: NewVote) -> StoredVote | None:
    """What is stored of this judgement, whatever it said; None if nothing is."""
    sql = """SELECT verdict, (SELECT member FROM contenders AS shown WHERE shown.study_id = said.study_id
        AND shown.unit_place = said.unit_place AND shown.output_id = said.output_id AND shown.role = said.role)
        FROM trial_ratings AS said WHERE study_id = ? AND kind = ? AND unit_place = ?
        AND rater_id = (SELECT id FROM raters WHERE name = ?) ORDER BY revision DESC LIMIT 1"""
    found = reader.execute(sql, study_id, vote.kind, vote.place, plain_name(vote.rater)).fetchone()
    return StoredVote(*found) if found else None


def is_recorded(reader: Reader, prompt_id: str, seed: int) -> bool:
    """Whether there is a whole run over recorded candidates to this prompt, of this seed."""
    sql = """SELECT 1 FROM runs WHERE prompt_id = ? AND seed = ? AND origin = 'recorded'
        AND EXISTS (SELECT 1 FROM outcomes WHERE run_id = runs.id)"""
    return reader.execute(sql, prompt_id, seed).fetchone() is not None


def recorded_seeds(reader: Reader) -> frozenset[int]:
    """The seeds of all whole runs over recorded candidates; an imported pool's seed is made from its content."""
    sql = "SELECT seed FROM runs WHERE origin = 'recorded' AND id IN (SELECT run_id FROM outcomes)"
    return frozenset(seed for (seed,) in reader.execute(sql))
