"""From choices to recipes, and refusals in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.values import Member
from fusion_ui.recipes import ChoiceError, Choices, parse_weights, recipe_of
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


@pytest.mark.parametrize(
    ("asked", "configured", "is_public", "given"),
    [
        (9.0, 0.5, True, 0.5),
        (0.1, 0.5, True, 0.1),
        (None, 0.5, True, 0.5),
        (9.0, None, True, 9.0),
        (9.0, 0.5, False, 9.0),
    ],
)
def test_strangers_may_choose_a_smaller_budget_than_the_configured_one_only(
    asked: float | None, configured: float | None, is_public: bool, given: float
) -> None:
    settings = Settings(run=RunSettings(budget_usd=configured), public=is_public)
    assert recipe(settings, budget_usd=asked).limits.cost_usd == given


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


def asked(**choices: object) -> list[tuple[str, float]]:
    return [(member.name, member.weight) for member in recipe(**choices).members]


def test_weights_are_relative() -> None:
    assert asked(weights={"a": 7, "b": 3}) == asked(weights={"a": 0.7, "b": 0.3}) == [("a", 0.7), ("b", 0.3)]


def test_weights_alone_say_who_is_asked() -> None:
    assert asked(weights={"b": 2.0}) == [("b", 1.0)]


def test_a_weight_of_zero_leaves_a_member_out() -> None:
    assert asked(weights={"a": 0, "b": 2}, members=("a", "b")) == [("b", 1.0)]
    assert asked(weights={"a": 0, "b": 2}, members=("b",)) == [("b", 1.0)]


def test_no_weights_leave_the_configured_ones() -> None:
    assert asked(weights={}) == asked(weights=None) == [("a", 1.0), ("b", 1.0)]


@given(st.lists(st.floats(0, 1.7e308), min_size=2, max_size=2).filter(any))
def test_weights_of_any_size_come_to_one(weights: list[float]) -> None:
    made = asked(weights=dict(zip("ab", weights, strict=True)))
    assert sum(weight for _, weight in made) == pytest.approx(1.0, abs=1e-9)
    assert all(weight > 0 for _, weight in made)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"weights": {"zed": 1.0}}, "no member 'zed'"),
        ({"weights": {"a": 1.0, "zed": 0.0}}, "no member 'zed'"),
        ({"weights": {"a": -1.0}}, "weight of a is -1: it must be zero or a positive number"),
        ({"weights": {"a": float("nan"), "b": 1.0}}, "weight of a is nan"),
        ({"weights": {"a": float("inf")}}, "weight of a is inf"),
        ({"weights": {"a": 0.0, "b": 0.0}}, "All weights are zero"),
        ({"weights": {"a": 1.0}, "members": ("a", "b")}, "none for b: give one, or 0"),
        ({"weights": {"a": 1.0, "b": 1.0}, "members": ("a",)}, "Not asked but given a weight: b"),
    ],
)
def test_weights_that_do_not_fit_are_refused_in_plain_words(choices: dict[str, object], words: str) -> None:
    with pytest.raises(ChoiceError, match=words):
        recipe(**choices)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("gpt 0.7, llama 0.3", {"gpt": 0.7, "llama": 0.3}),
        ("gpt=0.7,llama=0.3", {"gpt": 0.7, "llama": 0.3}),
        ("gpt:0.7,llama:0.3", {"gpt": 0.7, "llama": 0.3}),
        ("qwen2.5:7b 2, my own model : 1e-1,", {"qwen2.5:7b": 2.0, "my own model": 0.1}),
        ("Mixtral, large 1", {"Mixtral, large": 1.0}),
        (" \n", None),
    ],
)
def test_weights_are_read_as_people_and_addresses_write_them(text: str, weights: dict[str, float] | None) -> None:
    assert parse_weights(text) == weights


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gpt", "'gpt' is no name with a weight"),
        ("gpt 0,7", "'7' is no name with a weight"),
        ("gpt much", "'much' is no weight for gpt"),
        ("gpt 1, gpt 2", "gpt is given two weights"),
        ("=0.5", "no name with a weight"),
        ("gpt 1, " * 600, "at most 4000 are taken"),
    ],
)
def test_weights_that_cannot_be_read_are_refused_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(ChoiceError, match=words):
        parse_weights(text)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9. -]{0,8}[a-z]", fullmatch=True), st.floats(0, 1e9), min_size=1))
def test_weights_written_out_are_read_back(weights: dict[str, float]) -> None:
    assert parse_weights(", ".join(f"{name} {weight!r}" for name, weight in weights.items())) == weights


@given(st.text(alphabet="ab01.,:= \n-", max_size=60))
def test_no_text_breaks_the_reading_of_weights(text: str) -> None:
    try:
        read = parse_weights(text)
    except ChoiceError:
        return
    assert read is None or all(name.strip() == name != "" for name in read)
