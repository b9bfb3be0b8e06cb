"""Items whose right answer is known, named in a file: by the item's number, by its run or by its prompt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fusion_ui.annotation.making import MOST_FEEDBACK, Known, labels_of
from fusion_ui.exchange.texts import LineError, Text, parsed_line
from fusion_ui.studies.protocol import StudyError, Unit

_Name: TypeAlias = tuple[str, int | str]


class Uses(NamedTuple):
    """What known items are for, by the places of units, as a form takes them."""

    training: Mapping[int, Known]
    gold: Mapping[int, int]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    item: Annotated[int, Field(ge=1)] | None = None
    run: Annotated[str, Field(min_length=1)] | None = None
    prompt: Text | None = None
    right: str
    feedback: Annotated[Text, Field(max_length=MOST_FEEDBACK)] = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> "_Line":
        if len(self.names) != 1:
            raise ValueError("name an item, a run or a prompt, one of the three")
        return self

    @property
    def names(self) -> list[_Name]:
        named = {"item": self.item, "run": self.run, "prompt": self.prompt}
        return [(kind, name) for kind, name in named.items() if name is not None]


def known_in(text: str, units: Sequence[Unit], *, name: str) -> dict[int, Known]:
    """What lines such as `{"prompt": "…", "right": "fusion", "feedback": "…"}` know of these units, by place.

    A prompt or a run may stand for several units. Raises StudyError, which names the line of the file of this name.
    """
    by_name = _by_name(units)
    return {
        unit.place: Known(labels_of(unit).index(line.right), line.feedback)
        for place, line in _lines(text, name)
        for unit in _meant(place, line, by_name)
    }


def uses_of(known: Mapping[int, Known], units: Iterable[Unit], *, training: int) -> Uses:
    """So many items train and the rest of the known ones check: the first that are known, or the first where none is.

    Raises StudyError where there are fewer.
    """
    first = list(known) or [unit.place for unit in units if unit.is_shown]
    if training > len(first):
        raise StudyError(f"There are {len(first):,} items to train with, and {training:,} are wanted.")
    trained = {place: known.get(place, Known(None)) for place in first[:training]}
    gold = {place: each.gold for place, each in known.items() if place not in trained and each.gold is not None}
    return Uses(trained, gold)


def _lines(text: str, name: str) -> Iterator[tuple[str, _Line]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield f"{name}, line {number}", parsed_line(_Line, line)
            except LineError as error:
                raise StudyError(f"{name}, line {number}: {error}") from None


def _by_name(units: Iterable[Unit]) -> Mapping[_Name, list[Unit]]:
    by_name: defaultdict[_Name, list[Unit]] = defaultdict(list)
    for unit in units:
        for name in (("item", unit.place + 1), ("run", unit.run_id), ("prompt", unit.prompt)) if unit.is_shown else ():
            by_name[name].append(unit)
    return by_name


def _meant(place: str, line: _Line, by_name: Mapping[_Name, list[Unit]]) -> list[Unit]:
    meant = [unit for unit in by_name.get(line.names[0], ()) if line.right in labels_of(unit)]
    if not meant:
        raise StudyError(f"{place}: no item that is shown fits it and has an answer {line.right[:40]!r}.")
    return meant
