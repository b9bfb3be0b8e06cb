"""What a rater gets next, as examples and as laws over whole studies played out in any order."""

import time

import pytest

from fusion_ui.studies.assignment import Assignment, OwnTrial, Progress, next_unit
from fusion_ui.studies.protocol import Protocol, Unit
from tests.studies.support import unit

ONE = Protocol(title="t", repeats=0.0)
EVERY_FIFTH = Protocol(title="t", repeats=0.2)


def units(count: int) -> tuple[Unit, ...]:
    return tuple(unit(place) for place in range(count))


def judged(*places: int) -> list[OwnTrial]:
    return [OwnTrial(id=f"t{place}", unit=place, kind="main", state="judged") for place in places]


def by(*raters: str) -> frozenset[str]:
    return frozenset(raters)


def test_training_comes_first_and_in_order() -> None:
    mixed = (unit(0), unit(1, phase="training"), unit(2, phase="training"))
    first = next_unit(mixed, ONE, rater="ada", own=[], progress=Progress())
    assert first == Assignment(1, "training")
    done = [OwnTrial(id="t", unit=1, kind="training", state="judged")]
    assert next_unit(mixed, ONE, rater="ada", own=done, progress=Progress()) == Assignment(2, "training")


def test_training_is_for_everybody_whatever_the_overlap() -> None:
    progress = Progress(judged={0: by("bob", "eve")})
    training = (unit(0, phase="training"),)
    assert next_unit(training, ONE, rater="ada", own=[], progress=progress) == Assignment(0, "training")


def test_what_lacks_judgements_most_comes_first() -> None:
    twice = Protocol(title="t", overlap=2)
    progress = Progress(judged={0: by("bob"), 2: by("bob")}, leased={3: by("eve")})
    assert next_unit(units(4), twice, rater="ada", own=[], progress=progress) == Assignment(1, "main")


def test_raters_go_through_the_units_in_orders_of_their_own() -> None:
    firsts = {str(next_unit(units(50), ONE, rater=f"r{number}", own=[], progress=Progress())) for number in range(20)}
    assert len(firsts) > 10


@pytest.mark.parametrize("held", [Progress(judged={0: by("bob")}), Progress(leased={0: by("bob")})])
def test_a_unit_with_its_overlap_is_given_to_nobody_more(held: Progress) -> None:
    assert not isinstance(next_unit(units(1), ONE, rater="ada", own=[], progress=held), Assignment)


def test_a_person_who_judged_and_holds_a_unit_counts_once() -> None:
    twice = Protocol(title="t", overlap=2)
    held = Progress(judged={0: by("bob")}, leased={0: by("bob")})
    assert next_unit(units(1), twice, rater="ada", own=[], progress=held) == Assignment(0, "main")


def test_a_unit_held_by_another_may_come_free_and_a_judged_one_not() -> None:
    held = Progress(leased={0: by("bob")})
    assert next_unit(units(1), ONE, rater="ada", own=[], progress=held) == "all taken for now"
    judged_by_another = Progress(judged={0: by("bob")})
    assert next_unit(units(1), ONE, rater="ada", own=[], progress=judged_by_another) == "done"


def test_a_skipped_unit_goes_to_others_only() -> None:
    skipped = [OwnTrial(id="t", unit=0, kind="main", state="skipped")]
    assert next_unit(units(1), ONE, rater="ada", own=skipped, progress=Progress()) == "done"
    assert next_unit(units(1), ONE, rater="bob", own=[], progress=Progress()) == Assignment(0, "main")


def test_an_open_trial_is_gone_on_with_before_anything_else() -> None:
    opened = [*judged(0), OwnTrial(id="t1", unit=1, kind="main", state="open")]
    resumed = next_unit(units(9), ONE, rater="ada", own=opened, progress=Progress(leased={1: by("ada")}))
    assert resumed == Assignment(1, "main", resumes="t1")


def test_a_trial_whose_unit_others_filled_after_its_lease_is_lost() -> None:
    opened = [OwnTrial(id="t1", unit=1, kind="main", state="open")]
    filled = Progress(judged={1: by("bob")})
    assert next_unit(units(2), ONE, rater="ada", own=opened, progress=filled) == Assignment(0, "main")


def test_a_lost_trial_may_come_free_again() -> None:
    opened = [OwnTrial(id="t0", unit=0, kind="main", state="open")]
    held = Progress(leased={0: by("bob")})
    assert next_unit(units(1), ONE, rater="ada", own=opened, progress=held) == "all taken for now"


def test_a_repeat_names_the_trial_it_repeats() -> None:
    own = judged(*range(5))
    progress = Progress(judged={place: by("ada") for place in range(5)})
    assert next_unit(units(9), EVERY_FIFTH, rater="ada", own=own, progress=progress) == Assignment(
        0, "repeat", repeat_of="t0"
    )


def test_a_repeat_waits_until_enough_came_in_between() -> None:
    always = Protocol(title="t", repeats=1.0)
    for count in range(5):
        following = next_unit(units(9), always, rater="ada", own=judged(*range(count)), progress=Progress())
        assert isinstance(following, Assignment)
        assert following.kind == "main"


def test_only_judged_trials_are_repeated() -> None:
    own = [OwnTrial(id=f"t{at}", unit=at, kind="main", state="skipped") for at in range(5)] + judged(*range(5, 10))
    own += judged(10)
    repeat = next_unit(units(20), EVERY_FIFTH, rater="ada", own=own, progress=Progress())
    assert repeat in [Assignment(place, "repeat", repeat_of=f"t{place}") for place in (5, 6)]


def test_repeats_come_even_when_all_units_are_judged() -> None:
    own = judged(*range(5))
    progress = Progress(judged={place: by("ada") for place in range(5)})
    repeat = next_unit(units(5), EVERY_FIFTH, rater="ada", own=own, progress=progress)
    assert repeat == Assignment(0, "repeat", repeat_of="t0")
    own.append(OwnTrial(id="again", unit=0, kind="repeat", state="judged"))
    assert next_unit(units(5), EVERY_FIFTH, rater="ada", own=own, progress=progress) == "done"


def test_a_closed_study_gives_nothing_not_even_what_was_begun() -> None:
    opened = [OwnTrial(id="t0", unit=0, kind="main", state="open")]
    assert next_unit(units(3), ONE, rater="ada", own=opened, progress=Progress(), is_closed=True) == "closed"


def test_a_study_is_closed_to_those_it_does_not_name() -> None:
    named = Protocol(title="t", raters=("ada",))
    assert next_unit(units(3), named, rater="bob", own=[], progress=Progress()) == "closed"
    assert isinstance(next_unit(units(3), named, rater="ada", own=[], progress=Progress()), Assignment)


def test_units_that_are_not_shown_are_given_to_nobody() -> None:
    hidden = (unit(0, is_identical=True), unit(1, same_as=5), unit(2, phase="training", is_identical=True))
    assert next_unit(hidden, ONE, rater="ada", own=[], progress=Progress()) == "done"


def test_a_study_without_units_is_done() -> None:
    assert next_unit((), ONE, rater="ada", own=[], progress=Progress()) == "done"


def test_a_next_trial_of_a_large_study_takes_a_moment() -> None:
    many, progress = units(2_000), Progress(judged={place: by("bob", "eve") for place in range(0, 2_000, 2)})
    thrice = Protocol(title="t", overlap=3)
    begun = time.process_time()
    for _ in range(10):
        next_unit(many, thrice, rater="ada", own=judged(*range(0, 600, 2)), progress=progress)
    assert (time.process_time() - begun) / 10 < 0.5
