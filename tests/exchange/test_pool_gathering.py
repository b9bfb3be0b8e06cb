"""Candidates of one prompt come together from anywhere, in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.exchange.candidates import MOST_CANDIDATES
from fusion_ui.exchange.pool_gathering import PoolGathering, pool_seed
from fusion_ui.exchange.recorded_ratings import RecordedCandidate
from fusion_ui.exchange.texts import LineError

NAMED = st.tuples(st.sampled_from("pqr"), st.sampled_from("mn"), st.text(st.characters(codec="utf-8")))


def gathered(*said: RecordedCandidate) -> PoolGathering:
    gathering = PoolGathering()
    for each in said:
        gathering.add(each)
    return gathering


@given(st.lists(NAMED, max_size=20))
def test_every_candidate_is_in_the_pool_of_its_prompt(said: list[tuple[str, str, str]]) -> None:
    with gathered(*(RecordedCandidate(1, *each) for each in said)) as gathering:
        pools = {pool.prompt.text: pool for pool in gathering.pools()}
    assert list(pools) == list(dict.fromkeys(prompt for prompt, _, _ in said))
    for prompt, pool in pools.items():
        found = [(each.member, each.completion.text) for _, each in sorted(pool.recorded.items())]
        assert found == [(member, text) for its, member, text in said if its == prompt]


def test_what_one_candidate_tells_of_the_prompt_holds_for_all() -> None:
    first = RecordedCandidate(1, "p", "m", "t", tags=("a",))
    with gathered(first, first._replace(reference="4", language="de", tags=("b",))) as gathering:
        (pool,) = gathering.pools()
    assert (pool.prompt.reference, pool.prompt.language, pool.prompt.tags) == ("4", "de", ("a", "b"))


def test_a_pool_has_its_own_seed_by_content() -> None:
    one, other = RecordedCandidate(1, "p", "m", "t"), RecordedCandidate(9, "p", "m", "u")
    seeds = [pool_seed(next(gathered(*said).pools())) for said in ((one,), (one,), (other,), (one, other))]
    assert seeds[0] == seeds[1]
    assert len(set(seeds)) == 3
    assert all(0 <= seed < 2**53 for seed in seeds)


def test_a_candidate_too_many_is_refused() -> None:
    said = RecordedCandidate(1, "p", "m", "t")
    with gathered(*[said] * MOST_CANDIDATES) as gathering, pytest.raises(LineError, match="beyond"):
        gathering.add(said)
