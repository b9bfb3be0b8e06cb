"""Who says what of a case, and who disagrees, as it stands after ratings and corrections."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from fusion_ui.inspection.cases import Author, Cases
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.voices import Heard, Voices
from fusion_ui.ratings import Submission, save_rating, undo_rating
from fusion_ui.replay import NoRunError, StoredRun
from storage.connection import Store, open_store
from tests.inspection.casework import Ear, ran


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "voices.db") as store:
        yield store


@pytest.fixture
def run(store: Store) -> StoredRun:
    """40 leads with two votes of four; the pick and the fusion say 40, as the reference does."""
    return anyio.run(ran, store, Ear())


def heard(store: Store, run: StoredRun) -> Heard:
    return Voices(store).heard(run.rows.run.id)


def rate(store: Store, run: StoredRun, *preferred: str) -> None:
    for number, name in enumerate(preferred):
        save_rating(store, run, Submission(key=f"press-{number:04}", rater=f"rater {number}", preferred=name))


def test_without_people_the_others_are_heard(store: Store, run: StoredRun) -> None:
    told = heard(store, run)
    assert {party: say.answer for party, say in told.said.items()} == {"judge": "40", "vote": "40", "fusion": "40"}
    assert (told.gold, told.disagree, told.opinions) == ("40", (), 0)


def test_what_most_people_prefer_is_what_people_say(store: Store, run: StoredRun) -> None:
    rate(store, run, "candidate:3", "candidate:3", "fusion")
    told = heard(store, run)
    people = told.said["people"]
    assert (told.position_by_output[people.output_id or ""], people.answer, told.opinions) == (3, "45", 3)
    assert told.disagree == ("people-judge", "people-vote", "people-fusion", "people-gold")


@pytest.mark.parametrize("preferred", [("candidate:3", "fusion"), ("tie",), ("all_bad",)])
def test_people_who_are_split_say_nothing(store: Store, run: StoredRun, preferred: tuple[str, ...]) -> None:
    rate(store, run, *preferred)
    told = heard(store, run)
    assert "people" not in told.said
    assert told.opinions == len(preferred)


def test_a_rating_that_was_taken_back_is_not_heard(store: Store, run: StoredRun) -> None:
    rate(store, run, "candidate:3")
    undo_rating(store, run, key="undo-0001", rater="rater 0")
    assert (heard(store, run).said.get("people"), heard(store, run).opinions) == (None, 0)


def test_corrected_answers_are_what_counts(store: Store, run: StoredRun) -> None:
    grouping = Grouping(aliases={"40": "45"})
    Cases(store).regroup(run.rows.run.id, grouping, Author(key="press-0009", rater="Ada"))
    told = heard(store, run)
    assert told.said["vote"].answer == "45"
    assert told.disagree == ()  # the reference's 40 is one with 45, too


def test_a_run_that_is_not_there_is_missed(store: Store) -> None:
    with pytest.raises(NoRunError):
        Voices(store).heard("nobody")
