"""Who asks: the name that is logged in, else the network; an address is never kept longer than its network."""

import pytest
from starlette.requests import Request

from fusion_ui.people import ANYBODY, Person
from fusion_ui.ui.requests import who_of

ADA = Person(id="1", name="Ada", role="owner")


def request(address: str | None, person: Person = ANYBODY) -> Request:
    client = (address, 1) if address is not None else None
    return Request({"type": "http", "headers": [], "client": client, "state": {"person": person}})


@pytest.mark.parametrize(
    ("address", "person", "who"),
    [
        ("192.0.2.7", ANYBODY, "network 192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", ANYBODY, "network 2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", ANYBODY, "network 192.0.2.7"),
        ("192.0.2.7", ADA, "name Ada"),
        (None, ANYBODY, "network "),
    ],
)
def test_limits_count_for_a_name_or_else_a_network(address: str | None, person: Person, who: str) -> None:
    assert who_of(request(address, person)) == who


def test_nobody_becomes_another_by_a_name_that_looks_like_a_network() -> None:
    assert who_of(request("192.0.2.7")) != who_of(request(None, Person(id="1", name="network 192.0.2.7", role="owner")))
