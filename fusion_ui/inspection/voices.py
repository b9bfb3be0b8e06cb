"""Who says what of one case at present: people, the pick, the vote, the fusion and the reference, and who disagrees."""

from collections.abc import Mapping
from dataclasses import dataclass

from fusion_ui.inspection.correcting import corrected, regrouping_in
from fusion_ui.inspection.facts import preferred_in
from fusion_ui.inspection.parties import Party, Say, disagreements, gold_of, preferred_output, says
from fusion_ui.replay import NoRunError, replayed
from storage.connection import Store
from storage.corrections import grouping_of
from storage.opinions import run_judgements, run_ratings
from storage.rows import Reader
from storage.runs import run_rows


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
            rows = run_rows(reader, run_id)
            if rows is None:
                raise NoRunError
            body, preferred = grouping_of(reader, run_id), _preferred(reader, run_id)
        run, regrouping = replayed(rows), regrouping_in(rows, body)
        view = corrected(run, body)
        said = says(rows, view, preferred=preferred_output(each for each in preferred if each is not None))
        gold = gold_of(view)
        return Heard(
            said=said,
            gold=gold,
            disagree=tuple(disagreements(said, gold=gold, regrouping=regrouping)),
            opinions=len(preferred),
            position_by_output={row.id: row.position for row in rows.candidates if row.position is not None},
        )


def _preferred(reader: Reader, run_id: str) -> list[str | None]:
    """The output that each judgement of this run puts first; None where it names none."""
    rated = [rating.output_id for rating in run_ratings(reader, run_id)]
    judged = [preferred_in(said.verdict, said.output_id, said.body) for said in run_judgements(reader, run_id)]
    return [*rated, *judged]
