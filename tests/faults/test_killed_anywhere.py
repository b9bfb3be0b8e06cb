"""A process killed at any moment of runs, ratings, imports or migrations leaves a sound file, and all that it said."""

import shutil
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random

import pytest

from storage.connection import open_store
from storage.migrations import scripts
from tests.faults.children import Point, climb_and_die, count_statements, work_and_die
from tests.faults.old_schemas import contents, kept, old_database, version
from tests.faults.soundness import assert_sound, lost, said_by
from tests.faults.work import bundle

FEW, MANY = 6, 50
STATEMENTS = 900  # two to three rounds of work


def points(number: int, *, seed: int, statements: int) -> list[Point]:
    """So many points, every second of them inside a statement rather than before it."""
    rng = Random(seed)
    delays = (0.0, 0.004)
    return [Point(rng.randint(1, statements), delays[place % 2] * rng.random()) for place in range(number)]


def kill_work(folder: Path, processes: ForkServerContext, *, kills: int, seed: int) -> None:
    """One file, opened, worked on and left by one killed process after the other."""
    path, said = folder / "killed.db", []
    bundles = [bundle(folder, seed=500 + number) for number in range(2)]
    for number, point in enumerate(points(kills, seed=seed, statements=STATEMENTS)):
        said += said_by(processes, work_and_die, path, seed * 100 + number, point, bundles)
        open_store(path).close()
        assert_sound(path)
        assert lost(path, said) == []
    assert {kind for kind, _ in said} >= {"run", "candidate"}


def kill_climbs(folder: Path, processes: ForkServerContext, *, kills: int, seed: int) -> None:
    """Copies of a database of each earlier schema, each killed on its way to the last."""
    for step in range(1, len(scripts())):
        old = old_database(folder, step=step)
        before = contents(old)
        shutil.copy(old, folder / "counted.db")
        ((_, statements),) = said_by(processes, count_statements, folder / "counted.db")
        for number, point in enumerate(points(kills, seed=seed + step, statements=int(statements))):
            path = Path(shutil.copy(old, folder / f"killed-{step}-{number}.db"))
            said_by(processes, climb_and_die, path, point)
            assert version(path) in {step, len(scripts())}, point
            open_store(path).close()
            assert version(path) == len(scripts())
            assert contents(path, like=before) == kept(before, step=step), point
            assert_sound(path)


def test_work_killed_at_a_few_points_loses_nothing(tmp_path: Path, processes: ForkServerContext) -> None:
    kill_work(tmp_path, processes, kills=FEW, seed=1)


def test_migrations_killed_at_a_few_points_are_whole_or_not_there(tmp_path: Path, processes: ForkServerContext) -> None:
    kill_climbs(tmp_path, processes, kills=1, seed=2)


@pytest.mark.slow
def test_work_killed_at_many_points_loses_nothing(tmp_path: Path, processes: ForkServerContext) -> None:
    kill_work(tmp_path, processes, kills=MANY, seed=3)


@pytest.mark.slow
def test_migrations_killed_at_many_points_are_whole_or_not_there(tmp_path: Path, processes: ForkServerContext) -> None:
    kill_climbs(tmp_path, processes, kills=MANY // len(scripts()) + 1, seed=4)
