"""Visitors of a public demo: no names and no accounts. Each browser sees what it began, and is known by the hash of a
random cookie. Of trouble it is told what happened and what a visitor can do, and not how the app is set up: addresses,
variables and files are for whoever runs it, who finds them in the database.
"""

import logging
import re
from dataclasses import replace
from hashlib import sha256

from fusion_ui.engine.values import Failure, FailureKind, FusionError
from fusion_ui.engine.view import RunView
from fusion_ui.people import Person
from fusion_ui.recipes import ChoiceError
from fusion_ui.replay import NoRunError
from storage.connection import Store
from storage.errors import StorageError
from storage.visitors import claim_run, visitor_of_run

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # what `secrets.token_urlsafe(32)` makes: nobody else's can be guessed
_LOG = logging.getLogger(__name__)
_TRY_AGAIN = "Try again in a moment, or take another member."
_TAKE_ANOTHER = "Take another member, or tell whoever runs this demo."
_ADVICE: dict[FailureKind, str] = {
    "context": "Shorten the prompt, or take another member.",
    "policy": "Rephrase the prompt, or take another member.",
    **dict.fromkeys(("rate", "timeout", "network", "server", "empty"), _TRY_AGAIN),
}
_OUR_OWN: tuple[FailureKind, ...] = ("budget", "cancelled", "interrupted")  # no vendor and no setting has a word in it
_NO_RUN = "There is no comparison of yours at this address. A browser finds those that it began."
_UNSTORED = "This demo can store nothing right now, so that nothing was begun or changed. Try again in a moment."


class NoCookieError(FusionError):
    """A visitor whose browser keeps no cookie, so that nothing could be given back."""

    def __init__(self) -> None:
        super().__init__(
            "This demo finds your comparisons by a cookie, and your browser sent none. Allow cookies for this page "
            "and reload it."
        )


def visitor_of(token: str) -> Person:
    """Who this cookie stands for; without an id where it is none of ours."""
    is_ours = _TOKEN.fullmatch(token) is not None
    return Person(id=sha256(token.encode()).hexdigest() if is_ours else None, name="", role="visitor")


class Visitors:
    """What belongs to which visitor. Whoever is no visitor comes here unhindered: logins are settled elsewhere."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def check_cookie(self, person: Person) -> None:
        """Raises NoCookieError for a visitor who could not find a run again."""
        if person.role == "visitor" and person.id is None:
            raise NoCookieError

    def claim(self, run_id: str, person: Person) -> None:
        """Note that this visitor began the run."""
        if person.role == "visitor" and person.id is not None:
            with self._store.writing() as writer:
                claim_run(writer, run_id=run_id, visitor_sha256=person.id)

    def check_own(self, run_id: str, person: Person) -> None:
        """Raises NoRunError where the run is not this visitor's, the same as where there is none."""
        if person.role == "visitor":
            with self._store.reading() as reader:
                owner = visitor_of_run(reader, run_id)
            if person.id is None or owner != person.id:
                raise NoRunError


def told(person: Person, error: Exception) -> str:
    """What this person is told of expected trouble."""
    if person.role != "visitor":
        return str(error)
    if isinstance(error, StorageError):
        _LOG.warning("A visitor was refused: %s", error)
        return _UNSTORED
    if isinstance(error, NoRunError):
        return _NO_RUN
    return error.words if isinstance(error, ChoiceError) else str(error)


def seen_by(person: Person, view: RunView) -> RunView:
    """The run as this person may see it: for a visitor without the words of vendors and advice on settings."""
    if person.role != "visitor":
        return view
    slots = tuple(replace(slot, failure=_plain(slot.failure)) if slot.failure else slot for slot in view.slots)
    return replace(view, slots=slots, failures=tuple(map(_plain, view.failures)))


def _plain(failure: Failure) -> Failure:
    if failure.kind in _OUR_OWN:
        return failure
    return replace(failure, message=_ADVICE.get(failure.kind, _TAKE_ANOTHER))
