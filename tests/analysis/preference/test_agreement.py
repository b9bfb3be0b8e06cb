"""Agreement: against published values, by its definitions, and where it has none."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.agreement import FEWEST_UNITS, MOST_CLASSES, agreement
from fusion_ui.analysis.preference.codes import Codes, Level, codes_of
from tests.analysis.preference.ratings import RECIPE_SCALES, agreeing, places, rated, recipes, textbook, without_repeats
from tests.analysis.preference.votes import is_plain, llmfao, mqm

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
RECIPES = {  # ordinal and interval alpha, AC1, AC2, Fleiss
    "grammar": (0.415127, 0.409907, 0.101701, 0.441825, 0.094178),
    "fluency": (0.432398, 0.455335, 0.115389, 0.435226, 0.108054),
    "verbosity": (0.399142, 0.399269, 0.121406, 0.386761, 0.118234),
    "structure": (0.398558, 0.397837, 0.116853, 0.307405, 0.110232),
    "success": (0.362716, 0.372059, 0.096627, 0.295813, 0.090635),
    "overall": (0.435101, 0.463744, 0.124532, 0.449574, 0.110146),
}
units_rated = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), min_size=1, max_size=9)
levels = st.sampled_from(LEVELS)


def alpha_of(codes: Codes, level: Level) -> float:
    found = agreement(*codes, level=level, resamples=2).alpha
    assert found is not None
    return found.value


@pytest.mark.parametrize(("level", "alpha"), [*zip(LEVELS, [0.743421, 0.815388, 0.849107], strict=True)])
def test_the_textbook_example_has_the_textbook_alpha(level: Level, alpha: float, shared_data: Path) -> None:
    assert alpha_of(textbook(shared_data), level) == pytest.approx(alpha, abs=1e-6)


@pytest.mark.parametrize(
    ("level", "alpha", "ac"),
    [("nominal", 0.290595, 0.295793), ("ordinal", 0.287553, 0.358232), ("interval", 0.287761, 0.358232)],
)
def test_the_crowd_agrees_as_published(level: Level, alpha: float, ac: float, shared_data: Path) -> None:
    found = agreement(*without_repeats(codes_of(llmfao(shared_data), order="written")), level=level)
    assert (found.alpha.value, found.ac.value, found.fleiss) == pytest.approx((alpha, ac, 0.286871), abs=1e-6)
    assert (found.ratings, found.raters, found.overlap) == (8931, 124, 8931 / 2139)


def test_the_crowd_s_interval_and_ceiling_are_as_published(shared_data: Path) -> None:
    found = agreement(*codes_of(llmfao(shared_data), order="written"), level="ordinal")
    assert (found.alpha.low, found.alpha.high) == pytest.approx((0.2611, 0.3119), abs=0.1 * 0.0508)
    assert found.ceiling.share == pytest.approx(0.5788, abs=5e-5)
    assert found.ceiling.of == 8916


def test_translators_agree_as_published_on_pairs_in_one_order(shared_data: Path) -> None:
    study = mqm(shared_data)
    names, ranks = (agreement(*codes_of(study, level=level), level=level) for level in ("nominal", "ordinal"))
    assert (names.alpha.value, names.ac.value, names.fleiss) == pytest.approx((0.249554, 0.256684, 0.249539), abs=1e-6)
    assert (ranks.alpha.value, ranks.ac.value) == pytest.approx((0.293498, 0.301701), abs=1e-6)
    assert (ranks.alpha.low, ranks.alpha.high) == pytest.approx((0.2836, 0.3052), abs=0.1 * 0.0216)
    assert (names.units, names.raters, names.ratings) == (16965, 8, 50895)


@pytest.mark.parametrize("scale", RECIPE_SCALES)
def test_scores_of_recipes_agree_as_published(scale: str, shared_data: Path) -> None:
    rows = recipes(shared_data)
    units = places([f"{row['recipeid']} {row['condition']}" for row in rows])
    codes = Codes(np.array([int(row[scale]) for row in rows]), units, places([row["participant"] for row in rows]))
    names, ranks, values = (agreement(*codes, level=level, resamples=2) for level in LEVELS)
    found = (ranks.alpha.value, values.alpha.value, names.ac.value, ranks.ac.value, names.fleiss)
    assert found == pytest.approx(RECIPES[scale], abs=1e-6)


@given(units_rated, levels)
def test_alpha_is_one_less_observed_over_expected_disagreement(rows: list[list[int]], level: Level) -> None:
    paired = [row for row in rows if len(row) > 1]
    values = [code for row in paired for code in row]
    assume(len(set(values)) > 1)
    number = {code: values.count(code) for code in sorted(set(values))}

    def apart(one: int, other: int) -> float:
        if level == "nominal":
            return float(one != other)
        low, high = sorted((one, other))
        between = sum(count for code, count in number.items() if low <= code <= high)
        return float((between - (number[one] + number[other]) / 2 if level == "ordinal" else one - other) ** 2)

    observed = sum(apart(*pair) / (len(row) - 1) for row in paired for pair in permutations(row, 2))
    expected = sum(apart(*pair) for pair in permutations(values, 2)) / (len(values) - 1)
    assert alpha_of(rated(*rows), level) == pytest.approx(1 - observed / expected, abs=1e-9)


@given(units_rated, st.permutations(range(4)))
def test_names_of_classes_do_not_matter_to_nominal_agreement(rows: list[list[int]], order: list[int]) -> None:
    one, other = (
        agreement(*codes, level="nominal", resamples=2)
        for codes in (rated(*rows), rated(*([order[code] for code in row] for row in rows)))
    )
    assert one.ceiling.hits == pytest.approx(other.ceiling.hits)
    for ours, theirs in ((one.alpha, other.alpha), (one.ac, other.ac)):
        assert (ours and ours.value) == pytest.approx(theirs and theirs.value, abs=1e-9)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=9), st.integers(2, 5), levels)
def test_perfect_agreement_is_one(truth: list[int], raters: int, level: Level) -> None:
    assume(len(set(truth)) > 1)
    found = agreement(*rated(*([code] * raters for code in truth)), level=level, resamples=50)
    assert (found.alpha.value, found.ac.value, found.fleiss, found.raw, found.ceiling.share) == pytest.approx(
        (1.0,) * 5
    )
    assert found.alpha.low is None
    assert "No interval" in found.alpha.note


@given(units_rated, levels, st.integers(2, 4))
def test_the_same_units_again_move_alpha_by_the_small_sample_term_only(
    rows: list[list[int]], level: Level, times: int
) -> None:
    number = sum(len(row) for row in rows if len(row) > 1)
    assume(len({code for row in rows if len(row) > 1 for code in row}) > 1)
    once, again = alpha_of(rated(*rows), level), alpha_of(rated(*rows * times), level)
    term = (number * times - 1) / (number * times) * number / (number - 1)
    assert 1 - again == pytest.approx((1 - once) * term, abs=1e-9)


@given(units_rated, levels, st.integers(0, 99))
def test_an_interval_contains_its_value_and_results_are_plain_numbers(
    rows: list[list[int]], level: Level, seed: int
) -> None:
    found = agreement(*rated(*rows), level=level, resamples=60, seed=seed)
    assert is_plain(found)
    for each in (found.alpha, found.ac):
        if each and each.low is not None:
            assert each.low <= each.value <= each.high


def test_a_seed_gives_the_same_interval_again() -> None:
    codes = agreeing(units=60, raters=3, skill=0.5, shares=[0.5, 0.3, 0.2], seed=1)
    one, same, other = (agreement(*codes, level="nominal", seed=seed) for seed in (4, 4, 5))
    assert one == same != other


def test_a_wider_interval_is_surer() -> None:
    codes = agreeing(units=60, raters=3, skill=0.5, shares=[0.5, 0.3, 0.2], seed=1)
    narrow, wide = (agreement(*codes, level="nominal", confidence=each).alpha for each in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_intervals_cover_the_agreement_of_all_units() -> None:
    shares, skill, covered = [0.4, 0.2, 0.4], 0.55, 0
    for seed in range(300):
        codes = agreeing(units=80, raters=3, skill=skill, shares=shares, seed=seed)
        found = agreement(*codes, level="nominal", resamples=300, seed=seed).alpha
        covered += found.low <= skill**2 <= found.high
    assert 0.91 <= covered / 300 <= 0.98


@pytest.mark.parametrize("units", [4321, pytest.param(4000, marks=pytest.mark.slow)])
def test_units_of_too_many_patterns_vary_in_groups_as_they_do_alone(units: int) -> None:
    codes = agreeing(units=units, raters=40, skill=0.4, shares=[0.3, 0.2, 0.2, 0.2, 0.1], seed=2)
    found = agreement(*codes, level="ordinal").alpha
    rest = [Codes(*(column[codes.units % 50 != part] for column in codes)) for part in range(50)]
    jackknife = np.std([alpha_of(each, "ordinal") for each in rest]) * 49**0.5
    assert found.se == pytest.approx(jackknife, rel=0.25)
    assert found.value == pytest.approx(0.16, abs=0.01)


def test_units_that_go_together_are_resampled_as_one() -> None:
    alone = agreeing(units=80, raters=3, skill=0.5, shares=[0.4, 0.2, 0.4], seed=3)
    thrice = Codes(*(np.tile(column, 3) for column in alone))
    thrice = thrice._replace(units=thrice.units + 1000 * np.repeat(np.arange(3), len(alone.units)))
    once, many = agreement(*alone, level="nominal").alpha, agreement(*thrice, level="nominal").alpha
    bunched = agreement(*thrice, level="nominal", together=thrice.units % 1000).alpha
    assert many.se == pytest.approx(once.se / 3**0.5, rel=0.1)
    assert bunched.se == pytest.approx(once.se, rel=0.1)
    assert (many.n, bunched.n) == (240, 80)


def test_few_bunches_have_no_interval_however_many_their_units() -> None:
    codes = agreeing(units=80, raters=3, skill=0.5, shares=[0.4, 0.2, 0.4], seed=3)
    assert agreement(*codes, level="nominal", together=codes.units % 4).alpha.low is None


def test_uneven_answers_part_alpha_and_ac_and_the_note_says_why() -> None:
    found = agreement(*rated(*[[0, 0]] * 45, *[[0, 1]] * 5), level="nominal")
    assert found.alpha.value < 0 < 0.8 < found.ac.value
    assert "the commonest has 95%" in found.note


def test_one_class_leaves_alpha_undefined_and_ac_complete() -> None:
    found = agreement(*rated(*[[2, 2, 2]] * 8), level="ordinal")
    assert (found.alpha, found.fleiss, found.ac.value, found.raw) == (None, None, 1.0, 1.0)
    assert "one and the same answer" in found.note


@pytest.mark.parametrize("rows", [[], [[0]], [[0], [1], [2]]], ids=["nothing", "one rating", "one rater"])
def test_without_two_ratings_of_a_unit_nothing_is_computable(rows: list[list[int]]) -> None:
    found = agreement(*rated(*rows), level="nominal")
    assert (found.alpha, found.ac, found.fleiss, found.raw, found.units) == (None, None, None, None, 0)
    assert found.ratings == len(rows)
    assert found.note.startswith("Not computable: no unit has two ratings")


def test_few_units_give_a_value_without_an_interval() -> None:
    rows = [[0, 0], [1, 1], [0, 1], [2, 2], [0, 0]]
    few, enough = (agreement(*rated(*rows[:number]), level="nominal").alpha for number in (FEWEST_UNITS - 1, 5))
    assert few.low is None
    assert "fewer than 5 units" in few.note
    assert enough.low is not None


def test_values_without_number_are_refused_in_words() -> None:
    found = agreement(*rated(*([code, code] for code in range(MOST_CLASSES + 1))), level="interval")
    assert found.alpha is None
    assert "more than 101 different values" in found.note


def test_numbers_of_units_raters_and_classes_may_be_anything() -> None:
    plain = rated([0, 1, 0], [1, 1, 1], [0, 0, 2], [2, 2, 2], [1, 0, 1])
    odd = Codes(plain.codes * 7 - 9, plain.units * 10**12 - 5, plain.raters - 3)
    one, other = (agreement(*each, level="ordinal") for each in (plain, odd))
    assert one == other
