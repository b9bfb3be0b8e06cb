"""The whole app as it is served: with logins, and as a public demo."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from fastapi import FastAPI

from fusion_ui.composition import composed
from fusion_ui.people import People
from fusion_ui.services import Services
from fusion_ui.settings import AuthSettings, load_settings
from fusion_ui.ui.visiting import VISITOR_COOKIE
from tests.ui.test_access import Route, admitted, routes_of


class Place(NamedTuple):
    """An app, what lies behind it, and the sessions of the people in it."""

    app: FastAPI
    services: Services
    tokens: dict[str, str]

    @property
    def people(self) -> People:
        """Who may come in."""
        return self.services.people

    @property
    def routes(self) -> frozenset[Route]:
        """Every order that the app has an answer to; reading with HEAD is reading with GET."""
        return frozenset(route for route in routes_of(self.app.routes) if route.method != "HEAD")


@pytest.fixture(scope="package")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """With logins, and an owner and a rater in it."""
    from fusion_ui.ui.server import build_app  # seconds of Gradio

    db = tmp_path_factory.mktemp("guarded") / "a.db"
    with composed(load_settings(db=db, demo_speed=0, auth=AuthSettings(enabled=True))) as services:
        yield Place(build_app(services), services, admitted(services.people))


@pytest.fixture(scope="package")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """As a public demo, with two visitors."""
    from fusion_ui.ui.server import build_app

    db = tmp_path_factory.mktemp("public") / "a.db"
    with composed(load_settings(db=db, demo_speed=0, public=True)) as services:
        yield Place(build_app(services), services, {"visitor": "v" * 43, "other": "o" * 43})


@pytest.fixture
def visitors_cookie(public: Place) -> dict[str, str]:
    """The cookie of the visitor."""
    return {VISITOR_COOKIE: public.tokens["visitor"]}
