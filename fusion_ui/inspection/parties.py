"""Who says what of one run: people, the pick, the vote, the fusion and the gold answer, and which two disagree.

Two parties disagree when both are known and neither their output (or its text) nor their answer is the same. Answers
are those that hold after people's corrections. `losses` says where the right answer was lost, or found again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

from fusion_ui.analysis.regrouping import Regrouping
from fusion_ui.engine.view import RunView
from fusion_ui.engine.voting import leader
from fusion_ui.exchange.answer_keys import gold_key
from storage.runs import RunRows

Party = Literal["people", "judge", "vote", "fusion", "gold"]
Loss = Literal["unknown", "nobody", "outvoted", "misjudged", "broken", "repaired", "kept"]
_PARTIES: tuple[Party, ...] = ("people", "judge", "vote", "fusion", "gold")
PAIRS = tuple(f"{first}-{second}" for first, second in combinations(_PARTIES, 2))
LOSSES: tuple[Loss, ...] = ("unknown", "nobody", "outvoted", "misjudged", "broken", "repaired", "kept")


class Say(NamedTuple):
    """What a party says: an output with its text and answer, or only an answer."""

    output_id: str | None
    text: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Who has the gold answer; None: there is no such party, or the vote is tied."""

    candidates: bool
    vote: bool | None
    best: bool | None
    fusion: bool | None


def preferred_output(chosen: Iterable[str | None]) -> str | None:
    """The output that most people prefer; None where nobody prefers one (None each), and in a tie."""
    first, second = [*Counter(each for each in chosen if each is not None).most_common(2), ("", 0), ("", 0)][:2]
    return first[0] if first[1] > second[1] else None


def says(rows: RunRows, view: RunView, *, preferred: str | None) -> dict[Party, Say]:
    """What each party says that says anything; `view` is the run as it is counted, gold is left out."""
    by_id = _outputs(rows, view)
    voted = leader(view.tally)
    known: dict[Party, Say | None] = {
        "people": by_id.get(preferred) if preferred else None,
        "judge": by_id.get(rows.selection.output_id) if rows.selection else None,
        "vote": Say(None, None, voted) if voted is not None else None,
        "fusion": by_id.get(rows.fusion.id) if rows.fusion else None,
    }
    return {party: say for party, say in known.items() if say is not None}


def gold_of(view: RunView) -> str | None:
    """The key of the reference answer; None without one, and where there are no votes to compare with it."""
    reference = view.prompt.reference if view.prompt else None
    return gold_key(reference) if reference and view.tally.votes else None


def disagreements(said: Mapping[Party, Say], *, gold: str | None, regrouping: Regrouping) -> Iterator[str]:
    """The pairs of parties that disagree, as `PAIRS` names them."""
    for first, second in combinations(_PARTIES[:-1], 2):
        if first in said and second in said and not _agree(said[first], said[second]):
            yield f"{first}-{second}"
    if gold is not None:
        yield from (f"{party}-gold" for party in said if not regrouping.is_right(said[party].answer, gold))


def right_of(view: RunView, said: Mapping[Party, Say], *, gold: str, regrouping: Regrouping) -> Right:
    """Who has the gold answer."""

    def is_right(party: Party) -> bool | None:
        return regrouping.is_right(said[party].answer, gold) if party in said else None

    return Right(
        candidates=any(regrouping.is_right(count.answer, gold) for count in view.tally.counts),
        vote=is_right("vote"),
        best=is_right("judge"),
        fusion=is_right("fusion"),
    )


def losses(right: Right | None) -> Iterator[Loss]:
    """Where the right answer was lost, by whom it was found, or that it was kept; what overlaps is told each."""
    flags: dict[Loss, bool] = {"unknown": right is None}
    if right is not None:
        flags = {
            "nobody": not right.candidates,
            "outvoted": right.candidates and not right.vote,
            "misjudged": right.vote is True and right.best is False,
            "broken": (right.vote is True or right.best is True) and right.fusion is False,
            "repaired": right.vote is False and right.fusion is True,
            "kept": right.vote is True and right.fusion is True,
        }
    return (loss for loss, holds in flags.items() if holds)


def _outputs(rows: RunRows, view: RunView) -> dict[str, Say]:
    answers = {candidate.position: candidate.answer for candidate in view.candidates}
    by_id = {row.id: Say(row.id, row.text, answers.get(row.position or 0)) for row in rows.candidates}
    if rows.fusion is not None:
        fused = view.fusion.fusion
        by_id[rows.fusion.id] = Say(rows.fusion.id, rows.fusion.text, fused.answer if fused else None)
    return by_id


def _agree(one: Say, other: Say) -> bool:
    is_same_text = one.text is not None and one.text == other.text
    return is_same_text or (one.answer is not None and one.answer == other.answer)
