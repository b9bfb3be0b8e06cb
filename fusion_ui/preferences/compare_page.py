"""What people said on the Compare page, as a source like any study: a unit a run, a judgement a rating that stands.

Names are visible there. A preferred output wins against the pick, the fusion and the vote of its run whose texts differ
from its own; who prefers a text prefers it under every role that it has. Stars are scores.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.comparisons import Outcome
from fusion_ui.preferences.layout import NONE, layout_of
from fusion_ui.preferences.pairs import pairs_of, scored_of
from fusion_ui.preferences.question import COMPARE
from fusion_ui.preferences.said import NOTHING, Said
from fusion_ui.preferences.sources import Source
from fusion_ui.ratings import contenders_of
from fusion_ui.replay import StoredRun
from fusion_ui.studies.items import normalised
from storage.preferences import VERDICTS, ContenderCells, RatingCells, ScoreCells, UnitCells
from storage.rows import json_text

TITLE = "Compare page"
_STRATEGIES = ("best", "fusion", "vote")
_VERDICT = {"none": VERDICTS.index("scores")} | {word: VERDICTS.index(word) for word in ("output", "tie", "all_bad")}
_STARS = (1, 5)


class Shown(NamedTuple):
    """An output of a run as what it can be preferred; `reads` is the same where texts read the same."""

    role: str
    output_id: str
    member: str
    length: int
    reads: str


class RatedRun(NamedTuple):
    """A run as far as its ratings need it."""

    id: str
    prompt: str
    language: str | None
    tags: tuple[str, ...]
    started_at: str
    shown: tuple[Shown, ...]


def rated_run(run: StoredRun) -> RatedRun:
    """What of a stored run could be preferred."""
    output_by_id = {output.id: output for output in run.rows.outputs}
    shown = []
    for role, output_id in contenders_of(run).values():
        output = output_by_id[output_id]
        reads = sha256(normalised(output.text).encode()).hexdigest()
        shown.append(Shown(role, output_id, output.member, len(output.text), reads))
    prompt = run.prompt
    return RatedRun(
        run.rows.run.id, prompt.text, prompt.language, tuple(prompt.tags), run.rows.run.started_at, tuple(shown)
    )


def compare_source(
    runs: Mapping[str, RatedRun], ratings: Sequence[RatingCells], scores: Sequence[ScoreCells]
) -> Source:
    """These ratings of these runs."""
    chosen: set[tuple[str | None, str | None]] = {(each.output_id, each.role) for each in ratings}
    chosen |= {(each.output_id, each.role) for each in scores}
    ordered = [runs[run_id] for run_id in sorted({rating.run_id for rating in ratings})]
    place = {run.id: at for at, run in enumerate(ordered)}
    shown = [_contenders(run, chosen) for run in ordered]
    layout = layout_of(
        [
            UnitCells(at, run.prompt, "main", 0, None, run.id, run.language, None, json_text(list(run.tags)))
            for at, run in enumerate(ordered)
        ],
        [
            ContenderCells(unit, at, each.role, each.member, each.output_id, each.length, 0)
            for unit, contenders in enumerate(shown)
            for at, each in enumerate(contenders)
        ],
    )
    said = _said([(rating, place[rating.run_id]) for rating in ratings], scores, shown, layout.start.tolist())
    return Source(
        id=COMPARE,
        title=TITLE,
        kind="compare",
        is_blind=False,
        is_closed=False,
        masks_names=False,
        definition_sha256=None,
        created_at=min((run.started_at for run in ordered), default=""),
        scales={criterion: _STARS for criterion in said.criteria},
        layout=layout,
        said=said,
        is_out=np.zeros(len(said), dtype=np.bool_),
        is_open=np.array([rating.names_visible for rating in ratings], dtype=np.bool_),
    )


def _contenders(run: RatedRun, chosen: set[tuple[str | None, str | None]]) -> list[Shown]:
    """The strategies, and what else somebody preferred or scored."""
    return [each for each in run.shown if each.role in _STRATEGIES or (each.output_id, each.role) in chosen]


def _said(
    ratings: Sequence[tuple[RatingCells, int]],
    scores: Sequence[ScoreCells],
    shown: Sequence[Sequence[Shown]],
    start: Sequence[int],
) -> Said:
    number = {rating.id: at for at, (rating, _) in enumerate(ratings)}
    raters = list(dict.fromkeys(rating.rater_id for rating, _ in ratings))
    criteria = sorted({score.criterion for score in scores})
    given = [_Given(rating, unit, shown[unit], start[unit]) for rating, unit in ratings]
    scored = [
        (number[score.rating_id], at, criteria.index(score.criterion), score.value)
        for score in scores
        if score.rating_id in number
        for at in [given[number[score.rating_id]].contender(score.output_id, score.role)]
        if at != NONE
    ]
    values: dict[int, dict[int, list[float]]] = {}
    for said, contender, _, value in scored:
        values.setdefault(said, {}).setdefault(contender, []).append(value)
    rows = [
        (said, each.unit, *pair)
        for said, each in enumerate(given)
        for pair in each.pairs({contender: fmean(found) for contender, found in values.get(said, {}).items()})
    ]
    n = len(ratings)
    return (
        Said(
            upto=0,
            raters=tuple(raters),
            criteria=tuple(criteria),
            trial=np.arange(n),
            unit=np.array([each.unit for each in given], dtype=np.int32),
            rater=np.array([raters.index(rating.rater_id) for rating, _ in ratings], dtype=np.int32),
            kind=np.zeros(n, dtype=np.int8),
            verdict=np.array([_VERDICT[rating.verdict] for rating, _ in ratings], dtype=np.int8),
            flags=np.zeros(n, dtype=np.int8),
            winner=np.array([each.winner for each in given], dtype=np.int32),
            seconds=np.full(n, np.nan),
            stands=np.ones(n, dtype=np.bool_),
            pairs=pairs_of(rows),
            scored=scored_of(scored),
        )
        if n
        else NOTHING
    )


class _Given:
    """A rating among what its run showed; contenders are numbered from `start`."""

    def __init__(self, rating: RatingCells, unit: int, shown: Sequence[Shown], start: int) -> None:
        self.unit = unit
        self._rating, self._shown, self._start = rating, shown, start
        self.winner = self.contender(rating.output_id, rating.role)

    def contender(self, output_id: str | None, role: str | None) -> int:
        """The contender that this output is as this role, NONE if the run does not show it so."""
        keys = [(each.output_id, each.role) for each in self._shown]
        return self._start + keys.index((output_id, role)) if (output_id, role) in keys else NONE  # type: ignore[arg-type]

    def pairs(self, mean_by_contender: Mapping[int, float]) -> Iterator[tuple[int, int, int]]:
        """The pairs that it compares; stars do where nothing else was said."""
        for one, other in combinations(range(len(self._shown)), 2):
            if self._shown[one].reads != self._shown[other].reads:
                outcome = self._outcome(one, other, mean_by_contender)
                if outcome is not None:
                    yield self._start + one, self._start + other, outcome

    def _outcome(self, one: int, other: int, mean_by_contender: Mapping[int, float]) -> Outcome | None:
        if self._rating.verdict == "tie":
            return Outcome.TIE
        if self._rating.verdict == "all_bad":
            return Outcome.BOTH_BAD
        if self._rating.verdict == "output":
            return self._preferred(one, other)
        first, second = (mean_by_contender.get(self._start + place) for place in (one, other))
        if first is None or second is None:
            return None
        return Outcome.TIE if first == second else Outcome.FIRST if first > second else Outcome.SECOND

    def _preferred(self, one: int, other: int) -> Outcome | None:
        if self.winner == NONE:
            return None
        reads = self._shown[self.winner - self._start].reads
        if self._shown[one].reads == reads:
            return Outcome.FIRST
        return Outcome.SECOND if self._shown[other].reads == reads else None
