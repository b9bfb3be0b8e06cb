"""Stored runs of wished texts and answers, and people who mark flaws in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from fusion_ui.inspection.flaws import Flaws, Kept
from fusion_ui.inspection.marking import Mark
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store
from storage.rows import Writer
from storage.runs import OutcomeRow, SelectionRow
from tests.storage.samples import candidate, draw, fusion, start_run

TEXT = "Three and nine make **eleven** 🎉.\n\nAnswer: $11$"
TAXONOMY = load_taxonomy()


@dataclass(frozen=True)
class Written:
    """A stored run by its ids; `candidates` by position from 0."""

    run_id: str
    candidates: tuple[str, ...]
    fusion: str


def write_run(
    writer: Writer,
    *texts: str,
    answers: Sequence[str | None] = (),
    members: Sequence[str] = (),
    best: int = 0,
    prompt_version: str = "fusor-1",
) -> Written:
    """A run with a candidate of each text, the first picked unless said otherwise, and a fusion."""
    run = start_run(writer)
    ids = []
    for place, text in enumerate(texts):
        made = candidate(writer, run, position=place + 1, text=text)
        answer = answers[place] if answers else "11"
        member = members[place] if members else "m"
        writer.insert(replace(draw(run, place + 1), member=member))
        writer.insert(replace(made, answer=answer, answer_start=None, answer_end=None, member=member))
        ids.append(made.id)
    fused = replace(fusion(writer, run), detail={"prompt_version": prompt_version})
    writer.insert(fused)
    now = writer.identity.now()
    writer.insert(SelectionRow(run_id=run.id, output_id=ids[best], selector="vote", body={}, created_at=now))
    writer.insert(OutcomeRow(run_id=run.id, ended="completed", created_at=now))
    return Written(run.id, tuple(ids), fused.id)


class Desk:
    """Where people mark: each press has a key of its own."""

    def __init__(self, store: Store) -> None:
        self.flaws = Flaws(store, taxonomy=TAXONOMY)
        self._keys = (f"key-{number:05d}" for number in count())

    def marks(self, run: Written, name: str = "Ada", **given: object) -> Kept:
        """A mistake in the first candidate, unless told otherwise; "correct" without a severity."""
        wanted = {"output_id": run.candidates[0], "category": "reasoning", "severity": "major", **given}
        return self.flaws.mark(run.run_id, name, Mark(**wanted), key=next(self._keys))  # type: ignore[arg-type]

    def changes(self, run: Written, flaw_id: str, name: str = "Ada", **changes: object) -> Kept:
        return self.flaws.change(run.run_id, flaw_id, name, changes, key=next(self._keys))

    def undoes(self, run: Written, name: str = "Ada") -> Kept:
        return self.flaws.undo(run.run_id, name, key=next(self._keys))

    def seen(self, run: Written) -> list[tuple[object, ...]]:
        """Who said what where, as it stands."""
        return [(each.rater, each.category, each.start, each.end) for each in self.flaws.panel(run.run_id).flaws]
