"""What an answer of each system takes: a single sample its own call, a pick or a fusion all the calls behind it.

Unknown is never zero: an answer whose price is not wholly known does not enter the mean. Seconds are what one waits
when all candidates are asked at once: for the slowest of them, then for the slowest call of the judge or the fusor.
"""

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean
from typing import NamedTuple

import numpy as np

from fusion_ui.analysis.preference.win_rates import matrix_of
from fusion_ui.analysis.preference.worth import Spent, Worth, worth
from fusion_ui.preferences.comparing import Compared, Systems
from fusion_ui.preferences.whole import Whole
from storage.preferences import ROLES
from storage.rows import Reader
from storage.run_costs import RunCost, output_costs, run_costs


class Price(NamedTuple):
    """What one answer took, as far as it is known."""

    cost_usd: float | None
    seconds: float | None


def spent(reader: Reader, whole: Whole, compared: Compared, systems: Systems) -> tuple[Worth, ...]:
    """What the systems take beside how often they win."""
    shares, prices = _shares(compared), _prices(reader, whole, compared, systems)
    return worth(
        [
            Spent(
                system=name,
                share=share,
                cost_usd=_mean(price.cost_usd for price in own),
                seconds=_mean(price.seconds for price in own),
            )
            for (name, share), own in zip(shares, prices, strict=True)
        ]
    )


def _shares(compared: Compared) -> list[tuple[str, float]]:
    matrix = matrix_of(compared.comparisons)
    won = [sum(row) + sum(ties) / 2 for row, ties in zip(matrix.wins, matrix.ties, strict=True)]
    games = [sum(map(sum, rows)) for rows in zip(matrix.wins, matrix.ties, matrix.losses, strict=True)]
    return [(name, one / of) for name, one, of in zip(matrix.systems, won, games, strict=True)]


def _prices(reader: Reader, whole: Whole, compared: Compared, systems: Systems) -> list[list[Price]]:
    """The prices of each system's answers that were compared, each answer once."""
    contenders = np.unique(np.concatenate([compared.pairs.first, compared.pairs.second])).tolist()
    runs = {contender: whole.units.run[whole.contenders.unit[contender]] for contender in contenders}
    by_run = {cost.run_id: cost for cost in run_costs(reader, sorted({run for run in runs.values() if run}))}
    outputs = [whole.contenders.output[contender] for contender in contenders if runs[contender]]
    own = {output: Price(*found) for output, found in output_costs(reader, sorted(set(outputs))).items()}
    prices: defaultdict[str, dict[tuple[str, str], Price]] = defaultdict(dict)
    for contender in contenders:
        run, output = runs[contender], whole.contenders.output[contender]
        if run is not None:
            role = ROLES[whole.contenders.role[contender]]
            price = own.get(output, Price(None, None)) if role in ("single", "candidate") else _price(role, by_run[run])
            prices[systems.names[systems.of[contender]]][role, output] = price
    return [list(prices[name].values()) for name in compared.comparisons.systems]


def _price(role: str, run: RunCost) -> Price:
    """What the strategy of this role takes in the run: candidates, and what turns them into one answer."""
    candidates = Price(None if run.unpriced else run.cost_usd, run.seconds)
    if role == "vote":
        return candidates
    if role == "best":
        after = Price(None if run.judge_unpriced else run.judge_usd, run.judge_seconds)
        return _together(candidates, after) if run.judge_calls else candidates
    return _together(candidates, Price(run.fusor_usd, run.fusor_seconds)) if run.is_fused_by_model else candidates


def _together(one: Price, other: Price) -> Price:
    cost, seconds = (
        None if first is None or second is None else first + second for first, second in zip(one, other, strict=True)
    )
    return Price(cost, seconds)


def _mean(known: Iterable[float | None]) -> float | None:
    numbers = [number for number in known if number is not None]
    return fmean(numbers) if numbers else None
