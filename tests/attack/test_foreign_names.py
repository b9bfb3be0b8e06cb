"""A page that has made its own name lead here (DNS rebinding) is of the same origin to its browser: the whole app, on
every kind of address, gives it nothing.
"""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.settings import load_settings

REBOUND = {"host": "evil.example:7860", "origin": "http://evil.example:7860", "sec-fetch-site": "same-origin"}
PATHS = ("/", "/health", "/config", "/api/lab", "/api/session", "/api/exports/datasette.zip", "/fx/dom.js")


def client_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> TestClient:
    from fusion_ui.ui.server import build_app  # seconds of Gradio

    monkeypatch.chdir(tmp_path)
    with composed(load_settings(db=tmp_path / "n.db", demo_speed=0, **settings)) as services:
        return TestClient(build_app(services), base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_without_logins_a_foreign_name_is_told_nothing_on_any_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(tmp_path, monkeypatch, host="0.0.0.0", allowed_hosts=["fusion.example"])
    for path in PATHS:
        for method in ("GET", "POST", "OPTIONS"):
            reply = client.request(method, path, headers=REBOUND)
            assert (reply.status_code, "allowed_hosts" in reply.json()["error"]) == (421, True)
    assert client.get("/health", headers={"host": "192.168.1.5:7860"}).json() == {"ok": True}
    assert client.get("/health", headers={"host": "fusion.example"}).json() == {"ok": True}


def test_a_page_is_not_told_to_fetch_its_parts_from_whatever_a_header_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(tmp_path, monkeypatch, host="0.0.0.0", public=True)
    for path in ("/", "/config"):
        reply = client.get(path, headers={"host": "demo.example", "x-forwarded-host": "evil.example"})
        assert reply.status_code == 200
        assert "demo.example" in reply.text
        assert "evil.example" not in reply.text
