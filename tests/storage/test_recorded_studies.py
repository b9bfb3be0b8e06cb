"""Judgements in bulk: under the same rules as any others, and the guards lie again afterwards."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import Store, open_store
from storage.guards import guards, laid_guards
from storage.recorded_studies import Filling, NewVote, bulk_ids, in_bulk, stored_vote, studies_of, units_of_series
from storage.rows import Writer
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


def filling(writer: Writer) -> Filling:
    definition = {"source": {"series": "s", "sha256": "f"}}
    study = put_study(writer, title="t", definition=definition, definition_sha256="0" * 64, overlap=1, units=())
    return Filling(writer, study.id, definition_sha256="0" * 64, ids=bulk_ids(writer))


def judged(filled: Filling, *votes: NewVote) -> None:
    filled.unit(UNIT)
    for each in votes:
        filled.vote(each)


def vote(*, rater: str = "ann", place: int = 0) -> NewVote:
    return NewVote(
        place=place, rater=rater, kind="main", order=(0, 1), verdict="output", winner="a", output_id="o a", strength=0,
        is_open=False, body={}, said_at=None,
    )  # fmt: skip


def test_what_was_filled_in_is_found_by_its_keys(store: Store) -> None:
    with store.writing() as writer, in_bulk(writer):
        filled = filling(writer)
        filled.unit(UNIT)
        filled.vote(vote())
    with store.reading() as reader:
        (study_id,) = studies_of(reader, "s")
        assert dict(units_of_series(reader, "s")) == {KEY: (study_id, 0)}
        assert stored_vote(reader, study_id, vote()) == ("output", "a")
        assert stored_vote(reader, study_id, vote(rater="bob")) is None
        assert studies_of(reader, "another series") == {}


@pytest.mark.parametrize(
    "refused", [vote(), vote(place=1), vote()._replace(rater="bob", output_id="o z")], ids=["twice", "place", "output"]
)
def test_a_row_that_breaks_a_rule_takes_everything_with_it(store: Store, refused: NewVote) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.writing() as writer, in_bulk(writer):
        judged(filling(writer), vote(), refused)
    with store.reading() as reader:
        assert studies_of(reader, "s") == {}


def test_the_guards_lie_again_whether_it_worked_or_not(store: Store) -> None:
    with store.writing() as writer, in_bulk(writer):
        filling(writer).unit(UNIT)
    with pytest.raises(sqlite3.IntegrityError), store.writing() as writer, in_bulk(writer):
        filling(writer).vote(vote())
    database = Database(str(store.path))
    assert laid_guards(database) == guards(database)


def test_ids_rise_and_have_the_length_of_ids(store: Store) -> None:
    with store.writing() as writer:
        ids = list(islice(bulk_ids(writer), 2000))
    assert ids == sorted(set(ids))
    assert {len(each) for each in ids} == {26}
