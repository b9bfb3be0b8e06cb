"""Code that is exchanged under loaded functions acts like the module would, had it been imported with the change."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from types import ModuleType

import pytest

from tests.mutation.collected import exchanged, is_awake
from tests.mutation.operators import Mutant, mutants_of, mutated

SOURCE = """
import functools

LIMIT = 3

def held(step):
    @functools.cache
    def taken(number):
        return [each + step for each in range(number) if each != LIMIT]
    return lambda number: taken(number + 1)

class Scale:
    @property
    def top(self):
        return LIMIT * 2

def seen():
    return held(1)(3), Scale().top
"""
MUTANTS = [mutant for mutant in mutants_of(SOURCE) if "dropped" not in mutant.change]


def loaded(path: Path) -> ModuleType:
    spec = spec_from_file_location("changed", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome(module: ModuleType) -> object:
    try:
        return module.seen()
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize("mutant", MUTANTS, ids=[f"{mutant.line} {mutant.change}" for mutant in MUTANTS])
def test_exchanged_code_acts_like_code_imported(tmp_path: Path, mutant: Mutant) -> None:
    (tmp_path / "right.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(mutated(SOURCE, mutant), encoding="utf-8")
    module = loaded(tmp_path / "right.py")
    # What shows at import, or leaves a closure other names to hold, is left to a fresh import.
    is_left = mutant.line == 4 or (mutant.line, mutant.change) == (9, "returns None")
    assert exchanged(tmp_path / "right.py", mutant) is not is_left
    assert is_left or outcome(module) == outcome(loaded(tmp_path / "wrong.py")) != ([1, 2, 3], 6)


def test_a_child_that_waits_for_nothing_is_told_from_one_that_works() -> None:
    with (
        Popen(["cat"], process_group=0, stdin=PIPE) as waiting,
        Popen(["yes"], process_group=0, stdout=DEVNULL) as working,
    ):
        while is_awake(waiting.pid):
            assert waiting.poll() is None
        assert is_awake(working.pid)
        working.kill()
