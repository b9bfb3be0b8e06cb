"""What a case's page asks for beside the case: who disagrees with whom, and what another run may be made with."""

from collections.abc import Iterable, Sequence
from typing import Any

from fusion_ui.desk import SCRIPTED
from fusion_ui.inspection.contesting import Contradiction
from fusion_ui.inspection.history import described
from fusion_ui.inspection.parties import Say
from fusion_ui.inspection.voices import Heard
from fusion_ui.recipes import MOST_DRAWS
from fusion_ui.replay import StoredRun
from fusion_ui.services import Services
from fusion_ui.ui.forms import STOP_LABELS, Options, fusor_options, selector_options
from fusion_ui.ui.markdown import shown
from fusion_ui.ui.wording import most_draws


def parties_card(heard: Heard) -> dict[str, Any]:
    """Each party's output and answer, null where it is not known; the pairs that disagree; how many people judged."""
    gold = Say(None, None, heard.gold) if heard.gold is not None else None
    said = {party: heard.said.get(party) for party in ("people", "judge", "vote", "fusion")} | {"gold": gold}
    return {
        "parties": {party: _said(say, heard) if say else None for party, say in said.items()},
        "disagree": list(heard.disagree),
        "opinions": heard.opinions,
    }


def choices_card(services: Services, run: StoredRun) -> dict[str, Any]:
    """What the form offers, and in words what the run had: whatever is not chosen anew stays so."""
    recipe = run.recipe
    words = described(recipe)
    return {
        "members": [
            {"name": member.name, "model": shown(member.model), "scripted": member.model.startswith(SCRIPTED)}
            for member in services.members
        ],
        "presets": [list(option) for option in STOP_LABELS.items()],
        "selectors": _valued(selector_options(services)),
        "fusors": _valued(fusor_options(services)),
        "most": MOST_DRAWS,
        "had": {
            "members": [member.name for member in recipe.members],
            "n": most_draws(recipe),
            "stop": shown(words["stop rule"]),
            "selector": shown(words["selector"]),
            "fusor": shown(words["fusor"]),
        },
    }


def contested_card(lines: Iterable[Sequence[Contradiction]]) -> dict[str, Any]:
    """For each line of the ledger the candidates that contradict it, and where."""
    return {
        "against": [
            [{"position": each.position, "start": each.span.start, "end": each.span.end} for each in line]
            for line in lines
        ]
    }


def _said(say: Say, heard: Heard) -> dict[str, Any]:
    return {
        "output_id": say.output_id,
        "position": heard.position_by_output.get(say.output_id or ""),
        "answer": shown(say.answer) if say.answer is not None else None,
    }


def _valued(options: Options) -> list[list[str]]:
    return [[value, words] for words, value in options]
