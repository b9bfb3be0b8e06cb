"""Whether there is somebody of a name is not told by how long a refusal takes: each wrong password costs one hash."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from fusion_ui.attempts import LoginError
from fusion_ui.passwords import Passwords
from fusion_ui.people import People
from fusion_ui.settings import AuthSettings
from storage.connection import open_store
from storage.ratings import rater_named

PASSWORD = "tide pool lantern"


class Counted(PasswordHasher):
    """Notes what costs time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.work: list[str] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """As ever, and noted."""
        self.work.append("hash")
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        """As ever, and noted."""
        self.work.append("hash")
        return super().verify(hash, password)


@pytest.fixture
def hasher() -> Counted:
    return Counted()


@pytest.fixture
def people(tmp_path: Path, hasher: Counted) -> Iterator[People]:
    """Ann with a password, Bo who is disabled, and Cy who rated before there were passwords."""
    with open_store(tmp_path / "g.db") as store:
        people = People(store, AuthSettings(enabled=True), Passwords(hasher))
        for name in ("Ann", "Bo"):
            people.add(name, role="rater", password=PASSWORD)
        people.set_disabled("Bo", is_disabled=True)
        with store.writing() as writer:
            rater_named(writer, "Cy")
        yield people


@pytest.mark.parametrize(
    "name", ["Ann", "Bo", "Cy", "nobody", "", "ann", "Ann\u200b", "' OR 1=1 --", "\ud800", "x" * 200]
)
def test_a_wrong_password_costs_as_much_work_and_tells_the_same_for_every_name(
    people: People, hasher: Counted, name: str
) -> None:
    hasher.work.clear()
    with pytest.raises(LoginError, match=r"^The name or the password is wrong\.$"):
        people.log_in(name, "copper kettle moss", address="192.0.2.1")
    assert hasher.work == ["hash"]
