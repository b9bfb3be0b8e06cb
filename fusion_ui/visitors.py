"""Visitors of a public demo: no names and no accounts. Each browser sees what it began, and is known by the hash of a
random cookie.
"""

import re
from hashlib import sha256

from fusion_ui.engine.values import FusionError
from fusion_ui.people import Person
from fusion_ui.replay import NoRunError
from storage.connection import Store
from storage.visitors import claim_run, visitor_of_run

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # what `secrets.token_urlsafe(32)` makes: nobody else's can be guessed


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
