"""How many wrong changes the tests notice: `python -m tests.mutation --sample 60 --seed 7`.

Prints each mutant with its fate, then the share of each package that was noticed. A mutant whose tests come to no end
counts as noticed; one in a module that no test reaches does not.
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
from tests.mutation.mirrors import mirrors_of
from tests.mutation.operators import Mutant, mutants_of, mutated

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("fusion_ui/engine", "storage", "fusion_ui/analysis")
_FATE = {"passed": "survived", "failed": "killed", "endless": "hung"}


class Chosen(NamedTuple):
    """A mutant, its module and the package whose score it counts for."""

    package: str
    module: Path
    mutant: Mutant


def main() -> None:
    """Mutates a sample of the packages."""
    asked = _asked()
    chosen = [each for package in asked.packages for each in _sample(package, asked.sample, asked.seed)]
    with TemporaryDirectory(prefix="fusion-ui-mutants-") as folder:
        fates = Counter(_fates(Checkout(ROOT, Path(folder)), chosen))
    for package in asked.packages:
        print(_scored(package, {fate: number for (of, fate), number in fates.items() if of == package}))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), help="folders or single modules")
    parser.add_argument("--sample", type=int, default=60, help="mutants of each package; 0 takes all")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _sample(package: str, size: int, seed: int) -> list[Chosen]:
    paths = [ROOT / package] if package.endswith(".py") else sorted((ROOT / package).rglob("*.py"))
    every = [
        Chosen(package, path.relative_to(ROOT), mutant)
        for path in paths
        for mutant in mutants_of(path.read_text(encoding="utf-8"))
    ]
    size = min(size or len(every), len(every))
    print(f"{package}: {size} of {len(every)} mutants", flush=True)
    return [every[at] for at in sorted(random.Random(f"{seed} {package}").sample(range(len(every)), size))]


def _fates(checkout: Checkout, chosen: Sequence[Chosen]) -> Iterator[tuple[str, str]]:
    """The package and the fate of each; tests that fail without any change would notice nothing."""
    is_sound: dict[Path, bool] = {}
    for number, (package, module, mutant) in enumerate(chosen, start=1):
        tests = mirrors_of(checkout.root, module)
        if module not in is_sound:
            is_sound[module] = bool(tests) and checkout.verdict(tests) == "passed"
        fate = "untested"
        if is_sound[module]:
            source = (checkout.root / module).read_text(encoding="utf-8")
            with checkout.changed(module, mutated(source, mutant)):
                fate = _FATE[checkout.verdict(tests)]
        print(f"{number:4d} {fate:8s} {module}:{mutant.line} {mutant.change}", flush=True)
        yield package, fate


def _scored(package: str, fates: dict[str, int]) -> str:
    noticed, tried = fates.get("killed", 0) + fates.get("hung", 0), sum(fates.values())
    counts = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
    return f"{package}: {noticed / max(tried, 1):.0%} of {tried} noticed ({counts})"


if __name__ == "__main__":
    sys.exit(main())
