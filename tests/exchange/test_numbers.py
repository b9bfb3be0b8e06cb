"""A map in little memory is a map: whatever is put in is found, and nothing else."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.exchange.numbers import Numbers

KEYS = st.integers(0, 2**63 - 1) | st.integers(0, 40)


@given(st.lists(st.tuples(KEYS, KEYS), max_size=3_000))
def test_it_holds_what_a_dict_would_hold(pairs: list[tuple[int, int]]) -> None:
    numbers, known = Numbers(), dict[int, int]()
    for key, value in pairs:
        assert numbers.put_new(key, value) == known.get(key)
        known.setdefault(key, value)
    assert [numbers.get(key) for key, _ in pairs] == [known[key] for key, _ in pairs]
    assert len(numbers) == len(known)


@given(st.sets(KEYS, min_size=1), KEYS)
def test_what_was_not_put_in_is_not_found(keys: set[int], other: int) -> None:
    numbers = Numbers()
    for key in keys:
        numbers.put_new(key, 1)
    assert numbers.get(other) == (1 if other in keys else None)


def test_a_value_can_be_replaced() -> None:
    numbers = Numbers()
    numbers.put_new(7, 1)
    numbers.replace(7, 2)
    assert (numbers.get(7), len(numbers)) == (2, 1)


def test_a_hundred_thousand_keys_take_less_than_fifty_bytes_each() -> None:
    numbers = Numbers()
    for key in range(100_000):
        numbers.put_new(key << 24, key)
    assert sum(sys.getsizeof(each) for each in (numbers._keys, numbers._values)) < 5_000_000
