"""Copies for others: whole, readable, and without a trace of what is secret."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.bundle_tables import TABLES
from storage.connection import open_store
from storage.copies import copy_open
from storage.errors import StorageError
from tests.storage.samples import fill_every_table
from tests.storage.study_samples import TOKENS

SECRETS = ("passwords", "sessions", "session_ends", "invitations", "invitation_uses", "login_attempts", "disablings")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_every_table(tmp_path_factory.mktemp("full"))


@pytest.fixture
def copied(source: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    copy_open(source, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        yield copy


def tables(copy: sqlite3.Connection) -> set[str]:
    return {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_nothing_secret_is_left_not_even_in_free_pages(copied: sqlite3.Connection, tmp_path: Path) -> None:
    assert not tables(copied) & {*SECRETS, "drafts", "leases"}
    content = (tmp_path / "copy.db").read_bytes()
    assert not [secret for secret in ("$argon2id$", "127.0.0.1", "half a", TOKENS[1]) if secret.encode() in content]


def test_a_table_goes_out_only_if_somebody_decided_so(copied: sqlite3.Connection) -> None:
    """A new one that is for nobody else has to be dropped; one that may go out goes into bundles too."""
    of_sqlite = {name for name in tables(copied) if name.startswith("sqlite_")}
    assert tables(copied) - of_sqlite - {"users"} == {row_type.table for row_type in TABLES}


def test_users_are_names(copied: sqlite3.Connection) -> None:
    assert [row[1] for row in copied.execute("PRAGMA table_info(users)")] == ["name"]
    assert copied.execute("SELECT name FROM users").fetchall() == [("Ada",)]


def test_the_copy_is_whole_and_may_be_changed(copied: sqlite3.Connection) -> None:
    assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert copied.execute("PRAGMA foreign_key_check").fetchall() == []
    assert copied.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone() == (0,)
    copied.execute("UPDATE prompts SET language = 'de'")


def test_views_read_with_names_and_texts(copied: sqlite3.Connection) -> None:
    def rows(sql: str) -> list[tuple[str | int, ...]]:
        return copied.execute(sql).fetchall()

    assert rows("SELECT prompt, best_of_n, fused, stop FROM readable_runs")[0] == (
        "What is 6 x 7?", "It is 42.", "42, all say.", "evidence",
    )  # fmt: skip
    assert rows("SELECT study, rater, preferred, text, is_standing FROM readable_judgements") == [
        ("Fusion or best?", "Ada", "fusion", "The fusion of 0.", 1)
    ]
    assert rows("SELECT rater, verdict, is_standing FROM readable_ratings") == [("Ada", "tie", 1)]
    assert sorted(rows("SELECT source, quote, member FROM readable_flaws")) == [
        ("run", "It", "m"),
        ("study", "The", "f"),
    ]


def test_words_can_be_searched_if_asked_for(source: Path, tmp_path: Path) -> None:
    copy_open(source, tmp_path / "copy.db", is_searchable=True)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        found = "SELECT rowid FROM prompts_fts WHERE prompts_fts MATCH 'what'"
        assert copy.execute(f"SELECT text FROM prompts WHERE rowid IN ({found})").fetchall() == [("What is 6 x 7?",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_original_stays_as_it_was_and_the_app_takes_no_copy_for_its_own(source: Path, tmp_path: Path) -> None:
    before = source.read_bytes()
    copy_open(source, tmp_path / "copy.db")
    assert source.read_bytes() == before
    with pytest.raises(StorageError, match="belongs to another program"):
        open_store(tmp_path / "copy.db")


def test_a_copy_holds_what_another_connection_has_just_stored(tmp_path: Path) -> None:
    with open_store(tmp_path / "live.db") as store:
        with store.writing() as writer:
            writer.execute("INSERT INTO raters VALUES (?, 'Eve', '2026-01-01T00:00:00Z')", "0" * 26)
        copy_open(store.path, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT name FROM raters").fetchall() == [("Eve",)]


def test_a_place_that_cannot_be_written_is_told_in_words(source: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        copy_open(source, tmp_path / "nowhere" / "copy.db")


def test_a_database_that_is_not_whole_gives_no_copy(tmp_path: Path) -> None:
    with open_store(tmp_path / "live.db") as store, closing(sqlite3.connect(store.path)) as loose:
        loose.execute("INSERT INTO study_closings VALUES (?, 1, 1, '', '2026-01-01T00:00:00Z')", ("0" * 26,))
        loose.commit()
        with pytest.raises(StorageError, match="study_closings points at nothing in studies"):
            copy_open(store.path, tmp_path / "copy.db")
