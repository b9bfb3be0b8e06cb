"""What a person may mark in an output: a mark by itself, beside that person's others, and taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from fusion_ui.engine.sampling import clean
from fusion_ui.engine.values import FusionError, MissingError
from fusion_ui.studies.taxonomy import FlawClass, Taxonomy
from storage.flaws import RunFlawRow

MOST_NOTE_CHARACTERS = 20_000
MARK, UNDO = "mark:", "undo:"
"""What request keys begin with, so that a history tells marks from what took them back."""


class FlawError(FusionError):
    """A mark that cannot be stored; the message says what is wrong with it."""


class NoFlawError(FlawError, MissingError):
    """An address that names no flaw, or no output, of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a person says of an output, or of its code points from `start` to `end`.

    No severity is needed for a class that is no flaw. `suggestion_id` is a model's, taken over.
    """

    output_id: str
    category: str
    severity: str | None = None
    start: int | None = None
    end: int | None = None
    note: str = ""
    suggestion_id: str | None = None


class TakenBack(NamedTuple):
    """An act that is taken back: the row that stands since, the one that is to stand again (None: the flaw goes)."""

    head: RunFlawRow
    before: RunFlawRow | None


def checked(mark: Mark, *, text: str, taxonomy: Taxonomy) -> Mark:
    """The mark as it may be stored. Raises FlawError."""
    found = taxonomy.class_of(mark.category)
    if found is None:
        names = ", ".join(each.name for each in taxonomy.classes)
        raise FlawError(f"There is no class {mark.category[:60]!r} (classes: {names}).")
    if not found.is_flaw and (mark.start is not None or mark.end is not None):
        raise FlawError(f"“{found.label}” is said of a whole output: mark it without choosing words.")
    _check_span(mark, text)
    return replace(mark, severity=_severity(mark, found, taxonomy), note=_note(mark, found))


def check_beside(row: RunFlawRow, standing: Iterable[RunFlawRow], taxonomy: Taxonomy) -> None:
    """Raises FlawError where the person's other marks of the output say the same, or the opposite."""
    for own in standing:
        if (own.rater_id, own.output_id) != (row.rater_id, row.output_id) or own.id == row.supersedes:
            continue
        if (own.category, own.span_start, own.span_end) == (row.category, row.span_start, row.span_end):
            raise FlawError("You have marked this already: change that mark instead.")
        if taxonomy.is_flaw(own.category) != taxonomy.is_flaw(row.category):
            raise FlawError(
                "An output is without error, or there is an error in it: you have marked the other. Remove that first."
            )


def last_act(acts: Sequence[RunFlawRow]) -> TakenBack | None:
    """What taking back comes to after these rows of one person, in order; None where nothing is left to take back."""
    standing: list[RunFlawRow] = []
    for row in acts:
        if not row.request_key.startswith(UNDO):
            standing.append(row)
        elif standing:
            standing.pop()
    if not standing:
        return None
    row_by_id = {row.id: row for row in acts}
    later_by_id = {row.supersedes: row for row in acts}
    head = standing[-1]
    before = row_by_id.get(head.supersedes or "")
    while (later := later_by_id.get(head.id)) is not None:
        head = later
    return TakenBack(head, before)


def _severity(mark: Mark, found: FlawClass, taxonomy: Taxonomy) -> str:
    if not found.is_flaw:
        return min(taxonomy.severities, key=lambda each: each.weight).name
    names = [each.name for each in taxonomy.severities]
    if mark.severity not in names:
        said = f"{mark.severity[:60]!r} is none of these" if mark.severity else "nothing was said"
        raise FlawError(f"Say how bad it is ({', '.join(names)}): {said}.")
    return mark.severity


def _note(mark: Mark, found: FlawClass) -> str:
    note = clean(mark.note).strip()
    if found.needs_note and not note:
        raise FlawError(f"“{found.label}” needs a note that says what is wrong.")
    if len(note) > MOST_NOTE_CHARACTERS:
        raise FlawError(f"The note has {len(note):,} characters; at most {MOST_NOTE_CHARACTERS:,} are kept.")
    return note


def _check_span(mark: Mark, text: str) -> None:
    if mark.start is None and mark.end is None:
        return
    if mark.start is None or mark.end is None:
        raise FlawError("A mark of words needs where it starts and where it ends.")
    if not 0 <= mark.start < mark.end <= len(text):
        raise FlawError(
            f"The output has {len(text):,} characters: the mark from {mark.start} to {mark.end} is not in it."
        )
    if not text[mark.start : mark.end].strip():
        raise FlawError("There are only blanks in this mark: choose the words that are wrong.")
