"""A launched app and a real browser; a test fails on a script error or on any request that leaves the machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


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
    db: Path, *, speed: float, config: Path | None = None, environ: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """`python app.py` as a person would start it, until the block ends."""
    port = free_port()
    command = [sys.executable, "app.py", "--port", str(port), "--db", str(db), "--demo-speed", str(speed)]
    command += ["--config", str(config)] if config else []
    log = (db.parent / f"server-{port}.log").open("w+")
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **(environ or {})}
    )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", process, Path(log.name))
        yield Served(f"http://127.0.0.1:{port}", db)
    finally:
        process.terminate()
        process.wait(timeout=15)
        log.close()


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the app ended before it was up:\n{log.read_text()}")
        try:
            if httpx.get(url + "/", timeout=5).status_code in (200, 401):  # 401 where people have to log in
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the app did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "fusion_ui.db", speed=0.2) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs a Chromium: install Debian's chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages that are closed after the test, which fails on script errors and on requests that leave."""
    contexts, troubles = [], []

    def make(*, width: int = 1440, height: int = 1000, **how: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("request", lambda request: _noted(request.url, troubles))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles


def _noted(url: str, troubles: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob", "about") and parts.hostname not in ("127.0.0.1", "localhost"):
        troubles.append(f"request to the outside: {url}")
