"""Sentences of a fused text that candidates contradict: the same but for a number, a negation, a name or the answer."""

from typing import NamedTuple

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.texts.similarity import candidate_passages, passages, rivals
from fusion_ui.engine.view import RunView


class Contradiction(NamedTuple):
    """Where a candidate says otherwise."""

    position: int
    span: Span


def contested(view: RunView) -> tuple[tuple[Contradiction, ...], ...]:
    """For each line of the ledger, the candidates the fusor saw that contradict it and nowhere say the same."""
    fusion = view.fusion.fusion
    if fusion is None:
        return ()
    claims = passages(fusion.text)
    found: dict[Span, list[Contradiction]] = {}
    for candidate in sorted(view.candidates, key=lambda candidate: candidate.position):
        if candidate.position in fusion.order:
            said = candidate_passages(candidate)
            for claim, places in zip(claims, rivals(claims, said), strict=True):
                if places:
                    there = Contradiction(candidate.position, said[places[0]].span)
                    found.setdefault(claim.span, []).append(there)
    return tuple(
        tuple(each for each in found.get(line.span, ()) if each.position not in {one.position for one in line.support})
        for line in fusion.ledger.lines
    )
