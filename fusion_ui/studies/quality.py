"""What can be said of a study's raters while it runs: gold, self-consistency, pace. Closeness to others is analysed.

Figures to look at and ask about, not grounds to drop anybody: who is left out is the owner's decision, recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Any, NamedTuple

from fusion_ui.studies.assignment import TrialKind
from fusion_ui.studies.items import normalised
from fusion_ui.studies.protocol import Unit

TIE, ALL_BAD = "tie", "all_bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement that stands: `winner` is an output, "tie", "all_bad", or None where none was named (or skipped)."""

    rater: str
    unit: int
    kind: TrialKind = "main"
    winner: str | None = None
    seconds: float | None = None
    is_skipped: bool = False
    is_too_fast: bool = False


def first_outputs(verdict: str, output_id: str | None, body: Mapping[str, Any]) -> list[str]:
    """The outputs that a judgement as stored puts first, whether by choosing, ranking or scoring: several in a tie."""
    if verdict == "output":
        return [output_id] if output_id is not None else []
    if verdict == "scores":
        mean_by_output = {each["output_id"]: fmean(each["scores"].values()) for each in body["scores"]}
        highest = max(mean_by_output.values())
        return [output_id for output_id, mean in mean_by_output.items() if mean == highest]
    if verdict == "ranking":
        return [each["output_id"] for each in ([body["best"]] if body.get("best") else body["ranking"][0])]
    return []


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, None where there was nothing to count."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterQuality:
    """One rater's work: `judged` and what follows counts main trials; `gold` counts training trials too."""

    rater: str
    judged: int
    skipped: int
    too_fast: int
    median_seconds: float | None
    gold: Share
    repeats: Share


def rater_quality(judged: Sequence[Judged], units: Sequence[Unit]) -> tuple[RaterQuality, ...]:
    """How each rater did, by name."""
    own: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        own[each.rater].append(each)
    return tuple(_quality(rater, own[rater], units) for rater in sorted(own))


def _quality(rater: str, own: Sequence[Judged], units: Sequence[Unit]) -> RaterQuality:
    main = [each for each in own if each.kind == "main" and not each.is_skipped]
    seconds = [each.seconds for each in main if each.seconds is not None]
    return RaterQuality(
        rater=rater,
        judged=len(main),
        skipped=sum(each.is_skipped for each in own if each.kind == "main"),
        too_fast=sum(each.is_too_fast for each in main),
        median_seconds=median(seconds) if seconds else None,
        gold=_gold(own, units),
        repeats=_repeats(own),
    )


def _gold(own: Iterable[Judged], units: Sequence[Unit]) -> Share:
    """How often the winner was the one known to be right; repeats show nothing new."""
    hits = [
        each.winner == units[each.unit].contenders[gold].output_id
        for each in own
        if (gold := units[each.unit].gold) is not None and each.kind != "repeat" and not each.is_skipped
    ]
    return Share(sum(hits), len(hits))


def _repeats(own: Iterable[Judged]) -> Share:
    """How often a unit seen again was judged the same."""
    winner_by_trial = {(each.kind, each.unit): each.winner for each in own if each.winner is not None}
    pairs = [
        (winner, winner_by_trial["main", unit])
        for (kind, unit), winner in winner_by_trial.items()
        if kind == "repeat" and ("main", unit) in winner_by_trial
    ]
    return Share(sum(one == other for one, other in pairs), len(pairs))


def with_doubles(judged: Sequence[Judged], units: Sequence[Unit]) -> tuple[Judged, ...]:
    """The judgements with those of units that show an earlier one's texts: what was said of these holds for them."""
    by_unit: defaultdict[int, list[Judged]] = defaultdict(list)
    for each in judged:
        by_unit[each.unit].append(each)
    doubles = [
        replace(each, unit=unit.place, winner=_same_text(each.winner, units[unit.same_as], unit))
        for unit in units
        if unit.same_as is not None
        for each in by_unit[unit.same_as]
    ]
    return (*judged, *doubles)


def _same_text(winner: str | None, judged: Unit, double: Unit) -> str | None:
    """The winner as the double calls it: the output with the same text."""
    text_by_output = {contender.output_id: normalised(contender.text) for contender in judged.contenders}
    output_by_text = {normalised(contender.text): contender.output_id for contender in double.contenders}
    return output_by_text[text_by_output[winner]] if winner in text_by_output else winner
