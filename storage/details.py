"""What was said of some trials in full: a rater's, or a unit's; and who judged when."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from storage.judgements import Flaw, FlawRow, Judgement, TrialRatingRow, flaw_of
from storage.rows import Reader
from storage.trials import TrialRow


class JudgedTrial(NamedTuple):
    """A trial with the judgement that stands."""

    trial: TrialRow
    judgement: Judgement


def judged_trials(
    reader: Reader, study_id: str, *, rater_id: str | None = None, unit_place: int | None = None
) -> tuple[JudgedTrial, ...]:
    """The judged trials of the study, of this rater and this unit if they are named; the latest judgement first."""
    chosen = "study_id = ?1 AND (?2 IS NULL OR rater_id = ?2) AND (?3 IS NULL OR unit_place = ?3)"
    cells = (study_id, rater_id, unit_place)
    trial_by_id = {trial.id: trial for trial in reader.rows(TrialRow, f"WHERE {chosen}", *cells)}
    stands = "id NOT IN (SELECT supersedes FROM trial_ratings WHERE study_id = ?1 AND supersedes IS NOT NULL)"
    rows = reader.rows(TrialRatingRow, f"WHERE {chosen} AND {stands} ORDER BY rowid DESC", *cells)
    flaws: dict[str, list[Flaw]] = {}
    of_ratings = f"WHERE study_id = ?1 AND rating_id IN (SELECT id FROM trial_ratings WHERE {chosen}) ORDER BY id"
    for row in reader.rows(FlawRow, of_ratings, *cells):
        flaws.setdefault(row.rating_id, []).append(flaw_of(row))
    return tuple(JudgedTrial(trial_by_id[row.trial_id], Judgement(row, tuple(flaws.get(row.id, ())))) for row in rows)


def trials_by_id(reader: Reader, ids: Sequence[str]) -> dict[str, TrialRow]:
    """The trials of these ids."""
    found = reader.rows(TrialRow, "WHERE id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))
    return {trial.id: trial for trial in found}


def study_trials(reader: Reader, study_id: str) -> dict[str, TrialRow]:
    """Every trial of the study by its id."""
    return {trial.id: trial for trial in reader.rows(TrialRow, "WHERE study_id = ? ORDER BY id", study_id)}


def last_judged(reader: Reader, study_id: str) -> dict[str, str]:
    """When each rater said something last, by the rater's id."""
    sql = "SELECT rater_id, max(created_at) FROM trial_ratings WHERE study_id = ? GROUP BY rater_id"
    return dict(reader.execute(sql, study_id).fetchall())


def models_of(reader: Reader, study_id: str) -> dict[str, str]:
    """The model behind each output of the study that came from a run, by the output's id."""
    sql = """SELECT DISTINCT outputs.id, model FROM contenders JOIN outputs
        ON outputs.run_id = contenders.run_id AND outputs.id = output_id WHERE study_id = ?"""
    return dict(reader.execute(sql, study_id).fetchall())
