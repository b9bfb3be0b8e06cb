"""What people think of one run at present: ratings on its page and judgements in studies, without what was superseded,
withdrawn, skipped or excluded. Rehearsals and repeats are no further opinions.
"""

import json
from typing import NamedTuple

from storage.ratings import RatingRow
from storage.rows import Json, Reader
from storage.trials import SAID_IS_OUT


class JudgementSaid(NamedTuple):
    """A judgement of a run in a study that stands and counts."""

    id: str
    study_id: str
    rater_id: str
    created_at: str
    verdict: str
    output_id: str | None
    role: str | None
    body: Json


_STANDING_RATINGS = """WHERE run_id = ? AND verdict <> 'withdrawn'
    AND NOT EXISTS (SELECT 1 FROM ratings AS later WHERE later.supersedes = ratings.id) ORDER BY rowid"""
_JUDGEMENTS = f"""SELECT said.id, said.study_id, said.rater_id, said.created_at,
    said.verdict, said.output_id, said.role, said.body FROM study_units
    JOIN trial_ratings AS said ON said.study_id = study_units.study_id AND said.unit_place = study_units.place
    WHERE study_units.run_id = ? AND said.kind = 'main' AND said.verdict NOT IN ('skip', 'withdrawn')
    AND NOT EXISTS (SELECT 1 FROM trial_ratings AS later WHERE later.supersedes = said.id)
    AND NOT ({SAID_IS_OUT}) ORDER BY said.rowid"""


def run_ratings(reader: Reader, run_id: str) -> tuple[RatingRow, ...]:
    """The ratings of this run that stand, of everybody, the earliest first."""
    return reader.rows(RatingRow, _STANDING_RATINGS, run_id)


def run_judgements(reader: Reader, run_id: str) -> tuple[JudgementSaid, ...]:
    """What was said of this run in studies, the earliest first."""
    found = reader.execute(_JUDGEMENTS, run_id)
    return tuple(JudgementSaid._make((*cells[:-1], json.loads(cells[-1]))) for cells in found)


def run_studies(reader: Reader, run_id: str) -> tuple[str, ...]:
    """The ids of the studies that show this run."""
    sql = "SELECT DISTINCT study_id FROM study_units WHERE run_id = ? ORDER BY study_id"
    return tuple(study_id for (study_id,) in reader.execute(sql, run_id))


def study_titles(reader: Reader) -> dict[str, str]:
    """The title of every study, by its id."""
    return dict(reader.execute("SELECT id, title FROM studies").fetchall())
