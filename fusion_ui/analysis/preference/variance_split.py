"""A win rate's variance as A / prompts + B / raters + C / judgements, and what of the three is the shortest way down.

A, B and C come from the two-way sandwich (Cameron, Gelbach and Miller 2011, JBES 29:238): what clustering by
prompt, and by rater, adds to the variance of the cells of one prompt and one rater.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import sqrt
from typing import Literal, NamedTuple

from fusion_ui.analysis.preference.clustering import Spread
from fusion_ui.analysis.preference.estimates import t_quantile

Addition = Literal["prompts", "raters", "votes", "nothing"]

_MOST = 1_000_000  # judgements: beyond, "never" is meant
_AS_GOOD = 1.25  # so many times the fewest judgements are as good, if they need nothing new
_TOO_DEAR = 2
_REPEATED = 1.5  # judgements a prompt (a rater), below which its share of the variance hides among the votes


class Size(NamedTuple):
    """How much was judged; `votes` are judgements of one pair."""

    prompts: float
    raters: float
    votes: float


class Way(NamedTuple):
    """More judgements until the width is reached, None if they never are enough; `add` is what matters most."""

    kind: Addition | Literal["both"]
    add: Addition
    more: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The variances of one prompt, of one rater and of one judgement."""

    prompt: float
    rater: float
    vote: float

    def parts(self, size: Size) -> tuple[float, float, float]:
        """What prompts, raters and votes bring to the variance of the rate."""
        return self.prompt / size.prompts, self.rater / size.raters, self.vote / size.votes

    def half_width(self, size: Size, *, level: float) -> float:
        """Half the interval that so much judged would give."""
        prompt, rater, cell = self.parts(size)
        spread = Spread(
            by_vote=cell,
            by_prompt=prompt + cell,
            by_rater=rater + cell,
            by_cell=cell,
            votes=int(size.votes),
            prompts=int(size.prompts),
            raters=int(size.raters),
        )
        return t_quantile(spread.degrees_of_freedom, level=level) * sqrt(spread.two_way)


def split_of(spread: Spread) -> Split:
    """The split of a mean's variance; a part that comes out negative is none."""
    return Split(
        prompt=max(spread.by_prompt - spread.by_cell, 0.0) * spread.prompts,
        rater=max(spread.by_rater - spread.by_cell, 0.0) * spread.raters,
        vote=spread.by_cell * spread.votes,
    )


def best_way(split: Split, size: Size, *, width: float, level: float) -> Way:
    """The way with the fewest judgements, or one nearly as short that asks for nothing new, or for no new people.

    Both prompts and raters where neither alone gets there, or only at twice the price.
    """
    if split.half_width(size, level=level) <= width:
        return Way("nothing", "nothing", 0)
    ways = ways_to(split, size, width=width, level=level)
    fewest = min((way.more for way in ways if way.more is not None), default=None)
    both = _more(split, size, step=Size(1, 1, 1), most=_MOST, width=width, level=level)
    if fewest is not None and (both is None or fewest <= _TOO_DEAR * both):
        return next(way for way in ways if way.more is not None and way.more <= _AS_GOOD * fewest)
    prompts, raters, _ = split.parts(size)
    return Way("both", "prompts" if prompts >= raters else "raters", both)


def ways_to(split: Split, size: Size, *, width: float, level: float) -> tuple[Way, ...]:
    """Votes by the same raters on the same prompts, prompts for the same raters, raters for the same prompts.

    What was hardly judged twice has hidden its spread among the votes, so that it must grow with them.
    """
    can_repeat_prompts, can_repeat_raters = (
        size.votes >= _REPEATED * size.prompts,
        size.votes >= _REPEATED * size.raters,
    )
    ways = [
        _way("votes", split, size, width=width, level=level) if can_repeat_prompts and can_repeat_raters else None,
        _way("prompts", split, size, width=width, level=level) if can_repeat_raters else None,
        _way("raters", split, size, width=width, level=level) if can_repeat_prompts else None,
    ]
    return tuple(way for way in ways if way is not None)


def _way(add: Addition, split: Split, size: Size, *, width: float, level: float) -> Way:
    step = Size(add == "prompts", add == "raters", 1)
    # The same rater on the same prompt again says nothing new.
    most = int(size.prompts * size.raters) if add == "votes" else _MOST
    return Way(add, add, _more(split, size, step=step, most=most, width=width, level=level))


def _more(split: Split, size: Size, *, step: Size, most: int, width: float, level: float) -> int | None:
    def is_enough(more: int) -> bool:
        grown = Size(*(have * (1 + more / size.votes * grows) for have, grows in zip(size, step, strict=True)))
        return split.half_width(grown, level=level) <= width

    room = range(1, int(most - size.votes) + 1)
    place = bisect_left(room, True, key=is_enough)
    return room[place] if place < len(room) else None
