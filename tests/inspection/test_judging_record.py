"""The judge's record counts as the selector does: both orders agree, or it is no verdict."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.selecting import select_by_pairs
from fusion_ui.engine.values import Judgement, Member, SelectorName
from fusion_ui.engine.view import RunView
from fusion_ui.inspection.judging_record import JudgingRecord, judging_record
from tests.engine.pools import candidate
from tests.inspection.casework import recipe
from tests.ui.boards import drawn, view_of

shown = st.permutations([1, 2, 3, 4]).map(lambda order: tuple(order[:2]))


def judged(*judgements: Judgement, selector: SelectorName = "judge-pairs", judge: Member | None = None) -> RunView:
    return RunView(recipe=recipe(selector=selector, judge=judge or recipe().judge), judgements=judgements)


def said(first: int, second: int, winner: int | None, *, is_readable: bool = True) -> Judgement:
    return Judgement(shown=(first, second), winner=winner, is_readable=is_readable)


def ending(*judgements: Judgement) -> tuple[str, int | None]:
    [pair] = judging_record(judged(*judgements)).pairs
    return pair.verdict, pair.winner


@pytest.mark.parametrize(
    ("judgements", "verdict"),
    [
        ((said(1, 2, 1), said(2, 1, 1)), ("agreed", 1)),
        ((said(2, 1, 2), said(1, 2, 2)), ("agreed", 2)),
        ((said(1, 2, None), said(2, 1, None)), ("tie", None)),
        ((said(1, 2, 1), said(2, 1, 2)), ("flipped", None)),
        ((said(1, 2, 1), said(2, 1, None)), ("flipped", None)),
        ((said(1, 2, 1),), ("incomplete", None)),
        ((said(1, 2, 1), said(2, 1, None, is_readable=False)), ("unreadable", None)),
        ((said(1, 2, None, is_readable=False),), ("unreadable", None)),
    ],
)
def test_a_pair_ends_as_both_orders_do(judgements: tuple[Judgement, ...], verdict: tuple[str, int | None]) -> None:
    assert ending(*judgements) == verdict


def test_both_orders_stand_side_by_side_the_lower_first() -> None:
    [pair] = judging_record(judged(said(3, 1, 3), said(1, 3, 3))).pairs
    assert [(reply.seq, reply.judgement.shown) for reply in pair.replies] == [(2, (1, 3)), (1, (3, 1))]


@st.composite
def whole_pairs(draw: st.DrawFn) -> tuple[Judgement, ...]:
    """Every pair of four in both orders, as chance says it ended."""
    pairs = [(low, high) for high in range(2, 5) for low in range(1, high)]
    judgements = [
        said(*order, draw(st.sampled_from([*pair, None])), is_readable=draw(st.booleans()))
        for pair in pairs
        for order in (pair, pair[::-1])
    ]
    return tuple(draw(st.permutations(judgements)))


@given(whole_pairs())
def test_wins_and_flips_are_those_that_the_selector_counts(judgements: tuple[Judgement, ...]) -> None:
    record: JudgingRecord = judging_record(judged(*judgements))
    selection = select_by_pairs(judgements, Random(1))
    if selection is None:
        assert not any(pair.verdict in ("agreed", "tie") for pair in record.pairs)
        return
    assert record.flips == selection.flips
    net = {each.position: float(each.won - each.lost) for each in record.standings}
    assert all(net[score.position] == score.value for score in selection.scores)


@given(whole_pairs())
def test_nothing_the_judge_said_is_left_out(judgements: tuple[Judgement, ...]) -> None:
    record = judging_record(judged(*judgements))
    assert sorted(reply.seq for reply in record.replies) == list(range(1, len(judgements) + 1))
    for each in record.standings:
        assert each.won + each.lost + each.tied + each.flipped + each.undecided == 3


def test_single_scores_are_no_pairs() -> None:
    record = judging_record(judged(Judgement(shown=(1,), score=7.0), selector="judge-scores"))
    assert (record.mode, record.pairs, len(record.scores)) == ("scores", (), 1)


def test_without_a_judge_there_is_no_record() -> None:
    record = judging_record(RunView(recipe=recipe(selector="vote", judge=None)))
    assert (record.mode, record.replies, record.left_out) == (None, (), ())


def test_what_was_never_judged_is_named() -> None:
    events = [event for at in (1, 2, 9) for event in drawn(candidate(at, "" if at == 2 else "text"))]
    view = view_of(events)
    assert judging_record(RunView(recipe=recipe(), slots=view.slots)).left_out == (2, 9)
