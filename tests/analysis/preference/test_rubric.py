"""Rubric scores: published means, and differences that keep to shared prompts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.clustering import clusters_of, means_of
from fusion_ui.analysis.preference.rubric import Scores, rubric_differences, rubric_means
from tests.analysis.preference.ratings import RECIPE_SCALES, places, recipes
from tests.analysis.preference.votes import is_plain

PUBLISHED = {
    "coherence": (3.7159, 2.1477, 2.3977, 1.3864, 2.0114, 1.7500),
    "context": (3.6023, 3.0000, 3.1307, 3.1761, 2.9886, 2.7273),
    "coref": (2.9943, 2.4602, 2.5284, 2.8239, 2.6364, 2.3295),
    "grammaticality": (1.8750, 1.7500, 2.7841, 2.8409, 2.3523, 1.8182),
    "no_context": (3.8011, 3.2614, 3.4375, 3.4602, 3.3068, 3.0170),
    "original": (5.2671, 5.1534, 5.3182, 5.2898, 5.1477, 5.0739),
}


def scores(*rows: tuple[int, int, int, int], criterion: list[int] | None = None) -> Scores:
    """Rows of system, score, prompt, rater; systems a, b, c, criteria clear and correct, scale 1 to 7."""
    system, score, prompt, rater = np.array(rows, dtype=np.int32).reshape(-1, 4).T
    return Scores(
        systems=("a", "b", "c"),
        criteria=("clear", "correct"),
        scales=((1, 7), (1, 7)),
        system=system,
        criterion=np.array(criterion or [0] * len(rows), dtype=np.int32),
        score=score,
        prompt=prompt,
        rater=rater,
    )


def paired(*, seed: int, prompts: int = 12, raters: int = 5) -> Scores:
    """Every rater scores a and b on every prompt; hard prompts pull both down."""
    rng = np.random.default_rng(seed)
    hard = rng.integers(-1, 2, prompts)
    cells = [(prompt, rater) for prompt in range(prompts) for rater in range(raters)]
    return scores(
        *(
            (system, int(np.clip(4 - system + hard[prompt] + rng.integers(-1, 2), 1, 7)), prompt, rater)
            for prompt, rater in cells
            for system in (0, 1)
        )
    )


def test_means_of_recipes_are_as_published(shared_data: Path) -> None:
    rows = recipes(shared_data)
    systems = sorted({row["condition"] for row in rows})
    scales = len(RECIPE_SCALES)
    found = rubric_means(
        Scores(
            systems=tuple(systems),
            criteria=tuple(RECIPE_SCALES),
            scales=((1, 6),) * scales,
            system=np.tile([systems.index(row["condition"]) for row in rows], scales),
            criterion=np.repeat(np.arange(scales), len(rows)),
            score=np.array([int(row[name]) for name in RECIPE_SCALES for row in rows]),
            prompt=np.tile(places([row["recipeid"] for row in rows]), scales),
            rater=np.tile(places([row["participant"] for row in rows]), scales),
        )
    )
    means = {(each.system, each.criterion): each.mean.value for each in found}
    for system, published in PUBLISHED.items():
        assert [means[system, name] for name in RECIPE_SCALES] == pytest.approx(published, abs=1e-4)
    assert sum(each.ratings for each in found) == 1056 * scales


def test_a_distribution_counts_every_score_of_the_scale() -> None:
    (clear,) = rubric_means(scores((0, 1, 0, 0), (0, 7, 1, 0), (0, 7, 2, 1)))
    assert (clear.system, clear.criterion, clear.ratings, clear.scale) == ("a", "clear", 3, (1, 7))
    assert clear.distribution == (1, 0, 0, 0, 0, 0, 2)
    assert clear.mean.value == 5


@given(st.integers(0, 999), st.integers(1, 9), st.integers(1, 4))
def test_means_and_differences_are_plain_and_inside_the_scale(seed: int, prompts: int, raters: int) -> None:
    study = paired(seed=seed, prompts=prompts, raters=raters)
    means, differences = rubric_means(study), rubric_differences(study)
    assert is_plain(means)
    assert is_plain(differences)
    assert all(1 <= each.mean.low <= each.mean.value <= each.mean.high <= 7 for each in means)
    assert all(-6 <= each.difference.low <= each.difference.value <= each.difference.high <= 6 for each in differences)


def test_a_balanced_difference_is_the_mean_of_the_paired_differences() -> None:
    study = paired(seed=1)
    one, other = study.score[::2], study.score[1::2]
    clusters = clusters_of(prompt=study.prompt[::2], rater=study.rater[::2])
    (by_hand,) = means_of((one - other).astype(np.float64), clusters)
    (found,) = rubric_differences(study, pairs=[("a", "b")])
    assert found.difference.value == pytest.approx(by_hand.value)
    assert found.difference.se == pytest.approx(by_hand.spread.two_way**0.5)
    assert (found.criterion, found.prompts, found.difference.n) == ("clear", 12, 120)


def test_what_a_prompt_does_to_both_cancels_out() -> None:
    study = paired(seed=2)
    (found,) = rubric_differences(study, pairs=[("a", "b")])
    harder = replace(study, scales=((-90, 90),) * 2, score=study.score - 5 * study.prompt)
    (again,) = rubric_differences(harder, pairs=[("a", "b")])
    assert again.difference.value == pytest.approx(found.difference.value)
    assert again.difference.se == pytest.approx(found.difference.se)


def test_the_other_side_of_a_difference_is_its_mirror() -> None:
    study = paired(seed=3)
    one, other = rubric_differences(study, pairs=[("a", "b"), ("b", "a")])
    assert (one.difference.value, one.difference.low) == pytest.approx(
        (-other.difference.value, -other.difference.high)
    )


def test_prompts_count_alike_however_often_they_were_scored() -> None:
    rows = [(0, 5, 0, 0), (1, 3, 0, 0), *((0, 4, 1, rater) for rater in range(9)), (1, 4, 1, 0)]
    (found,) = rubric_differences(scores(*rows))
    assert found.difference.value == pytest.approx(1.0)


def test_only_prompts_with_scores_of_both_are_compared() -> None:
    rows = [(0, 5, 0, 0), (1, 3, 0, 1), (0, 1, 7, 0), (1, 7, 8, 0), (2, 2, 9, 0)]
    (found,) = rubric_differences(scores(*rows))
    assert (found.first, found.second, found.difference.value, found.prompts) == ("a", "b", 2.0, 1)


def test_criteria_are_kept_apart() -> None:
    study = scores((0, 5, 0, 0), (1, 3, 0, 0), (0, 2, 0, 0), (1, 6, 0, 0), criterion=[0, 0, 1, 1])
    assert [(each.criterion, each.difference.value) for each in rubric_differences(study)] == [
        ("clear", 2.0),
        ("correct", -4.0),
    ]


def test_few_prompts_speak_of_these_scores_only() -> None:
    (found,) = rubric_differences(paired(seed=4, prompts=3))
    assert found.difference.basis == "these votes only"


def test_a_score_outside_its_scale_is_named() -> None:
    with pytest.raises(ValueError, match="score of 9 lies outside the scale of “clear”"):
        scores((0, 5, 0, 0), (0, 9, 0, 0))


def test_without_scores_there_are_no_means() -> None:
    assert rubric_means(scores()) == rubric_differences(scores()) == ()
