"""How many wrong changes the tests notice: `python -m tests.mutation --sample 60 --seed 7`.

Prints each mutant with its fate, then the share of each package that was noticed. A mutant whose tests come to no end
counts as noticed; one in a line that no test runs does not.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.mutation.checkout import Checkout
from tests.mutation.collected import Trial
from tests.mutation.mirrors import mirrors_of
from tests.mutation.operators import Mutant, mutants_of
from tests.mutation.reach import statement_at

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("fusion_ui/engine", "storage", "fusion_ui/analysis", "fusion_ui/analysis/preference")
_FATE = {"passed": "survived", "failed": "killed", "endless": "hung"}


class Chosen(NamedTuple):
    """A mutant, its module and the package whose score it counts for."""

    package: str
    module: Path
    mutant: Mutant


def main() -> None:
    """Mutates a sample of the packages."""
    asked = _asked()
    with TemporaryDirectory(prefix="fusion-ui-mutants-") as folder:
        checkout = Checkout(ROOT, Path(folder))
        chosen = [each for package in asked.packages for each in _sample(checkout.root, package, asked)]
        fates = Counter(_fates(checkout, chosen))
    for package in asked.packages:
        print(_scored(package, {fate: number for (of, fate), number in fates.items() if of == package}))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), help="folders or single modules")
    parser.add_argument("--sample", type=int, default=60, help="mutants of each package; 0 takes all")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _sample(root: Path, package: str, asked: argparse.Namespace) -> list[Chosen]:
    inner = [root / other for other in asked.packages if other.startswith(f"{package}/")]
    paths = [root / package] if package.endswith(".py") else sorted((root / package).rglob("*.py"))
    every = [
        Chosen(package, path.relative_to(root), mutant)
        for path in paths
        if not any(path.is_relative_to(other) for other in inner)
        for mutant in mutants_of(path.read_text(encoding="utf-8"))
    ]
    size = min(asked.sample or len(every), len(every))
    print(f"{package}: {size} of {len(every)} mutants", flush=True)
    return [every[at] for at in sorted(random.Random(f"{asked.seed} {package}").sample(range(len(every)), size))]


def _fates(checkout: Checkout, chosen: Sequence[Chosen]) -> Iterator[tuple[str, str]]:
    """The package and the fate of each."""
    nearest = {module: mirrors_of(checkout.root, module) for module in {each.module for each in chosen}}
    with checkout.serving(sorted({test for tests in nearest.values() for test in tests}), nearest) as collected:
        seconds = collected.reach.seconds
        print(f"{len(seconds)} tests, {sum(seconds.values()):.0f} s of processor time", flush=True)
        for number, (package, module, mutant) in enumerate(chosen, start=1):
            lines = statement_at((checkout.root / module).read_text(encoding="utf-8"), mutant.line)
            tests = collected.reach.of(module, lines, nearest=nearest[module])
            trial = Trial(module, mutant, tests, sum(seconds[test] for test in tests))
            is_imported = collected.reach.is_imported(module, lines)
            fate = _FATE[collected.verdict(trial, is_imported=is_imported)] if tests else "untested"
            print(f"{number:4d} {fate:8s} {module}:{mutant.line} {mutant.change}", flush=True)
            yield package, fate


def _scored(package: str, fates: dict[str, int]) -> str:
    noticed, tried = fates.get("killed", 0) + fates.get("hung", 0), sum(fates.values())
    counts = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
    return f"{package}: {noticed / max(tried, 1):.0%} of {tried} noticed ({counts})"


if __name__ == "__main__":
    sys.exit(main())
