"""The patterns as the Inspect page shows them: every number with the filter of the list that opens its cases."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from fusion_ui.analysis.flaw_rates import FLOOR, LEVEL, FlawRates, Rate, Together
from fusion_ui.analysis.note_clusters import NoteCluster
from fusion_ui.analysis.preference.estimates import Share
from fusion_ui.inspection.marks import By
from fusion_ui.inspection.patterns import ClassCount, Found
from fusion_ui.studies.taxonomy import Taxonomy
from fusion_ui.ui.inspection.flaws_cards import agreed, agreement_card, category_card

_MOST_EXAMPLES = 3
_MOST_RUNS = 200  # ids that an address can carry
_LOSSES = {
    "nobody": "Nobody knew",
    "outvoted": "Outvoted",
    "misjudged": "Judge picked wrong",
    "broken": "Fusion broke it",
    "repaired": "Fusion repaired it",
    "kept": "Kept to the end",
}
_STRATEGIES = {"single": "Single sample", "best": "Best-of-N pick", "vote": "Majority vote", "fusion": "Fused answer"}
_GROUPS: Mapping[By, str] = {
    "strategy": "By strategy",
    "member": "By member",
    "fusor": "By version of the fusor's prompt",
}
Filter = dict[str, list[str]]


def patterns_card(found: Found, taxonomy: Taxonomy) -> dict[str, Any]:
    """Everything that comes again in the chosen cases, of one source."""
    agreement = agreement_card(found.agreement)
    return {
        "source": found.source,
        "level": LEVEL,
        "floor": FLOOR,
        "cases": found.cases,
        "seen": {
            "cases": found.seen_cases,
            "outputs": found.seen_outputs,
            "raters": found.raters,
            "marks": found.marks,
        },
        "funnel": {
            "known": found.known,
            "rows": [_loss_card(name, loss) for name, loss in found.funnel.items()],
            "words": f"Of the {found.known:,} cases with a reference answer and votes. A case may be in several rows.",
        },
        "rates": [
            {
                "by": by,
                "label": label,
                "rows": [_rates_card(by, name, rates, found, taxonomy) for name, rates in found.rates[by]],
            }
            for by, label in _GROUPS.items()
        ],
        "classes": list(_classes(found, taxonomy)),
        "together": [_together_card(pair, found, taxonomy) for pair in found.together],
        "notes": {
            "total": len(found.notes),
            "used": found.clusters.used,
            "clusters": [_cluster_card(cluster, found) for cluster in found.clusters.clusters],
            "alone": found.clusters.alone,
        },
        "agreement": agreement
        | {
            "classes": [category_card(name, taxonomy) | agreed(each) for name, each in found.agreement.by_class.items()]
        },
    }


def _loss_card(name: str, loss: Share) -> dict[str, Any]:
    return {
        "name": name,
        "label": _LOSSES[name],
        "count": loss.hits,
        "of": loss.of,
        "rate": loss.share,
        "low": loss.low,
        "high": loss.high,
        "filter": {"loss": [name]},
    }


def _rates_card(by: By, name: str, rates: FlawRates, found: Found, taxonomy: Taxonomy) -> dict[str, Any]:
    place = f"{by}/{name}"
    return {
        "name": name,
        "label": _STRATEGIES.get(name, name) if by == "strategy" else name,
        **_rate_card(rates.any),
        "weight_mean": rates.weight_mean,
        "classes": [
            {
                **category_card(category, taxonomy),
                **_rate_card(rate),
                "filter": _pattern(found, f"{place}/class/{category}"),
            }
            for category, rate in rates.by_class
        ],
        "filter": _pattern(found, place),
        "seen_filter": _pattern(found, f"seen/{place}"),
    }


def _rate_card(rate: Rate) -> dict[str, Any]:
    return asdict(rate) | {"level": LEVEL}


def _classes(found: Found, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """The classes, each with its subtypes."""
    for each in found.classes:
        if "/" not in each.category:
            finer = [other for other in found.classes if other.category.startswith(f"{each.category}/")]
            subtypes = [_class_card(other, found, taxonomy) for other in finer]
            yield _class_card(each, found, taxonomy) | {"subtypes": subtypes}


def _class_card(count: ClassCount, found: Found, taxonomy: Taxonomy) -> dict[str, Any]:
    is_people = found.source == "people"
    return {
        **category_card(count.category, taxonomy),
        "count": count.marks,
        "outputs": count.outputs,
        "cases": count.runs,
        "severities": dict(count.severities),
        "filter": {"flaw": [count.category]} if is_people else _pattern(found, f"class/{count.category}"),
    }


def _together_card(pair: Together, found: Found, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        **pair._asdict(),
        "first_label": category_card(pair.first, taxonomy)["label"],
        "second_label": category_card(pair.second, taxonomy)["label"],
        "filter": _pattern(found, f"together/{pair.first}+{pair.second}"),
    }


def _cluster_card(cluster: NoteCluster, found: Found) -> dict[str, Any]:
    notes = [found.notes[place] for place in cluster.places]
    runs = list(dict.fromkeys(note.run_id for note in notes))
    examples = list({note.note: note for note in notes}.values())[:_MOST_EXAMPLES]
    return {
        "words": list(cluster.words),
        "count": len(notes),
        "cases": len(runs),
        "examples": [{"run_id": each.run_id, "output_id": each.output_id, "note": each.note} for each in examples],
        "filter": {"run": runs[:_MOST_RUNS]},
    }


def _pattern(found: Found, name: str) -> Filter:
    return {"pattern": [name if found.source == "people" else f"model/{name}"]}
