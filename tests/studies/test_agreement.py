"""Agreement against the textbook, against published votes, and on what cannot be computed."""

import csv
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.agreement import Agreement, agreement, agreement_by_contrast
from fusion_ui.studies.protocol import Unit
from fusion_ui.studies.quality import Judged
from tests.studies.support import unit


def judged(rater: str, place: int, winner: str, **fields: str) -> Judged:
    return Judged(rater=rater, unit=place, winner=winner, **fields)  # type: ignore[arg-type]


def test_alpha_is_that_of_krippendorffs_own_example(shared_data: Path) -> None:
    with (shared_data / "open" / "krippendorff_codings.csv").open() as lines:
        columns = zip(*csv.reader(lines), strict=True)
    found = agreement([code for code in column if code] for column in columns)
    assert found.alpha == pytest.approx(0.743421, abs=1e-6)
    assert (found.units, found.ratings) == (11, 40)


def test_alpha_of_a_crowd_is_that_of_independent_libraries(shared_data: Path) -> None:
    with (shared_data / "open" / "llmfao_crowd_votes.csv").open(encoding="utf-8") as lines:
        votes = list(csv.DictReader(lines))
    by_unit: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for vote in votes:
        by_unit[vote["id"]].setdefault(vote["worker"], vote["winner"])  # each pair stands in one order throughout
    found = agreement(list(unit.values()) for unit in by_unit.values())
    assert found.alpha == pytest.approx(0.290595, abs=1e-6)


def test_two_raters_who_agree_half_the_time_on_two_answers_are_near_chance() -> None:
    found = agreement([["a", "a"], ["b", "b"], ["a", "b"], ["b", "a"]])
    assert found.raw == 0.5
    assert found.alpha == pytest.approx(1 - 0.5 / (4 / 7))


def test_e17_what_says_nothing_is_not_a_number() -> None:
    assert agreement([]) == Agreement(units=0, ratings=0, raw=None, alpha=None)
    assert agreement([["a"], ["b"]]) == Agreement(units=0, ratings=0, raw=None, alpha=None)


def test_answers_that_never_vary_agree_and_have_no_alpha() -> None:
    assert agreement([["a", "a"], ["a", "a"]]) == Agreement(units=2, ratings=4, raw=1.0, alpha=None)


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=12))
def test_alpha_is_one_at_most_and_only_when_all_pairs_agree(ratings: list[list[str]]) -> None:
    found = agreement(ratings)
    if found.alpha is not None:
        assert found.alpha <= 1
        assert (found.alpha == 1) == (found.raw == 1)


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=12))
def test_agreement_does_not_depend_on_order_or_on_what_answers_are_called(ratings: list[list[str]]) -> None:
    renamed = [[{"a": "z", "b": "y", "c": "x"}[rating] for rating in reversed(unit)] for unit in reversed(ratings)]
    found, other = agreement(ratings), agreement(renamed)
    assert (found.units, found.ratings, found.raw) == (other.units, other.ratings, other.raw)
    assert found.alpha == pytest.approx(other.alpha)


UNITS: tuple[Unit, ...] = (unit(0), unit(1), unit(2, roles=("fusion", "vote")))


def test_winners_are_compared_by_their_place_in_the_contrast() -> None:
    votes = [judged(rater, place, f"{place}-fusion") for place in (0, 1) for rater in ("ada", "bob")]
    votes += [judged("ada", 2, "2-vote"), judged("bob", 2, "tie")]
    found = agreement_by_contrast(votes, UNITS)
    assert found["fusion", "best"].raw == 1.0
    assert found["fusion", "vote"].raw == 0.0


def test_tie_and_both_bad_are_different_answers() -> None:
    found = agreement_by_contrast([judged("ada", 0, "tie"), judged("bob", 0, "all_bad")], UNITS)
    assert found["fusion", "best"].raw == 0.0


def test_repeats_training_and_skips_are_no_agreement_between_people() -> None:
    votes = [judged("ada", 0, "tie"), judged("ada", 0, "tie", kind="repeat"), judged("bob", 0, "tie", kind="training")]
    votes.append(Judged(rater="eve", unit=0, is_skipped=True))
    assert agreement_by_contrast(votes, UNITS)["fusion", "best"].units == 0


def test_a_hundred_thousand_judgements_are_compared_in_seconds() -> None:
    many = tuple(unit(place) for place in range(20_000))
    votes = [
        judged(f"r{at}", place, "tie" if at % 2 else f"{place}-best") for place in range(20_000) for at in range(5)
    ]
    begun = time.process_time()
    assert agreement_by_contrast(votes, many)["fusion", "best"].raw == pytest.approx(0.4)
    assert time.process_time() - begun < 20
