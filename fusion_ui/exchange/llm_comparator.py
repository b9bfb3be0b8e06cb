"""LLM Comparator's JSON (Kahng et al. 2024): two models side by side, with the scores its judge gave each example.

Scores are told from the side of model A whichever stood first, 1.5 for "A is much better" to -1.5; `is_flipped` says
that B stood first. No rater is named there: the tool asks one model several times, in both orders. Files that this app
wrote name raters, and say what the form has no words for.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.cells import moment_in, name_in, needed, tags_in, text_in
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.json_window import Window
from fusion_ui.exchange.recorded_ratings import JUDGE, ImportRefusedError, RecordedOutcome, RecordedRating
from fusion_ui.exchange.texts import LineError

_BETTER, _MUCH = 1.0, 1.5
_BOTH_BAD = "both are bad"
_MOST_SCORE = 1_000
_HALF_A_STEP = 0.25  # a mean of scores within half of "slightly better" prefers neither


class Pair(NamedTuple):
    """The two models of a file."""

    first: str
    second: str


def examples(file: RecordedFile) -> Iterator[Fields]:
    """The examples of the file, one by one."""
    window = Window(file.chunks(), name=file.label)
    for key, element in window.members("examples"):
        if key == "examples":
            yield element if isinstance(element, Fields) else Fields(window.line, {}, "examples: is no list")
    window.end()


def models_of(file: RecordedFile) -> Pair:
    """The names of the two models. Raises ImportRefusedError."""
    window = Window(file.chunks(), name=file.label)
    found = next((value for key, value in window.members("examples") if key == "models"), None)
    try:
        names = [_model(model) for model in found] if isinstance(found, list) else []
    except LineError as error:
        raise ImportRefusedError(f"{file.label}: models: {error}.") from None
    if len(names) != 2 or names[0] == names[1]:
        raise ImportRefusedError(f'{file.label} must name two different models: "models": [{{"name": …}}, …].')
    return Pair(*names)


def ratings_of(fields: Mapping[str, object], pair: Pair, *, line: int) -> Iterator[RecordedRating]:
    """Every judgement of one example: each score given, or the mean where only that is told. Raises LineError."""
    custom = fields.get("custom_fields")
    beside: dict[str, object] = custom if isinstance(custom, dict) else {}
    shared = RecordedRating(
        line=line,
        prompt=needed(text_in(fields, "input_text"), "input_text"),
        first=pair.first,
        second=pair.second,
        outcome="tie",
        first_text=text_in(fields, "output_text_a"),
        second_text=text_in(fields, "output_text_b"),
        is_model=True,
        question=_word(beside, "question"),
        language=_word(beside, "language") or None,
        tags=tags_in(fields, "tags"),
    )
    given = fields.get("individual_rater_scores") or []
    if not isinstance(given, list):
        raise LineError("individual_rater_scores: is no list")
    for rating in given:
        yield _single(shared, rating)
    if not given and fields.get("score") is not None:
        yield shared._replace(outcome=_outcome(_score(fields["score"]), even=_HALF_A_STEP))


def _single(shared: RecordedRating, given: object) -> RecordedRating:
    if not isinstance(given, dict):
        raise LineError("individual_rater_scores: an entry is no object")
    score = _score(given.get("score"))
    rater = name_in(given, "rater", "judge")
    is_bad = score == 0 and given.get("rating_label") == _BOTH_BAD
    return shared._replace(
        outcome="all_bad" if is_bad else _outcome(score, even=0.0),
        strength=(abs(score) >= _BETTER) + (abs(score) >= _MUCH),
        is_turned=given.get("is_flipped") is True,
        rater=rater.removeprefix(JUDGE),
        is_model=not rater or rater.startswith(JUDGE),
        said_at=moment_in(given, "said_at"),
        note=text_in(given, "rationale"),
    )


def _word(beside: Mapping[str, object], name: str) -> str:
    """A custom field that is a word; the tool allows a pair of them, one a model, which says nothing of the prompt."""
    return name_in(beside, name) if isinstance(beside.get(name), str) else ""


def _outcome(score: float, *, even: float) -> RecordedOutcome:
    return "tie" if abs(score) <= even else "first" if score > 0 else "second"


def _score(said: object) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not -_MOST_SCORE <= said <= _MOST_SCORE:
        raise LineError(f"score: {str(said)[:40]!r} is no number")
    return float(said)


def _model(said: object) -> str:
    return needed(name_in(said, "name") if isinstance(said, dict) else name_in({"name": said}, "name"), "name")
