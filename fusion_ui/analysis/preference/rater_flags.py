"""What makes a rater worth a look, in words. A flag is a reason to look, never a reason to drop.

Each kind of flag is raised so rarely by luck that of all raters of a study together, if all were careful, one would
have it once in a hundred studies (in twenty: like chance). With many raters each needs more evidence.
"""

from dataclasses import dataclass

from scipy.special import bdtr, bdtrc

from fusion_ui.analysis.preference.estimates import Share

FALSE_ALARM = 0.01  # of one kind of flag, over all raters of a study
GUESSING_ALARM = 0.05  # likewise: guessing does most harm and is hardest to see, so more false alarms are borne
FAST = 1 / 3  # of the usual pace: careful raters differ by half, not by more
FEWEST_TIMED = 10
FEWEST_TIMED_RATERS = 3  # fewer have no usual pace
ONE_SIDED = 0.15  # away from half: smaller leanings are real, common, and harmless where sides are drawn by lot
SHORTEST_RUN = 10
SAME_AGAIN = 0.5  # by chance, where sides are drawn by lot
KNOWN_RIGHT = 0.8  # of gold a careful rater gets right
SELF_CONSISTENT = 0.6  # of repeats a careful rater answers as before
_ABOVE_CHANCE = 3.0  # standard errors: who only guesses goes further once in 700 times


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the flags of one rater rest on; `by_chance` is the agreement of the same answers dealt out at random."""

    rater: str
    judgements: int
    median_seconds: float | None
    others: Share
    by_chance: float | None
    repeats: Share
    gold: Share
    left: Share
    longest_run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual among the raters of a study; `beyond_chance` is that of the others, from 0 (chance) to 1."""

    raters: int
    seconds: float | None
    beyond_chance: float


def flags_of(seen: Seen, usual: Usual) -> tuple[str, ...]:
    """What is unusual about this rater."""
    words = {
        "like chance": _is_like_chance(seen, usual),
        "one side": _is_one_sided(seen.left, usual.raters),
        "fast": _is_fast(seen, usual),
        f"same side {seen.longest_run} times": _is_monotonous(seen, usual),
        "misses gold": _is_rarely(seen.gold, KNOWN_RIGHT, usual.raters),
        "contradicts itself": _is_rarely(seen.repeats, SELF_CONSISTENT, usual.raters),
    }
    return tuple(word for word, is_raised in words.items() if is_raised)


def _is_like_chance(seen: Seen, usual: Usual) -> bool:
    """Less agreement than the others have, by more than luck, and none that answers dealt at random would lack."""
    if seen.others.share is None or seen.by_chance is None:
        return False
    chance = seen.by_chance
    expected = chance + max(0.0, usual.beyond_chance) * (1 - chance)
    reach = _ABOVE_CHANCE * (chance * (1 - chance) / seen.others.of) ** 0.5
    is_below = _is_rarely(seen.others, expected, usual.raters, alarm=GUESSING_ALARM)
    return is_below and seen.others.share <= chance + reach


def _is_rarely(seen: Share, expected: float, raters: int, *, alarm: float = FALSE_ALARM) -> bool:
    """So few hits that a rater with the expected share would hardly ever have them."""
    return bool(seen.of) and float(bdtr(int(seen.hits), seen.of, expected)) < alarm / raters


def _is_one_sided(left: Share, raters: int) -> bool:
    if left.share is None or abs(left.share - 0.5) < ONE_SIDED:
        return False
    hits = int(max(left.hits, left.of - left.hits))
    return 2 * float(bdtrc(hits - 1, left.of, 0.5)) < FALSE_ALARM / raters


def _is_fast(seen: Seen, usual: Usual) -> bool:
    if seen.median_seconds is None or usual.seconds is None or seen.judgements < FEWEST_TIMED:
        return False
    return seen.median_seconds < FAST * usual.seconds


def _is_monotonous(seen: Seen, usual: Usual) -> bool:
    """A run this long of one side would hardly ever come up anywhere among so many judgements."""
    by_luck = seen.judgements * SAME_AGAIN**seen.longest_run
    return seen.longest_run >= SHORTEST_RUN and by_luck < FALSE_ALARM / usual.raters
