"""The wrong changes are wrong, each in one place, and what decides nothing is left alone."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mirrors import mirrors_of
from tests.mutation.operators import mutants_of, mutated

ROOT = Path(__file__).resolve().parents[2]


def changes(source: str) -> list[str]:
    return [mutated(source, mutant) for mutant in mutants_of(source)]


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("a < b", ["a <= b"]),
        ("a is None", ["a is not None"]),
        ("a + b * c", ["a - b * c", "a + b / c"]),
        ("x += n", ["x -= n"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("f(a, 2, True)", ["pass", "f(a, 3, True)", "f(a, 2, False)"]),
        ("if a:\n    pass", ["if not a:\n    pass"]),
        ("def f():\n    return a", ["def f():\n    return None"]),
        ("s = 'SELECT 1 WHERE a = ? AND b'", ["s = 'SELECT 1 WHERE a = ? OR b'", "s = 'SELECT 1 WHERE a != ? AND b'"]),
    ],
)
def test_each_change_stands_alone(source: str, wrong: list[str]) -> None:
    assert changes(source) == wrong


@pytest.mark.parametrize(
    "source",
    [
        '"""One module, 1 idea."""',
        "def f(a: Literal[1] = x) -> Literal[2]: ...",
        "@dataclass(frozen=True)\nclass A: ...",
        "if TYPE_CHECKING:\n    import a",
        "s = 'plain words'",
        "def f():\n    return None",
    ],
)
def test_what_decides_nothing_is_left_alone(source: str) -> None:
    assert changes(source) == []


def test_every_change_of_a_module_is_another_module() -> None:
    source = (ROOT / "storage" / "trials.py").read_text(encoding="utf-8")
    every = changes(source)
    assert len(set(every)) == len(every) > 50
    assert ast.unparse(ast.parse(source)) not in every


def test_a_module_is_judged_by_its_own_tests_then_by_those_that_reach_it_soonest(tmp_path: Path) -> None:
    files = {
        "storage/trials.py": "", "storage/rows.py": "", "storage/rooms/__init__.py": "", "tests/__init__.py": "",
        "storage/studies.py": "import storage.trials",
        "tests/annotation/test_making.py": "from storage import trials",
        "tests/storage/test_studies.py": "from storage.studies import x",
        "tests/storage/test_trials.py": "import storage.trials",
        "tests/storage/test_rooms.py": "import storage.rooms",
        "tests/e2e/test_all.py": "import storage.trials",
    }  # fmt: skip
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    found = [str(test) for test in mirrors_of(tmp_path, Path("storage/trials.py"))]
    assert found == [
        f"tests/{name}.py" for name in ("storage/test_trials", "annotation/test_making", "storage/test_studies")
    ]
    assert mirrors_of(tmp_path, Path("storage/rooms/__init__.py")) == [Path("tests/storage/test_rooms.py")]
    assert mirrors_of(tmp_path, Path("storage/rows.py")) == []
