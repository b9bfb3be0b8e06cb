"""Models that judge, against the people who judged the same two outputs: raters called "judge: …", and runs' judges."""

from dataclasses import replace

import numpy as np

from fusion_ui.analysis.preference.comparisons import Comparisons, Mask, Outcome, comparisons_of
from fusion_ui.analysis.preference.judge_audit import JudgeAudit, judge_audits
from fusion_ui.preferences.comparing import Systems, comparisons_of_pairs
from fusion_ui.preferences.counting import Counted
from fusion_ui.preferences.question import Question
from fusion_ui.preferences.whole import Whole
from storage.rows import Reader
from storage.run_costs import JudgedPair, judged_pairs

_SIDES = ("first", "second")  # of an item


class _Items:
    """Two outputs that somebody judged, numbered as they come; `first` is the output that an item is told from."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str, str], int] = {}
        self.first: list[str] = []

    def of(self, place: str, one: str, other: str) -> int:
        """The item of these outputs of a run (or a prompt, where they were imported), told from `one` if new."""
        key = _key(place, one, other)
        if key not in self._codes:
            self._codes[key] = len(self.first)
            self.first.append(one)
        return self._codes[key]

    def known(self, place: str, one: str, other: str) -> int | None:
        """The item of these outputs, None if nobody judged it."""
        return self._codes.get(_key(place, one, other))


def _key(place: str, one: str, other: str) -> tuple[str, str, str]:
    low, high = sorted((one, other))
    return place, low, high


def audits(
    reader: Reader, whole: Whole, counted: Counted, systems: Systems, question: Question
) -> tuple[JudgeAudit, ...]:
    """Every judge that judged what people judged, too."""
    if not counted.judges.any() and not any(whole.units.run):
        return ()
    items = _Items()
    people = _judged(whole, counted.kept, systems, items)
    own = _judged(whole, counted.judges, systems, items)
    from_runs, unreadable = _of_runs(reader, whole, people, items)
    found = judge_audits(people, own, level=question.level, seed=question.seed) if len(own) else ()
    if len(from_runs):
        found += judge_audits(people, from_runs, unreadable=unreadable, level=question.level, seed=question.seed)
    return tuple(audit for audit in found if audit.items)


def _judged(whole: Whole, kept: Mask, systems: Systems, items: _Items) -> Comparisons:
    """Pairs by item, told from its first output."""
    pairs = whole.pairs.taken(kept[whole.pairs.said] & ~whole.pairs.is_double)
    width = max(1, len(whole.contenders.output))
    low, high = np.sort([pairs.first, pairs.second], axis=0).astype(np.int64)
    found, place = np.unique(low * width + high, return_inverse=True)
    told = [_item(whole, systems, items, *divmod(code, width)) for code in found.tolist()]
    codes, firsts = (np.array(column, dtype=np.int32) for column in (zip(*told, strict=True) if told else ((), ())))
    side = (pairs.first != firsts[place]).astype(np.int32)
    compared = comparisons_of_pairs(whole, pairs, _SIDES, np.zeros(width, np.int32))
    return replace(compared, first=side, second=1 - side, unit=codes[place])


def _item(whole: Whole, systems: Systems, items: _Items, one: int, other: int) -> tuple[int, int]:
    """The item of two contenders, and the one of them that it is told from: in a run by system, else as first told."""
    place, names = _place(whole, one, other)
    first, second = one, other
    if whole.units.run[int(whole.contenders.unit[one])] is not None:
        first, second = sorted((one, other), key=lambda each: (systems.of[each], names[each]))
    item = items.of(place, names[first], names[second])
    return item, first if items.first[item] == names[first] else second


def _place(whole: Whole, one: int, other: int) -> tuple[str, dict[int, str]]:
    """Where outputs are known, and as what: in a run by id; imported ones are the same where prompt and text are."""
    unit, contenders = int(whole.contenders.unit[one]), whole.contenders
    if (run := whole.units.run[unit]) is not None:
        return run, {each: contenders.output[each] for each in (one, other)}
    names = {each: f"{contenders.member[each]} {contenders.digest[each]}" for each in (one, other)}
    return f"prompt {whole.units.prompt[unit]}", names


def _of_runs(reader: Reader, whole: Whole, people: Comparisons, items: _Items) -> tuple[Comparisons, Mask]:
    """What the judges of runs said of items that people judged, and which replies could not be read."""
    by_people = set(np.unique(people.unit).tolist())
    runs = sorted({run for run in whole.units.run if run is not None})
    found = [
        (item, judged)
        for judged in (judged_pairs(reader, runs) if by_people and runs else ())
        if (item := items.known(judged.run_id, judged.first, judged.second)) is not None and item in by_people
    ]
    names = sorted({_name(judged) for _, judged in found})
    side = [int(judged.first != items.first[item]) for item, judged in found]
    return comparisons_of(
        systems=_SIDES,
        raters=names,
        first=side,
        second=[1 - each for each in side],
        outcome=[_outcome(judged) for _, judged in found],
        prompt=[item for item, _ in found],
        rater=[names.index(_name(judged)) for _, judged in found],
        left=[1] * len(found),
    ), np.array([not judged.is_readable for _, judged in found], dtype=np.bool_)


def _outcome(judged: JudgedPair) -> Outcome:
    if judged.winner is None:
        return Outcome.TIE
    return Outcome.FIRST if judged.winner == judged.first else Outcome.SECOND


def _name(judged: JudgedPair) -> str:
    return f"{judged.judge} (in its runs)" if judged.judge else "judge of recorded runs"
