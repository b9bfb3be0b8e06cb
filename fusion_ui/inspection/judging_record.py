"""What the judge said, put together again: each pair with both orders side by side, flips, and who won how often.

A pair counts as the selector counts it: when both orders were read and agree. What could not be read is no verdict.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fusion_ui.engine.judging import MOST_JUDGED
from fusion_ui.engine.values import Judgement
from fusion_ui.engine.view import RunView

PairVerdict = Literal["agreed", "tie", "flipped", "unreadable", "incomplete"]
Mode = Literal["pairs", "scores"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply of the judge; `seq` is its number in the run."""

    seq: int
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two candidates as the judge saw them, the lower position first in the first of the replies.

    `incomplete`: one order was never answered; `unreadable`: one could not be read; `flipped`: the orders disagree.
    """

    low: int
    high: int
    verdict: PairVerdict
    winner: int | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the pairs of one candidate ended."""

    position: int
    won: int
    lost: int
    tied: int
    flipped: int
    undecided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingRecord:
    """All replies, as pairs or as single scores; `left_out` are finished candidates that were not to be judged."""

    mode: Mode | None
    pairs: tuple[Pair, ...]
    scores: tuple[Reply, ...]
    standings: tuple[Standing, ...]
    left_out: tuple[int, ...]

    @property
    def flips(self) -> int:
        """How many pairs turned with the order in which they were shown."""
        return sum(pair.verdict == "flipped" for pair in self.pairs)

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Every reply."""
        return (*(reply for pair in self.pairs for reply in pair.replies), *self.scores)


def judging_record(view: RunView) -> JudgingRecord:
    """The record of this run's judge; without a mode where none was asked for."""
    replies = [Reply(seq=seq, judgement=each) for seq, each in enumerate(view.judgements, start=1)]
    pairs = _pairs(reply for reply in replies if len(reply.judgement.shown) == 2)
    asked = view.recipe.selector if view.recipe and view.recipe.judge else None
    mode: Mode | None = "pairs" if asked == "judge-pairs" else "scores" if asked == "judge-scores" else None
    return JudgingRecord(
        mode=mode,
        pairs=pairs,
        scores=tuple(reply for reply in replies if len(reply.judgement.shown) == 1),
        standings=_standings(pairs),
        left_out=_left_out(view) if mode else (),
    )


def _pairs(replies: Iterable[Reply]) -> tuple[Pair, ...]:
    by_pair: dict[tuple[int, int], list[Reply]] = {}
    for reply in replies:
        low, high = sorted(reply.judgement.shown)
        by_pair.setdefault((low, high), []).append(reply)
    return tuple(_pair(low, high, found) for (low, high), found in sorted(by_pair.items()))


def _pair(low: int, high: int, found: Sequence[Reply]) -> Pair:
    replies = tuple(sorted(found, key=lambda reply: (reply.judgement.shown, reply.seq)))
    verdict = _verdict([reply.judgement for reply in replies])
    winner = replies[0].judgement.winner if verdict == "agreed" else None
    return Pair(low=low, high=high, verdict=verdict, winner=winner, replies=replies)


def _verdict(judgements: Sequence[Judgement]) -> PairVerdict:
    if not all(each.is_readable for each in judgements):
        return "unreadable"
    if len({each.shown for each in judgements}) < 2:
        return "incomplete"
    winners = {each.winner for each in judgements}
    if len(winners) > 1:
        return "flipped"
    return "tie" if winners == {None} else "agreed"


def _standings(pairs: Sequence[Pair]) -> tuple[Standing, ...]:
    counts: dict[int, Counter[str]] = {}
    for pair in pairs:
        for position in (pair.low, pair.high):
            counts.setdefault(position, Counter())[_ending(pair, position)] += 1
    return tuple(
        Standing(
            position=position,
            won=count["won"],
            lost=count["lost"],
            tied=count["tie"],
            flipped=count["flipped"],
            undecided=count["unreadable"] + count["incomplete"],
        )
        for position, count in sorted(counts.items())
    )


def _ending(pair: Pair, position: int) -> str:
    if pair.verdict != "agreed":
        return pair.verdict
    return "won" if pair.winner == position else "lost"


def _left_out(view: RunView) -> tuple[int, ...]:
    return tuple(
        candidate.position
        for candidate in view.candidates
        if candidate.position > MOST_JUDGED or not candidate.completion.text
    )
