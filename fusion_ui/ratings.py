"""A person's rating of a run: from what was pressed to rows that point at outputs, and back to what is shown.

Verdicts are stored by output, never by place or name. Save, revise and undo each add a row; none is ever changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from fusion_ui.engine.values import FusionError
from fusion_ui.engine.voting import leaders
from fusion_ui.replay import StoredRun
from storage.connection import Store
from storage.ratings import (
    ContenderRole,
    Rating,
    RatingRow,
    Score,
    Verdict,
    insert_rating,
    known_rater,
    rater_named,
    rating_history,
)

STARS = "stars"
DEFAULT_RATER = "me"
MOST_NOTE_CHARACTERS = 20_000
_UNDO = "undo:"
_VERDICTS: Mapping[str, Verdict] = {"tie": "tie", "all_bad": "all_bad", "": "none"}


class RatingError(FusionError):
    """A rating that cannot be stored; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person saves: `key` is new for every press, `preferred` an output ("best", "fusion", "vote",
    "candidate:3"), "tie", "all_bad" or "" for no preference; `supersedes` is the rating they saw as standing.
    """

    key: str
    rater: str = DEFAULT_RATER
    preferred: str = ""
    stars: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    supersedes: str | None = None


class SavedRating(NamedTuple):
    """A rating as it stands; `revision` counts every save and undo."""

    id: str
    preferred: str
    stars: dict[str, int]
    note: str
    saved_at: str
    revision: int
    is_withdrawn: bool


class _Contender(NamedTuple):
    role: ContenderRole
    output_id: str


def save_rating(store: Store, run: StoredRun, submission: Submission) -> SavedRating:
    """The rating as stored, once however often the same press arrives.

    Raises RatingError, and storage's ConflictError when another rating stands meanwhile.
    """
    contenders = contenders_of(run)
    verdict, preferred = _preference(submission.preferred, contenders)
    scores = [_stars(name, stars, contenders) for name, stars in sorted(submission.stars.items())]
    if verdict == "none" and not scores and not submission.note.strip():
        raise RatingError("There is nothing to save yet: choose an output, give stars or write a note.")
    if len(submission.note) > MOST_NOTE_CHARACTERS:
        raise RatingError(f"The note has {len(submission.note)} characters; at most {MOST_NOTE_CHARACTERS} are kept.")
    with store.writing() as writer:
        rater = rater_named(writer, submission.rater or DEFAULT_RATER)
        row = RatingRow(
            id=writer.identity.new_id(),
            run_id=run.rows.run.id,
            rater_id=rater.id,
            verdict=verdict,
            role=preferred.role if preferred else None,
            output_id=preferred.output_id if preferred else None,
            note=submission.note,
            names_visible=True,
            supersedes=submission.supersedes,
            request_key=submission.key,
            created_at=writer.identity.now(),
        )
        insert_rating(writer, row, scores)
        history = rating_history(writer, run_id=run.rows.run.id, rater_id=rater.id)
    return _saved(history, contenders)


def undo_rating(store: Store, run: StoredRun, *, key: str, rater: str) -> SavedRating:
    """The rating after taking back the last save: the one before it, or a withdrawal if it was the first."""
    run_id = run.rows.run.id
    with store.writing() as writer:
        rater_id = rater_named(writer, rater or DEFAULT_RATER).id
        history = rating_history(writer, run_id=run_id, rater_id=rater_id)
        if not any(rating.row.request_key == _UNDO + key for rating in history):
            kept = _kept(history)
            if not kept:
                raise RatingError("There is no rating of this run to take back.")
            undone = _taken_back(
                history[-1].row, kept[:-1], id=writer.identity.new_id(), key=key, now=writer.identity.now()
            )
            insert_rating(writer, undone.row, undone.scores)
            history = rating_history(writer, run_id=run_id, rater_id=rater_id)
    return _saved(history, contenders_of(run))


def standing_rating(store: Store, run: StoredRun, *, rater: str) -> SavedRating | None:
    """The rating of this run by the person of this name, None if they never gave one."""
    with store.reading() as reader:
        person = known_rater(reader, rater or DEFAULT_RATER)
        history = rating_history(reader, run_id=run.rows.run.id, rater_id=person.id) if person else ()
    return _saved(history, contenders_of(run)) if history else None


def contenders_of(run: StoredRun) -> dict[str, _Contender]:
    """The outputs of a run by the name they are rated under; the vote stands for the first text with its answer."""
    rows, view = run.rows, run.view
    id_by_position = {row.position: row.id for row in rows.candidates}
    contenders = {
        f"candidate:{position}": _Contender("candidate", output_id) for position, output_id in id_by_position.items()
    }
    if rows.selection is not None:
        contenders["best"] = _Contender("best", rows.selection.output_id)
    if rows.fusion is not None:
        contenders["fusion"] = _Contender("fusion", rows.fusion.id)
    if leaders(view.tally):
        contenders["vote"] = _Contender("vote", id_by_position[view.tally.counts[0].positions[0]])
    return contenders


def _preference(preferred: str, contenders: Mapping[str, _Contender]) -> tuple[Verdict, _Contender | None]:
    if preferred in _VERDICTS:
        return _VERDICTS[preferred], None
    return "output", _contender(preferred, contenders)


def _contender(name: str, contenders: Mapping[str, _Contender]) -> _Contender:
    if name not in contenders:
        known = ", ".join(contenders) or "none yet"
        raise RatingError(f"There is no output {name[:40]!r} in this run (outputs: {known}).")
    return contenders[name]


def _stars(name: str, stars: int, contenders: Mapping[str, _Contender]) -> Score:
    if not 1 <= stars <= 5:
        raise RatingError(f"{stars} stars for {name[:40]!r}: give 1 to 5.")
    contender = _contender(name, contenders)
    return Score(contender.output_id, contender.role, STARS, float(stars))


def _kept(history: Sequence[Rating]) -> list[Rating]:
    """The saves that stand on one another once every undo has taken one back."""
    kept: list[Rating] = []
    for rating in history:
        if not rating.row.request_key.startswith(_UNDO):
            kept.append(rating)
        elif kept:
            kept.pop()
    return kept


def _taken_back(standing: RatingRow, before: Sequence[Rating], *, id: str, key: str, now: str) -> Rating:
    anew = {"id": id, "supersedes": standing.id, "request_key": _UNDO + key, "created_at": now}
    if before:
        return Rating(replace(before[-1].row, **anew), before[-1].scores)  # type: ignore[arg-type]
    withdrawn = replace(standing, verdict="withdrawn", role=None, output_id=None, note="", **anew)  # type: ignore[arg-type]
    return Rating(withdrawn, ())


def _saved(history: Sequence[Rating], contenders: Mapping[str, _Contender]) -> SavedRating:
    row, scores = history[-1]
    name_by_contender = {contender: name for name, contender in contenders.items()}
    names = {"tie": "tie", "all_bad": "all_bad"}
    if row.role is not None and row.output_id is not None:
        preferred = name_by_contender.get(_Contender(row.role, row.output_id), "")
    else:
        preferred = names.get(row.verdict, "")
    return SavedRating(
        id=row.id,
        preferred=preferred,
        stars={name_by_contender[_Contender(score.role, score.output_id)]: int(score.value) for score in scores},
        note=row.note,
        saved_at=row.created_at,
        revision=len(history),
        is_withdrawn=row.verdict == "withdrawn",
    )
