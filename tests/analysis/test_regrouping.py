"""Answers put right by a person: no vote is lost or won by merging, and what nobody touched stays as it was."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.regrouping import FUSION, Regrouping, RegroupingError, regrouped
from fusion_ui.analysis.run_path import run_path
from fusion_ui.engine.values import StopRule
from fusion_ui.engine.view import RunView
from fusion_ui.engine.voting import leader, tally_of
from tests.ui.boards import RECIPE, view_of, whole_run

KEYS = ["40", "45", "50", "1/2", "half"]
answers = st.lists(st.sampled_from([*KEYS, None]), max_size=10)
pairs = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=4)


def ran(given_answers: list[str | None], *, fused: str | None = "45", rule: StopRule | None = None) -> RunView:
    """A run whose draws had these answers, and whose fused text says `fused` as the engine would have judged it."""
    texts = {f"text {at}": answer for at, answer in enumerate(given_answers)}
    recipe = replace(RECIPE, stop=rule or StopRule())
    view = view_of(whole_run(texts, fused_text="All of it.", recipe=recipe))
    voted, fusion = leader(view.tally), view.fusion.fusion
    assert fusion is not None
    told = replace(fusion, answer=fused, contradicts_vote=None not in (fused, voted) and fused != voted)
    return replace(view, fusion=replace(view.fusion, fusion=told))


def acyclic(found: list[tuple[str, str]]) -> dict[str, str]:
    """Aliases in which every key means one that comes later in the list of keys."""
    return {KEYS[low]: KEYS[high] for low, high in (sorted(map(KEYS.index, pair)) for pair in found) if low != high}


@given(answers)
def test_an_empty_regrouping_changes_nothing(given_answers: list[str | None]) -> None:
    view = ran(given_answers)
    assert regrouped(view, Regrouping()) == view


@given(answers)
def test_saying_what_was_read_changes_nothing(given_answers: list[str | None]) -> None:
    view = ran(given_answers)
    same = {each.position: each.answer for each in view.candidates} | {FUSION: "45"}
    assert regrouped(view, Regrouping(aliases={"nobody said": "this"}, answers=same)) == view


@given(answers, pairs, st.dictionaries(st.integers(0, 11), st.sampled_from([*KEYS, None])))
def test_regrouping_twice_is_regrouping_once(
    given_answers: list[str | None], found: list[tuple[str, str]], said: dict[int, str | None]
) -> None:
    regrouping = Regrouping(aliases=acyclic(found), answers=said)
    once = regrouped(ran(given_answers), regrouping)
    assert regrouped(once, regrouping) == once


@given(answers, pairs)
def test_merging_neither_makes_nor_loses_a_vote(given_answers: list[str | None], found: list[tuple[str, str]]) -> None:
    view, regrouping = ran(given_answers), Regrouping(aliases=acyclic(found))
    merged = regrouped(view, regrouping)
    assert (merged.tally.votes, merged.tally.unanswered) == (view.tally.votes, view.tally.unanswered)
    meant = Counter(regrouping.meaning(each.answer) for each in view.candidates if each.answer is not None)
    assert {count.answer: count.count for count in merged.tally.counts} == meant


@given(answers, pairs, st.integers(0, 100))
def test_the_order_of_merges_does_not_matter(
    given_answers: list[str | None], found: list[tuple[str, str]], seed: int
) -> None:
    aliases = acyclic(found)
    shuffled = [*aliases.items()]
    Random(seed).shuffle(shuffled)
    assert Regrouping(aliases=dict(shuffled)) == Regrouping(aliases=aliases)
    view = ran(given_answers)
    step_by_step = view
    for key, end in Regrouping(aliases=aliases).aliases.items():
        step_by_step = regrouped(step_by_step, Regrouping(aliases={key: end}))
    assert step_by_step == regrouped(view, Regrouping(aliases=aliases))


@given(answers, pairs)
def test_tally_path_and_stop_are_those_of_the_answers(
    given_answers: list[str | None], found: list[tuple[str, str]]
) -> None:
    merged = regrouped(ran(given_answers), Regrouping(aliases=acyclic(found)))
    assert merged.tally == tally_of(merged.candidates)
    assert len(merged.path) == len(merged.candidates)
    assert [step.bayes_factor for step in run_path(merged).steps] == [each.bayes_factor for each in merged.path]


@given(pairs)
def test_keys_in_a_circle_are_refused_and_others_are_not(found: list[tuple[str, str]]) -> None:
    aliases = dict(found)
    key_by_start = {}
    for start in aliases:
        key = start
        for _ in aliases:
            key = aliases.get(key, key)
        key_by_start[start] = key
    if any(end in aliases for end in key_by_start.values()):
        with pytest.raises(RegroupingError, match="in a circle"):
            Regrouping(aliases=aliases)
    else:
        assert Regrouping(aliases=aliases).aliases == key_by_start


def test_a_circle_is_named_step_by_step() -> None:
    with pytest.raises(RegroupingError, match="“b” → “a” → “b”") as refusal:
        Regrouping(aliases={"x": "b", "b": "a", "a": "b"})
    assert "“x”" not in str(refusal.value)


def test_a_chain_of_ten_thousand_aliases_is_followed_to_its_end() -> None:
    chain = Regrouping(aliases={str(at): str(at + 1) for at in range(10_000)})
    assert {chain.meaning(str(at)) for at in (0, 5_000, 9_999)} == {"10000"}


def test_merging_lets_the_rule_stop_earlier() -> None:
    view = ran(["1/2", "half", "1/2", "half", "1/2"], rule=StopRule(name="asc", threshold=0.9))
    assert run_path(view).stopped_at is None
    assert run_path(regrouped(view, Regrouping(aliases={"half": "1/2"}))).stopped_at == 3


def test_a_person_may_take_an_answer_away_or_give_one() -> None:
    given_anew = regrouped(ran(["40", None]), Regrouping(answers={1: None, 2: "45"}))
    assert [each.answer for each in given_anew.candidates] == [None, "45"]
    assert (leader(given_anew.tally), given_anew.tally.unanswered) == ("45", (1,))


def test_only_an_answer_that_was_read_keeps_its_place_in_the_text() -> None:
    view = ran(["40", "40"])
    read = [replace(slot, candidate=replace(slot.candidate, answer_start=0, answer_end=2)) for slot in view.slots]  # type: ignore[type-var]
    corrected = regrouped(replace(view, slots=tuple(read)), Regrouping(aliases={"40": "forty"}, answers={2: "45"}))
    assert [(each.answer_start, each.answer_end) for each in corrected.candidates] == [(0, 2), (None, None)]


@pytest.mark.parametrize(
    ("regrouping", "contradicts"),
    [
        (Regrouping(), True),
        (Regrouping(aliases={"45": "40"}), False),
        (Regrouping(answers={FUSION: "40"}), False),
        (Regrouping(answers={FUSION: None}), False),
        (Regrouping(answers={1: "45", 2: "45"}), False),
    ],
)
def test_whether_fusion_contradicts_the_vote_is_asked_anew(regrouping: Regrouping, contradicts: bool) -> None:
    fusion = regrouped(ran(["40", "40", "45"]), regrouping).fusion.fusion
    assert fusion is not None
    assert fusion.contradicts_vote is contradicts


@pytest.mark.parametrize(
    ("answer", "gold", "is_right"),
    [("1/2", "0.50", True), ("half", "50%", True), ("1/2", "half", True), ("40", "1/2", False), (None, "40", False)],
)
def test_an_answer_is_right_if_one_of_its_writings_is(answer: str | None, gold: str, is_right: bool) -> None:
    assert Regrouping(aliases={"half": "1/2"}).is_right(answer, gold) is is_right
