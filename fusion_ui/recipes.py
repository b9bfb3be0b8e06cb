"""From settings and a person's choices to a recipe; what does not fit together is refused in plain words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from fusion_ui.engine.prompts import wording
from fusion_ui.engine.stopping import PRESETS
from fusion_ui.engine.values import FusionError, Limits, Member, Recipe, SelectorName, StopRule
from fusion_ui.settings import MemberSettings, RunSettings, Settings

SELECTORS: tuple[SelectorName, ...] = ("vote", "consensus", "judge-pairs", "judge-scores")
OFFLINE_FUSORS = ("extractive", "none")
MOST_DRAWS = 100
_LONGEST_WEIGHTS = 4_000  # characters: a hundred members with their names
_WEIGHT = re.compile(r"\s*(?P<name>[^\s,].*?)[\s:=]+(?P<weight>[^\s,:=]+)\s*(?:,|$)")


class ChoiceError(FusionError):
    """What was chosen does not fit together or is not there; `set_up` is what whoever configures the app can do."""

    def __init__(self, words: str, *, set_up: str = "") -> None:
        super().__init__(f"{words} {set_up}".strip())
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person chose for one run; None stands for what the settings say. `members` None means all of them, and
    `seed` None that whoever makes the recipe draws one.

    `weights` by name of member are relative, {"a": 7, "b": 3} is {"a": 0.7, "b": 0.3}, and replace the configured ones.
    They cover everybody who is asked: alone they say who that is, and a weight of zero leaves a member out.
    """

    members: tuple[str, ...] | None = None
    weights: Mapping[str, float] | None = None
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
    chosen = _weighted(choices, members) if choices.weights else _chosen(choices.members, members)
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
            cost_usd=_budget_usd(choices, settings),
            seconds=choices.budget_seconds or run.budget_seconds,
        ),
        selector=_selector(choices.selector or run.selector, judge),
        judge=judge,
        fusor_kind=fusor if fusor in ("extractive", "none") else "model",  # type: ignore[arg-type]
        fusor=None if fusor in OFFLINE_FUSORS else _named(fusor, members, role="fusor"),
        seed=choices.seed or 0,
    )


def _budget_usd(choices: Choices, settings: Settings) -> float | None:
    """The budget as chosen, or as configured; strangers may choose a smaller one only."""
    chosen, configured = choices.budget_usd or None, settings.run.budget_usd
    if settings.public and chosen is not None and configured is not None:
        return min(chosen, configured)
    return chosen if chosen is not None else configured


def parse_weights(text: str) -> dict[str, float] | None:
    """The weights written as "gpt 0.7, llama 0.3", "gpt=0.7,llama=0.3" or "gpt:0.7,llama:0.3"; None where nothing is.

    Raises ChoiceError for what cannot be read; whether names and numbers make sense is for `recipe_of` to say.
    """
    text = text.strip()
    if len(text) > _LONGEST_WEIGHTS:
        raise ChoiceError(f"The weights have {len(text)} characters; at most {_LONGEST_WEIGHTS} are taken.")
    weights: dict[str, float] = {}
    at = 0
    while at < len(text):
        found = _WEIGHT.match(text, at)
        if found is None:
            raise ChoiceError(f"{text[at:][:60]!r} is no name with a weight. Write weights as: gpt 0.7, llama 0.3.")
        name = found["name"]
        if name in weights:
            raise ChoiceError(f"{name} is given two weights: give it one.")
        weights[name] = _number(found["weight"], name)
        at = found.end()
    return weights or None


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ChoiceError(f"{text[:40]!r} is no weight for {name}: write a number, such as 0.7.") from None


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


def _weighted(choices: Choices, members: Sequence[Member]) -> tuple[Member, ...]:
    """The members that are given a weight, with the share of the draws that it comes to."""
    shares = _shares(choices.weights or {})
    names = choices.members if choices.members is not None else tuple(shares)
    _chosen(tuple(shares), members)
    if unsaid := [name for name in names if name not in shares]:
        raise ChoiceError(f"Weights are given, but none for {', '.join(unsaid)}: give one, or 0 to leave it out.")
    if unasked := [name for name, share in shares.items() if share > 0 and name not in names]:
        raise ChoiceError(
            f"Not asked but given a weight: {', '.join(unasked)}. Choose them, or take their weight away."
        )
    return tuple(
        replace(member, weight=shares[member.name]) for member in _chosen(names, members) if shares[member.name] > 0
    )


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights as shares of one, to twelve digits, so that 7 : 3 and 0.7 : 0.3 make the same recipe."""
    for name, weight in weights.items():
        if not isfinite(weight) or weight < 0:
            raise ChoiceError(f"The weight of {name} is {weight:g}: it must be zero or a positive number.")
    largest = max(weights.values(), default=0.0)
    if largest == 0:
        raise ChoiceError("All weights are zero, so that nobody would be asked: give somebody a positive weight.")
    total = sum(weight / largest for weight in weights.values())  # not a plain sum, which may be over the largest float
    return {name: round(weight / largest / total, 12) for name, weight in weights.items()}


def _named(name: str | None, members: Sequence[Member], *, role: str) -> Member | None:
    if name is None:
        return None
    for member in members:
        if member.name == name:
            return member
    known = ", ".join(member.name for member in members) or "none are configured"
    words = f"There is no member {name!r} to be the {role} (members: {known})."
    raise ChoiceError(words, set_up="Add it to fusion_ui.toml.")


def _selector(chosen: str | None, judge: Member | None) -> SelectorName:
    if chosen is None:
        return "judge-pairs" if judge else "vote"
    for selector in SELECTORS:
        if selector == chosen:
            if selector.startswith("judge") and judge is None:
                words = f"The selector {selector} needs a judge, and there is none."
                raise ChoiceError(words, set_up="Name a member under [judge] in fusion_ui.toml.")
            return selector
    raise ChoiceError(f"There is no selector {chosen!r}. Choose one of: {', '.join(SELECTORS)}.")
