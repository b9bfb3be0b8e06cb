"""An analysis put together: every part is computed elsewhere, from the same judgements."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from fusion_ui.analysis.preference.adjusted import Adjusted, adjusted
from fusion_ui.analysis.preference.agreement import agreement
from fusion_ui.analysis.preference.clustering import FEWEST_PROMPTS
from fusion_ui.analysis.preference.codes import Level, codes_of
from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.contrasts import FEWEST_JUDGEMENTS
from fusion_ui.analysis.preference.effects import length_effect, position_effect
from fusion_ui.analysis.preference.ladder import ladders
from fusion_ui.analysis.preference.rater_table import fitting_note, rater_table
from fusion_ui.analysis.preference.win_rates import both_bad_rate, matrix_of
from fusion_ui.preferences.choices import choices_of
from fusion_ui.preferences.comparing import Compared, compared, systems_of
from fusion_ui.preferences.contrasting import MOST_DETAILED, SHORT, told_contrasts
from fusion_ui.preferences.counting import (
    WORDS,
    Counted,
    LeftOut,
    counted,
    distinct,
    gold_shares,
    repeat_shares,
)
from fusion_ui.preferences.following import next_to_rate
from fusion_ui.preferences.judging import audits
from fusion_ui.preferences.plain import plain
from fusion_ui.preferences.question import Question
from fusion_ui.preferences.reading import Read
from fusion_ui.preferences.scoring import rubric
from fusion_ui.preferences.spending import spent
from fusion_ui.preferences.whole import Whole, whole_of
from storage.preferences import RatingCells
from storage.rows import Reader

TWO_SYSTEMS = "A ladder takes more than two systems: with two, their contrast says it all."
NO_SYSTEMS = "Nothing was compared yet, or nothing that the filters and rules leave."
TOO_FEW = f"Scores at equal side and length take {FEWEST_PROMPTS} prompts and {FEWEST_JUDGEMENTS} judgements."
RESAMPLES = 1000
_AT_ONCE = 2
_LEVELS: tuple[Level, ...] = ("nominal", "ordinal")


def composed(reader: Reader, read: Read, question: Question, *, studies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The analysis but for its stamp and time. Raises QuestionError."""
    whole = whole_of(read.sources, read.names)
    kept = counted(whole, question)
    systems = systems_of(whole.contenders, question.by)
    pairs = compared(whole, kept, systems)
    parts = timed_parts(whole, pairs, question)
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # numpy lets go of the interpreter while it counts
        results = {name: pool.submit(part) for name, part in parts.items()}
        told = {
            "asked": question.told(),
            "sources": _sources(whole, kept),
            "choices": {"studies": list(studies)} | choices_of(whole, kept),
            "counts": _counts(whole, kept, pairs.comparisons),
            "left_out": [each._asdict() for each in _left_out(kept, read.unread)],
            "ladder_note": _ladder_note(pairs.comparisons),
            "judges": plain(audits(reader, whole, kept, systems, question)),
            "rubric": rubric(whole, kept, systems, question),
            "worth": plain(spent(reader, whole, pairs, systems, by=question.by)),
            "next": next_to_rate(reader, whole, kept, systems, pairs),
        }
        told |= {name: result.result() for name, result in results.items()}
    fitted = told.pop("fitted")
    judged_in = _judged_in(whole, kept)
    told["raters"] = [row | {"judged_in": judged_in.get(row["rater"], [])} for row in told["raters"]]
    return told | {
        "adjusted": plain(fitted.rungs),
        "adjusted_note": fitted.note,
        "notes": _notes(whole, kept, pairs, question, contrasts=told["counts"]["contrasts"]),
    }


def timed_parts(whole: Whole, pairs: Compared, question: Question) -> dict[str, Callable[[], Any]]:
    """What takes time and needs no database, by its name in the analysis, the longest first."""
    comparisons, once, level = pairs.comparisons, pairs.told_once(), question.level
    k = len(comparisons.systems)
    checks = {"repeats": repeat_shares(whole, level), "gold": gold_shares(whole, level)}
    return {
        "contrasts": lambda: told_contrasts(whole, pairs, question),
        "fitted": lambda: _adjusted(once, level=level),
        "ladders": lambda: (
            plain(ladders(comparisons, level=level, resamples=RESAMPLES, seed=question.seed)) if k > 2 else []
        ),
        "raters": lambda: plain(rater_table(once, **checks, level=level, seed=question.seed)) if k else [],
        "agreement": lambda: _agreement(once, question) if k else [],
        "length": lambda: plain(length_effect(once, level=level)) if k else None,
        "position": lambda: plain(position_effect(once, level=level)) if k else None,
        "both_bad": lambda: plain(both_bad_rate(_one_row_each(once), level=level)),
        "matrix": lambda: plain(matrix_of(comparisons)),
    }


def _adjusted(once: Comparisons, *, level: float) -> Adjusted:
    """The scores at equal side and length; of a handful of votes they would be bounds without a width."""
    if distinct(once.prompt) < FEWEST_PROMPTS or distinct(once.judgement) < FEWEST_JUDGEMENTS:
        return Adjusted(rungs=(), position=None, length=None, note=TOO_FEW)
    return adjusted(once, level=level)


def _ladder_note(comparisons: Comparisons) -> str:
    k = len(comparisons.systems)
    return "" if k > 2 else TWO_SYSTEMS if k else NO_SYSTEMS


def _sources(whole: Whole, kept: Counted) -> list[dict[str, Any]]:
    said = whole.judgements
    rows = np.flatnonzero(kept.kept)
    told = []
    for at, source in enumerate(whole.sources):
        own = rows[said.source[rows] == at]
        told.append(
            {
                "id": source.id,
                "title": source.title,
                "kind": source.kind,
                "is_blind": source.is_blind,
                "definition_sha256": source.definition_sha256,
                "units": distinct(said.unit[own]),
                "judgements": len(own),
                "raters": distinct(said.rater[own]),
                "created_at": source.created_at,
            }
        )
    return told


def _counts(whole: Whole, kept: Counted, comparisons: Comparisons) -> dict[str, int]:
    said, rows = whole.judgements, np.flatnonzero(kept.kept)
    units = np.flatnonzero(np.bincount(said.unit[rows]))
    bad = comparisons.judgement[comparisons.outcome == Outcome.BOTH_BAD]
    return {
        "units": len(units),
        "prompts": distinct(whole.units.prompt[units]),
        "judgements": len(rows),
        "comparisons": len(comparisons),
        "contrasts": len(_met(comparisons)),
        "raters": distinct(said.rater[rows]),
        "skips": int(kept.skips.sum()),
        "both_bad": len(np.unique(bad)),
    }


def _judged_in(whole: Whole, kept: Counted) -> dict[str, list[dict[str, Any]]]:
    """In which sources each rater's judgements count, and how many, in the order of the sources."""
    said, rows = whole.judgements, np.flatnonzero(kept.kept)
    width = max(1, len(whole.raters))
    numbers = np.bincount(said.source[rows].astype(np.int64) * width + said.rater[rows])
    found: dict[str, list[dict[str, Any]]] = {}
    for code in np.flatnonzero(numbers).tolist():
        source, rater = divmod(code, width)
        told = {"source": whole.sources[source].id, "judgements": int(numbers[code])}
        found.setdefault(whole.raters[rater], []).append(told)
    return found


def _left_out(kept: Counted, unread: Sequence[RatingCells]) -> tuple[LeftOut, ...]:
    """What rules concern; ratings of the Compare page that were not read are among those whose names were visible."""
    if not unread:
        return kept.left_out
    raters = len({each.rater_id for each in unread})
    page = LeftOut("compare", f"{WORDS['open']}, on the Compare page", len(unread), raters, is_applied=True)
    return (*kept.left_out, page)


def _agreement(once: Comparisons, question: Question) -> list[dict[str, Any]]:
    """Over all contrasts, then each of them if there are a few, at both levels."""
    pairs: list[tuple[str, str] | None] = [None]
    met = _met(once)
    if 1 < len(met) <= MOST_DETAILED:
        pairs += met
    return [
        {"contrast": list(pair) if pair else None} | _agreement_at(once, pair, level, question)
        for pair in pairs
        for level in _LEVELS
    ]


def _agreement_at(once: Comparisons, pair: tuple[str, str] | None, level: Level, question: Question) -> dict[str, Any]:
    codes = codes_of(once, level=level, contrast=pair, order="written")
    found = agreement(*codes, level=level, resamples=RESAMPLES, seed=question.seed, confidence=question.level)
    told: dict[str, Any] = plain(found)
    return told


def _met(comparisons: Comparisons) -> list[tuple[str, str]]:
    k = len(comparisons.systems)
    low, high = np.sort([comparisons.first, comparisons.second], axis=0).astype(np.int64)
    codes = np.flatnonzero(np.bincount(low * k + high, minlength=k * k))
    return [(comparisons.systems[code // k], comparisons.systems[code % k]) for code in codes.tolist()]


def _one_row_each(comparisons: Comparisons) -> Comparisons:
    """A row a judgement: all of a judgement are bad or none."""
    is_first = np.ones(len(comparisons), dtype=np.bool_)
    is_first[1:] = comparisons.judgement[1:] != comparisons.judgement[:-1]  # rows stand as they were said
    return comparisons.taken(is_first)


def _notes(whole: Whole, kept: Counted, pairs: Compared, question: Question, *, contrasts: int) -> list[str]:
    identical = int((~whole.units.is_shown & whole.units.is_main & kept.unit_fits & ~whole.units.is_double).sum())
    other = "by member" if question.by == "role" else "by role"
    mixed = question.open and len({source.is_blind for source in whole.sources}) > 1
    notes = [
        "Blind judgements and those by people who saw names are counted together, as was asked." if mixed else "",
        f"{identical:,} units were shown to nobody, as their answers read the same; they count as nothing here."
        if identical
        else "",
        f"{pairs.same:,} comparisons set a system against itself and are left out: ask {other}." if pairs.same else "",
        SHORT if contrasts > MOST_DETAILED else "",
        fitting_note(len(pairs.comparisons)),
    ]
    return [note for note in notes if note]
