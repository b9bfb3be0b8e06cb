"""Backup and restore from the command line: names of their own, so many kept, and a refusal ends with 2."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fusion_ui.cli import app
from storage.backups import content_of
from storage.checking import faults_of
from storage.connection import open_store
from storage.ratings import RaterRow, rater_named


def called(*arguments: object, db: Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--db", str(db)])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    add(tmp_path / "c.db", "Ada")
    return tmp_path / "c.db"


def add(db: Path, name: str) -> None:
    with open_store(db) as store, store.writing() as writer:
        rater_named(writer, name)


def raters(db: Path) -> set[str]:
    with open_store(db) as store, store.reading() as reader:
        return {rater.name for rater in reader.rows(RaterRow)}


def test_a_backup_is_put_back_and_what_came_after_it_is_kept(db: Path, tmp_path: Path) -> None:
    copy = Path(called("backup", db=db).stdout.strip())
    assert copy.parent == tmp_path
    add(db, "Zoe")
    told = called("restore", copy, db=db)
    assert told.exit_code == 0, told.output
    assert raters(db) == {"Ada"}
    (kept,) = tmp_path.glob("*.before-restore.db")
    assert kept.name in told.stderr
    assert raters(kept) == {"Ada", "Zoe"}


def test_a_folder_gets_copies_with_names_of_their_own_and_so_many_stay(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    made = [Path(called("backup", folder, "--keep", 2, db=db).stdout.strip()) for _ in range(4)]
    assert sorted(folder.iterdir()) == made[-2:]
    assert [faults_of(copy) for copy in made[-2:]] == [(), ()]


def test_a_name_of_ones_own_is_not_counted(db: Path, tmp_path: Path) -> None:
    told = called("backup", tmp_path / "mine.db", "--keep", 2, db=db)
    assert told.exit_code == 2
    assert not (tmp_path / "mine.db").exists()


def test_what_is_there_is_replaced_by_force_only(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.db"
    target.write_text("mine")
    refused = called("backup", target, db=db)
    assert refused.exit_code == 2
    assert "add --force" in refused.stderr
    assert target.read_text() == "mine"
    assert called("backup", target, "--force", db=db).exit_code == 0
    assert content_of(target) == content_of(db)


@pytest.mark.parametrize("arguments", [("backup",), ("restore", "none.db")])
def test_what_is_not_there_ends_with_2_and_makes_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    told = called(*arguments, db=tmp_path / "none.db")
    assert told.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_backup_says_in_how_many_bytes_and_how_to_put_it_back(db: Path) -> None:
    told = called("backup", db=db)
    assert "whole and sound" in told.stderr
    assert f"restore {told.stdout.strip()}" in told.stderr
