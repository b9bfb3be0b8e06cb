"""What was begun and spent is counted by asker, over what is stored and whatever became of the runs."""

import sqlite3
from dataclasses import replace

import pytest

from storage.askers import Span, asked_at, put_asker, spent_usd, spent_usd_by
from storage.connection import Store
from storage.errors import RowError
from storage.identity import later
from storage.rows import Writer
from storage.run_costs import note_paid_elsewhere
from storage.runs import OutcomeRow, OutputRow, RunRow
from tests.storage.inspection_samples import asking
from tests.storage.samples import candidate, draw, judgement, start_run

ANN, BO = "a" * 64, "b" * 64
DAWN, DUSK = "2026-01-01T00:00:00.000Z", "2026-12-31T00:00:00.000Z"
EVER = Span(DAWN, DUSK)


def asked(writer: Writer, asker: str) -> RunRow:
    run = start_run(writer)
    put_asker(writer, run_id=run.id, asker_sha256=asker)
    return run


def ended(writer: Writer, run: RunRow, cost_usd: float | None) -> None:
    writer.insert(OutcomeRow(run_id=run.id, ended="completed", cost_usd=cost_usd, created_at=writer.identity.now()))


def drawn(writer: Writer, run: RunRow, *, position: int, cost_usd: float, is_recorded: bool = False) -> None:
    writer.insert(replace(draw(run, position), is_recorded=is_recorded))
    writer.insert(replace(candidate(writer, run, position=position), cost_usd=cost_usd))


def whole(writer: Writer, run: RunRow) -> OutputRow:
    """The run's first candidate, whose price nobody told; stored once."""
    known = writer.row(OutputRow, "WHERE run_id = ? AND position = 1", run.id)
    if known is None:
        writer.insert(draw(run, 1))
        writer.insert(known := replace(candidate(writer, run, position=1), cost_usd=None))
    return known


def test_the_runs_of_an_asker_are_told_apart_from_those_of_others(store: Store) -> None:
    with store.writing() as writer:
        first, _, last = asked(writer, ANN), asked(writer, BO), asked(writer, ANN)
        times = [asked_at(writer, ANN, ago=ago, within=EVER) for ago in (0, 1, 2)]
        assert times[2] is None
        assert times[0] is not None
        assert times[1] is not None
        assert first.started_at < times[1] < last.started_at < times[0]


def test_what_ended_runs_cost_is_counted_in_all_and_by_asker(store: Store) -> None:
    with store.writing() as writer:
        for asker, cost_usd in ((ANN, 0.5), (BO, 0.25), (ANN, None)):
            ended(writer, asked(writer, asker), cost_usd)
        ended(writer, start_run(writer), 1.0)
        assert spent_usd(writer, within=EVER) == pytest.approx(1.75)
        assert spent_usd_by(writer, ANN, within=EVER) == pytest.approx(0.5)


def test_a_run_that_was_killed_has_cost_what_had_arrived_and_was_not_recorded(store: Store) -> None:
    with store.writing() as writer:
        run = asked(writer, ANN)
        drawn(writer, run, position=1, cost_usd=0.5)
        drawn(writer, run, position=2, cost_usd=8.0, is_recorded=True)
        writer.insert(replace(judgement(writer, run), text="A", thought="", finish_reason="stop", cost_usd=0.25))
        assert spent_usd(writer, within=EVER) == spent_usd_by(writer, ANN, within=EVER) == pytest.approx(0.75)


def test_what_was_spent_before_is_not_counted(store: Store) -> None:
    with store.writing() as writer:
        run = asked(writer, ANN)
        ended(writer, run, 0.5)
        after = Span(later(writer.identity.now(), seconds=1), DUSK)
        assert spent_usd(writer, within=after) == spent_usd_by(writer, ANN, within=after) == 0.0
        assert asked_at(writer, ANN, ago=0, within=after) is None


def test_what_a_clock_that_was_ahead_put_far_into_the_future_is_not_counted(store: Store) -> None:
    with store.writing() as writer:
        run = asked(writer, ANN)
        ended(writer, run, 0.5)
        writer.insert(asking(writer, whole(writer, run), cost_usd=0.25))
        before = Span(DAWN, later(run.started_at, seconds=-1))
        assert spent_usd(writer, within=before) == spent_usd_by(writer, ANN, within=before) == 0.0
        assert asked_at(writer, ANN, ago=0, within=before) is None


def test_what_others_paid_for_is_not_counted(store: Store) -> None:
    with store.writing() as writer:
        run = asked(writer, ANN)
        drawn(writer, run, position=2, cost_usd=0.5)
        brought = asking(writer, whole(writer, run), cost_usd=4.0)
        writer.insert(brought)
        writer.insert(asking(writer, whole(writer, run), key="ask-2", cost_usd=0.25))
        note_paid_elsewhere(writer, brought.id)
        assert spent_usd(writer, within=EVER) == pytest.approx(0.75)
        note_paid_elsewhere(writer, run.id)
        assert spent_usd(writer, within=EVER) == pytest.approx(0.25)
        assert spent_usd_by(writer, ANN, within=EVER) == 0.0


def test_asking_for_flaws_counts_among_all_that_was_spent(store: Store) -> None:
    with store.writing() as writer:
        writer.insert(asking(writer, whole(writer, start_run(writer)), cost_usd=0.125))
        assert spent_usd(writer, within=EVER) == pytest.approx(0.125)


def test_who_asked_is_never_changed(store: Store) -> None:
    with store.writing() as writer:
        asked(writer, ANN)
        for order in ("UPDATE run_askers SET asker_sha256 = ?1", "DELETE FROM run_askers WHERE ?1 <> ''"):
            with pytest.raises(sqlite3.IntegrityError, match="insert-only"):
                writer.execute(order, BO)


@pytest.mark.parametrize("hashed", ["", "Ann", "192.0.2.1"])
def test_a_name_or_an_address_itself_is_never_stored(store: Store, hashed: str) -> None:
    with store.writing() as writer:
        run = start_run(writer)
        with pytest.raises(RowError):
            put_asker(writer, run_id=run.id, asker_sha256=hashed)
