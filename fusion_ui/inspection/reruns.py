"""What to start when a case is run again: the same prompt with another recipe, what failed once more, or what is there
without some of it. Pure; the old run is the parent of the new one and stays as it is.
"""

from collections.abc import Collection
from dataclasses import replace

from fusion_ui.engine.sampling import Recorded
from fusion_ui.engine.values import FusionError, Limits, Recipe, StopRule
from fusion_ui.recipes import Choices, stop_rule
from fusion_ui.replay import Start, StoredRun


class RerunError(FusionError):
    """A run that cannot be made again in the way asked for."""


def rerun_of(run: StoredRun, recipe: Recipe) -> Start:
    """The prompt of this run through another recipe; without members, over the candidates that are there."""
    kept = {} if recipe.members else _kept(run)
    return Start(prompt=run.prompt, recipe=recipe, parent_run_id=run.rows.run.id, recorded=kept)


def retry_of(run: StoredRun) -> Start:
    """The same run with what finished kept, and the same members asked for the rest."""
    kept = _kept(run)
    return Start(
        prompt=run.prompt,
        recipe=replace(run.recipe, seed=run.recipe.seed + 1),
        parent_run_id=run.rows.run.id,
        recorded=kept,
        assigned={draw.position: draw.member for draw in run.rows.draws if draw.position not in kept},
    )


def refusal_of(run: StoredRun, without: Collection[int]) -> Start:
    """All finished candidates but these, voted on, picked from and fused anew; nobody is asked for another draw.

    They move up into the places that become free. Raises RerunError for a candidate that is not there, and where none
    would be left.
    """
    kept = _kept(run)
    if strangers := sorted(set(without) - kept.keys()):
        raise RerunError(f"There is no finished candidate {strangers[0]} in this run to leave out.")
    left = [recorded for position, recorded in sorted(kept.items()) if position not in without]
    if not left:
        raise RerunError("No candidate would be left: keep at least one.")
    recipe = replace(
        run.recipe,
        members=(),
        system="",
        stop=StopRule(name="fixed", threshold=float(len(left))),
        limits=replace(run.recipe.limits, cap=len(left)),
    )
    return Start(
        prompt=run.prompt,
        recipe=recipe,
        parent_run_id=run.rows.run.id,
        recorded=dict(enumerate(left, start=1)),
    )


def asked_of(choices: Choices, old: Recipe) -> Choices:
    """The choices as a recipe is to be made of them: a judging selector brings the judge that the run had."""
    judges = (choices.selector or "").startswith("judge") and choices.judge is None and old.judge is not None
    return replace(choices, judge=old.judge.name) if judges and old.judge else choices


def changed_recipe(old: Recipe, chosen: Recipe, choices: Choices) -> Recipe:
    """The old recipe with what was chosen: `chosen` is the recipe of these choices, and gives its parts and its seed.

    What nobody chose stays as the run had it, whatever the settings say today.
    """
    has_members = choices.members is not None or bool(choices.weights)
    is_judge_new = choices.judge is not None or (choices.selector is not None and old.judge is None)
    has_fusor = choices.fusor is not None
    limits = _limits(old.limits, chosen.limits, choices)
    return replace(
        old,
        members=chosen.members if has_members else old.members,
        system=chosen.system if has_members and not old.members else old.system,
        stop=_stop(old.stop, choices, cap=limits.cap),
        limits=limits,
        selector=chosen.selector if choices.selector is not None else old.selector,
        judge=chosen.judge if is_judge_new else old.judge,
        fusor_kind=chosen.fusor_kind if has_fusor else old.fusor_kind,
        fusor=chosen.fusor if has_fusor else old.fusor,
        seed=chosen.seed,
    )


def _limits(old: Limits, chosen: Limits, choices: Choices) -> Limits:
    return replace(
        old,
        cap=chosen.cap if choices.n is not None else old.cap,
        cost_usd=chosen.cost_usd if choices.budget_usd is not None else old.cost_usd,
        seconds=chosen.seconds if choices.budget_seconds is not None else old.seconds,
    )


def _stop(old: StopRule, choices: Choices, *, cap: int) -> StopRule:
    if choices.preset is not None:
        return stop_rule(choices.preset, cap)
    return replace(old, threshold=float(cap)) if old.name == "fixed" and choices.n is not None else old


def _kept(run: StoredRun) -> dict[int, Recorded]:
    model_by_position = {draw.position: draw.model for draw in run.rows.draws}
    return {
        candidate.position: Recorded(
            member=candidate.member, model=model_by_position[candidate.position], completion=candidate.completion
        )
        for candidate in run.view.candidates
    }
