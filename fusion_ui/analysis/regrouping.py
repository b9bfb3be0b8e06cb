"""Answers put right by a person: which keys mean the same, what an output really answers, and the run counted anew.

What was sampled, judged, picked and written stays as it was; only what follows from counting answers is made again.
Where the run's own rule would have stopped then, `run_path` says of the regrouped view.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fusion_ui.engine.answers import equivalent
from fusion_ui.engine.evidence import evidence_of
from fusion_ui.engine.stopping import level
from fusion_ui.engine.values import Candidate, Evidence, Fusion, FusionError, StopRule, Tally
from fusion_ui.engine.view import FusionView, RunView, SlotView
from fusion_ui.engine.voting import leader, tally_of

FUSION = 0  # the fused text's place among `Regrouping.answers`; draws are counted from 1


class RegroupingError(FusionError):
    """Answers that cannot be grouped as they were told to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """`aliases` says of an answer key which other it means: given as a chain or not, it is kept with every key pointing
    at the last of its chain, so that equal groupings are equal values. `answers` says of a position what that candidate
    answers whatever was read in it (None = nothing), `FUSION` standing for the fused text. Raises RegroupingError for
    keys that mean each other in a circle.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[int, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "aliases", _ends(self.aliases))

    def meaning(self, answer: str | None) -> str | None:
        """The key that this one is counted as."""
        return None if answer is None else self.aliases.get(answer, answer)

    def writings(self, answer: str) -> tuple[str, ...]:
        """All keys that are counted as this one is, the one they are counted as first."""
        meant = self.aliases.get(answer, answer)
        return (meant, *sorted(key for key, end in self.aliases.items() if end == meant))

    def is_right(self, answer: str | None, gold: str) -> bool:
        """Whether an answer is the gold one: counted as it is, or one of its writings says the same."""
        if answer is None:
            return False
        writings = self.writings(answer)
        return self.meaning(gold) in writings or any(equivalent(writing, gold) for writing in writings)

    def answer_at(self, position: int, sampled: str | None) -> str | None:
        """What the output at a position is counted as, given the key that was read in it."""
        return self.meaning(self.answers.get(position, sampled))


def regrouped(view: RunView, regrouping: Regrouping) -> RunView:
    """The run with its answers, tally, evidence and contradiction as they are under this regrouping, if any."""
    if regrouping == Regrouping():
        return view
    slots = tuple(_slot(slot, regrouping) for slot in view.slots)
    counted = _counted(view.tally)
    candidates = [slot.candidate for slot in slots if slot.candidate is not None and slot.position in counted]
    tally, path = tally_of(candidates), tuple(_path(candidates, view.recipe.stop if view.recipe else None))
    return replace(
        view,
        slots=slots,
        tally=tally,
        path=path,
        evidence=path[-1] if path else None,
        fusion=_fusion_view(view.fusion, regrouping, voted=leader(tally)),
    )


def _ends(aliases: Mapping[str, str]) -> dict[str, str]:
    """Each key with the end of its chain."""
    end_by_key: dict[str, str] = {}
    for key in aliases:
        chain: dict[str, None] = {}  # a dictionary keeps the order, for the message
        while key in aliases and key not in end_by_key:
            if key in chain:
                circle = " → ".join(f"“{each[:40]}”" for each in [*list(chain)[list(chain).index(key) :], key])
                raise RegroupingError(f"These answers stand for each other in a circle: {circle}. Leave one step out.")
            chain[key] = None
            key = aliases[key]
        end_by_key |= dict.fromkeys(chain, end_by_key.get(key, key))
    return dict(sorted(end_by_key.items()))


def _slot(slot: SlotView, regrouping: Regrouping) -> SlotView:
    candidate = slot.candidate
    if candidate is None:
        return slot
    answer = regrouping.answer_at(slot.position, candidate.answer)
    if answer == candidate.answer:
        return slot
    # What a person says is read nowhere in the text; a key that merely means another was read where it was read.
    is_same = answer == regrouping.meaning(candidate.answer)
    start, end = (candidate.answer_start, candidate.answer_end) if is_same else (None, None)
    return replace(slot, candidate=replace(candidate, answer=answer, answer_start=start, answer_end=end))


def _counted(tally: Tally) -> set[int]:
    return {*tally.unanswered, *(position for count in tally.counts for position in count.positions)}


def _path(candidates: Sequence[Candidate], rule: StopRule | None) -> Iterator[Evidence]:
    for counted in range(1, len(candidates) + 1):
        tally = tally_of(candidates[:counted])
        yield evidence_of(tally, level=level(tally, rule) if rule else None)


def _fusion_view(writing: FusionView, regrouping: Regrouping, *, voted: str | None) -> FusionView:
    fusion = writing.fusion
    return writing if fusion is None else replace(writing, fusion=_fusion(fusion, regrouping, voted=voted))


def _fusion(fusion: Fusion, regrouping: Regrouping, *, voted: str | None) -> Fusion:
    answer = regrouping.answer_at(FUSION, fusion.answer)
    return replace(fusion, answer=answer, contradicts_vote=None not in (answer, voted) and answer != voted)
