"""How far raters agree so far: the share of pairs that say the same, and Krippendorff's alpha, which takes off chance.

Real preferences give an alpha of about 0.3 (nominal); that is usual, and no failure of a study.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from fusion_ui.studies.protocol import Role, Unit
from fusion_ui.studies.quality import Judged

Contrast = tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement over units that several people judged; None is not computable, for want of pairs or of variety."""

    units: int
    ratings: int
    raw: float | None
    alpha: float | None


def agreement_by_contrast(judged: Iterable[Judged], units: Sequence[Unit]) -> dict[Contrast, Agreement]:
    """Agreement on who won, for each contrast; first judgements only, as a person's repeats agree with that person.

    Winners count by their place in the contrast, "tie" and "all_bad" as answers of their own.
    """
    ratings: defaultdict[Contrast, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in judged:
        if each.kind == "main" and each.winner is not None:
            unit = units[each.unit]
            ratings[contrast_of(unit)][each.unit].append(_category(unit, each.winner))
    return {contrast: agreement(by_unit.values()) for contrast, by_unit in ratings.items()}


def contrast_of(unit: Unit) -> Contrast:
    """The roles that a unit sets against each other."""
    return tuple(contender.role for contender in unit.contenders)


def _category(unit: Unit, winner: str) -> str:
    places = [at for at, contender in enumerate(unit.contenders) if contender.output_id == winner]
    return f"place {places[0]}" if places else winner


def agreement(ratings: Iterable[Sequence[Hashable]]) -> Agreement:
    """Agreement on the ratings of each unit, one a person; units with fewer than two say nothing.

    Alpha is nominal (Krippendorff 2011, Computing Krippendorff's alpha-reliability): 1 - observed / expected.
    """
    counts = [Counter(unit) for unit in ratings if len(unit) > 1]
    totals: Counter[Hashable] = Counter()
    for count in counts:
        totals.update(count)
    rated = totals.total()
    observed = sum(_disagreeing(count) / (count.total() - 1) for count in counts)
    expected = _disagreeing(totals) / (rated - 1) if rated else 0.0
    agreeing = sum(_agreeing(count) for count in counts)
    pairs = sum(count.total() * (count.total() - 1) for count in counts)
    return Agreement(
        units=len(counts),
        ratings=rated,
        raw=agreeing / pairs if pairs else None,
        alpha=1 - observed / expected if expected else None,
    )


def _agreeing(counts: Counter[Hashable]) -> int:
    """Ordered pairs of two ratings that are the same."""
    return sum(count * (count - 1) for count in counts.values())


def _disagreeing(counts: Counter[Hashable]) -> int:
    """Ordered pairs of two ratings that are not the same."""
    return counts.total() * (counts.total() - 1) - _agreeing(counts)
