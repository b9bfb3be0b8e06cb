"""The door: logging in and out, taking up an invitation, one's own account. Plain endpoints and one constant page,
without Gradio.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import Field, SecretStr

from fusion_ui.attempts import LoginError, TooManyAttemptsError
from fusion_ui.people import People, Person, Session
from fusion_ui.ui.access import COOKIE, cookie_name, is_cookie_secure, session_token
from fusion_ui.ui.requests import Body
from storage.people import InvitationError

DOOR_PAGE = (Path(__file__).parent / "static" / "login" / "login.html").read_bytes()
# Hashing takes 64 MiB and a core's time each. Logins wait here and not in the threads that save what people rate.
_AT_ONCE = 2
_MOST_WAITING = 40
_HOMES = {"owner": "/", "rater": "/rate", "visitor": "/"}
_HEADERS = {"Cache-Control": "no-store"}
Name = Annotated[str, Field(max_length=200)]
Secret = Annotated[SecretStr, Field(max_length=1000)]


class BusyError(LoginError):
    """More logins wait than can be dealt with soon."""

    def __init__(self) -> None:
        super().__init__("Many people are logging in right now. Try again in a few seconds.")


class LoginBody(Body):
    """Logs in."""

    name: Name
    password: Secret


class InvitationBody(Body):
    """Asks whom a link invites."""

    token: Secret


class InvitedBody(LoginBody, InvitationBody):
    """Takes an invitation up."""


class PasswordBody(Body):
    """Changes one's own password."""

    old: Secret
    password: Secret


def add_login(app: FastAPI, people: People) -> None:
    """Mount what the door needs; where nobody has to log in that is only who one is."""
    router = APIRouter()
    _add_session(router, people)
    if people.is_login_on:
        hashing = CapacityLimiter(_AT_ONCE)
        _add_entries(router, people, hashing)
        _add_account(router, people, hashing)
    app.include_router(router)
    app.add_exception_handler(LoginError, _not_let_in)
    app.add_exception_handler(InvitationError, _not_invited)


def _add_session(router: APIRouter, people: People) -> None:
    @router.get("/health")
    def health() -> dict[str, bool]:
        return {"ok": True}

    @router.get("/api/session")
    def session(request: Request) -> Response:
        person: Person = request.state.person
        return JSONResponse({"is_login_on": people.is_login_on, **_card(person)}, headers=_HEADERS)


def _add_entries(router: APIRouter, people: People, hashing: CapacityLimiter) -> None:
    @router.get("/login")
    def page() -> HTMLResponse:
        return HTMLResponse(DOOR_PAGE, headers=_HEADERS)

    @router.post("/login")
    async def log_in(request: Request, body: LoginBody) -> Response:
        enter = partial(people.log_in, body.name, body.password.get_secret_value(), address=_address(request))
        return _let_in(
            request, people, await _hashed(hashing, partial(enter, replaced=session_token(request, people.settings)))
        )

    @router.post("/login/invitation")
    def invitation(body: InvitationBody) -> dict[str, Any]:
        found = people.invitation(body.token.get_secret_value())
        return {"name": found.name, "expires_at": found.expires_at}

    @router.post("/login/invited")
    async def accept(request: Request, body: InvitedBody) -> Response:
        given = {
            "name": body.name,
            "password": body.password.get_secret_value(),
            "replaced": session_token(request, people.settings),
        }
        enter = partial(people.accept, body.token.get_secret_value(), **given)
        return _let_in(request, people, await _hashed(hashing, enter))


def _add_account(router: APIRouter, people: People, hashing: CapacityLimiter) -> None:
    @router.post("/logout")
    def log_out(request: Request) -> Response:
        people.log_out(session_token(request, people.settings))
        reply = JSONResponse({"ok": True}, headers=_HEADERS)
        is_secure = is_cookie_secure(request, people.settings)
        name = cookie_name(COOKIE, is_secure=is_secure)
        reply.delete_cookie(name, httponly=True, samesite="lax", secure=is_secure)
        return reply

    @router.post("/api/session/password")
    async def change_password(request: Request, body: PasswordBody) -> Response:
        given = {"old": body.old.get_secret_value(), "new": body.password.get_secret_value()}
        change = partial(people.change_password, request.state.person, **given, address=_address(request))
        return _let_in(request, people, await _hashed(hashing, change))


async def _hashed(hashing: CapacityLimiter, enter: Callable[[], Session]) -> Session:
    if hashing.statistics().tasks_waiting >= _MOST_WAITING:
        raise BusyError
    return await to_thread.run_sync(enter, limiter=hashing)


def _let_in(request: Request, people: People, session: Session) -> Response:
    card = _card(session.person)
    if session.study_id:
        card["home"] += f"?study={session.study_id}"
    reply = JSONResponse(card, headers=_HEADERS)
    is_secure = is_cookie_secure(request, people.settings)
    reply.set_cookie(
        cookie_name(COOKIE, is_secure=is_secure),
        session.token,
        max_age=session.lasts_s,
        httponly=True,
        samesite="lax",
        secure=is_secure,
    )
    return reply


def _card(person: Person) -> dict[str, str]:
    return {"name": person.name, "role": person.role, "home": _HOMES[person.role]}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _not_invited(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, status_code=410, headers=_HEADERS)


async def _not_let_in(_request: Request, error: Exception) -> JSONResponse:
    status, headers = 401, dict(_HEADERS)
    if isinstance(error, TooManyAttemptsError):
        status, headers["Retry-After"] = 429, str(error.wait_s)
    elif isinstance(error, BusyError):
        status, headers["Retry-After"] = 503, "5"
    return JSONResponse({"error": str(error)}, status_code=status, headers=headers)
