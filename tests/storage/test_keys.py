"""The key of an installation is made once, whole, for its owner's eyes, and goes nowhere with the database."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.backups import back_up
from storage.connection import Store, open_store
from storage.copies import copy_open
from storage.errors import StorageError
from storage.keys import installation_key, key_file, keyed_hash

MAKES = "import sys; from storage.connection import open_store; from storage.keys import installation_key; " \
    "print(installation_key(open_store(sys.argv[1])).hex())"  # fmt: skip


def test_the_key_outlives_the_app_that_made_it(store: Store) -> None:
    key = installation_key(store)
    with open_store(store.path) as again:
        assert installation_key(again) == key
    assert len(key) == 32


def test_only_its_owner_may_read_the_key(store: Store) -> None:
    installation_key(store)
    assert stat.S_IMODE(key_file(store.path).stat().st_mode) == 0o600


def test_no_two_installations_have_the_same_key(store: Store, tmp_path: Path) -> None:
    with open_store(tmp_path / "other.db") as other:
        assert installation_key(other) != installation_key(store)


def test_the_key_is_neither_in_the_database_nor_in_what_is_made_of_it(store: Store, tmp_path: Path) -> None:
    key = installation_key(store)
    back_up(store.path, tmp_path / "backup.db")
    copy_open(store.path, tmp_path / "copy.db")
    for path in (*store.path.parent.glob(f"{store.path.name}*"), *tmp_path.glob("*.db")):
        if path != key_file(store.path):
            assert not any(spelt in path.read_bytes() for spelt in (key, key.hex().encode()))
    assert not list(tmp_path.glob("backup.db.*"))


@pytest.mark.parametrize("left", ["", "ab", "ab" * 31, "no key", "ä" * 64, "\x00" * 64])
def test_half_a_key_is_made_anew(store: Store, left: str) -> None:
    key_file(store.path).write_text(left, encoding="utf-8")
    key_file(store.path).with_name(f"{store.path.name}.key.part").write_text("left by one who was killed")
    key = installation_key(store)
    assert len(key) == 32
    assert installation_key(store) == key


def test_all_who_start_at_once_have_one_key(store: Store) -> None:
    command = [sys.executable, "-c", MAKES, str(store.path)]
    with ThreadPoolExecutor(3) as threads:
        told = [threads.submit(subprocess.check_output, command, text=True) for _ in range(3)]
    assert {each.result().strip() for each in told} == {installation_key(store).hex()}


def test_where_no_key_can_be_kept_it_says_what_to_do(store: Store) -> None:
    key_file(store.path).mkdir()
    with pytest.raises(StorageError, match=r"The key .* can be neither read nor made .* Give this program the right"):
        installation_key(store)


@pytest.mark.parametrize("text", ["", "network 192.0.2.1", "name \ud800", "x" * 10_000])
def test_a_hash_tells_nothing_without_its_key(text: str) -> None:
    one, other = (keyed_hash(bytes([number] * 32), text) for number in (1, 2))
    assert one != other
    assert len(one) == len(other) == 64
    assert one == keyed_hash(b"\x01" * 32, text)
