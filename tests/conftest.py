"""What all tests share: the async backend, the data that lies beside the project, and quiet laws."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import fusion_ui  # noqa: F401 - first, as it says how numpy is to count
from storage.connection import Store, open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.fresh import fresh

settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("long", settings.get_profile("default"), max_examples=500)
settings.load_profile("default")  # before the command line is read, which may choose the other

MOST_RETRIED = 3
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    """A clock that a test moves."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """An empty store by that clock."""
    with open_store(fresh(tmp_path / "s.db"), identity=Identity(clock=clock)) as store:
        yield store


@pytest.fixture
def room(store: Store, clock: Clock) -> Room:
    """People who rate in that store."""
    return Room(store, clock)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The published data sets beside the checkout; a test that needs them says so and skips where they are absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the published data sets in ../shared/data")
    return folder


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run that passed only because tests were skipped or tried again has not passed.

    On the build machine nothing may be skipped: a test that did not run has shown nothing. Anywhere a few browser tests
    may need their second try; more than a few are no accident.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or exitstatus != pytest.ExitCode.OK:
        return
    skipped, retried = (len(reporter.stats.get(name, [])) for name in ("skipped", "rerun"))
    if os.environ.get("CI") and skipped:
        _fail(session, f"{skipped} tests were skipped, which counts as failed where CI is set")
    if retried > MOST_RETRIED:
        _fail(session, f"{retried} browser tests needed a second try: more than {MOST_RETRIED} count as failed")


def _fail(session: pytest.Session, why: str) -> None:
    session.config.pluginmanager.get_plugin("terminalreporter").write_line(why, red=True)
    session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop in this thread, and no other could run beside it. The
    files with most of them go ahead, so that all workers end at about the same time.

    One that fails is tried once more, as a browser on a busy machine has moments of its own; the summary names it.
    """
    tests, every = Counter(item.path for item in items), len(items)
    items.sort(key=lambda item: tests[item.path] if "e2e" in item.path.parts else every, reverse=True)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.law)
