"""From choices to recipes, and refusals in plain words."""

import pytest

from fusion_ui.engine.values import Member
from fusion_ui.recipes import ChoiceError, Choices, recipe_of
from fusion_ui.settings import MemberSettings, RoleSettings, RunSettings, Settings

MEMBERS = (Member(name="a", model="x/a"), Member(name="b", model="x/b"))
CONFIGURED = tuple(MemberSettings(name=member.name, model=member.model) for member in MEMBERS)


def recipe(settings: Settings | None = None, **choices: object):  # type: ignore[no-untyped-def]
    return recipe_of(Choices(**choices), members=MEMBERS, settings=settings or Settings())  # type: ignore[arg-type]


def test_choices_left_open_follow_the_settings() -> None:
    settings = Settings(
        members=CONFIGURED,
        judge=RoleSettings(member="b"),
        fusor=RoleSettings(member="a"),
        run=RunSettings(preset="careful", n=7, budget_usd=0.5),
    )
    made = recipe(settings)
    assert (made.stop.threshold, made.limits.cap, made.limits.cost_usd) == (100, 7, 0.5)
    assert (made.selector, made.judge, made.fusor_kind, made.fusor) == ("judge-pairs", MEMBERS[1], "model", MEMBERS[0])


def test_nothing_configured_is_all_offline() -> None:
    made = recipe()
    assert (made.selector, made.judge, made.fusor_kind, made.fusor) == ("vote", None, "extractive", None)


def test_a_seed_is_kept() -> None:
    assert recipe(seed=7).seed == 7


def test_a_fixed_preset_takes_all_its_draws() -> None:
    made = recipe(preset="fixed", n=5)
    assert (made.stop.name, made.stop.threshold, made.limits.cap) == ("fixed", 5, 5)


def test_the_answer_line_is_asked_for_unless_switched_off() -> None:
    assert "Answer:" in recipe().system
    assert recipe(Settings(run=RunSettings(ask_for_answer_line=False))).system == ""


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"members": ("a", "zed")}, "no member 'zed'"),
        ({"preset": "hasty"}, "no stop preset 'hasty'"),
        ({"selector": "dice"}, "no selector 'dice'"),
        ({"selector": "judge-pairs"}, "needs a judge"),
        ({"fusor": "nobody"}, "no member 'nobody' to be the fusor"),
        ({"n": 0}, "between 1 and 100"),
        ({"n": 101}, "between 1 and 100"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(choices: dict[str, object], words: str) -> None:
    with pytest.raises(ChoiceError, match=words):
        recipe(**choices)
