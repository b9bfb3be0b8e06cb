"""The runs of one prompt beside each other: which began from which, and what differs in their recipes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from fusion_ui.analysis.rules import rule_text
from fusion_ui.engine.values import Member, Recipe
from fusion_ui.inspection.correcting import counted_answers
from fusion_ui.inspection.showing import shown_address, shown_extra
from fusion_ui.recording import RECIPE
from storage.corrections import groupings_of
from storage.lineage import Sibling, ancestors, answers_in, descendants, run_count_of, runs_of_prompt, siblings
from storage.rows import Reader
from storage.runs import RunRow

MOST_RUNS = 100
_MOST_FAMILY = 50
Relation = Literal["this", "ancestor", "descendant"]


class Difference(NamedTuple):
    """One part of the recipe as it is in this run and in another."""

    what: str
    here: str
    there: str


class PastRun(NamedTuple):
    """A run of the same prompt; `relation` is None for one that neither led here nor came from here.

    `leader` is what its vote came to under the corrections that hold, None in a tie and without votes.
    """

    run: Sibling
    leader: str | None
    relation: Relation | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The latest runs of the prompt and all kin of this one, latest first; `total` is how many the prompt has."""

    total: int
    runs: tuple[PastRun, ...]


def history_of(reader: Reader, run: RunRow, recipe: Recipe, *, at_most: int = MOST_RUNS) -> History:
    """The history of this run's prompt, as seen from this run; kin come on top of the latest."""
    relations: dict[str, Relation] = {run.id: "this"}
    relations |= dict.fromkeys(ancestors(reader, run.id, limit=_MOST_FAMILY), "ancestor")
    relations |= dict.fromkeys(descendants(reader, run.id, limit=_MOST_FAMILY), "descendant")
    latest = runs_of_prompt(reader, run.prompt_id, limit=at_most)
    ids = [*dict.fromkeys((*relations, *latest))]
    found, leader_by_run = siblings(reader, ids), _leaders(reader, ids)
    return History(
        total=run_count_of(reader, run.prompt_id),
        runs=tuple(
            PastRun(
                each,
                leader_by_run.get(each.id),
                relations.get(each.id),
                differences(recipe, RECIPE.validate_python(each.recipe)),
            )
            for each in found
        ),
    )


def _leaders(reader: Reader, ids: Sequence[str]) -> dict[str, str | None]:
    """The answer that leads the vote of each of these runs."""
    bodies, answers_by_run = groupings_of(reader, ids), dict[str, dict[str, str | None]]()
    for said in answers_in(reader, ids):
        answers_by_run.setdefault(said.run_id, {})[said.output_id] = said.answer
    return {
        run_id: _leading(counted_answers(answers, bodies.get(run_id)).values())
        for run_id, answers in answers_by_run.items()
    }


def _leading(answers: Iterable[str | None]) -> str | None:
    first, second = [*Counter(filter(None, answers)).most_common(2), ("", 0), ("", 0)][:2]
    return first[0] if first[1] > second[1] else None


def differences(here: Recipe, there: Recipe) -> tuple[Difference, ...]:
    """What the two recipes do not share, in plain words; nothing for equal recipes."""
    if here == there:
        return ()
    ours, theirs = described(here), described(there)
    return tuple(Difference(what, ours[what], theirs[what]) for what in ours if ours[what] != theirs[what])


def described(recipe: Recipe) -> Mapping[str, str]:
    """A recipe part by part, each in a few words."""
    limits = recipe.limits
    fusor = _member(recipe.fusor) if recipe.fusor_kind == "model" else recipe.fusor_kind
    return {
        "members": "; ".join(_drawing(member) for member in recipe.members) or "recorded candidates only",
        "system message": recipe.system or "none",
        "stop rule": rule_text(recipe.stop),
        "draws at most": str(limits.cap),
        "draws without an answer": str(limits.cap_unanswered),
        "at once": str(limits.parallelism),
        "token limit": _limit(limits.tokens),
        "cost limit": _limit(limits.cost_usd),
        "time limit": _limit(limits.seconds),
        "selector": recipe.selector,
        "judge": _member(recipe.judge),
        "fusor": fusor,
        "seed": str(recipe.seed),
    }


def _drawing(member: Member) -> str:
    return f"{_member(member)}, weight {member.weight:g}"


def _member(member: Member | None) -> str:
    if member is None:
        return "none"
    settings = {
        "temperature": member.temperature,
        "tokens at most": member.max_tokens,
        "at": shown_address(member),
        **shown_extra(member),
    }
    told = [f"{name} {value}" for name, value in settings.items() if value is not None]
    return ", ".join([member.name if member.model == member.name else f"{member.name} ({member.model})", *told])


def _limit(number: float | None) -> str:
    return "none" if number is None else f"{number:g}"
