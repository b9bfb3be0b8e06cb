"""Headway: what is kept in memory is what would be read whole, whatever was done since, and by whomever."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fusion_ui.annotation.headway import Headway
from fusion_ui.annotation.saying import Said
from fusion_ui.annotation.sessions import Circumstances, Sessions
from fusion_ui.studies.assignment import Progress
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.progress import progress
from storage.ratings import known_rater
from storage.studies import exclude
from storage.trials import trials_of
from tests.annotation.support import stored, unit

ACTS = ("ask", "ask", "judge", "judge", "skip", "undo", "leave out", "take in", "pass", "go back")
Act = tuple[str, str]


@dataclass
class Playing:
    """Raters of one study on one file, with a clock that only they move."""

    store: Store
    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def begins(self) -> None:
        self.study_id = stored(self.store, *(unit(place) for place in range(3)), overlap=2, lease_minutes=1)
        self.sessions = Sessions(self.store, taxonomy=load_taxonomy())
        self.presses = 0

    def does(self, name: str, act: str) -> None:
        match act:
            case "ask":
                self.sessions.next(self.study_id, name)
            case "pass" | "go back":
                self.moment += timedelta(seconds=25 if act == "pass" else -70)
            case "leave out" | "take in":
                self._excludes(name, is_excluded=act == "leave out")
            case _:
                self._says(name, act)

    def _says(self, name: str, act: str) -> None:
        self.presses += 1
        key = f"{self.study_id} {self.presses}"
        asked = self.sessions.next(self.study_id, name)
        if act == "undo":
            for past in self.sessions.history(self.study_id, name)[:1]:
                if past.said is not None:
                    self.sessions.undo(past.trial_id, name, key=key)
        elif asked.sheet is not None:
            said = Said(verdict="A") if act == "judge" else Said(verdict="skip", skip_reason="unclear")
            standing = asked.sheet.judgement.row.id if asked.sheet.judgement else None
            how = Circumstances(key=key, shown={}, supersedes=standing)
            self.sessions.judge(asked.sheet.trial_id, name, said, how)

    def _excludes(self, name: str, *, is_excluded: bool) -> None:
        with self.store.writing() as writer:
            rater = known_rater(writer, name)
            if rater is None:
                return
            own = trials_of(writer, study_id=self.study_id, rater_id=rater.id)
            one = {"trial_id": own[0].trial.id} if name == "cyd" and own else {"rater_id": rater.id}
            exclude(writer, self.study_id, reason="tried", is_excluded=is_excluded, **one)

    def whole(self) -> Progress:
        with self.store.reading() as reader:
            found = progress(reader, self.study_id, now=self.store.identity.now())
        return Progress(judged=found.judged, leased=found.leased)


@pytest.fixture(scope="module")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    path: Path = tmp_path_factory.mktemp("headway") / "t.db"
    moving: list[Playing] = []
    with open_store(path, identity=Identity(clock=lambda: moving[0].moment)) as store:
        moving.append(Playing(store))
        yield moving[0]


@given(acts=st.lists(st.tuples(st.sampled_from(["ada", "ben", "cyd"]), st.sampled_from(ACTS)), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_kept_is_what_would_be_read_whole(playing: Playing, acts: list[Act]) -> None:
    playing.begins()
    headway = Headway(playing.store)
    for name, act in acts:
        playing.does(name, act)
        assert headway.of(playing.study_id) == playing.whole()


def test_what_did_not_change_is_not_read_again(playing: Playing) -> None:
    playing.begins()
    headway = Headway(playing.store)
    playing.does("ada", "judge")
    assert headway.of(playing.study_id) is headway.of(playing.study_id)


def test_what_another_process_stores_shows(playing: Playing) -> None:
    playing.begins()
    headway = Headway(playing.store)
    assert headway.of(playing.study_id).judged == {}
    with open_store(playing.store.path, identity=playing.store.identity) as other:
        sheet = Sessions(other, taxonomy=load_taxonomy()).next(playing.study_id, "eve").sheet
    assert sheet is not None
    assert headway.of(playing.study_id).leased == {sheet.unit.place: frozenset(["eve"])}


def test_studies_do_not_mix_and_the_oldest_makes_room(playing: Playing) -> None:
    headway, seen = Headway(playing.store, most=1), []
    for _ in range(2):
        playing.begins()
        playing.does("ada", "judge")
        seen.append((playing.study_id, headway.of(playing.study_id)))
    (first_id, first), (second_id, second) = seen
    assert headway.of(second_id) is second
    assert headway.of(first_id) == first
    assert headway.of(first_id) is not first


def test_a_study_that_is_not_there_has_no_progress(playing: Playing) -> None:
    assert Headway(playing.store).of("nowhere") == Progress()
