"""How many more judgements, and of what: plans that come true, and what is said where too little is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.contrasts import contrasts
from fusion_ui.analysis.preference.planning import ASSUMED_EFFECT, Plan, plan
from tests.analysis.preference.simulation import Setting, World, study
from tests.analysis.preference.votes import all_say, is_plain, studies

TWO = World(scores=(0.3, -0.3))


def planned(setting: Setting, *, world: World = TWO, seed: int = 1, width: float = 0.05) -> Plan:
    return plan(study(world, setting, seed=seed), first="a", second="b", width=width)


def test_what_it_is_now_is_the_contrast_s_own_half_width() -> None:
    votes = study(TWO, Setting(prompts=60, raters=8), seed=1)
    (contrast,) = contrasts(votes)
    now = plan(votes, first="a", second="b")
    assert now.half_width == pytest.approx((contrast.rate.high - contrast.rate.low) / 2)


def test_the_parts_of_the_variance_are_shares_of_it() -> None:
    parts = planned(Setting(prompts=60, raters=8)).components
    assert min(parts.prompts, parts.raters, parts.votes) >= 0
    assert parts.prompts + parts.raters + parts.votes == pytest.approx(1)


@pytest.mark.parametrize(
    ("world", "setting", "add"),
    [
        (World(scores=(0.3, -0.3), rater_sd=1.5, prompt_sd=0.1), Setting(prompts=100, raters=6), "raters"),
        (
            World(scores=(0.3, -0.3), rater_sd=0.0, prompt_sd=2.0),
            Setting(prompts=30, raters=30, per_prompt=12),
            "prompts",
        ),
        (World(scores=(0.3, -0.3), rater_sd=0.0, prompt_sd=0.0), Setting(prompts=60, raters=40), "votes"),
    ],
)
def test_what_to_add_is_what_differs_most(world: World, setting: Setting, add: str) -> None:
    assert planned(setting, world=world).add == add


def followed(setting: Setting, found: Plan) -> Setting:
    """The setting once the judgements that the plan asks for are in."""
    grown = 1 + found.more_judgements / (setting.prompts * setting.per_prompt)
    prompts, raters, per_prompt = {
        "prompts": (grown, 1.0, 1.0),
        "raters": (1.0, grown, grown),
        "votes": (1.0, 1.0, grown),
        "nothing": (1.0, 1.0, 1.0),
    }[found.add]
    return Setting(
        prompts=round(setting.prompts * prompts),
        raters=round(setting.raters * raters),
        per_prompt=round(setting.per_prompt * per_prompt),
    )


@pytest.mark.parametrize(
    ("setting", "width"),
    [(Setting(prompts=60, raters=30), 0.06), (Setting(prompts=100, raters=12), 0.07)],
)
def test_a_plan_followed_reaches_its_width(setting: Setting, width: float) -> None:
    plans = [planned(setting, seed=seed, width=width) for seed in range(25)]
    single = [each for each in plans if "neither alone" not in each.words]
    reached = [
        planned(followed(setting, each), seed=seed + 100, width=width).half_width for seed, each in enumerate(single)
    ]
    assert len(single) > 12
    assert np.median(reached) == pytest.approx(width, rel=0.15)


@given(st.floats(0.02, 0.2), st.floats(0.02, 0.2))
def test_a_wider_interval_never_takes_more(one: float, other: float) -> None:
    votes = study(TWO, Setting(prompts=20, raters=5), seed=2)
    few, many = (
        plan(votes, first="a", second="b", width=width).more_judgements for width in (max(one, other), min(one, other))
    )
    assert many is None or (few is not None and few <= many)


def test_a_width_that_is_reached_asks_for_nothing() -> None:
    found = planned(Setting(prompts=200, raters=30), width=0.2)
    assert (found.add, found.more_judgements) == ("nothing", 0)


def test_a_width_out_of_reach_is_said_to_be() -> None:
    found = planned(Setting(prompts=60, raters=8), width=1e-5)
    assert found.more_judgements is None
    assert "Not even a million" in found.words


def test_raters_alone_are_never_asked_where_each_prompt_was_judged_once() -> None:
    for seed in range(5):
        found = planned(Setting(prompts=200, raters=10, per_prompt=1), seed=seed)
        assert "raters for the same prompts" not in found.words
        assert "by the same raters" not in found.words


@pytest.mark.parametrize("setting", [Setting(prompts=9, raters=4), Setting(prompts=10, raters=3)])
def test_few_prompts_or_raters_assume_a_design_effect_and_say_so(setting: Setting) -> None:
    found = planned(setting)
    assert (found.is_assumed, found.design_effect, found.components) == (True, ASSUMED_EFFECT, None)
    assert found.add == ("prompts" if setting.prompts < 10 else "raters")
    assert "With fewer than 10 prompts and 4 raters" in found.words
    assert "assumed" in found.words


def test_ten_prompts_and_four_raters_show_how_far_these_differ() -> None:
    found = planned(Setting(prompts=10, raters=4))
    assert not found.is_assumed
    assert found.components is not None
    assert "assumed" not in found.words


def test_votes_that_all_say_the_same_are_not_taken_for_certainty() -> None:
    found = plan(all_say(Outcome.FIRST, prompts=10, raters=4), first="a", second="b", width=0.01)
    assert found.is_assumed
    assert found.half_width > 0
    assert "say the same" in found.words


def test_before_the_first_judgement_a_coin_is_planned_for() -> None:
    found = plan(all_say(Outcome.FIRST, prompts=1, raters=1), first="c", second="d")
    assert (found.half_width, found.more_judgements) == (None, 1153)  # 3 * (1.96 / 2 / 0.05) ** 2


def test_power_allows_for_ties_and_for_the_design() -> None:
    votes = all_say(Outcome.TIE, prompts=3, raters=3)
    outcome = np.array([0, 0, 2, 1, 1, 1, 0, 1, 1], dtype=np.int32)
    found = plan(replace(votes, outcome=outcome), first="a", second="b")
    assert found.votes_for_power == 237  # 35 decisive votes, of which four in nine are, three times over
    assert plan(votes, first="a", second="b").votes_for_power is None


@pytest.mark.parametrize("width", [0.0, -1.0, 0.5, float("nan")])
def test_a_width_that_is_none_is_refused(width: float) -> None:
    with pytest.raises(ValueError, match="half-width"):
        planned(Setting(prompts=9, raters=3), width=width)


@given(studies)
def test_whatever_was_judged_there_is_a_plan(comparisons: Comparisons) -> None:
    found = plan(comparisons, first="system 0", second="system 1")
    assert is_plain(found)
    assert found.words
