"""Files and folders that may not be written: plain words, nothing changed, and what only reads still works."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.backups import back_up, content_of, restore
from storage.checking import check_file, check_inside
from storage.connection import open_store
from storage.errors import StorageError
from tests.faults.work import finished_run
from tests.storage.conftest import NOBODY, unwritable  # noqa: F401 - a fixture
from tests.storage.samples import NOON


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, who may write everywhere."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nobody may look into, with a database and a backup of it."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        with open_store(made / "u.db") as store:
            finished_run(store, seed=1)
        back_up(made / "u.db", made / "copy.db")
        yield made
        made.chmod(0o755)


def state(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o666, 0o555), (0o444, 0o555), (0o000, 0o777)])
def test_a_database_that_may_not_be_written_is_refused_unchanged(
    folder: Path, file_mode: int, folder_mode: int
) -> None:
    (folder / "u.db").chmod(file_mode)
    folder.chmod(folder_mode)
    before = state(folder)
    with as_nobody(), pytest.raises(StorageError, match=r"u\.db (is read-only|cannot be opened|may not be opened)"):
        open_store(folder / "u.db")
    assert state(folder) == before


def test_a_backup_on_a_disk_that_cannot_be_written_is_read_and_put_back(folder: Path) -> None:
    expected = content_of(folder / "copy.db")
    (folder / "copy.db").chmod(0o444)
    folder.chmod(0o555)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o777)
        with as_nobody():
            restore(folder / "copy.db", home / "new.db", moment=NOON)
            (home / "new.db").chmod(0o644)
            open_store(home / "new.db").close()
        assert content_of(home / "new.db") == expected


def test_the_doctor_says_what_may_not_be_written_and_looks_inside_all_the_same(folder: Path) -> None:
    (folder / "copy.db").chmod(0o444)
    folder.chmod(0o555)
    with as_nobody():
        (place,) = (each for each in check_file(folder / "copy.db") if each.subject == "file")
        inside = check_inside(folder / "copy.db")
    assert "may not be written" in place.words
    assert {finding.state for finding in inside} == {"fine"}


def test_the_doctor_can_say_that_it_cannot_get_there(folder: Path) -> None:
    folder.chmod(0o000)
    with as_nobody():
        assert [each.state for each in check_file(folder / "u.db")] == ["fine", "todo"]
        assert check_inside(folder / "u.db") == ()
