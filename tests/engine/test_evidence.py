"""Evidence against the known answers, adaptive quadrature and the laws of a posterior."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special

from fusion_ui.engine.evidence import UNSEEN_MASS, doubts, evidence_of, posterior_of
from fusion_ui.engine.values import Candidate, Completion
from fusion_ui.engine.voting import tally_of

# Exact values for the rule as printed in Best-of-infinity, computed independently.
KNOWN = [
    ((1,), 0.8123, 4.33),
    ((2,), 0.9341, 14.17),
    ((3,), 0.9737, 37.00),
    ((5,), 0.9951, 204.25),
    ((1, 1), 0.4526, 1.65),
    ((2, 1), 0.7183, 5.10),
    ((3, 1), 0.8580, 12.09),
    ((4, 1), 0.9290, 26.18),
    ((5, 1, 1), 0.9381, 45.47),
    ((5, 3), 0.7716, 6.76),
    ((4, 3, 2), 0.5807, 4.15),
    ((8, 2), 0.9801, 98.46),
    ((10, 5, 1), 0.9097, 30.21),
    ((20, 12), 0.9252, 24.74),
    ((2, 2), 0.4870, 1.90),
    ((3, 2), 0.6785, 4.22),
]
counts_vectors = st.lists(st.integers(1, 40), min_size=1, max_size=8)


@pytest.mark.parametrize(("counts", "probability", "bayes_factor"), KNOWN)
def test_the_posterior_has_the_known_values_to_the_digits_given(
    counts: tuple[int, ...], probability: float, bayes_factor: float
) -> None:
    posterior = posterior_of(counts)
    assert round(posterior.probability, 4) == probability
    assert round(posterior.bayes_factor, 2) == bayes_factor


def adaptive_doubt(counts: list[int]) -> float:
    """1 - P by adaptive quadrature over the leader's gamma density, split at its quantiles."""
    ranked = sorted(counts, reverse=True)

    def integrand(x: float) -> float:
        log_below = sum(
            math.log1p(-min(special.gammaincc(rival, x), 1 - 2**-53)) for rival in [*ranked[1:], UNSEEN_MASS]
        )
        return -math.expm1(log_below) * math.exp((ranked[0] - 1) * math.log(x) - x - special.gammaln(ranked[0]))

    levels = [1e-14, 1e-10, 1e-7, 1e-4, 1e-2, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6, 1 - 1e-10]
    cuts = [1e-13, *(float(special.gammaincinv(ranked[0], q)) for q in levels)]
    cuts.append(cuts[-1] * 2 + 40)
    return sum(
        integrate.quad(integrand, low, high, epsabs=0, epsrel=1e-11, limit=400)[0]
        for low, high in itertools.pairwise(cuts)
        if high > low
    )


def test_the_doubt_is_right_to_a_millionth_on_400_random_count_vectors() -> None:
    rng = np.random.default_rng(20251122)
    for trial in range(400):
        counts = [int(n) for n in rng.integers(1, 60 if trial % 2 else 12, rng.integers(1, 9))]
        assert posterior_of(counts).doubt == pytest.approx(adaptive_doubt(counts), rel=1e-6), counts


@pytest.mark.parametrize(("shapes", "value"), [((3, 2), 0.6785), ((1, 1), 0.4526)])
def test_sampling_the_posterior_agrees(shapes: tuple[int, ...], value: float) -> None:
    draws = np.random.default_rng(7).dirichlet([*shapes, UNSEEN_MASS], 200_000)
    assert (draws.argmax(axis=1) == 0).mean() == pytest.approx(value, abs=4e-3)


@given(counts_vectors)
def test_the_order_of_the_counts_does_not_matter(counts: list[int]) -> None:
    assert posterior_of(counts) == posterior_of(counts[::-1])


@given(counts_vectors)
def test_a_vote_for_the_leader_adds_evidence_and_one_for_the_second_takes_it(counts: list[int]) -> None:
    first, *rest = sorted(counts, reverse=True)
    before = posterior_of([first, *rest])
    assert posterior_of([first + 1, *rest]).doubt < before.doubt
    if rest and rest[0] < first:
        assert posterior_of([first, rest[0] + 1, *rest[1:]]).doubt > before.doubt


@given(counts_vectors)
def test_a_posterior_is_a_probability(counts: list[int]) -> None:
    posterior = posterior_of(counts)
    assert 0 < posterior.doubt < 1
    assert posterior.probability == 1 - posterior.doubt


def test_a_landslide_keeps_its_tail() -> None:
    assert posterior_of([40]).bayes_factor == pytest.approx((1 - adaptive_doubt([40])) / adaptive_doubt([40]), rel=1e-6)
    assert posterior_of([40]).bayes_factor > 1e12


def test_a_landslide_of_thousands_stays_a_finite_number() -> None:
    assert 1e200 < posterior_of([3_000, 1]).bayes_factor < math.inf


@given(st.lists(counts_vectors.filter(lambda counts: len(counts) > 1), min_size=1, max_size=5))
def test_vectors_with_one_leader_can_be_asked_for_together(vectors: list[list[int]]) -> None:
    times = np.array([np.bincount(counts, minlength=41)[1:] for counts in vectors], dtype=np.float64)
    expected = [posterior_of([50, *counts]).doubt for counts in vectors]
    np.testing.assert_allclose(doubts(50, range(1, 41), times), expected, rtol=1e-12)


def test_nothing_is_known_before_the_first_vote() -> None:
    silent = tally_of([Candidate(position=1, member="a", completion=Completion(text="hm"))])
    evidence = evidence_of(silent)
    assert (evidence.probability, evidence.bayes_factor, evidence.draws) == (0.0, 0.0, 1)
