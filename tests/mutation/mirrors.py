"""Which tests stand for a module: those in its mirror, then those that reach it by the shortest way of imports."""

import ast
from collections import deque
from functools import cache
from pathlib import Path

MOST_FILES = 3
_LEFT_OUT = {
    "e2e",
    "bench",
    "mutation",
    "attack",
    "faults",
    "fuzz",
    "providers",
    "ui",
    "cli",
}  # slow, or far from it all
_FARTHEST = 3


def mirrors_of(root: Path, module: Path) -> list[Path]:
    """The test files of a module, nearest first, both relative to the root."""
    reaching = [
        (not _mirrors(test, module), far, not _is_near(test, module), test) for test, far in _reached(root, module)
    ]
    return [test for *_, test in sorted(reaching)][:MOST_FILES]


def _reached(root: Path, module: Path) -> list[tuple[Path, int]]:
    """The test files that import the module, with the number of imports from the one to the other."""
    files = _tests(root)
    return [(test, far) for test in files if (far := _distances(root, test).get(module)) is not None]


@cache
def _tests(root: Path) -> tuple[Path, ...]:
    found = (path.relative_to(root) for path in sorted(root.glob("tests/**/test_*.py")))
    return tuple(path for path in found if not _LEFT_OUT & set(path.parts))


@cache
def _distances(root: Path, test: Path) -> dict[Path, int]:
    distances, waiting = {test: 0}, deque([test])
    while waiting:
        path = waiting.popleft()
        for imported in _imports(root, path) if distances[path] < _FARTHEST else ():
            if imported not in distances:
                distances[imported] = distances[path] + 1
                waiting.append(imported)
    return distances


@cache
def _imports(root: Path, path: Path) -> frozenset[Path]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((root / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    bare = [Path(*name.split(".")) for name in names]
    files = [*(each.with_suffix(".py") for each in bare), *(each / "__init__.py" for each in bare)]
    return frozenset(file for file in files if (root / file).is_file())


def _mirrors(test: Path, module: Path) -> bool:
    module = module.parent if module.stem == "__init__" else module
    stem = test.stem.removeprefix("test_")
    return _is_near(test, module) and (stem == module.stem or stem.startswith(f"{module.stem}_"))


def _is_near(test: Path, module: Path) -> bool:
    """`tests/engine/reading` is near `fusion_ui/engine/reading/keys.py`."""
    return [*test.parent.parts[1:]] == [part for part in module.parent.parts if part != "fusion_ui"]
