"""Comparisons as ladders need them: each row one of few kinds (a pair of systems and its outcome), in rows by cluster.

A million rows of 20 systems have 570 kinds, so that fits and resamples work on kinds and never on rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.bradley_terry import Tables
from fusion_ui.analysis.preference.clustering import dense, distinct, how_many
from fusion_ui.analysis.preference.comparisons import Comparisons, Floats, Mask

_Places = NDArray[np.intp]
_KINDS = 3  # of outcomes of a pair: the later wins, a tie (or both bad), the earlier wins


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What each system took part in."""

    games: _Places
    prompts: _Places
    raters: _Places
    judgements: _Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Games:
    """Rows ordered by prompt and rater, and their kinds: `first` < `second` (places in `systems`), who scored what.

    `cell` tells apart what one rater said on one prompt; prompt, rater, cell and kind are dense.
    """

    systems: tuple[int, ...]
    first: _Places
    second: _Places
    score: Floats
    counts: _Places
    kind: _Places
    prompt: _Places
    rater: _Places
    cell: _Places
    sizes: Sizes

    @property
    def tie(self) -> Floats:
        """(kinds,) 1 where the kind is a tie."""
        ties: Floats = (self.score == 0.5).astype(np.float64)
        return ties

    def tables(self, counts: NDArray[np.generic]) -> Tables:
        """Wins and ties where the kinds occur so often: (..., kinds) gives tables (..., k, k)."""
        k = len(self.systems)
        wins, ties = np.zeros((*counts.shape[:-1], k, k)), np.zeros((*counts.shape[:-1], k, k))
        won, lost, even = self.score == 1, self.score == 0, self.score == 0.5
        wins[..., self.first[won], self.second[won]] = counts[..., won]
        wins[..., self.second[lost], self.first[lost]] = counts[..., lost]
        ties[..., self.first[even], self.second[even]] = counts[..., even]
        return Tables(wins, ties + np.swapaxes(ties, -1, -2))


def met(comparisons: Comparisons) -> Mask:
    """(k, k) whether the row was compared with the column as its second; nobody meets itself."""
    k = len(comparisons.systems)
    codes = comparisons.first.astype(np.intp) * k + comparisons.second
    table: Mask = np.bincount(codes, minlength=k * k).reshape(k, k) > 0
    return table & ~np.eye(k, dtype=np.bool_)


def games_of(comparisons: Comparisons, systems: Sequence[int]) -> Games:
    """The comparisons among these systems (places), others left out."""
    k = len(systems)
    place = np.full(len(comparisons.systems), -1, dtype=np.intp)
    place[list(systems)] = np.arange(k)
    one, other = place[comparisons.first], place[comparisons.second]
    rows = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
    prompt, rater = dense(comparisons.prompt[rows]), dense(comparisons.rater[rows])
    cells = prompt * how_many(rater) + rater
    order = np.argsort(cells)
    rows = rows[order]
    one, other, doubled = one[rows], other[rows], (2 * comparisons.score[rows]).astype(np.intp)
    low, high = np.minimum(one, other), np.maximum(one, other)
    codes = (low * k + high) * _KINDS + np.where(one < other, doubled, 2 - doubled)
    kind = dense(codes)
    kinds = np.zeros(how_many(kind), dtype=np.intp)
    kinds[kind] = codes
    return Games(
        systems=tuple(systems),
        first=kinds // _KINDS // k,
        second=kinds // _KINDS % k,
        score=kinds % _KINDS / 2,
        counts=np.bincount(kind, minlength=len(kinds)),
        kind=kind,
        prompt=prompt[order],
        rater=rater[order],
        cell=dense(cells[order]),
        sizes=_sizes(np.concatenate([low, high]), comparisons, rows=np.concatenate([rows, rows]), systems=k),
    )


def _sizes(system: _Places, comparisons: Comparisons, *, rows: _Places, systems: int) -> Sizes:
    prompts, raters, judgements = (
        distinct(codes[rows], stratum=system, strata=systems)
        for codes in (comparisons.prompt, comparisons.rater, comparisons.judgement)
    )
    return Sizes(games=np.bincount(system, minlength=systems), prompts=prompts, raters=raters, judgements=judgements)
