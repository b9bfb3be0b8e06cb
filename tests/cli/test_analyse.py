"""`analyse` as other tools call it: JSON, one table or one figure, refusals in words and with exit code 2."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fusion_ui.cli import app
from storage.connection import open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.preferences.support import judged_study


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A store with one study that three people judged."""
    clock = Clock()
    with open_store(tmp_path / "s.db", identity=Identity(clock=clock)) as store:
        judged_study(store, Room(store, clock))
    return tmp_path / "s.db"


def called(db: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, ["analyse", *map(str, arguments), "--db", str(db)])


def test_without_options_it_tells_what_people_prefer(db: Path) -> None:
    result = called(db)
    assert result.exit_code == 0, result.stderr
    assert "24 judgements of 8 items" in result.stdout
    assert "fusion : best" in result.stdout


def test_json_is_the_whole_analysis_of_what_was_asked(db: Path) -> None:
    options = ("--json", "--by", "member", "--rater", "Ada", "--leave-out", "none", "--level", 0.9, "--width", 0.1)
    found = json.loads(called(db, *options).stdout)
    asked = {name: found["asked"][name] for name in ("by", "raters", "leave_out", "level", "width")}
    assert asked == {"by": "member", "raters": ["Ada"], "leave_out": [], "level": 0.9, "width": 0.1}
    assert found["counts"]["judgements"] == 8


def test_one_table_is_csv(db: Path) -> None:
    head, first, *_ = called(db, "--csv", "contrasts").stdout.splitlines()
    assert head.startswith('"first","second","group","value","units"')
    assert first.startswith('"fusion","best","","",8')


def test_a_figure_is_written_as_its_name_says(db: Path, tmp_path: Path) -> None:
    result = called(db, "--figure", tmp_path / "contrasts.svg")
    assert result.exit_code == 0, result.stderr
    assert b"<svg" in (tmp_path / "contrasts.svg").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--study", "x"), "There is no study 'x'"),
        (("--csv", "prices"), "There is no table 'prices'"),
        (("--leave-out", "leap"), "There is no rule 'leap'"),
        (("--figure", "contrasts.gif"), "svg, png, pdf"),
        (("--rater", "Zoë"), "Nobody called 'Zoë'"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(db: Path, arguments: tuple[str, ...], words: str) -> None:
    result = called(db, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
