"""The list of cases as JSON: rows, counts and what is still to be done. Texts go out as texts."""

from collections.abc import Mapping
from typing import Any

from fusion_ui.inspection.facts import NONE, UNKNOWN
from fusion_ui.inspection.index import PAGE, Found, ListedCase, Neighbours, Tallied
from fusion_ui.inspection.indexing import Progress
from storage.cases import PROMPT_CHARACTERS

_DECIMALS = 6
_RIGHT = ("vote", "best", "fusion")


def found_card(found: Found) -> dict[str, Any]:
    """One page of the list."""
    facets = {
        name: [
            {"value": each.value, "label": found.titles.get(each.value, each.value), "count": each.cases}
            for each in counted
        ]
        for name, counted in found.facets.items()
    }
    return {
        "total": found.total,
        "matching": found.matching,
        "page": found.page,
        "pages": found.pages,
        "per_page": PAGE,
        "indexing": _progress(found.indexing),
        "reading": _progress(found.reading),
        "cases": [listed_card(case, titles=found.titles) | _excerpt(case) for case in found.cases],
        "facets": facets,
        "ranges": found.ranges,
    }


def neighbours_card(neighbours: Neighbours) -> dict[str, Any]:
    """What is before and after a case."""
    return neighbours._asdict() | {"reading": _progress(neighbours.reading)}


def ids_card(tallied: Tallied, *, most: int) -> dict[str, Any]:
    """The first of the runs that match."""
    return {
        "run_ids": tallied.run_ids[:most],
        "matching": len(tallied.run_ids),
        "indexing": _progress(tallied.indexing),
    }


def listed_card(case: ListedCase, *, titles: Mapping[str, str]) -> dict[str, Any]:
    """A case as a row of the list, without the excerpt."""
    row, figures, labels = case.row, case.figures, case.labels
    stop, language = labels["stop"][0], labels["language"][0]
    stability = figures["stability"]
    return {
        "run_id": row.run_id,
        "started_at": row.started_at,
        "origin": labels["origin"][0],
        "prompt": row.prompt if len(row.prompt) <= PROMPT_CHARACTERS else f"{row.prompt[:PROMPT_CHARACTERS]}…",
        "members": labels.get("member", ()),
        "language": None if language == UNKNOWN else language,
        "tags": labels.get("tag", ()),
        "draws": figures["draws"],
        "failures": figures["failures"],
        "failure_kinds": labels.get("failure", ()),
        "ended": labels["ended"][0],
        "stop": None if stop == NONE else stop,
        "stability": None if stability is None else round(stability, _DECIMALS),
        "cost": figures["cost_usd"],
        "length": figures["length"],
        "prompt_length": figures["prompt_length"],
        "disagree": labels.get("disagree", ()),
        "is": labels.get("is", ()),
        "loss": [loss for loss in labels.get("loss", ()) if loss != UNKNOWN],
        "flaws": {"count": figures["flaws"], "worst": case.worst},
        "flaw": labels.get("flaw", ()),
        "ratings": figures["ratings"],
        "studies": [{"id": study, "title": titles.get(study, study)} for study in labels.get("study", ())],
        "right": _right(case),
    }


def _right(case: ListedCase) -> dict[str, bool | None] | None:
    """Who has the reference answer; None where that cannot be told."""
    if UNKNOWN in case.labels.get("loss", ()):
        return None
    right, wrong = case.labels.get("right", ()), case.labels.get("wrong", ())
    return {party: True if party in right else False if party in wrong else None for party in _RIGHT}


def _excerpt(case: ListedCase) -> dict[str, Any]:
    if case.excerpt is None:
        return {"excerpt": [], "where": None}
    return {"excerpt": [part._asdict() for part in case.excerpt.parts], "where": case.excerpt.place}


def _progress(progress: Progress | None) -> dict[str, int] | None:
    return progress._asdict() if progress else None
