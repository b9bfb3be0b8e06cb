"""Judgements in bulk: under the same rules as any others, and the guards lie again afterwards."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import Store, open_store
from storage.guards import guards, laid_guards
from storage.identity import Identity
from storage.recorded_studies import NewVote, stored_vote, studies_of, units_of_series
from storage.rows import Json, Writer
from storage.staged_studies import NEW, Filled, Staging, bulk_ids, in_bulk, put_staged, unstage
from storage.studies import NewContender, NewUnit, put_study

KEY = bytes(range(16))
UNIT = NewUnit(
    place=0,
    prompt="p",
    contenders=[NewContender(role="candidate", output_id=f"o {name}", member=name, text="") for name in "ab"],
    body={"key": KEY.hex()},
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "s.db") as store:
        yield store


def staged(store: Store, *votes: NewVote, units: Sequence[NewUnit] = (UNIT,)) -> None:
    with store.reading() as reader:
        staging = Staging(reader, store.identity)
        for unit in units:
            staging.unit(unit)
        for each in votes:
            staging.vote(NEW, each)
        staging.end()


def new_study(writer: Writer) -> Filled:
    definition: dict[str, Json] = {"source": {"series": "s", "sha256": "f"}}
    study = put_study(writer, title="t", definition=definition, definition_sha256="0" * 64, overlap=1, units=())
    return Filled(study.id, "0" * 64)


def put(store: Store) -> None:
    with store.writing() as writer, in_bulk(writer):
        put_staged(writer, [new_study(writer)])


def vote(*, rater: str = "ann", place: int = 0) -> NewVote:
    return NewVote(
        place=place, rater=rater, kind="main", order=(0, 1), verdict="output", winner="a", output_id="o a", strength=0,
        is_open=False, body={}, said_at=None,
    )  # fmt: skip


def test_what_was_put_in_is_found_by_its_keys(store: Store) -> None:
    staged(store, vote())
    put(store)
    with store.reading() as reader:
        (study_id,) = studies_of(reader, "s")
        assert dict(units_of_series(reader, "s")) == {KEY: (study_id, 0, False)}
        assert stored_vote(reader, study_id, vote()) == ("output", "a")
        assert stored_vote(reader, study_id, vote(rater="bob")) is None
        assert studies_of(reader, "another series") == {}


def test_a_study_has_come_further_when_it_was_judged(store: Store) -> None:
    staged(store)
    put(store)
    with store.reading() as reader:
        before = studies_of(reader, "s")
    staged(store, vote(), units=())
    with store.writing() as writer, in_bulk(writer):
        (study_id,) = before
        put_staged(writer, [Filled(study_id, "0" * 64)])
    with store.reading() as reader:
        assert studies_of(reader, "s")[study_id].judged > before[study_id].judged


@pytest.mark.parametrize(
    "refused", [vote(), vote(place=1), vote()._replace(rater="bob", output_id="o z")], ids=["twice", "place", "output"]
)
def test_a_row_that_breaks_a_rule_takes_everything_with_it(store: Store, refused: NewVote) -> None:
    staged(store, vote(), refused)
    with pytest.raises(sqlite3.IntegrityError):
        put(store)
    with store.reading() as reader:
        assert studies_of(reader, "s") == {}


def test_who_is_a_rater_already_stays_the_same_one(store: Store) -> None:
    with store.writing() as writer:
        known = writer.identity.new_id()
        writer.execute("INSERT INTO raters VALUES (?, 'ann', ?)", known, writer.identity.now())
    staged(store, vote(), vote(rater="bob"))
    put(store)
    with store.reading() as reader:
        raters = dict(reader.execute("SELECT name, id FROM raters").fetchall())
        judged = {rater for (rater,) in reader.execute("SELECT rater_id FROM trial_ratings")}
    assert raters["ann"] == known
    assert judged == set(raters.values())


def test_what_is_staged_is_in_nobody_elses_way(store: Store) -> None:
    staged(store, vote())
    with open_store(store.path, busy_s=0.0) as other, other.writing() as writer:
        assert writer.execute("SELECT count(*) FROM trials").fetchone() == (0,)
    with store.reading() as reader:
        unstage(reader)
        assert reader.execute("SELECT count(*) FROM sqlite_temp_master").fetchone() == (0,)


def test_the_guards_lie_again_whether_it_worked_or_not(store: Store) -> None:
    staged(store)
    put(store)
    staged(store, vote(place=1), units=())
    with pytest.raises(sqlite3.IntegrityError):
        put(store)
    database = Database(str(store.path))
    assert laid_guards(database) == guards(database)


def test_ids_rise_and_have_the_length_of_ids() -> None:
    ids = list(islice(bulk_ids(Identity()), 2000))
    assert ids == sorted(set(ids))
    assert {len(each) for each in ids} == {26}
