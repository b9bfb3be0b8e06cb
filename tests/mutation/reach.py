"""Which tests run which lines, and how long they take: measured once, so that a mutant meets few tests.

Tests that fail, skip or take long without any change take no part.
"""

import ast
import json
import signal
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from coverage import Coverage
from hypothesis import Phase, settings

MOST_TEST_CPU_S = 1.0
MOST_MUTANT_CPU_S = 3.0
_AT_IMPORT = ""


class TooSlow(BaseException):
    """A test has had its time; no `except Exception` holds this up."""


class Reach(NamedTuple):
    """Seconds of processor time by test; who runs it, by line and module: a test, all of a file, an import."""

    seconds: Mapping[str, float]
    ran: Mapping[str, Mapping[str, Sequence[str]]]

    def is_imported(self, module: Path, lines: Collection[int]) -> bool:
        """Whether one of these lines ran before any test did."""
        return any(_AT_IMPORT in self.ran.get(str(module), {}).get(str(line), ()) for line in lines)

    def of(self, module: Path, lines: Collection[int], *, nearest: Sequence[Path]) -> list[str]:
        """The tests that run one of these lines: of the nearest files first, quick ones first, while there is time."""
        ran = self.ran.get(str(module), {})
        found = {test for line in lines for test in ran.get(str(line), ())}
        if _AT_IMPORT in found:
            found = {test for tests in ran.values() for test in tests}
        if found == {_AT_IMPORT}:
            found = {str(path) for path in nearest}
        reaching = [test for test in self.seconds if found & {test, _file(test)}]
        rank = {str(path): at for at, path in enumerate(nearest)}
        order = sorted(reaching, key=lambda test: (rank.get(_file(test), len(rank)), self.seconds[test]))
        return list(_affordable(order, self.seconds))


class Measuring:
    """The plugin that measures reach into these modules."""

    def __init__(self, root: Path, modules: Collection[Path], written: Path) -> None:
        self._written = written
        self._modules = {str(module): str(root / module) for module in modules}
        self._coverage = Coverage(data_file=None, config_file=False, include=list(self._modules.values()))
        self._seconds: dict[str, float] = {}
        self._unfit: set[str] = set()
        self._test = _AT_IMPORT
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        began = time.process_time()
        self._test = item.nodeid
        self._coverage.switch_context(item.nodeid)
        result = yield
        self._seconds[item.nodeid] = time.process_time() - began
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        self._coverage.switch_context(self._test if fixturedef.scope == "function" else _file(self._test))
        result = yield
        self._coverage.switch_context(self._test)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        signal.signal(signal.SIGPROF, _give_up)
        signal.setitimer(signal.ITIMER_PROF, MOST_TEST_CPU_S)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._unfit.add(report.nodeid)

    def stop(self) -> None:
        """No more is measured here."""
        self._coverage.stop()

    def pytest_sessionfinish(self) -> None:
        self.stop()
        found = self._coverage.get_data()
        ran = {module: found.contexts_by_lineno(file) for module, file in self._modules.items()}
        seconds = {test: taken for test, taken in self._seconds.items() if test not in self._unfit}
        self._written.write_text(json.dumps({"seconds": seconds, "ran": ran}), encoding="utf-8")


class Only:
    """The plugin that runs these tests alone, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._rank = {test: at for at, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._rank), key=lambda item: self._rank[item.nodeid]
        )


class NoShrinking:
    """The plugin that lets a broken law be broken, without a search for its smallest case."""

    def pytest_configure(self) -> None:
        settings.register_profile("mutants", settings.default, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutants")


def read_reach(path: Path) -> Reach:
    """What `Measuring` wrote."""
    return Reach(**json.loads(path.read_text(encoding="utf-8")))


def files_of(tests: Sequence[str]) -> list[str]:
    """The files that hold these tests."""
    return list(dict.fromkeys(map(_file, tests)))


def statement_at(source: str, line: int) -> range:
    """The lines of the innermost statement around this line, without the statements inside it."""
    around = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt) and _spans(node, line)]
    if not around:
        return range(line, line + 1)
    node = max(around, key=lambda each: (each.lineno, -(each.end_lineno or 0)))
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return range(node.lineno, max(first, node.lineno + 1)) if line < first else range(line, line + 1)


def _spans(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _affordable(tests: Sequence[str], seconds: Mapping[str, float]) -> Iterator[str]:
    spent = 0.0
    for test in tests:
        spent += seconds[test]
        if spent > MOST_MUTANT_CPU_S:
            return
        yield test


def _file(test: str) -> str:
    return test.partition("::")[0]


def _give_up(*_: object) -> None:
    raise TooSlow
