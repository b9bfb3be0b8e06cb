"""Each contrast with all that is said of it: skips, both bad, groups, the plan, the verdict, and the adjusted rate."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fusion_ui.analysis.preference.adjusted import adjusted_rate
from fusion_ui.analysis.preference.comparisons import Comparisons, Ints, Mask
from fusion_ui.analysis.preference.contrasts import Contrast, GroupRate, by_group, contrasts
from fusion_ui.analysis.preference.planning import plan
from fusion_ui.analysis.preference.sequential import verdict
from fusion_ui.analysis.preference.win_rates import both_bad_rate
from fusion_ui.preferences.comparing import Compared
from fusion_ui.preferences.counting import length_bins
from fusion_ui.preferences.layout import NONE, Places
from fusion_ui.preferences.plain import plain
from fusion_ui.preferences.question import LENGTHS, Question
from fusion_ui.preferences.whole import Whole
from storage.preferences import ROLES

MOST_DETAILED = 12
"""Of more contrasts only those with the most judgements are told in full: nobody reads a hundred verdicts and plans."""
SHORT = f"Verdict, plan and groups are told of the {MOST_DETAILED} contrasts with the most judgements."
GROUPS = ("member", "language", "tag", "length")
MOST_GROUPS = 30
_FUSION = ROLES.index("fusion")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Grouping:
    """Who is in which group; where one may be in several (tags), `overlaps` tell it, a mask a group."""

    names: tuple[str, ...]
    of: Ints | None = None
    overlaps: tuple[Mask, ...] = ()

    def spread(self, rows: Places) -> "_Grouping":
        """The grouping of rows that stand for these."""
        of = None if self.of is None else self.of[rows]
        return _Grouping(names=self.names, of=of, overlaps=tuple(mask[rows] for mask in self.overlaps))


def told_contrasts(whole: Whole, compared: Compared, question: Question) -> list[dict[str, Any]]:
    """Every contrast as JSON, in the order of the systems."""
    found = contrasts(compared.comparisons, level=question.level)
    place = {name: at for at, name in enumerate(compared.comparisons.systems)}
    rows_by_pair = _rows_by_pair(compared.comparisons)
    most = sorted((-each.judgements, at) for at, each in enumerate(found))[:MOST_DETAILED]
    detailed = {at for _, at in most}
    told = []
    for at, each in enumerate(found):
        pair = place[each.first], place[each.second]
        more = _in_full(whole, compared, each, rows_by_pair[pair], question) if at in detailed else _in_short(each)
        told.append(plain(each) | {"skips": compared.skips.get(pair, 0)} | more)
    return told


def _rows_by_pair(comparisons: Comparisons) -> dict[tuple[int, int], Places]:
    """The rows of each pair of systems, in their order."""
    k = max(1, len(comparisons.systems))
    low, high = np.sort([comparisons.first, comparisons.second], axis=0)
    code = low.astype(np.int16 if k < 181 else np.int64) * k + high  # numpy sorts short numbers by digits
    order = np.argsort(code, kind="stable")
    codes, begin = np.unique(code[order], return_index=True)
    return {divmod(int(each), k): rows for each, rows in zip(codes, np.split(order, begin)[1:], strict=True)}


def _in_full(whole: Whole, compared: Compared, contrast: Contrast, rows: Places, question: Question) -> dict[str, Any]:
    own, pair = compared.comparisons.taken(rows), {"first": contrast.first, "second": contrast.second}
    groupings = _groupings(whole, compared, rows)
    return {
        "both_bad_share": plain(both_bad_rate(own, level=question.level)),
        "groups": {name: plain(_rates(own, grouping, pair, question)) for name, grouping in groupings.items()},
        "plan": plain(plan(own, **pair, width=question.width, level=question.level)),
        "verdict": plain(verdict(own, **pair)),
        "adjusted": plain(adjusted_rate(own, **pair, level=question.level)),
    }


def _in_short(contrast: Contrast) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(("both_bad_share", "plan", "verdict", "adjusted"))
    return nothing | {"groups": {name: [] for name in GROUPS}, "note": f"{contrast.note} {SHORT}".strip()}


def _rates(own: Comparisons, grouping: _Grouping, pair: dict[str, str], question: Question) -> tuple[GroupRate, ...]:
    if grouping.of is not None:
        return by_group(own, grouping.of, grouping.names, **pair, level=question.level)
    return tuple(
        rate
        for name, mask in zip(grouping.names, grouping.overlaps, strict=True)
        for rate in by_group(own, np.where(mask, 0, NONE), [name], **pair, level=question.level)
    )


def _groupings(whole: Whole, compared: Compared, rows: Places) -> dict[str, _Grouping]:
    units, unit = np.unique(compared.pairs.unit[rows], return_inverse=True)
    weights = np.bincount(unit)
    languages = [whole.units.language[each] for each in units.tolist()]
    tags = [whole.units.tags[each] for each in units.tolist()]
    rivals, rival = np.unique(_rivals(whole, compared, rows), return_inverse=True)
    members = [whole.contenders.member[each] for each in rivals.tolist()]
    return {
        "member": _named(members, np.bincount(rival)).spread(rival),
        "language": _named(languages, weights).spread(unit),
        "tag": _overlapping(tags, weights).spread(unit),
        "length": _Grouping(names=tuple(LENGTHS), of=length_bins(whole.units)[units]).spread(unit),
    }


def _rivals(whole: Whole, compared: Compared, rows: Places) -> Ints:
    """What the fusion stood against; where no side is a fusion, the second."""
    pairs, comparisons = compared.pairs, compared.comparisons
    is_turned = comparisons.first[rows] > comparisons.second[rows]
    one, other = pairs.first[rows], pairs.second[rows]
    first, second = np.where(is_turned, other, one), np.where(is_turned, one, other)
    role = whole.contenders.role
    rivals: Ints = np.where((role[second] == _FUSION) & (role[first] != _FUSION), first, second)
    return rivals


def _named(labels: Sequence[str], weights: Places) -> _Grouping:
    """Groups by label, the largest first; what has no label is in none."""
    names = _largest([(label,) for label in labels], weights)
    place = {name: at for at, name in enumerate(names)}
    return _Grouping(names=names, of=np.array([place.get(label, NONE) for label in labels], dtype=np.int32))


def _overlapping(labels: Sequence[tuple[str, ...]], weights: Places) -> _Grouping:
    names = _largest(labels, weights)
    masks = tuple(np.array([name in several for several in labels], dtype=np.bool_) for name in names)
    return _Grouping(names=names, overlaps=masks)


def _largest(labels: Sequence[tuple[str, ...]], weights: Places) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    for several, weight in zip(labels, weights.tolist(), strict=True):
        for label in several:
            counts[label] += weight
    ranked = sorted((-count, label) for label, count in counts.items() if label)
    return tuple(label for _, label in ranked[:MOST_GROUPS])
