"""Damaged files: each is told of in plain words, and stays as it is to the byte."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from fusion_ui.inspection.index import Index
from fusion_ui.replay import load_run
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.bundle_tables import everything
from storage.bundles import bundle_lines
from storage.checking import faults_of, sidecar
from storage.connection import Store, open_store
from storage.errors import StorageError
from storage.runs import RunRow
from tests.faults.work import finished_run

PAGE = 4096
Harm = Callable[[bytes], bytes]

HARMS: dict[str, tuple[Harm, str]] = {
    "another file": (lambda _: b"Dear Ada, " * 2000, "is not a SQLite database and was left as it is"),
    "no header": (lambda whole: b"\0" * 100 + whole[100:], "is not a SQLite database and was left as it is"),
    "no first page": (lambda whole: whole[:100] + b"\x55" * (PAGE - 100) + whole[PAGE:], "is damaged and was left"),
    "cut short": (lambda whole: whole[: len(whole) // 2], "is damaged and was left as it is"),
    "a page of another": (lambda whole: whole[: 2 * PAGE] + whole[:PAGE] + whole[3 * PAGE :], "is damaged"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in one file without a log, as it lies when no app runs."""
    with open_store(tmp_path / "c.db") as store:
        for seed in range(3):
            finished_run(store, seed=seed)
    return tmp_path / "c.db"


def read_all(store: Store) -> None:
    """Everything that the app ever reads: lists, runs, search, and all rows on their way out."""
    with store.reading() as reader:
        run_ids = [run.id for run in reader.rows(RunRow)]
        list(bundle_lines(reader, everything(reader, has_lab=True)))
    for run_id in run_ids:
        load_run(store, run_id)
    Index(store, taxonomy=load_taxonomy(None)).refresh(at_most_s=5.0)


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_file_is_told_of_and_left_as_it_is(path: Path, harm: str) -> None:
    change, words = HARMS[harm]
    damaged = change(path.read_bytes())
    path.write_bytes(damaged)
    with pytest.raises(StorageError, match=words), open_store(path) as store:
        read_all(store)
    assert path.read_bytes() == damaged
    assert not sidecar(path, "-journal").exists()


@pytest.mark.parametrize("content", [None, b""])
def test_a_log_whose_database_is_empty_or_gone_is_kept(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "c.db"
    with open_store(path) as store:
        finished_run(store, seed=1)
        log = sidecar(path, "-wal").read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    sidecar(path, "-wal").write_bytes(log)
    with pytest.raises(StorageError, match=r"its log c\.db-wal is not\. Both were left as they are"):
        open_store(path)
    assert sidecar(path, "-wal").read_bytes() == log
    assert path.exists() == (content is not None)


def test_a_schema_that_is_no_text_is_damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE drafts", b"CREATE TAB\xff\xa7 drafts"))
    with pytest.raises(StorageError, match="is damaged"):
        open_store(path)
    assert "is damaged" in faults_of(path)[0]


@pytest.mark.parametrize("seed", range(12))
def test_bytes_that_went_wrong_anywhere_are_read_right_or_told_of(path: Path, seed: int) -> None:
    rng, content = Random(seed), bytearray(path.read_bytes())
    place = rng.randrange(PAGE, len(content) - 64)
    content[place : place + 64] = rng.randbytes(64)
    path.write_bytes(content)
    try:
        with open_store(path) as store:
            read_all(store)
    except StorageError as error:
        assert str(path) in str(error) or "stored" in str(error)  # noqa: PT017 - it need not be raised


def test_a_text_that_is_no_text_is_damage(path: Path) -> None:
    content = path.read_bytes()
    assert b"I think so." in content
    path.write_bytes(content.replace(b"I think so.", b"I \xff\xfe\xfd\xff so."))
    with pytest.raises(StorageError, match="is damaged"), open_store(path) as store:
        read_all(store)
