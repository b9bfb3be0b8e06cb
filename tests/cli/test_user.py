"""Who may come in, from the command line: passwords are never arguments, never echoed, and printed only when made."""

import os
import pty
import re
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fusion_ui.cli import app
from fusion_ui.people import People
from fusion_ui.settings import AuthSettings
from storage.connection import open_store

ROOT = Path(__file__).resolve().parents[2]
PASSWORD, OTHER = "tide pool lantern", "copper kettle moss"


def called(*arguments: str, db: Path, given: str = "") -> Result:
    return CliRunner().invoke(app, ["user", *arguments, "--db", str(db)], input=given)


def typed(*arguments: str, db: Path, answers: list[str]) -> tuple[int, str]:
    """The exit code, and all that stood on the terminal of somebody who typed these answers when asked."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "fusion_ui", "user", *arguments, "--db", str(db)])
    shown = b""
    for answer in answers:
        unasked = len(shown)
        while re.search(rb"Password( again)?: $", shown[unasked:]) is None:
            shown += os.read(terminal, 1000)
        os.write(terminal, answer.encode() + b"\n")
    with suppress(OSError):  # the terminal is gone with the command
        while more := os.read(terminal, 1000):
            shown += more
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def is_let_in(db: Path, name: str, password: str) -> bool:
    with open_store(db) as store:
        try:
            People(store, AuthSettings(enabled=True)).log_in(name, password, address="test")
        except Exception:  # noqa: BLE001 -- whatever the reason
            return False
    return True


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "u.db"


def test_a_user_comes_in_changes_goes_and_comes_back(db: Path) -> None:
    added = called("add", "Ann", "--role", "owner", "--password-stdin", db=db, given=PASSWORD + "\n")
    assert (added.exit_code, added.stdout) == (0, "")
    assert is_let_in(db, "Ann", PASSWORD)
    assert called("passwd", "Ann", "--password-stdin", db=db, given=OTHER + "\r\n").exit_code == 0
    assert is_let_in(db, "Ann", OTHER)
    assert not is_let_in(db, "Ann", PASSWORD)
    assert "Ann is out" in called("disable", "Ann", db=db).stderr
    assert not is_let_in(db, "Ann", OTHER)
    assert called("enable", "Ann", db=db).exit_code == 0
    assert is_let_in(db, "Ann", OTHER)


def test_the_list_tells_who_there_is_and_no_secret(db: Path) -> None:
    called("add", "Ann", "--role", "owner", "--password-stdin", db=db, given=PASSWORD)
    called("add", "Bo B", "--role", "rater", "--password-stdin", db=db, given=PASSWORD)
    called("disable", "Bo B", db=db)
    first, second = called("list", db=db).stdout.splitlines()
    assert first.split()[:2] == ["owner", "enabled"]
    assert second.split()[:2] == ["rater", "disabled"]
    assert second.endswith("Bo B")
    assert "argon2" not in first + second


def test_a_made_password_is_printed_once_and_works(db: Path) -> None:
    made = called("add", "Bo", "--role", "rater", "--generate", db=db)
    (password,) = made.stdout.splitlines()
    assert password not in made.stderr
    assert is_let_in(db, "Bo", password)


def test_a_password_is_asked_for_twice_and_never_shown(db: Path) -> None:
    code, shown = typed("add", "Ann", "--role", "owner", db=db, answers=[PASSWORD, PASSWORD])
    assert (code, PASSWORD in shown) == (0, False)
    assert "Password again" in shown
    assert is_let_in(db, "Ann", PASSWORD)


def test_two_different_passwords_are_asked_for_anew(db: Path) -> None:
    code, shown = typed("add", "Ann", "--role", "owner", db=db, answers=[PASSWORD, OTHER, OTHER, OTHER])
    assert code == 0
    assert PASSWORD not in shown
    assert is_let_in(db, "Ann", OTHER)


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (["add", "Ann", "--role", "owner", "--password-stdin"], "short\n", "at least 10"),
        (["add", "Ann", "--role", "owner", "--password-stdin"], "", "at least 10"),
        (["add", "", "--role", "owner", "--password-stdin"], PASSWORD, "no name"),
        (["add", "Ann", "--role", "owner"], PASSWORD, "--password-stdin"),
        (["add", "Ann", "--role", "owner", "--password-stdin", "--generate"], PASSWORD, "not both"),
        (["add", "Ann", "--role", "king", "--password-stdin"], PASSWORD, "king"),
        (["passwd", "Nobody", "--generate"], "", "no user 'Nobody'"),
        (["disable", "Nobody"], "", "no user 'Nobody'"),
        (["enable", "Nobody"], "", "no user 'Nobody'"),
    ],
)
def test_what_cannot_be_done_is_said_in_plain_words(db: Path, arguments: list[str], given: str, words: str) -> None:
    result = called(*arguments, db=db, given=given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_nobody_is_added_twice(db: Path) -> None:
    for code in (0, 2):
        result = called("add", "Ann", "--role", "owner", "--password-stdin", db=db, given=PASSWORD)
        assert result.exit_code == code
    assert "already" in result.stderr
