"""Who can be compared with whom."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.preference.connectivity import components, is_strongly_connected

tables = st.integers(1, 6).flatmap(
    lambda k: st.lists(st.booleans(), min_size=k * k, max_size=k * k).map(lambda bits: np.array(bits).reshape(k, k))
)


def closure(linked: np.ndarray) -> np.ndarray:
    """Who reaches whom, by as many steps as there are systems (Warshall)."""
    reach = linked | np.eye(len(linked), dtype=bool)
    for middle in range(len(linked)):
        reach |= reach[:, [middle]] & reach[[middle], :]
    return reach


def test_chains_of_comparisons_link_and_the_largest_group_comes_first() -> None:
    met = np.zeros((7, 7), dtype=bool)
    met[0, 1] = met[2, 3] = met[4, 3] = True
    assert components(met) == ((2, 3, 4), (0, 1))


def test_nobody_met_makes_no_group() -> None:
    assert components(np.zeros((3, 3), dtype=bool)) == ()
    assert components(np.zeros((0, 0), dtype=bool)) == ()


@given(tables)
def test_groups_are_what_reaches_each_other(met: np.ndarray) -> None:
    reach = closure(met | met.T)
    groups = components(met)
    active = np.flatnonzero((met | met.T).any(axis=1)).tolist()
    assert sorted(system for group in groups for system in group) == active
    assert all(tuple(np.flatnonzero(reach[group[0]])) == group for group in groups)


@given(tables)
def test_wins_lead_everywhere_exactly_where_everyone_reaches_everyone(won: np.ndarray) -> None:
    assert is_strongly_connected(won.astype(float)) == closure(won).all()


def test_a_system_that_won_everything_breaks_strong_connection() -> None:
    assert not is_strongly_connected(np.array([[0.0, 3, 3], [0, 0, 1], [0, 1, 0]]))
    assert is_strongly_connected(np.array([[0.0, 3, 3], [0, 0, 1], [0.5, 1, 0]]))
