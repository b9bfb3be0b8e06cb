"""Which unit a rater gets next: training first, then what lacks judgements most, now and then a repeat.

A pure rule over what was given out so far. Whoever stores a trial checks the overlap once more while writing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal, NamedTuple

from fusion_ui.studies.protocol import Protocol, Unit

TrialKind = Literal["training", "main", "repeat"]
TrialState = Literal["open", "judged", "skipped"]
Nothing = Literal["done", "all taken for now", "closed"]

REPEAT_DISTANCE = 5  # trials between seeing a unit and seeing it again: fewer, and one remembers the answer given
_ROUNDING = 1e-9  # 0.29 x 100 is a little less than 29


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Who judged each unit, by its place, and who holds it under a lease that has not run out; main trials only.

    Whoever skipped a unit is in neither.
    """

    judged: Mapping[int, frozenset[str]] = field(default_factory=dict)
    leased: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrial:
    """A trial this rater was given before; `unit` is the place of its unit."""

    id: str
    unit: int
    kind: TrialKind
    state: TrialState


class Assignment(NamedTuple):
    """What comes next: a new trial of a unit (with the trial it repeats), or an open one to go on with (`resumes`)."""

    unit: int
    kind: TrialKind
    repeat_of: str | None = None
    resumes: str | None = None


def next_unit(
    units: Sequence[Unit],
    protocol: Protocol,
    *,
    rater: str,
    own: Sequence[OwnTrial],
    progress: Progress,
    is_closed: bool = False,
) -> Assignment | Nothing:
    """What this rater does next, or why there is nothing; `own` are the rater's trials in the order they were opened.

    A unit is given to `overlap` people at most, counting those who hold it; never twice to one, except as a repeat.
    """
    if is_closed or (protocol.raters and rater not in protocol.raters):
        return "closed"
    ways = (
        _open(protocol, rater=rater, own=own, progress=progress),
        _training(units, own=own),
        _repeat(protocol, rater=rater, own=own),
        _main(units, protocol, rater=rater, own=own, progress=progress),
    )
    for way in ways:
        if assignment := next(way, None):
            return assignment
    return "all taken for now" if _may_come_free(units, protocol, rater=rater, own=own, progress=progress) else "done"


def _open(protocol: Protocol, *, rater: str, own: Sequence[OwnTrial], progress: Progress) -> Iterator[Assignment]:
    """Trials begun and not ended; one whose lease ran out is lost if others have filled its unit meanwhile."""
    for trial in own:
        if trial.state == "open" and (trial.kind != "main" or _takers(progress, trial.unit, rater) < protocol.overlap):
            yield Assignment(trial.unit, trial.kind, resumes=trial.id)


def _training(units: Sequence[Unit], *, own: Sequence[OwnTrial]) -> Iterator[Assignment]:
    seen = {trial.unit for trial in own}
    for unit in units:
        if unit.phase == "training" and unit.is_shown and unit.place not in seen:
            yield Assignment(unit.place, "training")


def _repeat(protocol: Protocol, *, rater: str, own: Sequence[OwnTrial]) -> Iterator[Assignment]:
    """A judged unit once more, when the share of repeats asked for has room and enough came in between."""
    judged = sum(trial.kind == "main" and trial.state == "judged" for trial in own)
    repeated = {trial.unit for trial in own if trial.kind == "repeat"}
    if len(repeated) >= int(protocol.repeats * judged + _ROUNDING):
        return
    first_trials = [
        trial
        for trial in own[: max(0, len(own) + 1 - REPEAT_DISTANCE)]
        if trial.kind == "main" and trial.state == "judged" and trial.unit not in repeated
    ]
    if first_trials:
        trial = Random(f"{protocol.seed}|{rater}|repeat {len(repeated)}").choice(first_trials)
        yield Assignment(trial.unit, "repeat", repeat_of=trial.id)


def _main(
    units: Sequence[Unit], protocol: Protocol, *, rater: str, own: Sequence[OwnTrial], progress: Progress
) -> Iterator[Assignment]:
    """Of the rater's own shuffle, the units with the fewest takers first."""
    places = _unseen(units, own)
    Random(f"{protocol.seed}|{rater}").shuffle(places)
    for place in sorted(places, key=lambda place: _takers(progress, place, rater)):
        if _takers(progress, place, rater) < protocol.overlap:
            yield Assignment(place, "main")


def _unseen(units: Sequence[Unit], own: Sequence[OwnTrial]) -> list[int]:
    seen = {trial.unit for trial in own}
    return [unit.place for unit in units if unit.phase == "main" and unit.is_shown and unit.place not in seen]


def _takers(progress: Progress, place: int, rater: str) -> int:
    """How many others judged the unit or hold it now."""
    nobody: frozenset[str] = frozenset()
    return len((progress.judged.get(place, nobody) | progress.leased.get(place, nobody)) - {rater})


def _may_come_free(
    units: Sequence[Unit], protocol: Protocol, *, rater: str, own: Sequence[OwnTrial], progress: Progress
) -> bool:
    """Whether a unit this rater could still judge is kept from them by a lease alone."""
    begun = [trial.unit for trial in own if trial.kind == "main" and trial.state == "open"]
    return any(
        len(progress.judged.get(place, frozenset()) - {rater}) < protocol.overlap
        for place in [*begun, *_unseen(units, own)]
    )
