"""An analysis as a terminal shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fusion_ui.cli.analysis_words import in_words
from storage.connection import Store, open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.preferences.support import asked, judged_study


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(tmp_path / "s.db", identity=Identity(clock=clock)) as store:
        yield store


def test_a_contrast_is_a_row_with_its_verdict_in_words(store: Store, clock: Clock) -> None:
    judged_study(store, Room(store, clock))
    lines = in_words(asked(store)).splitlines()
    assert lines[0] == "24 judgements of 8 items (8 prompts) by 3 people; 0 skips, 0 times all bad"
    row = next(line for line in lines if line.startswith("fusion : best  "))
    assert row.split()[3] == "62.5%"
    assert any("Open: after 8 prompts" in line for line in lines)


def test_what_is_left_out_is_told_by_rule(store: Store, clock: Clock) -> None:
    judged_study(store, Room(store, clock), fast_seconds=60.0)
    words = in_words(asked(store))
    assert words.startswith("0 judgements of 0 items")
    assert [line.split()[-3:] for line in words.splitlines() if "Faster" in line] == [["24", "3", "yes"]]


def test_nothing_at_all_is_told_in_a_few_lines(store: Store) -> None:
    assert len(in_words(asked(store)).splitlines()) < 12
