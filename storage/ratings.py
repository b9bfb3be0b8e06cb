"""Raters and their ratings: a revision or withdrawal is a new rating that supersedes the one before, never a fork.

A press that arrives twice carries the same `request_key` and is stored once.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, NamedTuple

from storage.errors import ConflictError, RowError
from storage.rows import FLAG, Reader, Row, Writer

Verdict = Literal["output", "tie", "all_bad", "none", "withdrawn"]
ContenderRole = Literal["single", "best", "fusion", "vote", "candidate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterRow(Row):
    """A person who rates."""

    table: ClassVar[str] = "raters"
    id: str
    name: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRow(Row):
    """A person's judgement of a run; `role` is what the preferred output was shown as."""

    table: ClassVar[str] = "ratings"
    id: str
    run_id: str
    rater_id: str
    verdict: Verdict
    role: ContenderRole | None = None
    output_id: str | None = None
    note: str = ""
    names_visible: bool = field(metadata=FLAG)
    supersedes: str | None = None
    request_key: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow(Row):
    """A score as its table holds it."""

    table: ClassVar[str] = "scores"
    rating_id: str
    run_id: str
    output_id: str
    role: ContenderRole
    criterion: str
    value: float


class Score(NamedTuple):
    """What a rating gives one output, as what it was shown, on one criterion (`stars`: 1 to 5)."""

    output_id: str
    role: ContenderRole
    criterion: str
    value: float


class Rating(NamedTuple):
    """A stored rating with its scores, ordered by output, role and criterion."""

    row: RatingRow
    scores: tuple[Score, ...]


class StaleRatingError(ConflictError):
    """The rating to be superseded is not the one that stands; `current` is (None: there is none)."""

    def __init__(self, current: Rating | None) -> None:
        super().__init__(
            "This run has been rated by the same person meanwhile, in another tab perhaps. Nothing was stored: "
            "look at the rating that stands now, then save again."
            if current
            else "The rating to be revised is not one of this person and this run. Nothing was stored: save it anew."
        )
        self.current = current


def plain_name(name: str) -> str:
    """The one spelling of all names that look the same."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def known_rater(reader: Reader, name: str) -> RaterRow | None:
    """The rater of this name, None if there is none; names that look the same are the same."""
    return reader.row(RaterRow, "WHERE name = ?", plain_name(name))


def rater_named(writer: Writer, name: str) -> RaterRow:
    """The rater of this name, stored if new."""
    known = known_rater(writer, name)
    if known is not None:
        return known
    rater = RaterRow(id=writer.identity.new_id(), name=plain_name(name), created_at=writer.identity.now())
    writer.insert(rater)
    return rater


def insert_rating(writer: Writer, rating: RatingRow, scores: Sequence[Score] = ()) -> Rating:
    """The rating as stored: the earlier one if this request was stored before.

    Raises `StaleRatingError` unless it supersedes the rating that stands (or nothing, where there is none).
    """
    known = writer.row(RatingRow, "WHERE request_key = ?", rating.request_key)
    if known is not None:
        return _repeated(_with_scores(writer, known), rating, scores)
    current = current_rating(writer, run_id=rating.run_id, rater_id=rating.rater_id)
    if rating.supersedes != (current.row.id if current else None):
        raise StaleRatingError(current)
    writer.insert(rating)
    for score in scores:
        writer.insert(ScoreRow(rating_id=rating.id, run_id=rating.run_id, **score._asdict()))
    return _with_scores(writer, rating)


def current_rating(reader: Reader, *, run_id: str, rater_id: str) -> Rating | None:
    """The rating of this run by this person that stands, which may be a withdrawal."""
    stands = "NOT EXISTS (SELECT 1 FROM ratings AS later WHERE later.supersedes = ratings.id)"
    row = reader.row(RatingRow, f"WHERE run_id = ? AND rater_id = ? AND {stands}", run_id, rater_id)
    return None if row is None else _with_scores(reader, row)


def rating_history(reader: Reader, *, run_id: str, rater_id: str) -> tuple[Rating, ...]:
    """Every rating of this run by this person, each superseded by the next."""
    rows = reader.rows(RatingRow, "WHERE run_id = ? AND rater_id = ?", run_id, rater_id)
    next_by_id = {row.supersedes: row for row in rows}
    chain: list[RatingRow] = []
    while (following := next_by_id.get(chain[-1].id if chain else None)) is not None:
        chain.append(following)
    return tuple(_with_scores(reader, row) for row in chain)


def _with_scores(reader: Reader, row: RatingRow) -> Rating:
    rows = reader.rows(ScoreRow, "WHERE rating_id = ? ORDER BY output_id, role, criterion", row.id)
    return Rating(row, tuple(Score(each.output_id, each.role, each.criterion, each.value) for each in rows))


def _repeated(stored: Rating, rating: RatingRow, scores: Sequence[Score]) -> Rating:
    same_row = stored.row == replace(rating, id=stored.row.id, created_at=stored.row.created_at)
    if same_row and set(stored.scores) == set(scores):
        return stored
    raise RowError(
        "ratings: this request key belongs to another rating. Nothing was stored: make a new key and save again."
    )
