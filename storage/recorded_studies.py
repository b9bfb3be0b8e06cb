"""Studies of judgements that others recorded: units, trials and ratings in bulk, all in the writer's transaction.

Statements are written out and take plain cells, as a million votes are six million rows. Units carry a key made from
what is compared, by which the same file is known again. Keys of requests rise as ids do: indexes grow at their end.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import product
from typing import NamedTuple

from storage.errors import StorageError
from storage.ratings import plain_name
from storage.rows import Json, Reader, Writer, json_text
from storage.sequences import next_seq
from storage.studies import NewUnit
from storage.trials import JoiningRow, Kind

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of Crockford's base 32, in which ids are written
_CACHE_KB = 200_000  # pages that are full before they are written are written once
_TAIL = 8  # signs of an id that are counted here: 32**8 ids
_BULKY = ("study_units", "contenders", "joinings", "trials", "trial_ratings", "raters")
_OF_RUNS = ("stale_study_units", "stale_trial_ratings")
_UNIT = """INSERT INTO study_units (study_id, place, run_id, prompt, phase, is_identical, same_as, body)
    VALUES (?, ?, NULL, ?, 'main', 0, NULL, ?)"""
_CONTENDER = """INSERT INTO contenders
    (study_id, unit_place, place, role, run_id, output_id, member, text, text_sha256, names)
    VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, '[]')"""
_TRIAL = """INSERT INTO trials (id, study_id, unit_place, rater_id, kind, repeat_of, position, shown_order,
    definition_sha256, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_RATING = """INSERT INTO trial_ratings
    (id, study_id, unit_place, rater_id, kind, trial_id, revision, verdict, output_id, role, strength,
    body, active_seconds, shown, is_after_reveal, is_too_fast, supersedes, request_key, created_at)
    VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, NULL, '{}', ?, 0, NULL, ?, ?)"""
_STRAIGHT, _SWAPPED = "[0,1]", "[1,0]"
_OF_SERIES = "json_extract(definition, '$.source.series') = ?"


class KnownUnit(NamedTuple):
    """Where a recorded unit is."""

    study_id: str
    place: int


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


def studies_of(reader: Reader, series: str) -> dict[str, str]:
    """The hash of the definition of every study of this series by the study's id, in the order they were made."""
    found = reader.execute(f"SELECT id, definition_sha256 FROM studies WHERE {_OF_SERIES} ORDER BY id", series)
    return dict(found.fetchall())


def series_of(reader: Reader, files_sha256: str) -> str | None:
    """The series of the first study that was made from these very files, None if there is none."""
    sql = """SELECT json_extract(definition, '$.source.series') FROM studies
        WHERE json_extract(definition, '$.source.sha256') = ? ORDER BY id LIMIT 1"""
    found = reader.execute(sql, files_sha256).fetchone()
    return str(found[0]) if found else None


def units_of_series(reader: Reader, series: str) -> Iterator[tuple[bytes, KnownUnit]]:
    """Every unit of the series under the key that its body names."""
    sql = f"""SELECT json_extract(body, '$.key'), study_id, place FROM study_units
        WHERE study_id IN (SELECT id FROM studies WHERE {_OF_SERIES})"""
    for key, study_id, place in reader.execute(sql, series):
        yield bytes.fromhex(key), KnownUnit(study_id, place)


def stored_vote(reader: Reader, study_id: str, vote: NewVote) -> StoredVote | None:
    """What is stored of this judgement, whatever it said; None if nothing is."""
    sql = """SELECT verdict, (SELECT member FROM contenders AS shown WHERE shown.study_id = said.study_id
        AND shown.unit_place = said.unit_place AND shown.output_id = said.output_id AND shown.role = said.role)
        FROM trial_ratings AS said WHERE study_id = ? AND kind = ? AND unit_place = ?
        AND rater_id = (SELECT id FROM raters WHERE name = ?) ORDER BY revision DESC LIMIT 1"""
    found = reader.execute(sql, study_id, vote.kind, vote.place, plain_name(vote.rater)).fetchone()
    return StoredVote(*found) if found else None


def recorded_seeds(reader: Reader) -> frozenset[int]:
    """The seeds of all whole runs over recorded candidates; an imported pool's seed is made from its content."""
    sql = "SELECT seed FROM runs WHERE origin = 'recorded' AND id IN (SELECT run_id FROM outcomes)"
    return frozenset(seed for (seed,) in reader.execute(sql))


@contextmanager
def in_bulk(writer: Writer) -> Iterator[None]:
    """Inserts without asking whether a key is there already, which takes more time than all the rest.

    The guards against that are for `INSERT OR REPLACE`, which nothing here says: a key that is there is refused all the
    same. Imported units have no run whose place in the index could be stale. All are lifted and laid within the
    transaction, so that nobody else ever finds them missing.
    """
    names = [*(f"guard_{table}_insert" for table in _BULKY), *_OF_RUNS]
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (SELECT value FROM json_each(?))"
    laid = writer.execute(sql, json.dumps(names)).fetchall()
    (cache,) = writer.execute("PRAGMA cache_size").fetchone()
    writer.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    try:
        for name, _ in laid:
            writer.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in laid:
            writer.execute(statement)
    finally:
        with suppress(StorageError):  # a full disk has ended the transaction, and says so itself
            writer.execute(f"PRAGMA cache_size = {cache}")


def bulk_ids(writer: Writer) -> Iterator[str]:
    """Ids in rising order that all begin as one new id does: a clock and dice for each would take longer than its row.

    For one import, whose fillings share them: the next new id may begin as this one does.
    """
    prefix = writer.identity.new_id()[:-_TAIL]
    for tail in product(_ALPHABET, repeat=_TAIL):
        yield prefix + "".join(tail)


class Filling:
    """Fills one study with units and judgements; `definition_sha256` is the study's, `ids` are those of the rows."""

    def __init__(self, writer: Writer, study_id: str, *, definition_sha256: str, ids: Iterator[str]) -> None:
        self._writer, self._study_id, self._definition = writer, study_id, definition_sha256
        self._now = writer.identity.now()
        self._ids = ids
        self._rater_by_name: dict[str, str] = {}
        self._trials_by_rater: dict[str, int] = {}
        self._seq = next_seq(writer, JoiningRow, of="study_id", key=study_id)

    def unit(self, unit: NewUnit) -> None:
        """Stores a unit with its contenders."""
        self._writer.execute(_UNIT, self._study_id, unit.place, unit.prompt, json_text(unit.body))
        for place, each in enumerate(unit.contenders):
            digest = sha256(each.text.encode()).hexdigest()
            cells = (each.role, each.output_id, each.member, each.text, digest)
            self._writer.execute(_CONTENDER, self._study_id, unit.place, place, *cells)

    def vote(self, vote: NewVote) -> None:
        """Stores a judgement with its trial."""
        rater_id = self._rater_by_name.get(vote.rater) or self._join(vote.rater)
        position = self._trials_by_rater[rater_id]
        self._trials_by_rater[rater_id] = position + 1
        trial_id, said_at = next(self._ids), vote.said_at or self._now
        of_trial = (self._study_id, vote.place, rater_id, vote.kind)
        repeat_of = self._main_trial(vote.place, rater_id) if vote.kind == "repeat" else None
        shown = (_STRAIGHT if vote.order == (0, 1) else _SWAPPED, self._definition, said_at)
        self._writer.execute(_TRIAL, trial_id, *of_trial, repeat_of, position, *shown)
        role = None if vote.output_id is None else "candidate"
        body = json_text(vote.body) if vote.body else "{}"
        said = (vote.verdict, vote.output_id, role, vote.strength, body, int(vote.is_open))
        self._writer.execute(_RATING, next(self._ids), *of_trial, trial_id, *said, f"import {trial_id}", said_at)

    def _main_trial(self, place: int, rater_id: str) -> str:
        sql = "SELECT id FROM trials WHERE study_id = ? AND rater_id = ? AND unit_place = ? AND kind = 'main'"
        return str(self._writer.execute(sql, self._study_id, rater_id, place).fetchone()[0])

    def _join(self, name: str) -> str:
        """The id of the rater of this name, stored if new, who takes part from now on."""
        rater_id = self._rater_by_name[name] = self._rater(plain_name(name))
        sql = "SELECT count(*) FROM trials WHERE study_id = ? AND rater_id = ?"
        self._trials_by_rater[rater_id] = self._writer.execute(sql, self._study_id, rater_id).fetchone()[0]
        of_rater = "SELECT 1 FROM joinings WHERE study_id = ? AND rater_id = ?"
        if self._writer.execute(of_rater, self._study_id, rater_id).fetchone() is None:
            row = (self._study_id, self._seq, rater_id, self._now)
            self._writer.execute("INSERT INTO joinings (study_id, seq, rater_id, created_at) VALUES (?, ?, ?, ?)", *row)
            self._seq += 1
        return rater_id

    def _rater(self, name: str) -> str:
        found = self._writer.execute("SELECT id FROM raters WHERE name = ?", name).fetchone()
        if found is not None:
            return str(found[0])
        rater_id = next(self._ids)
        self._writer.execute("INSERT INTO raters (id, name, created_at) VALUES (?, ?, ?)", rater_id, name, self._now)
        return rater_id
