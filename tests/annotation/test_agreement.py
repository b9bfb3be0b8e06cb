"""Agreement of a running study: which judgements it is of, that it is the analysis's own, and what has none."""

import random
import time
from typing import Any

import numpy as np
import pytest

from fusion_ui.analysis.preference.agreement import agreement
from fusion_ui.annotation.agreement import agreement_by_contrast, agreement_results
from fusion_ui.studies.protocol import Protocol, Study, Unit
from fusion_ui.studies.quality import Judged
from tests.studies.support import unit

UNITS: tuple[Unit, ...] = (unit(0), unit(1), unit(2, roles=("fusion", "vote")))
TRIPLE: tuple[Unit, ...] = tuple(unit(place, roles=("fusion", "best", "vote")) for place in range(8))


def judged(rater: str, place: int, winner: str, **fields: str) -> Judged:
    return Judged(rater=rater, unit=place, winner=winner, **fields)  # type: ignore[arg-type]


def told(votes: list[Judged], units: tuple[Unit, ...]) -> dict[str, Any]:
    study = Study(id="study", protocol=Protocol(title="Which?"), units=units, created_at="2026-01-01T00:00:00Z")
    (row,) = agreement_results(votes, study)
    return row


def test_winners_are_compared_by_their_place_in_the_contrast() -> None:
    votes = [judged(rater, place, f"{place}-fusion") for place in (0, 1) for rater in ("ada", "bob")]
    votes += [judged("ada", 2, "2-vote"), judged("bob", 2, "tie")]
    found = agreement_by_contrast(votes, UNITS)
    assert found["fusion", "best"].raw == 1.0
    assert found["fusion", "vote"].raw == 0.0


def test_tie_and_both_bad_are_different_answers() -> None:
    found = agreement_by_contrast([judged("ada", 0, "tie"), judged("bob", 0, "all_bad")], UNITS)
    assert found["fusion", "best"].raw == 0.0


def test_the_third_of_three_is_an_answer_of_its_own() -> None:
    winners = ("fusion", "best", "vote")
    votes = [judged(rater, at, f"{at}-{winners[at % 3]}") for at in range(8) for rater in ("ada", "bob")]
    assert agreement_by_contrast(votes, TRIPLE)["fusion", "best", "vote"].alpha.value == 1.0
    votes += [judged("eve", at, "tie") for at in range(8)] + [judged("dan", at, "all_bad") for at in range(8)]
    assert agreement_by_contrast(votes, TRIPLE)["fusion", "best", "vote"].raw == pytest.approx(1 / 6)


def test_repeats_training_and_skips_are_no_agreement_between_people() -> None:
    votes = [judged("ada", 0, "tie"), judged("ada", 0, "tie", kind="repeat"), judged("bob", 0, "tie", kind="training")]
    votes.append(Judged(rater="eve", unit=0, is_skipped=True))
    assert agreement_by_contrast(votes, UNITS)["fusion", "best"].units == 0


def test_alpha_and_its_interval_are_those_of_the_analysis() -> None:
    rng, many = random.Random(5), tuple(unit(place) for place in range(60))
    codes = [(rng.choice((0, 0, 1, 2, 3)), place, rater) for place in range(60) for rater in range(3)]
    names = {0: "{}-fusion", 1: "tie", 2: "{}-best", 3: "all_bad"}
    row = told([judged(f"r{rater}", place, names[code].format(place)) for code, place, rater in codes], many)
    theirs = agreement(*np.array(codes).T, level="nominal").alpha
    assert (row["alpha"], row["low"], row["high"]) == (theirs.value, theirs.low, theirs.high)
    assert row["low"] < row["alpha"] < row["high"]
    assert (row["level"], row["units"], row["note"]) == (0.95, 60, "")


def test_few_items_have_an_alpha_and_a_reason_for_no_interval() -> None:
    row = told([judged(rater, place, "tie" if place else "0-best") for place in (0, 1) for rater in "ab"], UNITS)
    assert (row["alpha"], row["low"], row["high"], row["units"]) == (1.0, None, None, 2)
    assert "fewer than 5 units" in row["note"]


def test_undefined_alpha_says_why_in_words() -> None:
    row = told([judged(rater, place, "tie") for place in (0, 1) for rater in "ab"], UNITS)
    assert (row["alpha"], row["raw"], row["units"]) == (None, 1.0, 2)
    assert "everybody gave one and the same answer" in row["note"]
    alone = told([judged("ada", 0, "tie")], UNITS)
    assert (alone["alpha"], alone["raw"], alone["units"]) == (None, None, 0)
    assert "no unit has two ratings yet" in alone["note"]


def test_nothing_judged_has_no_row() -> None:
    assert agreement_by_contrast([], UNITS) == {}


def test_a_hundred_thousand_judgements_are_compared_in_seconds() -> None:
    many = tuple(unit(place) for place in range(20_000))
    votes = [
        judged(f"r{at}", place, "tie" if at % 2 else f"{place}-best") for place in range(20_000) for at in range(5)
    ]
    begun = time.process_time()
    assert agreement_by_contrast(votes, many)["fusion", "best"].raw == pytest.approx(0.4)
    assert time.process_time() - begun < 5  # 0.2 s on two cores of 2024
