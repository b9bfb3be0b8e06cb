"""From settings and a person's choices to a recipe; what does not fit together is refused in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

from fusion_ui.engine.prompts import wording
from fusion_ui.engine.stopping import PRESETS
from fusion_ui.engine.values import FusionError, Limits, Member, Recipe, SelectorName, StopRule
from fusion_ui.settings import MemberSettings, RunSettings, Settings

SELECTORS: tuple[SelectorName, ...] = ("vote", "consensus", "judge-pairs", "judge-scores")
OFFLINE_FUSORS = ("extractive", "none")
MOST_DRAWS = 100


class ChoiceError(FusionError):
    """What was chosen does not fit together or is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person chose for one run; None stands for what the settings say. `members` None means all of them, and
    `seed` None that whoever makes the recipe draws one.
    """

    members: tuple[str, ...] | None = None
    n: int | None = None
    preset: str | None = None
    selector: str | None = None
    fusor: str | None = None
    judge: str | None = None
    seed: int | None = None
    budget_usd: float | None = None
    budget_seconds: float | None = None


def member_of(settings: MemberSettings) -> Member:
    """The configured member as the engine knows it."""
    return Member(**settings.model_dump())


def recipe_of(choices: Choices, *, members: Sequence[Member], settings: Settings) -> Recipe:
    """The recipe these choices make of the members at hand. Raises ChoiceError."""
    chosen = _chosen(choices.members, members)
    run = settings.run
    judge = _named(choices.judge or (settings.judge.member if settings.judge else None), members, role="judge")
    fusor = choices.fusor or (settings.fusor.member if settings.fusor else "extractive")
    stop = stop_rule(choices.preset or run.preset, _draws(choices, run))
    return Recipe(
        members=chosen,
        system=wording("answer_line").template.template.strip() if run.ask_for_answer_line else "",
        stop=stop,
        limits=Limits(
            cap=_draws(choices, run),
            parallelism=run.parallelism,
            tokens=run.budget_tokens,
            cost_usd=choices.budget_usd or run.budget_usd,
            seconds=choices.budget_seconds or run.budget_seconds,
        ),
        selector=_selector(choices.selector or run.selector, judge),
        judge=judge,
        fusor_kind=fusor if fusor in ("extractive", "none") else "model",  # type: ignore[arg-type]
        fusor=None if fusor in OFFLINE_FUSORS else _named(fusor, members, role="fusor"),
        seed=choices.seed or 0,
    )


def stop_rule(preset: str, draws: int) -> StopRule:
    """The rule of a preset; `fixed` takes all the draws it may."""
    if preset == "fixed":
        return StopRule(name="fixed", threshold=float(draws))
    if preset not in PRESETS:
        raise ChoiceError(f"There is no stop preset {preset!r}. Choose one of: {', '.join([*PRESETS, 'fixed'])}.")
    return PRESETS[preset]


def _draws(choices: Choices, run: RunSettings) -> int:
    draws = choices.n if choices.n is not None else run.n
    if not 1 <= draws <= MOST_DRAWS:
        raise ChoiceError(f"N is {draws}: choose between 1 and {MOST_DRAWS} draws.")
    return draws


def _chosen(names: tuple[str, ...] | None, members: Sequence[Member]) -> tuple[Member, ...]:
    if names is None:
        return tuple(members)
    return tuple(member for name in names if (member := _named(name, members, role="member")) is not None)


def _named(name: str | None, members: Sequence[Member], *, role: str) -> Member | None:
    if name is None:
        return None
    for member in members:
        if member.name == name:
            return member
    known = ", ".join(member.name for member in members) or "none are configured"
    raise ChoiceError(f"There is no member {name!r} to be the {role} (members: {known}). Add it to fusion_ui.toml.")


def _selector(chosen: str | None, judge: Member | None) -> SelectorName:
    if chosen is None:
        return "judge-pairs" if judge else "vote"
    for selector in SELECTORS:
        if selector == chosen:
            if selector.startswith("judge") and judge is None:
                raise ChoiceError(
                    f"The selector {selector} needs a judge: name a member under [judge] in fusion_ui.toml."
                )
            return selector
    raise ChoiceError(f"There is no selector {chosen!r}. Choose one of: {', '.join(SELECTORS)}.")
