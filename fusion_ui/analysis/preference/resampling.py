"""Ranks under resampling of prompts and raters together: the pigeonhole bootstrap (Owen 2007, Ann. Appl. Stat. 1:386).

A vote weighs what its prompt was drawn times what its rater was drawn. This counts the noise of single votes more than
once and so errs on the side of caution, which is right for ranks and for the chance of being best.
"""

from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.clustering import basis_of, dense, how_many
from fusion_ui.analysis.preference.comparisons import Floats
from fusion_ui.analysis.preference.games import Games

_Places = NDArray[np.intp]
_MOST_NUMBERS = 2**23  # in the table of cells by kinds: 32 MB, and a thousand resamples in 17 thousand million steps
_MOST_CELLS = 2**14  # for each of which every resample draws a weight
_SAME = 1e-9  # scores closer than this are level


class Bundles(NamedTuple):
    """What is drawn as one: the bundle of prompts and of raters that each row lies in."""

    prompt: _Places
    rater: _Places
    prompts: int
    raters: int
    is_exact: bool


class Resampled(NamedTuple):
    """How often each kind of game occurs (resamples, kinds), and what was drawn."""

    counts: NDArray[np.float32]
    bundles: Bundles


class Standing(NamedTuple):
    """Between which ranks each system stands, and how often it is best."""

    low: _Places
    high: _Places
    best: Floats


def resampled(games: Games, *, resamples: int, seed: int, most_numbers: int = _MOST_NUMBERS) -> Resampled:
    """Draws of the games: prompts times raters; of single votes where prompts are too few to speak of others.

    Exact while cells of prompt and rater times kinds of games fit a table; beyond, prompts and raters are drawn in
    random bundles (random groups: Wolter 2007, Introduction to Variance Estimation, ch. 2), about 120 of each for 20
    systems. A bundle adds at most 1 / bundles of the other side's variance.
    """
    if resamples < 1:
        raise ValueError(f"{resamples} resamples show nothing: ask for one at least, better 1000")
    rng = np.random.default_rng(seed)
    bundles = bundled(games, rng, most_numbers=most_numbers)
    if basis_of(prompts=how_many(games.prompt), raters=how_many(games.rater)) == "these votes only":
        drawn = rng.multinomial(len(games.kind), games.counts / len(games.kind), size=resamples)
        return Resampled(drawn.astype(np.float32), bundles)
    cell = dense(bundles.prompt * bundles.raters + bundles.rater)
    kinds, cells = len(games.counts), how_many(cell)
    table = np.bincount(cell * kinds + games.kind, minlength=cells * kinds).astype(np.float32).reshape(cells, kinds)
    prompt, rater = np.zeros(cells, dtype=np.intp), np.zeros(cells, dtype=np.intp)
    prompt[cell], rater[cell] = bundles.prompt, bundles.rater
    counts = np.empty((resamples, kinds), dtype=np.float32)
    step = max(1, _MOST_NUMBERS // 2 // max(cells, bundles.prompts, bundles.raters))
    for low in range(0, resamples, step):
        number = min(step, resamples - low)
        weights = _drawn(rng, number, bundles.prompts)[:, prompt] * _drawn(rng, number, bundles.raters)[:, rater]
        counts[low : low + number] = weights @ table
    return Resampled(counts, bundles)


def bundled(games: Games, rng: np.random.Generator, *, most_numbers: int) -> Bundles:
    """Every prompt and rater on its own where that is affordable, else random bundles of like size."""
    prompts, raters = how_many(games.prompt), how_many(games.rater)
    affordable = max(1, min(_MOST_CELLS, most_numbers // max(1, len(games.counts))))
    if how_many(games.cell) <= affordable:
        return Bundles(games.prompt, games.rater, prompts, raters, True)
    few = min(prompts, raters, isqrt(affordable))
    many = max(1, affordable // max(1, few))
    into = (few, min(raters, many)) if prompts <= raters else (min(prompts, many), few)
    spread = [rng.permutation(number) % bundles for number, bundles in zip((prompts, raters), into, strict=True)]
    return Bundles(spread[0][games.prompt], spread[1][games.rater], *into, False)


def standing(scores: Floats, *, level: float) -> Standing:
    """The ranks of (resamples, k) scores, 1 the highest; who is level shares the better rank and being best."""
    rounded = np.round(scores / _SAME)
    ranks = np.array([(rounded > rounded[:, [each]]).sum(axis=1) + 1 for each in range(scores.shape[1])])
    first = ranks == 1
    return Standing(
        np.quantile(ranks, (1 - level) / 2, axis=1, method="lower").astype(np.intp),
        np.quantile(ranks, (1 + level) / 2, axis=1, method="higher").astype(np.intp),
        (first / first.sum(axis=0)).mean(axis=1),
    )


def _drawn(rng: np.random.Generator, number: int, groups: int) -> NDArray[np.float32]:
    """(number, groups) how often each group is drawn in as many draws as there are groups."""
    drawn = rng.integers(0, groups, (number, groups)) + np.arange(number)[:, None] * groups
    return np.bincount(drawn.ravel(), minlength=number * groups).astype(np.float32).reshape(number, groups)
