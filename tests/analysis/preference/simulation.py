"""Studies of raters who do not exist, whose truth is known: what an analysis must find, it can be held to.

An answer is as good as its system, better or worse on this prompt (sd 0.7) and to this rater (sd 0.3), as in the
measurements of which intervals are honest; ties are Davidson's. Every rater judges all pairs of systems on a prompt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from fusion_ui.analysis.preference.bradley_terry import Tables, fit_bradley_terry
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats, Outcome, comparisons_of


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Scores of the systems and what else moves a judgement, in logits; `ties` is Davidson's nu.

    `left` favours who stands left; `length` favours the longer, per log length ratio, lengths having the sd given.
    """

    scores: tuple[float, ...] = (0.6, 0.2, -0.2, -0.6)
    prompt_sd: float = 0.7
    rater_sd: float = 0.3
    ties: float = 0.8
    left: float = 0.0
    length: float = 0.0
    length_sd: float = 0.5

    @property
    def systems(self) -> tuple[str, ...]:
        return tuple("abcdefghij"[: len(self.scores)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How many prompts and raters there are, how many raters judge each prompt, and which of them guess."""

    prompts: int
    raters: int
    per_prompt: int = 3
    guessing: tuple[int, ...] = ()


def true_rate(world: World, first: int, second: int) -> float:
    """The win rate, ties as half, over all prompts, raters and sides: what a study of endless size would find.

    Given the difference d in quality the expected share is known; d is normal about the difference of the scores with
    variance 2 (prompt_sd^2 + rater_sd^2 + (length length_sd)^2). The mean over d is by Gauss and Hermite, exact to
    1e-9 with 80 nodes, half of it from either side.
    """
    nodes, weights = hermegauss(80)
    variance = 2 * (world.prompt_sd**2 + world.rater_sd**2 + (world.length * world.length_sd) ** 2)
    differences = world.scores[first] - world.scores[second] + np.sqrt(variance) * nodes
    shares = [_chances(differences + side * world.left, world.ties) @ [1.0, 0.5, 0.0] for side in (1, -1)]
    return float(np.mean(shares, axis=0) @ weights / weights.sum())


def true_scores(world: World) -> Floats:
    """The Bradley-Terry scores that a study of endless size would find: those that fit the true win rates best."""
    k = len(world.scores)
    wins = np.array([[true_rate(world, i, j) * (i != j) for j in range(k)] for i in range(k)])
    return fit_bradley_terry(Tables(wins, np.zeros((k, k))), prior=0.0).scores


def study(world: World, setting: Setting, *, seed: int) -> Comparisons:
    """One study of this world, its rows in random order."""
    rng = np.random.default_rng(seed)
    k = len(world.scores)
    prompt, rater, first, second = _rows(k, setting, rng)
    quality = np.array(world.scores) + rng.normal(0, world.prompt_sd, (setting.prompts, k))
    taste = rng.normal(0, world.rater_sd, (setting.raters, k))
    logs = rng.normal(6.0, world.length_sd, (setting.prompts, k))
    left = rng.integers(0, 2, len(prompt))
    difference = (
        (quality[prompt, first] - quality[prompt, second])
        + (taste[rater, first] - taste[rater, second])
        + world.length * (logs[prompt, first] - logs[prompt, second])
        + world.left * (2 * left - 1)
    )
    difference[np.isin(rater, setting.guessing)] = 0.0
    drawn = (rng.random(len(prompt))[:, None] > np.cumsum(_chances(difference, world.ties), axis=1)[:, :2]).sum(axis=1)
    lengths = np.exp(np.stack([logs[prompt, first], logs[prompt, second]], axis=1))
    return comparisons_of(
        systems=world.systems,
        raters=[f"rater {place}" for place in range(setting.raters)],
        first=first,
        second=second,
        outcome=np.array([Outcome.FIRST, Outcome.TIE, Outcome.SECOND])[drawn],
        prompt=prompt,
        rater=rater,
        unit=(prompt * k + first) * k + second,
        left=left,
        lengths=lengths,
    )


def _rows(k: int, setting: Setting, rng: np.random.Generator) -> Sequence[np.ndarray[tuple[int], np.dtype[np.intp]]]:
    chosen = rng.random((setting.prompts, setting.raters)).argsort(axis=1)[:, : setting.per_prompt]
    pairs = np.array(list(combinations(range(k), 2)))
    prompt = np.repeat(np.arange(setting.prompts), setting.per_prompt * len(pairs))
    rater = np.repeat(chosen.ravel(), len(pairs))
    first, second = np.tile(pairs.T, setting.prompts * setting.per_prompt)
    order = rng.permutation(len(prompt))
    return prompt[order], rater[order], first[order], second[order]


def _chances(difference: Floats, ties: float) -> Floats:
    """(n, 3) the chances that the first wins, of a tie, that the second wins (Davidson 1970, JASA 65:317)."""
    weights = np.stack([np.exp(difference / 2), np.full(len(difference), ties), np.exp(-difference / 2)], axis=1)
    return weights / weights.sum(axis=1, keepdims=True)
