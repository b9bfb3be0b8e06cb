"""Sentences of a fused text that candidates contradict: the same but for a number, a negation, a name or the answer."""

from fusion_ui.engine.texts.similarity import candidate_passages, passages, rivals
from fusion_ui.engine.values import Span
from fusion_ui.engine.view import RunView


def contested(view: RunView) -> tuple[tuple[int, ...], ...]:
    """For each line of the ledger, the candidates the fusor saw that say the opposite and nowhere the same."""
    fusion = view.fusion.fusion
    if fusion is None:
        return ()
    claims = passages(fusion.text)
    against: dict[Span, list[int]] = {}
    for candidate in sorted(view.candidates, key=lambda candidate: candidate.position):
        if candidate.position in fusion.order:
            for claim, found in zip(claims, rivals(claims, candidate_passages(candidate)), strict=True):
                if found:
                    against.setdefault(claim.span, []).append(candidate.position)
    return tuple(
        tuple(at for at in against.get(line.span, ()) if at not in {each.position for each in line.support})
        for line in fusion.ledger.lines
    )
