"""All sources put together: one numbering of raters, prompts, units, contenders and judgements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Floats, Ints, Mask
from fusion_ui.preferences.layout import NONE
from fusion_ui.preferences.pairs import Pairs, Scored
from fusion_ui.preferences.sources import Source

JUDGE = "judge: "
"""How the names of model judges begin."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """What was put before raters. `source` and `place` tell where; `prompt` is the same where its text is."""

    source: Ints
    place: Ints
    prompt: Ints
    prompt_length: Ints
    language: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    run: tuple[str | None, ...]
    is_main: Mask
    is_shown: Mask
    is_double: Mask
    start: Ints

    def __len__(self) -> int:
        return len(self.source)

    @property
    def width(self) -> int:
        """The most contenders that a unit has."""
        return int(np.diff(self.start).max(initial=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contenders:
    """The outputs as they were shown, numbered by unit and place; `leaks`: its text told a blind rater who wrote it."""

    unit: Ints
    role: Ints
    member: tuple[str, ...]
    output: tuple[str, ...]
    length: Floats
    leaks: Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgements:
    """What was said. `winner` and `gold` are contenders; `stands`: nothing superseded it."""

    source: Ints
    unit: Ints
    rater: Ints
    kind: NDArray[np.int8]
    verdict: NDArray[np.int8]
    flags: NDArray[np.int8]
    winner: Ints
    gold: Ints
    seconds: Floats
    stands: Mask
    is_out: Mask
    is_open: Mask

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whole:
    """Everything; `raters` and `criteria` are names."""

    sources: tuple[Source, ...]
    raters: tuple[str, ...]
    is_judge: Mask
    criteria: tuple[str, ...]
    units: Units
    contenders: Contenders
    judgements: Judgements
    pairs: Pairs
    scored: Scored


def whole_of(sources: Sequence[Source], name_by_rater: Mapping[str, str]) -> Whole:
    """The sources in their order; raters by name."""
    names = sorted({name_by_rater[rater] for source in sources for rater in source.said.raters})
    criteria = tuple(dict.fromkeys(name for source in sources for name in source.said.criteria))
    units = _starts(sources, lambda source: len(source.layout.place))
    contenders = _starts(sources, lambda source: len(source.layout.unit))
    said = _starts(sources, lambda source: len(source.said))
    return Whole(
        sources=tuple(sources),
        raters=tuple(names),
        is_judge=np.array([name.startswith(JUDGE) for name in names], dtype=np.bool_),
        criteria=criteria,
        units=_units(sources, contenders),
        contenders=_contenders(sources, units),
        judgements=_judgements(sources, units, contenders, rater=_raters(sources, names, name_by_rater)),
        pairs=Pairs(
            said=_moved(sources, said, lambda each: each.said.pairs.said),
            unit=_moved(sources, units, lambda each: each.said.pairs.unit),
            first=_moved(sources, contenders, lambda each: each.said.pairs.first),
            second=_moved(sources, contenders, lambda each: each.said.pairs.second),
            outcome=_joined(sources, lambda each: each.said.pairs.outcome, np.int8),
            left=_joined(sources, lambda each: each.said.pairs.left, np.int8),
            is_double=_joined(sources, lambda each: each.said.pairs.is_double, np.bool_),
        ),
        scored=Scored(
            said=_moved(sources, said, lambda each: each.said.scored.said),
            contender=_moved(sources, contenders, lambda each: each.said.scored.contender),
            criterion=_joined(sources, lambda each: _criteria(each, criteria), np.int32),
            value=_joined(sources, lambda each: each.said.scored.value, np.float64),
        ),
    )


_Column = Callable[[Source], Any]


def _starts(sources: Sequence[Source], count: Callable[[Source], int]) -> list[int]:
    starts = [0]
    for source in sources:
        starts.append(starts[-1] + count(source))
    return starts


def _joined(sources: Sequence[Source], column: _Column, kind: Any) -> Any:
    parts = [np.asarray(column(source), dtype=kind) for source in sources]
    return np.concatenate([np.zeros(0, kind), *parts])


def _moved(sources: Sequence[Source], starts: Sequence[int], column: _Column) -> Ints:
    """A column of numbers within each source as numbers within all; NONE stays."""
    parts = [
        np.where(found == NONE, NONE, found + start).astype(np.int32)
        for found, start in zip(map(column, sources), starts, strict=False)
    ]
    return np.concatenate([np.zeros(0, np.int32), *parts])


def _source_of(sources: Sequence[Source], count: Callable[[Source], int]) -> Ints:
    return np.repeat(np.arange(len(sources), dtype=np.int32), [count(source) for source in sources])


def _raters(sources: Sequence[Source], names: Sequence[str], name_by_rater: Mapping[str, str]) -> Ints:
    place = {name: at for at, name in enumerate(names)}

    def of(source: Source) -> Ints:
        places = np.array([place[name_by_rater[rater]] for rater in source.said.raters], dtype=np.int32)
        return places[source.said.rater]

    found: Ints = _joined(sources, of, np.int32)
    return found


def _criteria(source: Source, criteria: Sequence[str]) -> Ints:
    places = np.array([criteria.index(name) for name in source.said.criteria], dtype=np.int32)
    return places[source.said.scored.criterion]


def _units(sources: Sequence[Source], contenders: Sequence[int]) -> Units:
    layouts = [source.layout for source in sources]
    code_by_prompt: dict[str, int] = {}
    prompts = [code_by_prompt.setdefault(text, len(code_by_prompt)) for layout in layouts for text in layout.prompt]
    starts = [layout.start[:-1] + start for layout, start in zip(layouts, contenders, strict=False)]
    return Units(
        source=_source_of(sources, lambda source: len(source.layout.place)),
        place=_joined(sources, lambda source: source.layout.place, np.int32),
        prompt=np.array(prompts, dtype=np.int32),
        prompt_length=_joined(sources, lambda source: source.layout.prompt_length, np.int32),
        language=tuple(chain.from_iterable(layout.language for layout in layouts)),
        tags=tuple(chain.from_iterable(layout.tags for layout in layouts)),
        run=tuple(chain.from_iterable(layout.run for layout in layouts)),
        is_main=_joined(sources, lambda source: source.layout.is_main, np.bool_),
        is_shown=_joined(sources, lambda source: source.layout.is_shown, np.bool_),
        is_double=_joined(sources, lambda source: source.layout.is_double, np.bool_),
        start=np.concatenate([*starts, contenders[-1:]]).astype(np.int32),
    )


def _contenders(sources: Sequence[Source], units: Sequence[int]) -> Contenders:
    layouts = [source.layout for source in sources]
    return Contenders(
        unit=_moved(sources, units, lambda source: source.layout.unit),
        role=_joined(sources, lambda source: source.layout.role, np.int32),
        member=tuple(chain.from_iterable(layout.member for layout in layouts)),
        output=tuple(chain.from_iterable(layout.output for layout in layouts)),
        length=_joined(sources, lambda source: source.layout.length, np.float64),
        leaks=_joined(
            sources,
            lambda source: source.layout.is_named & (source.is_blind and not source.masks_names),
            np.bool_,
        ),
    )


def _judgements(
    sources: Sequence[Source], units: Sequence[int], contenders: Sequence[int], *, rater: Ints
) -> Judgements:
    return Judgements(
        source=_source_of(sources, lambda source: len(source.said)),
        unit=_moved(sources, units, lambda source: source.said.unit),
        rater=rater,
        kind=_joined(sources, lambda source: source.said.kind, np.int8),
        verdict=_joined(sources, lambda source: source.said.verdict, np.int8),
        flags=_joined(sources, lambda source: source.said.flags, np.int8),
        winner=_moved(sources, contenders, lambda source: source.said.winner),
        gold=_moved(sources, contenders, lambda source: source.layout.gold[source.said.unit]),
        seconds=_joined(sources, lambda source: source.said.seconds, np.float64),
        stands=_joined(sources, lambda source: source.said.stands, np.bool_),
        is_out=_joined(sources, lambda source: source.is_out, np.bool_),
        is_open=_joined(sources, lambda source: source.is_open, np.bool_),
    )
