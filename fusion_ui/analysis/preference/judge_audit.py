"""How a model that judges compares with the people who judged the same, with what people reach among themselves beside.

Replies that could not be read are a class of their own: they agree with nobody, and are no ties.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.agreement import ceiling_of, resampled_estimate
from fusion_ui.analysis.preference.codes import Whole, codes_of, patterns, ranked
from fusion_ui.analysis.preference.comparisons import UNKNOWN, Comparisons, Floats, Mask, Outcome
from fusion_ui.analysis.preference.estimates import Estimate, Share, share_of

CLASSES = ("first", "tie", "second", "unreadable")
_TIE, _UNREADABLE = 1, 3
_NO_MAJORITY = (
    "No item has one answer that most people gave, so accuracy and kappa are not defined: rate items by more."
)
_NO_KAPPA = "Kappa is not defined: judge and people gave one and the same answer throughout."
_ONE_ORDER = "Flips are not known: no item was judged in both orders."


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeAudit:
    """A judge against people. Items are pairs that both judged; both bad counts as a tie.

    `unique` items have one answer that most people gave: `accuracy`, `kappa` (Cohen 1960) and `confusion` (people's
    first, tie, second by the judge's `classes`) are over these; the `_decisive` ones where neither side says tie, with
    unreadable replies left out. `votes`: how often a single vote equals the judge; `ceiling`: how often it equals the
    majority of the other people, which no judge can be asked to pass. Asked more than once, the judge's answer is the
    side that wins more often. `flips`: of items judged in both orders, where the answer changed. `first_place`: of
    decisive replies, for the answer shown first. `unreadable` counts replies.
    """

    judge: str
    items: int
    unique: int
    accuracy: Share
    kappa: Estimate | None
    accuracy_decisive: Share
    kappa_decisive: Estimate | None
    votes: Share
    ceiling: Share
    confusion: tuple[tuple[int, ...], ...]
    classes: tuple[str, ...]
    flips: Share
    first_place: Share
    unreadable: int
    note: str


class _People(NamedTuple):
    """The pairs that people judged, and how many of them said first, tie and second."""

    units: Whole
    table: Floats


class _Replies(NamedTuple):
    """A judge's replies: what each says, about which pair, and where the pair's first stood."""

    units: Whole
    codes: Whole
    is_first_left: Whole
    is_readable: Mask

    def taken(self, rows: Mask) -> "_Replies":
        return _Replies(self.units[rows], self.codes[rows], self.is_first_left[rows], self.is_readable[rows])


class _Answers(NamedTuple):
    """What the judge says of each pair in the end."""

    units: Whole
    said: Whole


class _Resampling(NamedTuple):
    """How intervals are made."""

    resamples: int
    seed: int
    level: float

    def accuracy(self, confusion: Whole) -> Share:
        return share_of(int(np.trace(confusion)), int(confusion.sum()), level=self.level)

    def kappa(self, confusion: Whole) -> Estimate | None:
        """Kappa with the percentiles of resampled items: a draw of the cells that they fall in."""
        number = int(confusion.sum())
        if not number:
            return None
        shares = confusion.reshape(-1) / number
        drawn = np.random.default_rng(self.seed).multinomial(number, shares, size=self.resamples)
        return resampled_estimate(
            cohen(confusion), cohen(drawn.reshape(-1, *confusion.shape)), units=number, confidence=self.level
        )


def judge_audits(
    people: Comparisons,
    judges: Comparisons,
    *,
    unreadable: Mask | None = None,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[JudgeAudit, ...]:
    """The audit of each rater of `judges` against the raters of `people`; both tell of the same systems and units.

    `unreadable` marks rows of `judges` whose reply could not be read; what these rows say is not looked at.
    """
    if people.systems != judges.systems:
        raise ValueError("People and judges must be told over the same systems, in one order.")
    is_readable = np.ones(len(judges), dtype=np.bool_) if unreadable is None else ~unreadable
    votes, replies = _people(people), _replies(judges, is_readable)
    resampling = _Resampling(resamples=resamples, seed=seed, level=level)
    return tuple(
        _audit(judges.raters[at], votes, replies.taken(judges.rater == at), resampling)
        for at in np.unique(judges.rater).tolist()
    )


def _people(people: Comparisons) -> _People:
    codes = codes_of(people, level="ordinal")
    units = ranked(codes.units)
    cells = np.bincount(units.place * 3 + codes.codes, minlength=3 * len(units.keys))
    return _People(units.keys, cells.reshape(-1, 3).astype(np.float64))


def _replies(judges: Comparisons, is_readable: Mask) -> _Replies:
    codes = codes_of(judges, level="ordinal")
    left = np.where(judges.first < judges.second, judges.left, 1 - judges.left)
    return _Replies(codes.units, codes.codes, np.where(judges.left == UNKNOWN, UNKNOWN, left), is_readable)


def _audit(judge: str, people: _People, replies: _Replies, how: _Resampling) -> JudgeAudit:
    units, answers = _answers(replies)
    _, at, theirs = np.intersect1d(people.units, units, assume_unique=True, return_indices=True)
    table, said = people.table[at], answers[theirs]
    confusion = _confusion(table, said)
    decisive = confusion[::2, :3:2]
    agreeing = float(np.append(table, np.zeros((len(table), 1)), axis=1)[np.arange(len(table)), said].sum())
    one, other, flips = how.kappa(confusion), how.kappa(decisive), _flips(replies, how.level)
    return JudgeAudit(
        judge=judge,
        items=len(at),
        unique=int(confusion.sum()),
        accuracy=how.accuracy(confusion),
        kappa=one,
        accuracy_decisive=how.accuracy(decisive),
        kappa_decisive=other,
        votes=share_of(agreeing, int(table.sum()), level=how.level),
        ceiling=ceiling_of(patterns(table), level=how.level),
        confusion=tuple(map(tuple, confusion.tolist())),
        classes=CLASSES,
        flips=flips,
        first_place=_first_place(replies, how.level),
        unreadable=int((~replies.is_readable).sum()),
        note=_note(unique=int(confusion.sum()), kappa=one, flips=flips),
    )


def _answers(replies: _Replies) -> _Answers:
    """The judge's answer for each pair, of the replies that are read: the side that wins more often, or else tie."""
    units = ranked(replies.units)
    balance = np.bincount(units.place, (1 - replies.codes) * replies.is_readable, len(units.keys))
    is_read = np.bincount(units.place, replies.is_readable, len(units.keys)) > 0
    return _Answers(units.keys, np.where(is_read, _TIE - np.sign(balance), _UNREADABLE).astype(np.intp))


def _confusion(table: Floats, said: Whole) -> Whole:
    """People's majority by the judge's answer, over pairs where people have one majority."""
    has_one = (table == table.max(axis=1, keepdims=True, initial=0)).sum(axis=1) == 1
    width = len(CLASSES)
    cells = table[has_one].argmax(axis=1) * width + said[has_one]
    return np.bincount(cells, minlength=3 * width).reshape(3, width)


def _flips(replies: _Replies, level: float) -> Share:
    one, other = (_answers(replies.taken(replies.is_readable & (replies.is_first_left == left))) for left in (1, 0))
    _, at, there = np.intersect1d(one.units, other.units, assume_unique=True, return_indices=True)
    return share_of(int((one.said[at] != other.said[there]).sum()), len(at), level=level)


def _first_place(replies: _Replies, level: float) -> Share:
    decisive = replies.is_readable & (replies.codes != _TIE) & (replies.is_first_left != UNKNOWN)
    is_first_shown = (replies.codes == Outcome.FIRST) == (replies.is_first_left == 1)
    return share_of(int((is_first_shown & decisive).sum()), int(decisive.sum()), level=level)


def cohen(confusion: Floats | Whole) -> Floats:
    """Cohen's kappa of tables (..., rows, columns) whose first classes are the same; NaN where chance explains all."""
    total = np.maximum(1, confusion.sum(axis=(-2, -1)))
    rows, columns = confusion.sum(axis=-1), confusion.sum(axis=-2)
    by_chance = (rows * columns[..., : rows.shape[-1]]).sum(axis=-1) / total**2
    agreed = np.trace(confusion, axis1=-2, axis2=-1) / total
    kappa: Floats = np.divide(
        agreed - by_chance, 1 - by_chance, out=np.full(np.shape(total), np.nan), where=by_chance < 1
    )
    return kappa


def _note(*, unique: int, kappa: Estimate | None, flips: Share) -> str:
    words = [_NO_MAJORITY] if not unique else [_NO_KAPPA] if kappa is None else []
    return " ".join([*words, _ONE_ORDER] if not flips.of else words)
