"""All systems on one ladder: scores with intervals, ranks with bounds, chances of being best; two models, told apart.

Systems that no chain of comparisons links stand in components of their own: scores, ranks and chances hold within one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from fusion_ui.analysis.preference.bradley_terry import PRIOR, Fit, Tables, fit_bradley_terry, fit_davidson
from fusion_ui.analysis.preference.clustering import FEWEST_PROMPTS, basis_of, estimate_of, how_many
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats
from fusion_ui.analysis.preference.connectivity import components, is_strongly_connected
from fusion_ui.analysis.preference.contrasts import FEWEST_JUDGEMENTS
from fusion_ui.analysis.preference.estimates import Estimate
from fusion_ui.analysis.preference.games import Games, games_of, met
from fusion_ui.analysis.preference.resampling import Resampled, Standing, resampled, standing
from fusion_ui.analysis.preference.sandwich import information_variances, score_spreads

Model = Literal["bradley_terry", "davidson"]
ELO_MIDDLE, ELO_STEP = 1000.0, 173.7178  # 400 / ln 10: 400 points are odds of ten to one
NOTHING = "No two systems were compared yet."
APART = "{} groups of systems were never compared with each other: scores and ranks hold within each group."
UNBEATEN = "Some systems won, or lost, all against the rest: only the weak prior keeps these scores finite."
CAUTIOUS = "Ranks and chances of being best draw prompts and raters anew together, which errs on the side of caution."
PROMPTS_ONLY = "Ranks and chances of being best draw prompts anew, and speak of this one rater only."
VOTES_ONLY = f"Ranks and chances of being best describe these votes only: fewer than {FEWEST_PROMPTS} prompts."
BUNDLED = "For speed, prompts and raters are drawn in random bundles ({} and {})."
STRETCHED = "Davidson's scores give ties a chance of their own: their scale is not that of Bradley-Terry."
LOWER, UPPER = "Won every game: read it as a lower bound.", "Lost every game: read it as an upper bound."
_TOLERANCE = 1e-4  # of the last Newton step of a resample, which leaves an error of its square
_MOST_NUMBERS = 2**21  # in the tables of resamples that are fitted at once
_NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A system on the ladder. The score is in natural logs with mean 0 in its component; elo is the same, scaled.

    `rank` is by the lower bound of the score, so that little evidence never ranks high; `rank_low` to `rank_high` are
    the bootstrap's bounds, widened to hold the rank; `best` is how often a resample puts the system first.
    """

    system: str
    score: Estimate
    elo: float
    games: int
    win_rate: float
    rank: int
    rank_low: int
    rank_high: int
    best: float | None
    is_preliminary: bool
    component: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The rungs by component and rank; `prior` is the precision of N(0, 1 / prior) on each score.

    `tie_strength` is Davidson's nu; None for Bradley-Terry, and where several components each have their own.
    """

    model: Model
    rungs: tuple[Rung, ...]
    components: tuple[tuple[str, ...], ...]
    prior: float
    tie_strength: float | None
    note: str
    is_strongly_connected: bool


class _Component(NamedTuple):
    place: int
    games: Games
    tables: Tables
    drawn: Resampled
    is_strong: bool


def ladder(
    comparisons: Comparisons, *, model: Model, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> Ladder:
    """The ladder of all systems that were compared."""
    return ladders(comparisons, models=(model,), level=level, resamples=resamples, seed=seed)[0]


def ladders(
    comparisons: Comparisons,
    *,
    models: Sequence[Model] = ("bradley_terry", "davidson"),
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[Ladder, ...]:
    """The ladders of these models, on the same resamples."""
    parts = [
        _component(place, games_of(comparisons, systems), resamples=resamples, seed=seed)
        for place, systems in enumerate(components(met(comparisons)))
    ]
    return tuple(_ladder(comparisons.systems, parts, model=model, level=level) for model in models)


def _component(place: int, games: Games, *, resamples: int, seed: int) -> _Component:
    tables = games.tables(games.counts)
    is_strong = is_strongly_connected(tables.wins + tables.ties)
    return _Component(place, games, tables, resampled(games, resamples=resamples, seed=seed), is_strong)


def _ladder(systems: tuple[str, ...], parts: list[_Component], *, model: Model, level: float) -> Ladder:
    fits = [_fit(model, part.tables) for part in parts]
    rungs: list[Rung] = []
    for part, fit in zip(parts, fits, strict=True):
        rungs += sorted(_rungs(systems, part, fit, model=model, level=level), key=lambda rung: rung.rank)
    nu = fits[0].log_ties if len(fits) == 1 else None
    return Ladder(
        model=model,
        rungs=tuple(rungs),
        components=tuple(tuple(systems[system] for system in part.games.systems) for part in parts),
        prior=PRIOR,
        tie_strength=None if nu is None else float(np.exp(nu)),
        note=" ".join(_notes(parts, model)),
        is_strongly_connected=len(parts) == 1 and parts[0].is_strong,
    )


def _fit(model: Model, tables: Tables, *, start: Floats | None = None, tolerance: float = 1e-10) -> Fit:
    fit = fit_bradley_terry if model == "bradley_terry" else fit_davidson
    return fit(tables, start=start, tolerance=tolerance)


def _rungs(systems: tuple[str, ...], part: _Component, fit: Fit, *, model: Model, level: float) -> Iterator[Rung]:
    games, sizes = part.games, part.games.sizes
    scores = _scores(part, fit, level=level)
    lows = np.array([score.low for score in scores])
    ranks = [int((lows > low + 1e-9).sum()) + 1 for low in lows]
    stands = _standing(part, fit, model=model, level=level)
    won = part.tables.wins.sum(axis=1) + part.tables.ties.sum(axis=1) / 2
    for index, (system, score, rank) in enumerate(zip(games.systems, scores, ranks, strict=True)):
        yield Rung(
            system=systems[system],
            score=score,
            elo=ELO_MIDDLE + ELO_STEP * score.value,
            games=int(sizes.games[index]),
            win_rate=float(won[index] / sizes.games[index]),
            rank=rank,
            rank_low=min(rank, int(stands.low[index])),
            rank_high=max(rank, int(stands.high[index])),
            best=float(stands.best[index]),
            is_preliminary=bool(sizes.prompts[index] < FEWEST_PROMPTS or sizes.judgements[index] < FEWEST_JUDGEMENTS),
            component=part.place,
        )


def _scores(part: _Component, fit: Fit, *, level: float) -> list[Estimate]:
    """Where votes show no spread, or nothing but the prior bounds a score, its variance is at least the model's own."""
    spreads, floors = score_spreads(part.games, fit), information_variances(fit)
    points = part.tables.wins + part.tables.ties / 2
    notes = [
        LOWER if not lost else "" if won else UPPER for won, lost in zip(points.sum(1), points.sum(0), strict=True)
    ]
    scores = []
    for value, spread, floor, note in zip(fit.scores, spreads, floors, notes, strict=True):
        is_bare = not part.is_strong or min(spread.by_vote, spread.by_prompt, spread.two_way) < _NO_SPREAD
        score = estimate_of(float(value), spread, level=level, floor=float(floor) if is_bare else 0.0)
        scores.append(replace(score, note=f"{note} {score.note}".strip()))
    return scores


def _standing(part: _Component, fit: Fit, *, model: Model, level: float) -> Standing:
    counts, k = part.drawn.counts, len(part.games.systems)
    start = fit.scores if fit.log_ties is None else np.append(fit.scores, fit.log_ties)
    step = max(1, _MOST_NUMBERS // k**2)
    scores = [
        _fit(model, part.games.tables(counts[low : low + step]), start=start, tolerance=_TOLERANCE).scores
        for low in range(0, len(counts), step)
    ]
    return standing(np.concatenate(scores), level=level)


def _notes(parts: list[_Component], model: Model) -> Iterator[str]:
    if not parts:
        yield NOTHING
        return
    if len(parts) > 1:
        yield APART.format(len(parts))
    if not all(part.is_strong for part in parts):
        yield UNBEATEN
    games = [part.games for part in parts]
    bases = {basis_of(prompts=how_many(each.prompt), raters=how_many(each.rater)) for each in games}
    words = {"prompts and raters": CAUTIOUS, "prompts": PROMPTS_ONLY, "these votes only": VOTES_ONLY}
    yield from (words[basis] for basis in sorted(bases))
    for bundles in (part.drawn.bundles for part in parts):
        if not bundles.is_exact:
            yield BUNDLED.format(bundles.prompts, bundles.raters)
    if model == "davidson":
        yield STRETCHED
