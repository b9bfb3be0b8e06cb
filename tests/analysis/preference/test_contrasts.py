"""One system against another."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.comparisons import Comparisons, Outcome
from fusion_ui.analysis.preference.contrasts import Contrast, by_group, contrasts, holm, sign_test
from fusion_ui.analysis.preference.estimates import Estimate
from fusion_ui.analysis.preference.win_rates import win_rate
from tests.analysis.preference.votes import all_say, drawn, is_plain, relabelled, studies, turned, votes

WIN, TIE, LOSS, BAD = Outcome.FIRST, Outcome.TIE, Outcome.SECOND, Outcome.BOTH_BAD


def mirrored(contrast: Contrast) -> Contrast:
    """What the same votes must say from the other side."""

    def turned_round(estimate: Estimate, total: float) -> Estimate:
        return replace(estimate, value=total - estimate.value, low=total - estimate.high, high=total - estimate.low)

    return replace(
        contrast,
        first=contrast.second,
        second=contrast.first,
        wins=contrast.losses,
        losses=contrast.wins,
        rate=turned_round(contrast.rate, 1.0),
        difference=turned_round(contrast.difference, 0.0),
    )


def told(found: Iterable[Contrast]) -> dict[str, float | int | str | None]:
    """All that contrasts say but for the decisive votes as they are, flat."""
    flat = {}
    for place, each in enumerate(found):
        for estimate in (each.rate, each.difference):
            flat |= {f"{place} {estimate is each.rate} {name}": value for name, value in asdict(estimate).items()}
        flat |= {
            f"{place} {name}": value for name, value in asdict(each).items() if not isinstance(value, dict | tuple)
        }
    return flat


def test_counts_and_rate_of_a_small_study_are_those_counted_by_hand() -> None:
    study = votes(
        ("a", "b", WIN, 0, 0),
        ("b", "a", WIN, 0, 1),
        ("a", "b", TIE, 1, 0),
        ("b", "a", BAD, 1, 1),
        ("b", "a", LOSS, 2, 0),
    )
    (found,) = contrasts(study)
    assert (found.first, found.second) == ("a", "b")
    assert (found.wins, found.ties, found.losses, found.both_bad) == (2, 1, 1, 1)
    assert (found.units, found.prompts, found.raters, found.judgements) == (3, 3, 2, 5)
    assert (found.rate.value, found.difference.value) == (pytest.approx(0.6), pytest.approx(1 / 3))
    assert found.votes[:3] == (2, 3, pytest.approx(2 / 3))
    assert (found.sign_p, found.holm_p) == (1.0, 1.0)


def test_a_ranking_is_one_judgement_of_many_pairs() -> None:
    study = replace(
        votes(("a", "b", WIN, 0, 0), ("a", "c", WIN, 0, 0), ("b", "c", WIN, 0, 0), ("a", "b", WIN, 1, 0)),
        judgement=np.array([5, 5, 5, 8], dtype=np.int32),
    )
    assert [(each.judgements, each.units) for each in contrasts(study)] == [(2, 2), (1, 1), (1, 1)]


@given(studies)
def test_the_other_side_sees_the_mirror_image(comparisons: Comparisons) -> None:
    found = contrasts(comparisons)
    swapped = contrasts(comparisons, pairs=[(each.second, each.first) for each in found])
    assert told(swapped) == pytest.approx(told(map(mirrored, found)), abs=1e-9)


@given(studies)
def test_which_side_was_written_first_does_not_matter(comparisons: Comparisons) -> None:
    assert told(contrasts(turned(comparisons))) == pytest.approx(told(contrasts(comparisons)), abs=1e-9)


@given(st.integers(0, 99), st.permutations(range(4)))
def test_relabelling_permutes_the_contrasts(seed: int, order: Sequence[int]) -> None:
    straight = contrasts(drawn(60, seed))
    asked = [(each.first, each.second) for each in straight]
    changed = contrasts(relabelled(drawn(60, seed), order), pairs=asked)
    assert told(changed) == pytest.approx(told(straight), abs=1e-9)


@given(studies)
def test_no_number_is_undefined_and_every_interval_holds_its_value(comparisons: Comparisons) -> None:
    found = contrasts(comparisons)
    assert is_plain(found)
    json.dumps([asdict(each) for each in found], allow_nan=False)
    for estimate in (each for contrast in found for each in (contrast.rate, contrast.difference)):
        assert estimate.low - 1e-12 <= estimate.value <= estimate.high + 1e-12
        assert estimate.low < estimate.high


@given(st.integers(0, 99))
def test_a_contrast_s_rate_is_the_win_rate_of_its_rows(seed: int) -> None:
    comparisons = drawn(80, seed, prompts=20)
    for each in contrasts(comparisons):
        alone = win_rate(comparisons.between(each.first, each.second))
        assert asdict(each.rate) == pytest.approx(asdict(alone), abs=1e-12)


def test_saying_everything_twice_adds_no_certainty_about_prompts_and_raters() -> None:
    once = drawn(200, 4, systems=2, prompts=30, raters=8)
    (one,), (two,) = contrasts(once), contrasts(once.taken(np.tile(np.arange(200), 2)))
    assert two.rate.value == pytest.approx(one.rate.value)
    assert two.rate.se == pytest.approx(one.rate.se)
    assert two.difference.se == pytest.approx(one.difference.se)
    assert two.sign_p < one.sign_p


def test_the_difference_counts_every_prompt_the_same() -> None:
    much = [("a", "b", WIN, 0, rater) for rater in range(9)]
    (found,) = contrasts(votes(*much, *(("a", "b", LOSS, prompt, 0) for prompt in range(1, 5))))
    assert found.rate.value == pytest.approx(9 / 13)
    assert found.difference.value == pytest.approx((1 - 4) / 5)


def test_only_pairs_that_were_asked_for_and_compared_are_answered_and_once() -> None:
    study = votes(("a", "b", WIN, 0, 0), ("c", "b", WIN, 0, 0))
    asked = [("b", "c"), ("a", "c"), ("c", "b"), ("b", "a"), ("a", "nobody"), ("a", "a")]
    assert [(each.first, each.second) for each in contrasts(study, pairs=asked)] == [("b", "c"), ("b", "a")]
    assert contrasts(study, pairs=[]) == contrasts(votes()) == ()


def test_a_system_against_itself_is_no_contrast() -> None:
    assert contrasts(votes(("a", "a", WIN, 0, 0))) == ()


def test_one_vote_describes_itself_only() -> None:
    (found,) = contrasts(votes(("a", "b", WIN, 0, 0)))
    assert found.rate.basis == found.difference.basis == "these votes only"
    assert (found.rate.low, found.rate.high) == pytest.approx((0.206549, 1.0), abs=1e-6)  # Wilson, 1 of 1
    assert found.is_preliminary
    assert "Preliminary" in found.note


@pytest.mark.parametrize(("outcome", "rate"), [(WIN, 1.0), (TIE, 0.5), (BAD, 0.5), (LOSS, 0.0)])
def test_votes_that_all_say_the_same_leave_doubt(outcome: Outcome, rate: float) -> None:
    (found,) = contrasts(all_say(outcome, prompts=20, raters=4))
    assert found.rate.value == rate
    assert found.rate.high - found.rate.low > 0.4
    assert found.difference.high - found.difference.low > 0.8


def test_without_a_decisive_vote_there_is_no_sign_test() -> None:
    (found,) = contrasts(all_say(TIE, prompts=6, raters=4))
    assert (found.sign_p, found.holm_p, found.votes.share) == (None, None, None)
    assert "no sign test" in found.note


def test_one_rater_on_many_prompts_speaks_of_this_rater_only() -> None:
    (found,) = contrasts(drawn(100, 1, systems=2, prompts=30, raters=1))
    assert (found.rate.basis, found.rate.df) == ("prompts", found.prompts - 1)
    assert "this rater only" in found.rate.note


def test_a_study_is_preliminary_below_five_prompts_or_twenty_judgements() -> None:
    flags = [contrasts(all_say(WIN, prompts=p, raters=r))[0].is_preliminary for p, r in ((4, 9), (5, 3), (5, 4))]
    assert flags == [True, True, False]


def test_the_level_widens_every_interval() -> None:
    study = drawn(300, 2, systems=2, prompts=30, raters=6)
    (usual,), (wide,) = contrasts(study), contrasts(study, level=0.99)
    for one, other in ((usual.rate, wide.rate), (usual.difference, wide.difference), (usual.votes, wide.votes)):
        assert other.low < one.low < one.high < other.high


def test_prompts_that_differ_make_the_interval_wider_than_that_of_votes() -> None:
    (found,) = contrasts(drawn(2000, 3, systems=2, prompts=20, raters=10, prompt_sd=1.5))
    assert found.rate.high - found.rate.low > 2 * (found.votes.high - found.votes.low)


@pytest.mark.parametrize(
    ("wins", "losses", "p"), [(8, 2, 0.109375), (10, 0, 0.001953125), (3, 3, 1.0), (1, 0, 1.0), (0, 0, None)]
)
def test_the_sign_test_is_exact(wins: int, losses: int, p: float | None) -> None:
    assert sign_test(wins, losses) == pytest.approx(p, abs=1e-12)
    assert sign_test(losses, wins) == sign_test(wins, losses)


def test_every_pair_tells_its_own_chance_beside_the_one_held_against_all_pairs() -> None:
    found = contrasts(drawn(120, 2, systems=4, prompts=20, raters=4))
    alone = [sign_test(each.wins, each.losses) for each in found]
    assert [each.sign_p for each in found] == alone
    assert [each.holm_p for each in found] == list(holm(alone)) != alone


def test_the_published_position_bias_has_the_published_probability() -> None:
    assert sign_test(2911, 2549) == pytest.approx(1.02e-06, rel=5e-3)


def test_holm_holds_each_test_against_those_not_yet_settled() -> None:
    assert holm([0.01, None, 0.04, 0.03]) == pytest.approx([0.03, None, 0.06, 0.06])
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1) | st.none(), max_size=9))
def test_holm_never_lowers_and_keeps_the_order(chances: list[float | None]) -> None:
    known = sorted(pair for pair in zip(chances, holm(chances), strict=True) if pair[0] is not None)
    assert all(chance <= held <= min(1.0, chance * len(known)) + 1e-12 for chance, held in known)
    assert [held for _, held in known] == sorted(held for _, held in known)


def test_each_group_has_the_contrast_of_its_own_rows() -> None:
    study = drawn(300, 6, systems=3, prompts=30, raters=6)
    groups = (study.prompt % 4 - 1).astype(np.int32)
    names, (first, second) = ("even", "odd", "third", "nobody"), study.systems[:2]
    found = by_group(study, groups, names, first=second, second=first)
    assert [each.name for each in found] == ["even", "odd", "third"]
    for place, each in enumerate(found):
        (alone,) = contrasts(study.taken(groups == place), pairs=[(second, first)])
        assert each.rate == alone.rate
        shared = "wins ties losses both_bad judgements prompts".split()
        assert [getattr(each, name) for name in shared] == [getattr(alone, name) for name in shared]


def test_groups_of_strangers_and_of_nothing_have_no_rate() -> None:
    study = votes(("a", "b", WIN, 0, 0))
    here = np.zeros(1, dtype=np.int32)
    assert by_group(study, here, ["x"], first="a", second="nobody") == ()
    assert by_group(study, here, ["x"], first="a", second="c") == ()
    assert by_group(study, here + 7, ["x"], first="a", second="b") == ()
    assert by_group(votes(), here[:0], [], first="a", second="b") == ()
