"""A launched app and a real browser; a test fails on a script error or on any request that leaves the machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.e2e.nursery import Forked, forked
from tests.e2e.stage import Stage, staging

ROOT = Path(__file__).resolve().parents[2]
# The headless shell draws the same and has no windows to keep: a third of the browser process's time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
# Beside every page Chromium opens others to suggest addresses with, which take as long as a small page itself.
# Only the last such switch counts: what Playwright turns off is said again.
UNUSED = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
)  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-features={','.join(UNUSED)}",
]  # fmt: skip
COLOUR_RULES = ("color-contrast", "link-in-text-block")
TO_THE_DARK = """() => document.body.classList.add("dark")"""  # as the pages do themselves
# Colours on their way to others would be measured somewhere between.
SETTLE = """() => { for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish(); }"""
TWO_FRAMES = """() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"""
PATIENCE_S = 30  # what a busy machine may need; a quiet one never waits for it
FORGET = """try {
  if (!sessionStorage.getItem("is-fresh")) localStorage.clear();
  sessionStorage.setItem("is-fresh", "yes");
} catch { /* a page without an address keeps nothing */ }"""

expect.set_options(timeout=1000 * PATIENCE_S)


class Served(NamedTuple):
    """An app that is up: its address and its database."""

    url: str
    db: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    db: Path,
    *,
    speed: float,
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
    is_afresh: bool = False,
) -> Iterator[Served]:
    """`python app.py` until the block ends; afresh as a person would start it, else with its imports done already."""
    port = free_port()
    arguments = ["--port", str(port), "--db", str(db), "--demo-speed", str(speed)]
    arguments += ["--config", str(config)] if config else []
    log, whole = db.parent / f"server-{port}.log", {**os.environ, **(environ or {})}
    process = (_started if is_afresh else forked)(arguments, environ=whole, log=log)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", process, log)
        yield Served(f"http://127.0.0.1:{port}", db)
    finally:
        process.terminate()
        process.wait(timeout=2 * PATIENCE_S)


def _started(arguments: Sequence[str], *, environ: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as words:
        command = [sys.executable, "app.py", *arguments]
        return subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=subprocess.STDOUT, env=environ)


def later(*values: str | float) -> list[ParameterSet]:
    """Parameters that only `.ci/long` tries, as the gate tries others of their kind."""
    return [pytest.param(each, marks=pytest.mark.slow) for each in values]


def _wait_until_up(url: str, process: subprocess.Popen[bytes] | Forked, log: Path) -> None:
    deadline = time.monotonic() + 6 * PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the app ended before it was up:\n{log.read_text()}")
        try:
            if httpx.get(url + "/", timeout=5).status_code in (200, 401):  # 401 where people have to log in
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the app did not come up:\n{log.read_text()}")


NOTED = """
import sys
def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        with open(r"{log}", "a") as log:
            print(event, *map(repr, arguments[-2:]), file=log)
sys.addaudithook(note)
"""


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app with its demo at a pace to watch; whom it connects to is written down beside its database."""
    folder = tmp_path_factory.mktemp("served")
    log = folder / "connections.txt"
    log.touch()
    (folder / "sitecustomize.py").write_text(NOTED.replace("{log}", str(log)))
    with serving(folder / "fusion_ui.db", speed=0.2, environ={"PYTHONPATH": str(folder)}, is_afresh=True) as served:
        yield served


@pytest.fixture(scope="session")
def instant_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app with a demo that answers at once."""
    with serving(tmp_path_factory.mktemp("instant") / "fusion_ui.db", speed=0) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs a Chromium: install Debian's chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Contexts:
    """Browser contexts that outlive a test, so that what pages have in common is loaded and compiled once."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[BrowserContext] = []

    def take(self) -> BrowserContext:
        """A context that no page is open in."""
        return self._free.pop() if self._free else self._browser.new_context()

    def give_back(self, context: BrowserContext) -> None:
        for page in context.pages:
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        self._free.append(context)


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def new_page(browser: Browser, contexts: Contexts) -> Iterator[Callable[..., Page]]:
    """Makes pages, each as on a device of its own, closed after the test, which fails on script errors and on requests
    that leave. A page with a clock to turn, or a screen to touch, gets a context that nobody has after it.
    """
    own: list[BrowserContext] = []
    taken: list[BrowserContext] = []
    troubles: list[str] = []

    def make(
        *, width: int = 1440, height: int = 1000, has_clock: bool = False, has_touch: bool = False, **media: Any
    ) -> Page:
        is_own = has_clock or has_touch
        context = browser.new_context(has_touch=has_touch) if is_own else contexts.take()
        (own if is_own else taken).append(context)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media)
        page.add_init_script(FORGET)
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("request", lambda request: _noted(request.url, troubles))
        return page

    yield make
    for context in own:
        context.close()
    for context in taken:
        contexts.give_back(context)
    assert not troubles


def _noted(url: str, troubles: list[str]) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_here = host in ("127.0.0.1", "localhost") or host.endswith(".localhost")
    if parts.scheme not in ("data", "blob", "about") and not is_here:
        troubles.append(f"request to the outside: {url}")


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with staging() as stage_:
        yield stage_


def until(condition: Callable[[], bool], page: Page) -> None:
    """Wait for something that no locator sees."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        page.wait_for_timeout(20)


def fill_in(field: Locator, text: str) -> None:
    """Fill a field of Gradio's, which writes its own value back over one typed within a frame of its appearing."""

    def is_kept() -> bool:
        field.fill(text)
        field.evaluate(TWO_FRAMES)
        return field.input_value() == text

    until(is_kept, field.page)


def violations(
    page: Page, context: str | Mapping[str, object] | None = None, *, rules: Sequence[str] = ()
) -> list[str]:
    """What axe finds, by these rules or all of them; it is not made to tell of what is well, which takes it longest."""
    options: dict[str, object] = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    page.evaluate(SETTLE)
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def violations_in_both_themes(page: Page, context: str | None = None) -> list[str]:
    """What axe finds in the light and, as only colours differ, by the rules about colours in the dark."""
    found = violations(page, context)
    page.emulate_media(color_scheme="dark")
    page.evaluate(TO_THE_DARK)
    return found + violations(page, context, rules=COLOUR_RULES)
