"""From an owner's form to a study: its units with their phases and known answers, and how much work they are.

Nothing is stored here: the same form on the same answers gives the same units, which their hash says.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from statistics import median
from typing import NamedTuple

from fusion_ui.annotation.gathering import Items, origin
from fusion_ui.annotation.protocols import checked
from fusion_ui.engine.sampling import clean
from fusion_ui.studies.items import ItemSource, units_of
from fusion_ui.studies.protocol import Contrast, Phase, Protocol, StudyError, Unit

MOST_UNITS = 10_000  # storing them takes a second a thousand, in which no rating is saved
MOST_FEEDBACK = 2_000
# Silent reading of English: 238 words a minute (Brysbaert 2019), six characters to a word with the blank after it.
_CHARACTERS_A_SECOND = 238 * 6 / 60
_DECIDING_S = 5.0


class Known(NamedTuple):
    """A unit whose right answer is known: the place of its contender, and what training says afterwards."""

    gold: int | None
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """All that an owner decides; `training` and `gold` are by the places of units as they are made."""

    protocol: Protocol
    items: Items
    training: Mapping[int, Known] = field(default_factory=dict)
    gold: Mapping[int, int] = field(default_factory=dict)
    supersedes: str | None = None


class Lacking(NamedTuple):
    """A prompt that gave no unit for a contrast, and why."""

    run_id: str
    prompt: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A study as it would be: `units_sha256` tells whether the same units would be made again."""

    protocol: Protocol
    units: tuple[Unit, ...]
    lacking: tuple[Lacking, ...]
    units_sha256: str

    @property
    def shown(self) -> tuple[Unit, ...]:
        """The units that count: raters are asked about them after any training."""
        return tuple(unit for unit in self.units if unit.is_shown and unit.phase == "main")

    @property
    def trials(self) -> int:
        """How many judgements are wanted in all."""
        return len(self.shown) * self.protocol.overlap


class Workload(NamedTuple):
    """What a study asks of each of its people, training and repeats included."""

    trials: int
    seconds_per_trial: float

    @property
    def minutes(self) -> float:
        """How long that takes."""
        return self.trials * self.seconds_per_trial / 60


def drafted(form: Form, sources: Sequence[ItemSource], *, is_strict: bool) -> Draft:
    """The study of this form. Raises StudyError; places that do not fit are dropped unless it is strict."""
    protocol = checked(form.protocol)
    by_origin = {origin(source): source for source in sources}
    made = units_of([replace(source, run_id=name) for name, source in by_origin.items()], protocol)
    if len(made.units) > MOST_UNITS:
        raise StudyError(f"These are {len(made.units):,} items; a study takes at most {MOST_UNITS:,}. Choose fewer.")
    units = tuple(replace(unit, run_id=by_origin[unit.run_id].run_id) for unit in made.units)
    lacking = tuple(
        Lacking(
            by_origin[each.run_id].run_id, by_origin[each.run_id].prompt, f"{':'.join(each.contrast)}: {each.reason}"
        )
        for each in made.left_out
    )
    return Draft(
        protocol=protocol,
        units=_phased(units, form, is_strict=is_strict),
        lacking=lacking,
        units_sha256=_sha256(units),
    )


def workload(draft: Draft) -> Workload:
    """The work for each person, if the people named share it, or as many as judge each item."""
    main = share_of(len(draft.shown), draft.protocol)
    training = sum(unit.is_shown and unit.phase == "training" for unit in draft.units)
    seconds = [_reading_s(unit) for unit in draft.shown]
    return Workload(
        trials=main + int(main * draft.protocol.repeats) + training,
        seconds_per_trial=median(seconds) if seconds else 0.0,
    )


def share_of(units: int, protocol: Protocol) -> int:
    """How many of so many items may come to each person: those named share them, and whoever else comes has all."""
    people = len(protocol.raters) or protocol.overlap
    return min(units, math.ceil(units * protocol.overlap / people))


def counts_by_contrast(draft: Draft) -> dict[Contrast, int]:
    """How many shown units there are of each contrast asked for."""
    counts = dict.fromkeys(draft.protocol.contrasts, 0)
    for unit in draft.shown:
        roles = unit.contrast
        counts[roles] = counts.get(roles, 0) + 1
    return counts


def labels_of(unit: Unit) -> tuple[str, ...]:
    """The roles with a number where a unit has several of one: "candidate 2"."""
    roles = unit.contrast
    return tuple(
        role if roles.count(role) == 1 else f"{role} {roles[: place + 1].count(role)}"
        for place, role in enumerate(roles)
    )


def _reading_s(unit: Unit) -> float:
    characters = len(unit.prompt) + sum(len(contender.text) for contender in unit.contenders)
    return _DECIDING_S + characters / _CHARACTERS_A_SECOND


def _sha256(units: Iterable[Unit]) -> str:
    content = json.dumps([asdict(unit) for unit in units], sort_keys=True, ensure_ascii=False)
    return sha256(content.encode()).hexdigest()


def _phased(units: tuple[Unit, ...], form: Form, *, is_strict: bool) -> tuple[Unit, ...]:
    known = {place: Known(gold) for place, gold in form.gold.items()} | dict(form.training)
    for place, each in known.items() if is_strict else ():
        _check_known(units, place, each)
    phased = [_with_known(unit, known.get(unit.place), is_training=unit.place in form.training) for unit in units]
    return tuple(_rejoined(phased))


def _check_known(units: Sequence[Unit], place: int, known: Known) -> None:
    if not 0 <= place < len(units):
        raise StudyError(f"There is no item {place + 1} to train or check with: these are {len(units)} items.")
    unit = units[place]
    if not unit.is_shown:
        raise StudyError(f"Item {place + 1} is shown to nobody: choose another one to train or check with.")
    if known.gold is not None and not 0 <= known.gold < len(unit.contenders):
        raise StudyError(f"Item {place + 1} has {len(unit.contenders)} answers: choose the right one among them.")
    if len(known.feedback) > MOST_FEEDBACK:
        raise StudyError(f"What is said after item {place + 1} may have {MOST_FEEDBACK:,} characters.")


def _with_known(unit: Unit, known: Known | None, *, is_training: bool) -> Unit:
    if known is None or not unit.is_shown:
        return unit
    has_gold = known.gold is not None and 0 <= known.gold < len(unit.contenders)
    phase: Phase = "training" if is_training else "main"
    return replace(unit, phase=phase, gold=known.gold if has_gold else None, feedback=clean(known.feedback).strip())


def _rejoined(units: Iterable[Unit]) -> Iterator[Unit]:
    """A unit that is seen through another loses that one when it goes to training: then it is shown itself."""
    first_by_sight: dict[tuple[int, Phase], int] = {}
    for unit in units:
        seen_as = unit.place if unit.same_as is None else unit.same_as
        first = first_by_sight.setdefault((seen_as, unit.phase), unit.place)
        yield replace(unit, same_as=None if first == unit.place else first)
