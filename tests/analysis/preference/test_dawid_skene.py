"""Raters' confusions: against published values, and with raters of known skill."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.codes import Codes
from fusion_ui.analysis.preference.dawid_skene import dawid_skene
from tests.analysis.preference.ratings import as_shown, rated
from tests.analysis.preference.votes import llmfao

ratings = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=9)


def skilled(skills: list[float], *, units: int, seed: int) -> tuple[Codes, np.ndarray]:
    """Raters who are right as often as their skill and else name one of the two other classes; and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, units)
    is_right = rng.random((units, len(skills))) < skills
    said = np.where(is_right, truth[:, None], (truth[:, None] + rng.integers(1, 3, is_right.shape)) % 3)
    return rated(*said.tolist()), truth


def test_the_crowd_s_labels_are_as_published_after_ten_steps(shared_data: Path) -> None:
    # As good as none: the published fit keeps empty cells open by so little.
    model = dawid_skene(as_shown(llmfao(shared_data)), smoothing=1e-10, steps=10, settled=0)
    assert np.bincount(model.posterior.argmax(axis=1)).tolist() == [663, 849, 627]
    assert model.prior == pytest.approx([0.3067, 0.39241, 0.30089], abs=5e-6)
    assert model.log_likelihood == pytest.approx(-7427.5971, abs=1e-4)
    assert (model.steps, model.has_settled) == (10, False)


def test_the_skill_of_each_rater_is_found() -> None:
    skills = [0.9, 0.8, 0.7, 0.6, 1 / 3]
    codes, truth = skilled(skills, units=1500, seed=3)
    model = dawid_skene(codes)
    assert model.expected == pytest.approx(skills, abs=0.05)
    assert (model.posterior.argmax(axis=1) == truth).mean() > 0.9
    assert model.has_settled


def test_posteriors_are_as_sure_as_they_are_right() -> None:
    codes, truth = skilled([0.8, 0.7, 0.6, 0.5], units=3000, seed=4)
    posterior = dawid_skene(codes).posterior
    assert posterior.max(axis=1).mean() == pytest.approx((posterior.argmax(axis=1) == truth).mean(), abs=0.03)


@given(ratings, st.permutations(range(3)))
def test_names_of_classes_do_not_matter(rows: list[list[int]], order: list[int]) -> None:
    one, other = dawid_skene(rated(*rows)), dawid_skene(rated(*([order[code] for code in row] for row in rows)))
    back = [other.classes.tolist().index(order[each]) for each in one.classes]
    assert other.posterior[:, back] == pytest.approx(one.posterior, abs=1e-6)
    assert other.expected == pytest.approx(one.expected, abs=1e-6)


@given(ratings, st.sampled_from([0.0, 1.0]))
def test_chances_stay_chances_however_few_the_ratings(rows: list[list[int]], smoothing: float) -> None:
    model = dawid_skene(rated(*rows), smoothing=smoothing)
    assert model.posterior.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert model.confusion.sum(axis=2) == pytest.approx(np.ones(model.confusion.shape[:2]))
    assert np.isfinite(model.log_likelihood)


def test_units_and_raters_keep_their_numbers() -> None:
    model = dawid_skene(Codes(np.array([5, 5, 9]), np.array([70, 30, 30]), np.array([8, 8, 2])))
    assert [each.tolist() for each in (model.units, model.raters, model.classes)] == [[30, 70], [2, 8], [5, 9]]


def test_nothing_to_fit_and_no_step_to_take_are_refused() -> None:
    with pytest.raises(ValueError, match="no ratings"):
        dawid_skene(rated())
    with pytest.raises(ValueError, match="one step or more"):
        dawid_skene(rated([0, 1]), steps=0)
