"""Each contrast with all that is said of it: skips, both bad, groups, the plan, the verdict, and the adjusted rate."""

from collections.abc import Iterator, Sequence
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
    """Rows by group; a row that lies in several (tags) is told by `overlaps`, a mask each."""

    names: tuple[str, ...]
    of: Ints | None = None
    overlaps: tuple[Mask, ...] = ()


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
        rows = rows_by_pair[pair]
        own = compared.comparisons.taken(rows)
        bad = {"skips": compared.skips.get(pair, 0), "both_bad_share": plain(both_bad_rate(own, level=question.level))}
        more = _in_full(whole, compared, own, each, rows, question) if at in detailed else _in_short(each)
        told.append(plain(each) | bad | more)
    return told


def _rows_by_pair(comparisons: Comparisons) -> dict[tuple[int, int], Places]:
    """The rows of each pair of systems, in their order."""
    k = max(1, len(comparisons.systems))
    low, high = np.sort([comparisons.first, comparisons.second], axis=0)
    code = low.astype(np.int16 if k < 181 else np.int64) * k + high  # numpy sorts short numbers by digits
    order = np.argsort(code, kind="stable")
    codes, begin = np.unique(code[order], return_index=True)
    return {divmod(int(each), k): rows for each, rows in zip(codes, np.split(order, begin)[1:], strict=True)}


def _in_full(
    whole: Whole, compared: Compared, own: Comparisons, contrast: Contrast, rows: Places, question: Question
) -> dict[str, Any]:
    pair = {"first": contrast.first, "second": contrast.second}
    groupings = _groupings(whole, compared, rows)
    return {
        "groups": {name: plain(_rates(own, grouping, pair, question)) for name, grouping in groupings.items()},
        "plan": plain(plan(own, **pair, width=question.width, level=question.level)),
        "verdict": plain(verdict(own, **pair)),
        "adjusted": plain(adjusted_rate(own, **pair, level=question.level)),
    }


def _in_short(contrast: Contrast) -> dict[str, Any]:
    nothing: dict[str, Any] = {"groups": {name: [] for name in GROUPS}, "plan": None, "verdict": None, "adjusted": None}
    return nothing | {"note": f"{contrast.note} {SHORT}".strip()}


def _rates(own: Comparisons, grouping: _Grouping, pair: dict[str, str], question: Question) -> tuple[GroupRate, ...]:
    if grouping.of is not None:
        return by_group(own, grouping.of, grouping.names, **pair, level=question.level)
    return tuple(
        rate
        for name, mask in zip(grouping.names, grouping.overlaps, strict=True)
        for rate in by_group(own, np.where(mask, 0, NONE), [name], **pair, level=question.level)
    )


def _groupings(whole: Whole, compared: Compared, rows: Places) -> dict[str, _Grouping]:
    units = compared.pairs.unit[rows]
    languages = [whole.units.language[unit] for unit in units.tolist()]
    tags = [whole.units.tags[unit] for unit in units.tolist()]
    return {
        "member": _named(list(_rivals(whole, compared, rows))),
        "language": _named(languages),
        "tag": _overlapping(tags),
        "length": _Grouping(names=tuple(LENGTHS), of=length_bins(whole.units)[units]),
    }


def _rivals(whole: Whole, compared: Compared, rows: Places) -> Iterator[str]:
    """Whose answer the fusion stood against; where no side is a fusion, whose the second was."""
    pairs, contenders, comparisons = compared.pairs, whole.contenders, compared.comparisons
    is_turned = comparisons.first[rows] > comparisons.second[rows]
    one, other = pairs.first[rows], pairs.second[rows]
    first, second = np.where(is_turned, other, one), np.where(is_turned, one, other)
    is_second_fused = (contenders.role[second] == _FUSION) & (contenders.role[first] != _FUSION)
    for contender in np.where(is_second_fused, first, second).tolist():
        yield contenders.member[contender]


def _named(labels: Sequence[str]) -> _Grouping:
    """Groups by label, the largest first; rows without a label are in none."""
    names = _largest(labels)
    place = {name: at for at, name in enumerate(names)}
    return _Grouping(names=names, of=np.array([place.get(label, NONE) for label in labels], dtype=np.int32))


def _overlapping(labels: Sequence[tuple[str, ...]]) -> _Grouping:
    names = _largest([label for several in labels for label in several])
    masks = tuple(np.array([name in several for several in labels], dtype=np.bool_) for name in names)
    return _Grouping(names=names, overlaps=masks)


def _largest(labels: Sequence[str]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    ranked = sorted(((-count, label) for label, count in counts.items() if label))
    return tuple(label for _, label in ranked[:MOST_GROUPS])
