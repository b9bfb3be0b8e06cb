"""How long a judgement took: the seconds in which its rater had the trial in view and was there.

A browser counts them by ticks, one for each second or so in which it saw someone at work; a hidden tab or an idle rater
gives none. What it tells is bounded by what the server knows, for a client's word is no measurement.
"""

import math

from fusion_ui.studies.protocol import Protocol

LONGEST_TICK_S = 2.0  # a longer one spans a sleep of the machine, or a throttled tab that nobody looked at


def active_seconds(told: float, *, ticks: int | None = None, open_s: float = math.inf) -> float:
    """The seconds a page tells, as far as they can be: at most two for each of its ticks, where it counted them, and at
    most `open_s`, the time by the server's clock since the trial was opened.
    """
    most = math.inf if ticks is None else LONGEST_TICK_S * max(ticks, 0)
    return max(0.0, min(told if told > 0 else 0.0, most, open_s))


def is_too_fast(seconds: float, protocol: Protocol) -> bool:
    """Whether the judgement came sooner than anyone can read: a flag for the study's owner, never a refusal."""
    return seconds < protocol.fast_seconds
