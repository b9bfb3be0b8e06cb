"""Where the items of a study come from: runs that a filter leaves, lines of JSON, or the items of another study."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

from fusion_ui.annotation.shelf import Shelf
from fusion_ui.annotation.sources import source_of, sources_in
from fusion_ui.replay import load_run
from fusion_ui.studies.items import ItemSource
from fusion_ui.studies.naming import masked, self_naming
from fusion_ui.studies.protocol import Contender, Role, StudyError, Unit
from storage.connection import Store
from storage.finding import RunFilter, found_runs, unknown_runs

MOST_RUNS = 5_000
_FILES = 4
_LINE = re.compile(r"line \d+")  # as `sources` numbers what was imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Prompts with the outputs of each role, a JSON object a line."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The prompts and outputs of another study."""

    study_id: str


Items: TypeAlias = RunFilter | Imported | Earlier


class Gathering:
    """Reads the sources of items. What cannot change is kept for a while: a form asks for the same many times."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._ended = lru_cache(maxsize=MOST_RUNS)(self._source)
        self._imported = lru_cache(maxsize=_FILES)(lambda text, masks: sources_in(text, masks=masks))

    def sources(self, items: Items, *, masks: bool) -> tuple[ItemSource, ...]:
        """The sources in the order of their units; `masks` hides names that tell the writer. Raises StudyError."""
        match items:
            case RunFilter():
                return self._of_runs(items, masks=masks)
            case Imported():
                sources: tuple[ItemSource, ...] = self._imported(items.text, masks)
                return sources
            case Earlier():
                return tuple(_regrouped(self._shelf.study(items.study_id).units, masks=masks))

    def _of_runs(self, wanted: RunFilter, *, masks: bool) -> tuple[ItemSource, ...]:
        with self._store.reading() as reader:
            found = found_runs(reader, wanted)
            unknown = unknown_runs(reader, wanted.ids or ())
        if unknown:
            raise StudyError(f"There is no run {unknown[0][:40]!r} in this database. Check the ids.")
        if not found:
            raise StudyError("No run fits: make some on Compare, ask for less, or bring a file.")
        if len(found) > MOST_RUNS:
            raise StudyError(f"{len(found):,} runs fit; a study takes at most {MOST_RUNS:,}. Ask for the newest ones.")
        sources = ((self._ended if run.is_ended else self._source)(run.id, masks) for run in found)
        return tuple(source for source in sources if source is not None)

    def _source(self, run_id: str, masks: bool) -> ItemSource | None:
        run = load_run(self._store, run_id)
        return source_of(run, masks=masks) if run else None


def origin(source: ItemSource) -> str:
    """What tells a source from the others of its study: the id of its run, or the line that it was imported from."""
    return source.run_id or next(_origin(each) for outputs in source.outputs.values() for each in _listed(outputs))


def _regrouped(units: tuple[Unit, ...], *, masks: bool) -> Iterator[ItemSource]:
    """The sources that these units were made from, as far as the units tell."""
    for _, group in groupby(units, key=lambda unit: unit.run_id or _origin(unit.contenders[0])):
        yield _source_of_units(tuple(group), masks=masks)


def _source_of_units(units: tuple[Unit, ...], *, masks: bool) -> ItemSource:
    first = units[0]
    contenders = {(each.role, each.output_id): each for unit in units for each in unit.contenders}
    names = tuple({each.member for each in contenders.values() if each.member})
    outputs: dict[Role, Contender | tuple[Contender, ...]] = {}
    for (role, _), contender in contenders.items():
        held = _masked(contender, names) if masks else contender
        outputs[role] = (*_listed(outputs.get(role, ())), held)
    return ItemSource(
        run_id=first.run_id,
        prompt=first.prompt,
        outputs=outputs,
        reference=first.reference,
        language=first.language,
    )


def _masked(contender: Contender, names: tuple[str, ...]) -> Contender:
    """The contender with the phrases hidden that were found when the earlier study was made; hidden ones stay noted."""
    spans = self_naming(contender.text, (*names, *contender.names)) if contender.names else ()
    return replace(contender, text=masked(contender.text, spans))


def _listed(outputs: Contender | tuple[Contender, ...]) -> tuple[Contender, ...]:
    return (outputs,) if isinstance(outputs, Contender) else outputs


def _origin(contender: Contender) -> str:
    line = _LINE.match(contender.output_id)
    return line[0] if line else contender.output_id
