"""What people said of a run, as rows for other programs: ratings on its page, judgements in studies, and flaws."""

from collections.abc import Iterator, Mapping

from fusion_ui.inspection.study_spans import place_of
from storage.flaws import standing_run_flaws, study_flaws
from storage.opinions import run_judgements, run_ratings
from storage.rows import Json, Reader


def opinions_told(reader: Reader, run_id: str, *, names: Mapping[str, str]) -> dict[str, Json]:
    """`{ratings, flaws}`: all that stands and counts; offsets of flaws are those of the stored text."""
    return {
        "ratings": list(_ratings(reader, run_id, names=names)),
        "flaws": list(_flaws(reader, run_id, names=names)),
    }


def _ratings(reader: Reader, run_id: str, *, names: Mapping[str, str]) -> Iterator[Json]:
    for rating in run_ratings(reader, run_id):
        yield {
            "id": rating.id, "study_id": None, "rater": names[rating.rater_id], "verdict": rating.verdict,
            "output_id": rating.output_id, "role": rating.role, "body": {}, "note": rating.note,
            "created_at": rating.created_at,
        }  # fmt: skip
    for said in run_judgements(reader, run_id):
        body = dict(said.body) if isinstance(said.body, dict) else {}
        note = body.pop("note", "")
        yield {
            "id": said.id, "study_id": said.study_id, "rater": names[said.rater_id], "verdict": said.verdict,
            "output_id": said.output_id, "role": said.role, "body": body, "note": note, "created_at": said.created_at,
        }  # fmt: skip


def _flaws(reader: Reader, run_id: str, *, names: Mapping[str, str]) -> Iterator[Json]:
    for flaw in standing_run_flaws(reader, run_id):
        yield {
            "id": flaw.id, "study_id": None, "rater": names[flaw.rater_id], "output_id": flaw.output_id,
            "start": flaw.span_start, "end": flaw.span_end, "category": flaw.category, "severity": flaw.severity,
            "note": flaw.note, "created_at": flaw.created_at,
        }  # fmt: skip
    for marked in study_flaws(reader, run_id):
        if not marked.is_excluded:
            place = place_of(marked)
            yield {
                "id": marked.id, "study_id": marked.study_id, "rater": marked.rater, "output_id": marked.output_id,
                "start": place.start, "end": place.end, "category": marked.category, "severity": marked.severity,
                "note": marked.note, "created_at": marked.created_at,
            }  # fmt: skip
