"""How long a judgement took: the seconds in which its rater had the trial in view and was there.

A browser reports ticks, one for each second or so it saw someone at work; a hidden tab or an idle rater gives none.
What it reports is bounded by what the server knows, for a client's word is no measurement.
"""

import math
from collections.abc import Iterable

from fusion_ui.studies.protocol import Protocol

LONGEST_TICK_S = 2.0  # a longer one spans a sleep of the machine, or a throttled tab that nobody looked at


def active_seconds(ticks: Iterable[float], *, open_s: float = math.inf) -> float:
    """The seconds that the ticks amount to; at most `open_s`, the time by the server's clock since the trial opened."""
    seconds = math.fsum(min(tick, LONGEST_TICK_S) for tick in ticks if tick > 0)
    return min(seconds, max(open_s, 0.0))


def is_too_fast(seconds: float, protocol: Protocol) -> bool:
    """Whether the judgement came sooner than anyone can read: a flag for the study's owner, never a refusal."""
    return seconds < protocol.fast_seconds
