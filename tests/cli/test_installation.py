"""Whether the program is whole: packages against the lock, files against the names that pages ask for."""

from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import fusion_ui
from fusion_ui.cli.installation import check_packages, check_static, locked

UI = Path(fusion_ui.__file__).parent / "ui"


def test_the_lock_of_this_checkout_is_read_and_met() -> None:
    wanted = locked(Path(fusion_ui.__file__).parent.parent)
    assert {"gradio", "sqlite-utils", "typer"} <= {each.name for each in wanted}
    assert check_packages(wanted).state == "fine"


def test_packages_for_other_machines_and_hashes_are_left_out(tmp_path: Path) -> None:
    lines = ["a==1 ; sys_platform == 'win32' \\", "    --hash=sha256:00", "    # via b", "b==2 \\", "", "-r other"]
    (tmp_path / "requirements.txt").write_text("\n".join(lines))
    assert locked(tmp_path) == (Requirement("b==2"),)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("typer==0.0.1", f"typer is {version('typer')}, not ==0.0.1"), ("no-such==1", "no-such is missing")],
)
def test_what_differs_from_the_lock_is_named(wanted: str, words: str) -> None:
    finding = check_packages((Requirement(wanted), Requirement("pytest")))
    assert finding.state == "todo"
    assert words in finding.words


def test_many_are_counted_and_none_cannot_be_told() -> None:
    assert "and 2 more" in check_packages(tuple(Requirement(f"no-such-{number}") for number in range(7))).words
    assert check_packages(()).state == "unknown"


def test_the_files_of_this_checkout_are_there() -> None:
    assert check_static(UI).state == "fine"


def test_missing_and_empty_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "page.py").write_text('SCRIPTS = ("dom.js", "board/2_prose.js")')
    (tmp_path / "static" / "dom.js").touch()
    assert "board/2_prose.js, dom.js" in check_static(tmp_path).words
    (tmp_path / "static" / "dom.js").write_text("x")
    assert "empty: board/2_prose.js." in check_static(tmp_path).words
