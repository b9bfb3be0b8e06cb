"""Whole studies played out by raters who judge, skip, walk away and come back in any interleaving."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.assignment import Assignment, OwnTrial, Progress, next_unit
from fusion_ui.studies.protocol import Protocol, Unit
from tests.studies.support import unit

Step = Literal["ask", "judge", "skip", "expire"]


@dataclass
class Session:
    """A study being rated: what a store would hold, kept in two dictionaries."""

    units: tuple[Unit, ...]
    protocol: Protocol
    trials: dict[str, list[OwnTrial]] = field(default_factory=dict)
    leases: set[tuple[str, str]] = field(default_factory=set)
    most_takers: int = 0

    def progress(self) -> Progress:
        judged: dict[int, frozenset[str]] = {}
        leased: dict[int, frozenset[str]] = {}
        for rater, trials in self.trials.items():
            for trial in trials:
                if trial.kind == "main" and trial.state == "judged":
                    judged[trial.unit] = judged.get(trial.unit, frozenset()) | {rater}
                elif trial.kind == "main" and (rater, trial.id) in self.leases:
                    leased[trial.unit] = leased.get(trial.unit, frozenset()) | {rater}
        return Progress(judged=judged, leased=leased)

    def ask(self, rater: str) -> Assignment | str:
        own = self.trials.setdefault(rater, [])
        following = next_unit(self.units, self.protocol, rater=rater, own=own, progress=self.progress())
        if isinstance(following, Assignment):
            trial_id = following.resumes or f"{rater}-{len(own)}"
            if following.resumes is None:
                own.append(OwnTrial(id=trial_id, unit=following.unit, kind=following.kind, state="open"))
            self.leases.add((rater, trial_id))
            self.check_overlap()
        return following

    def end(self, rater: str, state: Literal["judged", "skipped"]) -> None:
        """What is under a lease is ended; a trial whose lease ran out has to be asked for again."""
        own = self.trials.setdefault(rater, [])
        for at, trial in enumerate(own):
            if trial.state == "open" and (rater, trial.id) in self.leases:
                own[at] = replace(trial, state=state)
                self.leases.discard((rater, trial.id))

    def expire(self, rater: str) -> None:
        self.leases = {lease for lease in self.leases if lease[0] != rater}

    def check_overlap(self) -> None:
        progress = self.progress()
        for place in range(len(self.units)):
            takers = progress.judged.get(place, frozenset()) | progress.leased.get(place, frozenset())
            self.most_takers = max(self.most_takers, len(takers))

    def take(self, rater: str, step: Step) -> None:
        match step:
            case "ask":
                self.ask(rater)
            case "judge":
                self.end(rater, "judged")
            case "skip":
                self.end(rater, "skipped")
            case "expire":
                self.expire(rater)


def session(count: int, *, overlap: int, repeats: float = 0.0, seed: int = 0) -> Session:
    protocol = Protocol(title="t", overlap=overlap, repeats=repeats, seed=seed)
    return Session(tuple(unit(place) for place in range(count)), protocol)


steps = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["ask", "ask", "judge", "judge", "skip", "expire"])),
    max_size=120,
)


@given(count=st.integers(1, 6), overlap=st.integers(1, 3), repeats=st.sampled_from([0.0, 0.3, 1.0]), played=steps)
def test_the_overlap_is_never_exceeded_in_any_interleaving(
    count: int, overlap: int, repeats: float, played: list[tuple[str, Step]]
) -> None:
    playing = session(count, overlap=overlap, repeats=repeats)
    for rater, step in played:
        playing.take(rater, step)
    assert playing.most_takers <= overlap


@given(count=st.integers(1, 12), repeats=st.sampled_from([0.05, 0.3, 1.0]), played=steps)
def test_nobody_sees_a_unit_twice_except_as_a_repeat(
    count: int, repeats: float, played: list[tuple[str, Step]]
) -> None:
    playing = session(count, overlap=3, repeats=repeats)
    for rater, step in played:
        playing.take(rater, step)
    for own in playing.trials.values():
        seen = Counter((trial.unit, trial.kind) for trial in own)
        assert set(seen.values()) <= {1}


@given(
    count=st.integers(1, 60), overlap=st.integers(1, 4), repeats=st.sampled_from([0.0, 0.05, 0.5]), seed=st.integers()
)
def test_all_units_get_their_overlap_when_enough_raters_come(
    count: int, overlap: int, repeats: float, seed: int
) -> None:
    playing = session(count, overlap=overlap, repeats=repeats, seed=seed)
    waiting = [f"r{number}" for number in range(overlap)]
    while waiting:
        rater = waiting.pop(0)
        if isinstance(playing.ask(rater), Assignment):
            playing.end(rater, "judged")
            waiting.append(rater)
    progress = playing.progress()
    assert all(len(progress.judged[place]) == overlap for place in range(count))
    assert all(playing.ask(rater) == "done" for rater in playing.trials)


@given(count=st.integers(1, 80), repeats=st.sampled_from([0.05, 0.1, 0.29, 0.5, 1.0]), seed=st.integers())
def test_repeats_keep_to_their_share_and_their_distance(count: int, repeats: float, seed: int) -> None:
    playing = session(count, overlap=1, repeats=repeats, seed=seed)
    while isinstance(playing.ask("ada"), Assignment):
        playing.end("ada", "judged")
    own = playing.trials["ada"]
    first_at = {trial.unit: at for at, trial in enumerate(own) if trial.kind == "main"}
    again = [(at, trial.unit) for at, trial in enumerate(own) if trial.kind == "repeat"]
    assert len(again) <= repeats * count + 1e-9
    assert all(at - first_at[place] >= 5 for at, place in again)
    if count >= 20:
        assert len(again) >= int(repeats * (count - 5))


@given(played=steps)
def test_nobody_is_told_that_all_is_done_while_a_unit_is_free_for_them(played: list[tuple[str, Step]]) -> None:
    playing = session(4, overlap=2)
    for rater, step in played:
        playing.take(rater, step)
    playing.leases.clear()
    for rater in "abcd":
        progress, own = playing.progress(), playing.trials.get(rater, [])
        ended = {trial.unit for trial in own if trial.state != "open"}
        free = [at for at in range(4) if at not in ended and len(progress.judged.get(at, ())) < 2]
        following = next_unit(playing.units, playing.protocol, rater=rater, own=own, progress=progress)
        assert isinstance(following, Assignment) == bool(free)
