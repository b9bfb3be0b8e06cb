"""An estimate with its interval, or with the reason why it has none."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, NamedTuple

from scipy.special import stdtrit

Basis = Literal["prompts and raters", "prompts", "raters", "units", "these votes only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its interval at the level that was asked for.

    `n` counts what it rests on, `df` are the degrees of freedom of its t quantile. Bounds of None mean that no honest
    interval exists; `note` says why, and what would give one. `basis` says over what the interval generalises.
    """

    value: float
    low: float | None = None
    high: float | None = None
    se: float | None = None
    df: float | None = None
    n: int
    basis: Basis = "prompts and raters"
    note: str = ""


class Share(NamedTuple):
    """So many of so many, with the interval of Wilson (1927); halves arise where credit is shared."""

    hits: float
    of: int
    share: float | None
    low: float | None
    high: float | None


def share_of(hits: float, of: int, *, level: float = 0.95) -> Share:
    """The share with the score interval (Wilson 1927, JASA 22:209); nothing of nothing has no share."""
    if not of:
        return Share(hits, of, None, None, None)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = hits / of
    width = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / width
    half = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5 / width
    # The ends are exact, and rounding must not push them past what is possible.
    low, high = max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < of else 1.0
    return Share(hits, of, share, low, high)


def t_quantile(df: float, *, level: float = 0.95) -> float:
    """The two-sided quantile of Student's t for this level."""
    return float(stdtrit(df, (1 + level) / 2))
