"""A run belongs to the visitor who began it, to one only, and for good."""

import sqlite3

import pytest

from storage.connection import Store
from storage.errors import RowError
from storage.visitors import RunVisitorRow, claim_run, visitor_of_run
from tests.storage.samples import start_run

ANN, BO = "a" * 64, "b" * 64


def test_a_run_is_found_to_be_the_visitors_who_began_it(store: Store) -> None:
    with store.writing() as writer:
        mine, nobodys = start_run(writer), start_run(writer)
        row = claim_run(writer, run_id=mine.id, visitor_sha256=ANN)
        assert writer.rows(RunVisitorRow) == (row,)
        assert [visitor_of_run(writer, run.id) for run in (mine, nobodys)] == [ANN, None]


def test_nobody_takes_over_the_run_of_another(store: Store) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        claim_run(writer, run_id=run.id, visitor_sha256=ANN)
        with pytest.raises(RowError):
            claim_run(writer, run_id=run.id, visitor_sha256=BO)
        assert visitor_of_run(writer, run.id) == ANN


def test_a_claim_is_never_changed(store: Store) -> None:
    with store.writing() as writer:
        claim_run(writer, run_id=start_run(writer).id, visitor_sha256=ANN)
        for order in ("UPDATE run_visitors SET visitor_sha256 = ?1", "DELETE FROM run_visitors WHERE ?1 <> ''"):
            with pytest.raises(sqlite3.IntegrityError, match="insert-only"):
                writer.execute(order, BO)


@pytest.mark.parametrize("hashed", ["", "a" * 63, "fusion_visitor=secret"])
def test_a_cookie_itself_is_never_stored(store: Store, hashed: str) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        with pytest.raises(RowError):
            claim_run(writer, run_id=run.id, visitor_sha256=hashed)
