"""Recorded units and judgements on their way into studies: noted beside the database first, then put in at once.

What is noted lies in temporary tables of the thread's own connection, which nobody else sees, waits for, or finds after
a kill. So the lock on the database is held while rows are copied, not while a file is read: a million votes are six
million rows, which a few statements put in. Ids and keys of requests rise: indexes grow at their end.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import product
from typing import NamedTuple

from storage.errors import StorageError
from storage.identity import Identity
from storage.ratings import plain_name
from storage.recorded_studies import NewVote
from storage.rows import Cell, Reader, Writer, json_text
from storage.studies import NewUnit

NEW = 0
"""The source of what goes to a study that is still to be made; stored ones are 1, 2, …"""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of Crockford's base 32, in which ids are written
_CACHE_KB = 200_000  # pages that are full before they are written are written once
_TAIL = 8  # signs of an id that are counted here: 32**8 ids
_AT_ONCE = 1_000
_BULKY = ("study_units", "contenders", "joinings", "trials", "trial_ratings", "raters")
_OF_RUNS = ("stale_study_units", "stale_trial_ratings")
_TABLES = {
    "staged_units": "place INTEGER PRIMARY KEY, prompt TEXT, body TEXT",
    "staged_contenders": "unit_place INTEGER, place INTEGER, role TEXT, output_id TEXT, member TEXT, text TEXT, "
    "text_sha256 TEXT",
    "staged_votes": "source INTEGER, unit_place INTEGER, rater INTEGER, kind TEXT, trial_id TEXT, id TEXT, "
    "position INTEGER, shown_order TEXT, verdict TEXT, output_id TEXT, strength INTEGER, body TEXT, is_open INTEGER, "
    "said_at TEXT",
    "staged_raters": "source INTEGER, rater INTEGER, name TEXT, id TEXT, begun INTEGER DEFAULT 0, "
    "PRIMARY KEY (source, rater)",
    "staged_studies": "source INTEGER PRIMARY KEY, study_id TEXT, definition_sha256 TEXT",
}
_PUT_UNITS = (
    """INSERT INTO study_units (study_id, place, run_id, prompt, phase, is_identical, same_as, body)
        SELECT study_id, place, NULL, prompt, 'main', 0, NULL, body
        FROM staged_studies CROSS JOIN staged_units WHERE source = 0 ORDER BY place""",
    """INSERT INTO contenders (study_id, unit_place, place, role, run_id, output_id, member, text, text_sha256, names)
        SELECT study_id, unit_place, place, role, NULL, output_id, member, text, text_sha256, '[]'
        FROM staged_studies CROSS JOIN staged_contenders AS shown WHERE source = 0 ORDER BY shown.rowid""",
)
# Who is a rater already keeps the id and goes on with the trials that are there.
_PUT_RATERS = (
    """INSERT INTO raters (id, name, created_at) SELECT min(id), name, ?1 FROM staged_raters
        WHERE NOT EXISTS
            (SELECT 1 FROM raters WHERE raters.name = staged_raters.name) GROUP BY name ORDER BY min(id)""",
    "UPDATE staged_raters SET id = (SELECT id FROM raters WHERE raters.name = staged_raters.name)",
    """UPDATE staged_raters SET begun = (SELECT count(*) FROM trials WHERE rater_id = staged_raters.id AND study_id =
        (SELECT study_id FROM staged_studies AS own WHERE own.source = staged_raters.source))
        WHERE source <> 0""",
    """INSERT INTO joinings (study_id, seq, rater_id, created_at)
        SELECT study_id, row_number() OVER (PARTITION BY source ORDER BY rater) +
            (SELECT coalesce(max(seq), 0) FROM joinings AS before WHERE before.study_id = own.study_id), id, ?1
        FROM staged_raters JOIN staged_studies AS own USING (source) WHERE NOT EXISTS
            (SELECT 1 FROM joinings AS before WHERE before.study_id = own.study_id AND before.rater_id = id)""",
)
_VOTES = """FROM staged_votes AS said CROSS JOIN staged_studies USING (source)
    CROSS JOIN staged_raters AS judge USING (source, rater)"""
_PUT_TRIALS = f"""INSERT INTO trials
    (id, study_id, unit_place, rater_id, kind, repeat_of, position, shown_order, definition_sha256, opened_at)
    SELECT trial_id, study_id, unit_place, judge.id, kind, {{repeat_of}}, begun + position, shown_order,
        definition_sha256, coalesce(said_at, ?1) {_VOTES} WHERE kind {{kind}} 'repeat' ORDER BY said.rowid"""
_MAIN_TRIAL = """(SELECT first.id FROM trials AS first WHERE first.study_id = staged_studies.study_id
    AND first.rater_id = judge.id AND first.unit_place = said.unit_place AND first.kind = 'main')"""
_PUT_VOTES = (
    _PUT_TRIALS.format(repeat_of="NULL", kind="<>"),
    _PUT_TRIALS.format(repeat_of=_MAIN_TRIAL, kind="="),
    f"""INSERT INTO trial_ratings (id, study_id, unit_place, rater_id, kind, trial_id, revision, verdict, output_id,
        role, strength, body, active_seconds, shown, is_after_reveal, is_too_fast, supersedes, request_key, created_at)
        SELECT said.id, study_id, unit_place, judge.id, kind, trial_id, 1, verdict, output_id,
            CASE WHEN output_id IS NOT NULL THEN 'candidate' END, strength, body, NULL, '{{}}', is_open, 0, NULL,
            'import ' || trial_id, coalesce(said_at, ?1) {_VOTES} ORDER BY said.rowid""",
)


class Filled(NamedTuple):
    """A study that staged rows go to, with the hash of its definition."""

    study_id: str
    definition_sha256: str


class Staging:
    """Notes units and judgements, through a reader whose thread will store them."""

    def __init__(self, reader: Reader, identity: Identity) -> None:
        self._reader = reader
        self._ids = bulk_ids(identity)
        self._place_by_rater: dict[str, int] = {}
        self._trials_by_rater: dict[tuple[int, int], int] = {}
        self._units: list[tuple[Cell, ...]] = []
        self._contenders: list[tuple[Cell, ...]] = []
        self._votes: list[tuple[Cell, ...]] = []
        unstage(reader)
        for name, columns in _TABLES.items():
            reader.execute(f"CREATE TEMP TABLE {name} ({columns})")

    def unit(self, unit: NewUnit) -> None:
        """Notes a unit of the new study with its contenders."""
        self._units.append((unit.place, unit.prompt, json_text(unit.body)))
        for place, each in enumerate(unit.contenders):
            digest = sha256(each.text.encode()).hexdigest()
            self._contenders.append((unit.place, place, each.role, each.output_id, each.member, each.text, digest))
        if len(self._units) >= _AT_ONCE:
            self._write()

    def vote(self, source: int, vote: NewVote) -> None:
        """Notes a judgement of a unit of that source."""
        rater = self._place_by_rater.setdefault(vote.rater, len(self._place_by_rater))
        position = self._trials_by_rater.get((source, rater), 0)
        self._trials_by_rater[source, rater] = position + 1
        order = "[0,1]" if vote.order == (0, 1) else "[1,0]"
        said = (vote.verdict, vote.output_id, vote.strength, json_text(vote.body) if vote.body else "{}")
        about = (source, vote.place, rater, vote.kind, next(self._ids), next(self._ids), position, order)
        self._votes.append((*about, *said, int(vote.is_open), vote.said_at))
        if len(self._votes) >= _AT_ONCE:
            self._write()

    def end(self) -> None:
        """Notes the rest; nothing more may come."""
        self._write()
        names = list(map(plain_name, self._place_by_rater))
        rows = [(source, rater, names[rater], next(self._ids)) for source, rater in self._trials_by_rater]
        self._insert("staged_raters (source, rater, name, id)", rows)

    def _write(self) -> None:
        self._insert("staged_units", self._units)
        self._insert("staged_contenders", self._contenders)
        self._insert("staged_votes", self._votes)
        self._units, self._contenders, self._votes = [], [], []

    def _insert(self, table: str, rows: Sequence[tuple[Cell, ...]]) -> None:
        if rows:
            places = ", ".join("?" * len(rows[0]))
            self._reader.execute_many(f"INSERT INTO temp.{table} VALUES ({places})", rows)


def put_staged(writer: Writer, filled: Sequence[Filled | None]) -> None:
    """Stores all that was staged in this thread; `filled` are the studies by their sources, None where none is new."""
    studies = [(source, *each) for source, each in enumerate(filled) if each is not None]
    writer.execute_many("INSERT INTO temp.staged_studies VALUES (?, ?, ?)", studies)
    now = writer.identity.now()
    for statement in (*_PUT_UNITS, *_PUT_RATERS, *_PUT_VOTES):
        writer.execute(statement, *([now] if "?1" in statement else []))


def unstage(reader: Reader) -> None:
    """Drops what is staged in this thread."""
    for name in _TABLES:
        reader.execute(f"DROP TABLE IF EXISTS temp.{name}")


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


def bulk_ids(identity: Identity) -> Iterator[str]:
    """Ids in rising order that all begin as one new id does: a clock and dice for each would take longer than its row.

    For one import: the next new id may begin as this one does.
    """
    prefix = identity.new_id()[:-_TAIL]
    for tail in product(_ALPHABET, repeat=_TAIL):
        yield prefix + "".join(tail)
