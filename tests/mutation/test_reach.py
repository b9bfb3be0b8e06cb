"""A mutant meets the tests that run its line, as they were measured, and no others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation.checkout import Checkout, Collected
from tests.mutation.collected import Trial
from tests.mutation.operators import mutants_of
from tests.mutation.reach import Reach, statement_at

MODULE, TESTS = Path("storage/marks.py"), Path("tests/test_marks.py")
SOURCE = """BASE = 1

def low(mark):
    return mark - BASE

def high(mark):
    return mark + 10

def alone(mark):
    return mark
"""
OF_THEM = """import pytest
from storage.marks import high, low

@pytest.fixture(scope="module")
def ten():
    return high(0)

def test_low():
    assert low(2) == 1

def test_high(ten):
    assert ten == 10

def test_high_again():
    assert high(1) == 11

def test_wrong():
    assert low(1) == 7
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    source = tmp_path_factory.mktemp("source")
    for name, text in {"storage/__init__.py": "", str(MODULE): SOURCE, str(TESTS): OF_THEM}.items():
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    (source / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']", encoding="utf-8")
    with Checkout(source, tmp_path_factory.mktemp("copy")).serving([TESTS], [MODULE]) as collected:
        yield collected


@pytest.mark.parametrize(
    ("line", "tests"),
    [
        (4, {"test_low"}),
        (7, {"test_low", "test_high", "test_high_again"}),  # a shared fixture ran it: whoever asked for it
        (1, {"test_low", "test_high", "test_high_again"}),
        (10, set()),
    ],
)
def test_a_line_has_the_sound_tests_that_run_it(collected: Collected, line: int, tests: set[str]) -> None:
    found = collected.reach.of(MODULE, [line], nearest=[])
    assert set(found) == {f"tests/test_marks.py::{test}" for test in tests}


@pytest.mark.parametrize(("line", "change", "verdict"), [(4, "Sub -> Add", "failed"), (1, "1 -> 2", "failed")])
def test_a_wrong_change_is_noticed_at_its_line_or_at_import(
    collected: Collected, line: int, change: str, verdict: str
) -> None:
    mutant = next(each for each in mutants_of(SOURCE) if (each.line, each.change) == (line, change))
    is_imported = collected.reach.is_imported(MODULE, [line])
    assert is_imported == (line == 1)
    trial = Trial(MODULE, mutant, collected.reach.of(MODULE, [line], nearest=[]), 0)
    assert collected.verdict(trial, is_imported=is_imported) == verdict


def test_tests_of_the_nearest_file_come_first_and_quick_ones_before_slow() -> None:
    seconds = {"far.py::quick": 0.1, "near.py::slow": 2.0, "near.py::quick": 0.2, "near.py::endless": 20.0}
    reach = Reach(seconds, {"m.py": {"1": list(seconds)}})
    assert reach.of(Path("m.py"), [1], nearest=[Path("near.py")]) == ["near.py::quick", "near.py::slow"]
    assert reach.of(Path("m.py"), [1], nearest=[])[0] == "far.py::quick"


@pytest.mark.parametrize(
    ("line", "lines"), [(1, [1]), (2, [2]), (3, [3, 4]), (4, [3, 4]), (5, [5]), (6, [6, 7]), (7, [6, 7]), (8, [8])]
)
def test_a_line_stands_for_its_statement(line: int, lines: list[int]) -> None:
    source = "if a:\n    b\n    c(\n    d)\nelse:\n    while (e\n           or f):\n        g"
    assert list(statement_at(source, line)) == lines
