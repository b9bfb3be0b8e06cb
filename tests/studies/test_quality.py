"""What the board says of raters: each figure on cases small enough to count by hand."""

from fusion_ui.studies.items import units_of
from fusion_ui.studies.protocol import Protocol
from fusion_ui.studies.quality import Judged, RaterQuality, Share, rater_quality, with_doubles
from tests.studies.support import source, unit

UNITS = tuple(unit(place) for place in range(6))


def judged(rater: str, place: int, winner: str | None = "tie", **fields: object) -> Judged:
    return Judged(rater=rater, unit=place, winner=winner, **fields)  # type: ignore[arg-type]


def only(*votes: Judged) -> RaterQuality:
    """What is said of the first vote's rater."""
    return next(quality for quality in rater_quality(votes, UNITS) if quality.rater == votes[0].rater)


def test_gold_counts_hits_on_units_whose_winner_is_known() -> None:
    known = (unit(0, gold=1), unit(1, gold=0), unit(2))
    votes = [judged("ada", 0, "0-best"), judged("ada", 1, "1-best"), judged("ada", 2, "2-best")]
    (quality,) = rater_quality(votes, known)
    assert quality.gold == Share(1, 2)
    assert quality.gold.value == 0.5


def test_a_tie_on_a_gold_unit_is_a_miss_and_a_skip_no_answer() -> None:
    known = (unit(0, gold=0, phase="training"), unit(1, gold=0))
    votes = [judged("ada", 0, "tie", kind="training"), judged("ada", 1, None, is_skipped=True)]
    (quality,) = rater_quality(votes, known)
    assert quality.gold == Share(0, 1)


def test_repeats_are_compared_with_the_first_judgement() -> None:
    votes = [judged("ada", 0, "0-best"), judged("ada", 1, "tie"), judged("ada", 2, "tie")]
    votes += [judged("ada", 0, "0-best", kind="repeat"), judged("ada", 1, "1-best", kind="repeat")]
    assert only(*votes).repeats == Share(1, 2)


def test_a_repeat_of_another_or_of_a_skipped_unit_is_compared_with_nothing() -> None:
    votes = [judged("ada", 0, None, is_skipped=True), judged("bob", 0, "tie"), judged("ada", 0, kind="repeat")]
    assert only(*votes).repeats == Share(0, 0)
    assert only(*votes).repeats.value is None


def test_pace_is_the_median_of_main_trials_and_too_fast_ones_are_counted() -> None:
    votes = [judged("ada", at, seconds=seconds) for at, seconds in enumerate([1.0, 9.0, 30.0])]
    votes += [judged("ada", 3, seconds=900.0, kind="training"), judged("ada", 4, None, is_skipped=True, seconds=500.0)]
    votes.append(judged("ada", 5, seconds=None, is_too_fast=True))
    quality = only(*votes)
    assert quality.median_seconds == 9.0
    assert (quality.judged, quality.skipped, quality.too_fast) == (4, 1, 1)


def test_raters_come_by_name_and_without_judgements_there_are_none() -> None:
    assert [quality.rater for quality in rater_quality([judged("bob", 0), judged("ada", 1)], UNITS)] == ["ada", "bob"]
    assert rater_quality([], UNITS) == ()


def test_what_was_said_of_texts_holds_for_a_contrast_that_shows_them_again() -> None:
    contrasts = Protocol(title="t", contrasts=(("fusion", "best"), ("vote", "fusion")))
    units = units_of([source("r", fusion="x", best="y", vote="y")], contrasts).units
    votes = [judged("ada", 0, "r-best"), judged("bob", 0, "tie"), judged("eve", 0, "r-fusion", kind="repeat")]
    doubles = with_doubles(votes, units)[3:]
    assert [(each.unit, each.rater, each.winner) for each in doubles] == [
        (1, "ada", "r-vote"),
        (1, "bob", "tie"),
        (1, "eve", "r-fusion"),
    ]


def test_units_that_show_nothing_again_add_no_judgements() -> None:
    assert with_doubles([judged("ada", 0)], UNITS) == (judged("ada", 0),)
