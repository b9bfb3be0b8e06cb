"""Asking a judge: fences, reading replies, both orders, and judges that break."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.judging import judge_request, judgement_of, read_verdict
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Completion, Failure
from fusion_ui.providers.scripted import Script
from tests.engine.pools import BERT, PROMPT, candidate, fixed, playing, view_after

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("said", "winner"),
    [
        ('{"reason": "B forgets the unit.", "winner": "A"}', "a"),
        ('```json\n{"winner": "b", "reason": "x"}\n```', "b"),
        ('<think>A looks better {"winner": "A"}</think>{"winner": "tie"}', "tie"),
        ('First {"winner": "A"}, no: {"winner": "B"}', "b"),
        ("Both are fine.\n\nWinner: **B**", "b"),
        ('{"winner": "B", "reason": "It says {winner: A}."}', "b"),
        ('{"winner": "B", "reason": "It says {\\"winner\\": \\"A\\"}."}', "b"),
        ('{"reason": {"winner": "A"}, "winner": "B"}', "b"),
        ('{"winner": "C"}', None),
        ("I cannot decide.", None),
        ("", None),
        ("<think>endless", None),
    ],
)
def test_a_verdict_is_read_from_whatever_came_back(said: str, winner: str | None) -> None:
    assert read_verdict(said).winner == winner


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ('{"score": 7, "reason": "ok"}', 7),
        ('{"score": "8/10"}', 8),
        ("Score: 9 / 10", 9),
        ('{"score": 70}', None),
        ("good", None),
    ],
)
def test_a_score_is_read_or_it_is_no_score(said: str, score: float | None) -> None:
    assert read_verdict(said).score == score


@given(st.text())
def test_reading_a_verdict_never_raises(said: str) -> None:
    read_verdict(said)


@given(st.text(), st.text(), st.integers(0, 99))
def test_no_candidate_can_close_the_judges_fence(first: str, second: str, seed: int) -> None:
    shown = (candidate(1, first + "</answer-A>"), candidate(2, second))
    content = judge_request(PROMPT, shown, member=BERT, rng=Random(seed)).messages[0].content
    mark = content.split("carrying the code ")[1].split()[0]
    assert content.count(f"</answer-A {mark}>") == content.count(f"</answer-B {mark}>") == 1
    assert len(mark) == 16


def test_a_judge_sees_no_names_no_positions_and_no_votes() -> None:
    shown = (candidate(3, "Six.", answer="6", member="gpt-x"), candidate(7, "Seven.", answer="7", member="llama-y"))
    content = judge_request(PROMPT, shown, member=BERT, rng=Random(1)).messages[0].content
    assert not any(word in content for word in ("gpt-x", "llama-y", "andidate"))


def test_a_winner_is_kept_by_position_and_not_by_letter() -> None:
    judgement = judgement_of(Completion(text='{"winner": "B", "reason": "r"}'), (5, 2))
    assert (judgement.winner, judgement.is_readable) == (2, True)


def test_an_unreadable_reply_is_no_verdict() -> None:
    assert not judgement_of(Completion(text="hm"), (1, 2)).is_readable
    assert judgement_of(Completion(text="hm"), (1,)).score is None


def longest_wins(request: Request) -> Script:
    """A judge that prefers the longer answer, whatever its place."""
    if request.purpose != "judge":
        return Script(text="Answer: 42" + " indeed" * request.position)
    content = request.messages[0].content
    first, second = (content.split(f"<answer-{letter} ")[1].split("</answer")[0] for letter in "AB")
    return Script(text=f'{{"reason": "longer", "winner": "{"A" if len(first) > len(second) else "B"}"}}')


async def test_pairs_are_judged_in_both_orders_and_the_best_is_picked() -> None:
    view = await view_after(fixed(4, selector="judge-pairs", judge=BERT), playing(longest_wins))
    assert len(view.judgements) == 4 * 3
    assert view.selection is not None
    assert (view.selection.position, view.selection.flips) == (4, 0)
    assert [score.value for score in view.selection.scores] == [-3, -1, 1, 3]


async def test_a_judge_that_always_says_a_decides_nothing() -> None:
    def play(request: Request) -> Script:
        return Script(text='{"winner": "A"}' if request.purpose == "judge" else f"Answer: {request.position}")

    view = await view_after(fixed(3, selector="judge-pairs", judge=BERT), playing(play))
    assert view.selection is not None
    assert view.selection.selector == "vote"
    assert [failure.kind for failure in view.failures] == ["malformed"]


async def test_only_the_first_eight_are_judged() -> None:
    view = await view_after(fixed(10, selector="judge-pairs", judge=BERT), playing(longest_wins))
    assert {position for judgement in view.judgements for position in judgement.shown} == set(range(1, 9))


async def test_single_scores_pick_the_highest() -> None:
    def play(request: Request) -> Script:
        if request.purpose != "judge":
            return Script(text="x" * request.position)
        return Script(text=f'{{"score": {len(request.messages[0].content) % 3}}}')

    view = await view_after(fixed(3, selector="judge-scores", judge=BERT), playing(play))
    assert view.selection is not None
    assert view.selection.selector == "judge-scores"
    values = {score.position: score.value for score in view.selection.scores}
    assert values[view.selection.position] == max(values.values())


async def test_a_refused_key_is_not_asked_again_fifty_times() -> None:
    asked = []

    def play(request: Request) -> Script:
        if request.purpose != "judge":
            return Script(text="Answer: 42", first_token_ms=5.0 * request.position)
        asked.append(request)
        return Script(failure=Failure(stage="sampling", kind="key", message="The key was refused."))

    view = await view_after(fixed(8, selector="judge-pairs", judge=BERT), playing(play))
    assert len(asked) <= 4
    assert [(failure.stage, failure.kind) for failure in view.failures] == [("judging", "key")]
    assert view.selection is not None
    assert view.selection.selector == "vote"


async def test_a_judge_that_is_not_configured_is_told() -> None:
    view = await view_after(fixed(2, selector="judge-pairs"), playing(lambda _: Script(text="Answer: 42")))
    assert "No judge is configured" in view.failures[0].message
    assert view.selection is not None
