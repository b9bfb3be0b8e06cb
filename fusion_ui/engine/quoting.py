"""Where a quoted passage stands in a text: word for word, else whatever its blanks, markup, case and typography.

Models quote what they read as rendered, and straighten quotes and dashes on the way.
"""

import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from fusion_ui.engine.ledger import Span

_SAME = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "‑": "-"}
_MARKUP = frozenset("*_`#>~|\\$")


class _Plain(NamedTuple):
    """A text without what quoting loses; `origin` is where each of its signs comes from."""

    text: str
    origin: tuple[int, ...]


def locate(quote: str, text: str, *, taken: Collection[Span] = ()) -> Span | None:
    """The first place of the quote that is not taken already, else the first; None where it is not in the text."""
    found = _exact(quote.strip(), text) or _tolerant(quote, text)
    free = [span for span in found if span not in taken]
    return next(iter(free or found), None)


def _exact(quote: str, text: str) -> list[Span]:
    found, at = [], text.find(quote) if quote else -1
    while at >= 0:
        found.append(_whole_signs(at, at + len(quote), text))
        at = text.find(quote, at + len(quote))
    return found


def _tolerant(quote: str, text: str) -> list[Span]:
    needle, plain = _plain(quote).text, _plain(text)
    found, at = [], plain.text.find(needle) if needle else -1
    while at >= 0:
        last = at + len(needle) - 1
        found.append(_whole_signs(plain.origin[at], plain.origin[last] + 1, text))
        at = plain.text.find(needle, last + 1)
    return found


def _plain(text: str) -> _Plain:
    signs: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text):
        for part in unicodedata.normalize("NFKD", _SAME.get(sign, sign)).casefold():
            if not part.isspace() and part not in _MARKUP and unicodedata.category(part) != "Cf":
                signs.append(part)
                origin.append(at)
    return _Plain("".join(signs), tuple(origin))


def _whole_signs(start: int, end: int, text: str) -> Span:
    """The span with the combining marks that belong to its last letter."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return Span(start=start, end=end)
