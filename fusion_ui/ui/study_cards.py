"""What the Studies page shows, as JSON: the list, what a form may offer, a draft, and a unit with what was said of it.

Owners only: roles, members and models stand in here. What raters see of a draft has letters alone, as `rate_cards`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fusion_ui.annotation.making import Draft, counts_by_contrast, labels_of, workload
from fusion_ui.annotation.protocols import RUBRIC
from fusion_ui.annotation.saying import lettered
from fusion_ui.annotation.studies import Listed, Options
from fusion_ui.studies.ordering import order_of
from fusion_ui.studies.protocol import Protocol, Unit
from fusion_ui.ui.markdown import render
from storage.finding import Counted

MOST_TOLD = 50  # units and runs named in a preview; the rest are counted
MOST_LISTED = 200  # units to choose known ones from, beside those that are known
SHORT = 120
_NOBODY = "preview"  # whose order the sample of a draft is shown in


def list_card(studies: Iterable[Listed]) -> list[dict[str, Any]]:
    """All studies with how far they are."""
    return [_listed_card(each) for each in studies]


def _listed_card(study: Listed) -> dict[str, Any]:
    overview = study.overview
    return study.head._asdict() | {
        "units": overview.units,
        "raters": overview.raters,
        "task": study.definition["task"],
        "contrasts": study.definition["contrasts"],
        "is_frozen": overview.frozen_at is not None,
        "last_at": overview.last_at,
        "superseded_by": overview.superseded_by,
    }


def options_card(options: Options, *, sample: str | None, has_accounts: bool) -> dict[str, Any]:
    """What a form may offer: the runs there are, people who judged before, and the defaults of a protocol."""
    offered = options.runs
    return {
        "runs": {
            "count": offered.runs,
            "first_at": offered.first_at,
            "last_at": offered.last_at,
            "tags": _counted_card(offered.tags, "tag"),
            "languages": _counted_card(offered.languages, "language"),
            "roles": {role: count for role, count in offered.roles},
        },
        "raters": list(options.raters),
        "defaults": asdict(Protocol(title="")),
        "rubric": [asdict(criterion) for criterion in RUBRIC],
        "sample": sample,
        "has_accounts": has_accounts,
    }


def _counted_card(counted: Iterable[Counted], name: str) -> list[dict[str, Any]]:
    return [{name: each.name, "count": each.runs} for each in counted]


def preview_card(draft: Draft, *, show: int) -> dict[str, Any]:
    """What a form would make, with the `show`-th unit as a rater would see it (the nearest that there is)."""
    work = workload(draft)
    naming = [(unit, place) for unit in draft.units for place, each in enumerate(unit.contenders) if each.names]
    return {
        "units": len(draft.shown),
        "trials": draft.trials,
        "identical": sum(unit.is_identical for unit in draft.units),
        "training": sum(unit.is_shown and unit.phase == "training" for unit in draft.units),
        "gold": sum(unit.gold is not None for unit in draft.shown),
        "left_out": [{**each._asdict(), "prompt": each.prompt[:SHORT]} for each in draft.lacking[:MOST_TOLD]],
        "left_out_count": len(draft.lacking),
        "self_naming": [_naming_card(unit, place) for unit, place in naming[:MOST_TOLD]],
        "self_naming_count": len(naming),
        "is_masked": draft.protocol.masks_names,
        "contrasts": [{"roles": roles, "units": count} for roles, count in counts_by_contrast(draft).items()],
        "trials_per_rater": work.trials,
        "minutes_per_rater": work.minutes,
        "seconds_per_trial": work.seconds_per_trial,
        "list": [_made_card(unit) for unit in draft.units if unit.place < MOST_LISTED or _is_known(unit)],
        "list_count": len(draft.units),
        "sample": _sample_card(draft, show) if draft.shown else None,
        "units_sha256": draft.units_sha256,
    }


def _naming_card(unit: Unit, place: int) -> dict[str, Any]:
    """A contender whose own text tells who wrote it, with the phrases."""
    contender = unit.contenders[place]
    return {
        "place": unit.place,
        "prompt": unit.prompt[:SHORT],
        "role": labels_of(unit)[place],
        "member": contender.member,
        "phrases": contender.names,
    }


def _is_known(unit: Unit) -> bool:
    return unit.phase == "training" or unit.gold is not None


def _made_card(unit: Unit) -> dict[str, Any]:
    return {
        "place": unit.place,
        "run_id": unit.run_id,
        "prompt": unit.prompt[:SHORT],
        "roles": labels_of(unit),
        "is_identical": not unit.is_shown,
        "language": unit.language,
    }


def _sample_card(draft: Draft, show: int) -> dict[str, Any]:
    """A unit with letters alone, in the order of some rater."""
    protocol = draft.protocol
    unit = draft.shown[max(0, min(show, len(draft.shown) - 1))]
    order = order_of(seed=protocol.seed, rater=_NOBODY, unit=unit, position=unit.place)
    return {
        "place": unit.place,
        "prompt": unit.prompt,
        "prompt_html": render(unit.prompt),
        "reference_html": render(unit.reference) if protocol.shows_reference and unit.reference else None,
        "instructions_html": render(protocol.instructions) if protocol.instructions else "",
        "answers": [
            {"letter": letter, "text": unit.contenders[place].text, "html": render(unit.contenders[place].text)}
            for letter, place in lettered(order).items()
        ],
    }


def judgements_card(unit: Mapping[str, Any] | None, said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was said, the latest first, with the unit where it is all of one."""
    return {"unit": unit_card(unit) if unit else None, "judgements": said}


def unit_card(unit: Mapping[str, Any]) -> dict[str, Any]:
    """A unit as its owner sees it, its texts rendered."""
    return {
        **unit,
        "prompt_html": render(unit["prompt"]),
        "reference_html": render(unit["reference"]) if unit["reference"] else None,
        "contenders": [{**contender, "html": render(contender["text"])} for contender in unit["contenders"]],
    }
