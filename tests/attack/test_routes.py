"""Who may give which order: every route of the app stands in `routes.txt`, and those named there alone get through."""

from pathlib import Path

import pytest

from fusion_ui.ui.access import Access
from fusion_ui.ui.visiting import VISITOR_COOKIE, Visiting
from tests.attack.conftest import Place
from tests.ui.test_access import COOKIE, Route, asked, echo

pytestmark = pytest.mark.anyio
TABLE = Path(__file__).with_name("routes.txt")
LINES = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()]
MAY = {Route(method, path): frozenset(who) for method, path, *who in LINES}


def test_every_route_is_listed_and_every_listed_one_is_there(guarded: Place, public: Place) -> None:
    there = guarded.routes | public.routes
    told = f"Decide who may give these orders, and write it to {TABLE}: nobody, rater, owner, visitor"
    assert not there - MAY.keys(), told
    assert not MAY.keys() - there, f"These are gone: take them out of {TABLE}"
    assert len(MAY) == len(LINES)


def test_the_table_says_of_each_app_what_it_has(guarded: Place, public: Place) -> None:
    assert {route for route, who in MAY.items() if "owner" in who} == guarded.routes
    assert {route for route, who in MAY.items() if "visitor" in who} <= public.routes
    assert all("rater" in who or who == {"owner", "visitor"} or who <= {"owner"} for who in MAY.values())


@pytest.mark.parametrize(("who", "refused"), [("nobody", 401), ("rater", 403), ("owner", None)])
async def test_exactly_those_named_get_through(guarded: Place, who: str, refused: int | None) -> None:
    door = Access(echo, people=guarded.people)
    for route, named in MAY.items():
        reply = await asked(door, *route, token=guarded.tokens[who])
        assert reply.status == (204 if who in named or who == "owner" else refused), route


async def test_a_visitor_gets_through_where_named_and_nowhere_else(public: Place) -> None:
    door = Visiting(echo)
    cookie = f"; {VISITOR_COOKIE}={public.tokens['visitor']}"
    for route, named in MAY.items():
        for token in ("", f"x{cookie}"):  # with a cookie and without one
            assert (await asked(door, *route, token=token)).status == (204 if "visitor" in named else 403), route


async def test_the_whole_demo_refuses_what_is_not_a_visitors(public: Place, guarded: Place) -> None:
    for route in (public.routes | guarded.routes) - {route for route, who in MAY.items() if "visitor" in who}:
        reply = await asked(public.app, *route)
        assert (reply.status, b"public demo" in reply.body) == (403, True), route


@pytest.mark.parametrize(
    "prefix", ["/api/inspect", "/api/lab", "/api/studies", "/api/analyse", "/api/imports", "/api/exports", "/api/rate",
               "/api/members", "/rate", "/setup", "/inspect", "/studies", "/lab", "/analyse", "/login"],
)  # fmt: skip
def test_a_demo_does_not_even_have_what_is_not_for_visitors(public: Place, prefix: str) -> None:
    ours = {route for route in public.routes if "gradio" not in route.path}
    mounted = {route for route in ours if route.path.startswith(prefix)}
    assert {route.path for route in mounted} <= {"/login", "/login/"}  # Gradio's own, which its app always brings


async def test_a_session_of_an_owner_is_worth_nothing_at_a_demo(public: Place, guarded: Place) -> None:
    for path in ("/setup", "/api/lab", "/gradio_api/file=x", "/rate"):
        assert (await asked(public.app, "GET", path, token=guarded.tokens["owner"])).status == 403
    assert COOKIE != VISITOR_COOKIE
