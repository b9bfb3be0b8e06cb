"""Who says what of one case at present: people, the pick, the vote, the fusion and the reference, and who disagrees."""

from collections.abc import Mapping
from dataclasses import dataclass

from fusion_ui.analysis.regrouping import regrouped
from fusion_ui.inspection.correcting import regrouping_in
from fusion_ui.inspection.facts import preferences
from fusion_ui.inspection.parties import Party, Say, disagreements, gold_of, preferred_output, says
from fusion_ui.replay import read_run
from storage.connection import Store
from storage.corrections import grouping_of
from storage.opinions import run_judgements, run_ratings


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What each party says that says anything, under the corrections that hold; `gold` is the reference's answer, None
    where it cannot be compared. `opinions` is how many people's judgements count. `position_by_output` leads from an
    output to its candidate; the fusion's has none.
    """

    said: Mapping[Party, Say]
    gold: str | None
    disagree: tuple[str, ...]
    opinions: int
    position_by_output: Mapping[str, int]


class Voices:
    """Hears all parties of a case. Blocks: call it from worker threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def heard(self, run_id: str) -> Heard:
        """What is said of this run. Raises NoRunError."""
        with self._store.reading() as reader:
            run, grouping = read_run(reader, run_id), grouping_of(reader, run_id)
            preferred = preferences(run_ratings(reader, run_id), run_judgements(reader, run_id))
        rows, regrouping = run.rows, regrouping_in(run.rows, grouping)
        view = regrouped(run.view, regrouping)
        said = says(rows, view, preferred=preferred_output(preferred))
        gold = gold_of(view)
        return Heard(
            said=said,
            gold=gold,
            disagree=tuple(disagreements(said, gold=gold, regrouping=regrouping)),
            opinions=len(preferred),
            position_by_output={row.id: row.position for row in rows.candidates if row.position is not None},
        )
