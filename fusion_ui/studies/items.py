"""From what runs gave to the units of a study: one a run, contrast and choice of outputs.

Answers that read the same are never shown against each other, and the same texts are never asked about twice: both are
recorded, so that leaving them out does not bend the counts.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import NamedTuple

from fusion_ui.studies.protocol import Contender, Phase, Protocol, Role, StudyError, Task, Unit

MOST_CONTENDERS = 6  # letters A to F, and as many columns as a screen can hold
MOST_CHOICES = 100  # units from one run and contrast; more is a slip, not a wish

_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_INNER_SPACES = re.compile(r"(?<=\S)[^\S\n]+(?=\S)")
_BLANK_LINES = re.compile(r"\n(?:\s*\n)+")
_FEWEST: Mapping[Task, int] = {"pairwise": 2, "ranking": 2, "best-worst": 3, "rubric": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSource:
    """A prompt with the outputs of each role; of a role with several, every choice makes a unit of its own.

    `gold` is the output that should win, where that is known; `feedback` is said after a training trial.
    """

    run_id: str
    prompt: str
    outputs: Mapping[Role, Contender | tuple[Contender, ...]]
    reference: str | None = None
    language: str | None = None
    phase: Phase = "main"
    gold: str | None = None
    feedback: str = ""


class LeftOut(NamedTuple):
    """A contrast that a run cannot give, and why."""

    run_id: str
    contrast: tuple[Role, ...]
    reason: str


class Made(NamedTuple):
    """The units of a study, numbered from 0, and what could not become one."""

    units: tuple[Unit, ...]
    left_out: tuple[LeftOut, ...]


def normalised(text: str) -> str:
    """The text without what no reader sees: forms of one character, invisible marks, line ends, spare blanks."""
    lines = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).expandtabs(4).splitlines()
    joined = "\n".join(_INNER_SPACES.sub(" ", line).rstrip() for line in lines)
    return _BLANK_LINES.sub("\n\n", joined).strip()


def is_identical(texts: Iterable[str]) -> bool:
    """Whether all texts read the same; a single text is identical to nothing."""
    keys = [normalised(text) for text in texts]
    return len(keys) > 1 and len(set(keys)) == 1


def units_of(candidates: Sequence[ItemSource], protocol: Protocol) -> Made:
    """The units that the sources give under the protocol, and the contrasts they lack the outputs for.

    Raises StudyError if the contrasts do not fit the task.
    """
    _check_contrasts(protocol)
    units: list[Unit] = []
    left_out: list[LeftOut] = []
    place_by_sight: dict[tuple[Phase, str, frozenset[str]], int] = {}
    for source, contrast in product(candidates, protocol.contrasts):
        if missing := _missing(source, contrast):
            left_out.append(LeftOut(source.run_id, contrast, f"the run has {missing}"))
            continue
        for unit in _units(source, contrast):
            placed = replace(unit, place=len(units))
            if not unit.is_identical:
                first = place_by_sight.setdefault(_sight(unit), placed.place)
                placed = replace(placed, same_as=None if first == placed.place else first)
            units.append(placed)
    return Made(tuple(units), tuple(left_out))


def _check_contrasts(protocol: Protocol) -> None:
    fewest = _FEWEST[protocol.task]
    most = 2 if protocol.task == "pairwise" else MOST_CONTENDERS
    for contrast in protocol.contrasts:
        if not fewest <= len(contrast) <= most:
            asked = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            raise StudyError(
                f"The contrast {':'.join(contrast) or 'without roles'} does not fit a {protocol.task} study"
                f", which shows {asked} answers at once: name that many roles."
            )
    if not protocol.contrasts:
        raise StudyError("The study compares nothing yet: name at least one contrast, such as fusion:best.")


def _outputs(source: ItemSource, role: Role) -> tuple[Contender, ...]:
    outputs = source.outputs.get(role, ())
    return (outputs,) if isinstance(outputs, Contender) else outputs


def _missing(source: ItemSource, contrast: tuple[Role, ...]) -> str:
    """What the contrast asks of the run and it has not, in words; nothing if it has all."""
    for role in dict.fromkeys(contrast):
        asked, given = contrast.count(role), len(_outputs(source, role))
        if given < asked:
            return f"no {role}" if not given else f"{given} of {asked} outputs for {role}"
    return ""


def _units(source: ItemSource, contrast: tuple[Role, ...]) -> Iterator[Unit]:
    """A unit a choice of outputs, and one beside it for each group of them that reads the same."""
    roles = tuple(dict.fromkeys(contrast))
    choices = math.prod(math.comb(len(_outputs(source, role)), contrast.count(role)) for role in roles)
    if choices > MOST_CHOICES:
        raise StudyError(
            f"{':'.join(contrast)} can be chosen in {choices} ways from run {source.run_id}; at most {MOST_CHOICES} "
            "become units. Name fewer roles with several outputs."
        )
    for chosen in product(*(combinations(_outputs(source, role), contrast.count(role)) for role in roles)):
        left = {role: iter(outputs) for role, outputs in zip(roles, chosen, strict=True)}
        yield from _told_apart(source, tuple(next(left[role]) for role in contrast))


def _told_apart(source: ItemSource, contenders: tuple[Contender, ...]) -> Iterator[Unit]:
    groups: dict[str, list[Contender]] = {}
    for contender in contenders:
        groups.setdefault(normalised(contender.text), []).append(contender)
    if len(groups) > 1 or len(contenders) == 1:
        yield _unit(source, tuple(group[0] for group in groups.values()))
    for group in groups.values():
        if len(group) > 1:
            yield replace(_unit(source, tuple(group)), gold=None, is_identical=True)


def _unit(source: ItemSource, contenders: tuple[Contender, ...]) -> Unit:
    golds = [place for place, contender in enumerate(contenders) if contender.output_id == source.gold]
    return Unit(
        place=0,
        run_id=source.run_id,
        prompt=source.prompt,
        contenders=contenders,
        reference=source.reference,
        language=source.language,
        phase=source.phase,
        gold=golds[0] if golds else None,
        feedback=source.feedback,
    )


def _sight(unit: Unit) -> tuple[Phase, str, frozenset[str]]:
    """What a rater would see of it, whatever the order."""
    texts = frozenset(normalised(contender.text) for contender in unit.contenders)
    return unit.phase, normalised(unit.prompt), texts
