"""What a preference costs: money and seconds per answer beside how often the answer wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

_CENT = 0.01
_LEVEL = 1e-9  # shares closer than this are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A system's share of wins (ties as half) and what one of its answers takes on average; None where unknown."""

    system: str
    share: float | None
    cost_usd: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The same, and what one more win takes against the cheapest system.

    `cost_per_extra_win` is the difference in cost per answer over the difference in wins per comparison, defined only
    where the dearer system wins more (why: Stinnett and Mullahy 1998, Med Decis Making 18:S68).
    """

    system: str
    share: float | None
    cost_usd: float | None
    seconds: float | None
    cost_per_extra_win: float | None
    words: str


def worth(spent: Sequence[Spent]) -> tuple[Worth, ...]:
    """A row per system, in the order given, each set against the cheapest whose share and cost are known."""
    spent = [_finite(each) for each in spent]
    known = [each for each in spent if each.cost_usd is not None and each.share is not None]
    # Of equally cheap ones the more preferred is the one to beat.
    cheapest = min(known, key=lambda each: (each.cost_usd, -(each.share or 0.0)), default=None)
    return tuple(_worth(each, cheapest) for each in spent)


def _finite(spent: Spent) -> Spent:
    """The same with None for what is no number."""
    share, cost, seconds = (
        number if number is not None and isfinite(number) else None
        for number in (spent.share, spent.cost_usd, spent.seconds)
    )
    return Spent(system=spent.system, share=share, cost_usd=cost, seconds=seconds)


def _worth(spent: Spent, cheapest: Spent | None) -> Worth:
    price, words = _price(spent, cheapest)
    return Worth(
        system=spent.system,
        share=spent.share,
        cost_usd=spent.cost_usd,
        seconds=spent.seconds,
        cost_per_extra_win=price,
        words=words,
    )


def _price(spent: Spent, cheapest: Spent | None) -> tuple[float | None, str]:
    if spent.cost_usd is None or spent.share is None or cheapest is None:
        lacking = "cost" if spent.cost_usd is None else "share of wins"
        return None, f"Its {lacking} is not known."
    if spent is cheapest:
        return None, "The cheapest: the others are set against it."
    dearer = spent.cost_usd - (cheapest.cost_usd or 0.0)
    gain = spent.share - (cheapest.share or 0.0)
    if gain <= _LEVEL:
        more = "Costs more than" if dearer else "Costs as much as"
        wins = "wins less" if gain < -_LEVEL else "wins no more"
        return None, f"{more} {cheapest.system} and {wins}."
    price = dearer / gain  # above nothing, as of equally cheap ones none wins more than the cheapest
    more = f"Wins {100 * gain:.1f} of 100 comparisons more than {cheapest.system}{_slower(spent, cheapest)}"
    return price, f"{more}: {_dollars(price)} for each extra win."


def _dollars(price: float) -> str:
    if price < _CENT / 100:
        return f"less than ${_CENT / 100:g}"
    return f"${price:,.2f}" if price >= 1 else f"${price:.2g}"


def _slower(spent: Spent, cheapest: Spent) -> str:
    if spent.seconds is None or cheapest.seconds is None:
        return ""
    more = spent.seconds - cheapest.seconds
    return f", {abs(more):.1f} s {'slower' if more > 0 else 'faster'}" if abs(more) >= 0.05 else ""
