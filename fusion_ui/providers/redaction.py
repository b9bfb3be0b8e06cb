"""Makes words of a vendor safe to show and to store: no keys, no tracebacks, no HTML, and short.

Exact known values go first, because a key need not look like one; shapes catch those nobody told us about.
"""

import html
import json
import re
from collections.abc import Collection, Mapping
from urllib.parse import quote, quote_plus

REDACTED = "[key]"
REASON_CHARS = 200

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_SHORTEST_SECRET = 6  # anything shorter ("none", "true", "1234") would blank ordinary words
_SHORTEST_KEY = 16  # among the words of a reply, where a shorter secret may be a word like any other
_SHAPES = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|hf|gh[pousr]|pplx|nvapi|r8)[-_]|AIza|ya29\.|AKIA|eyJ)[-_.A-Za-z0-9*]{10,}"
    r"|(?i:(?<=bearer )|(?<=basic )|(?<=key=)|(?<=token=))[^\s\"'&<>]{8,}"
)
_UNSEEN = re.compile(r"<(style|script)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-z!][^<>]{0,500}>", re.IGNORECASE)
_READ_CHARS = 20_000  # of a longer message only this much is looked at after redaction


def secrets_in(environ: Mapping[str, str]) -> frozenset[str]:
    """Every value of the environment whose name says that it is secret and that is long enough to be one."""
    return frozenset(
        value for name, value in environ.items() if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET
    )


def redact(text: str, secrets: Collection[str]) -> str:
    """The text without the known secrets, however they are escaped, and without anything shaped like a key."""
    return _SHAPES.sub(REDACTED, _without(text, secrets, shortest=_SHORTEST_SECRET))


def without_keys(text: str, secrets: Collection[str]) -> str:
    """A reply as it came, but for keys that whoever wrote it was given and repeats."""
    return _without(text, secrets, shortest=_SHORTEST_KEY)


def _without(text: str, secrets: Collection[str], *, shortest: int) -> str:
    for secret in sorted((known for known in secrets if len(known) >= shortest), key=len, reverse=True):
        spellings = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], html.escape(secret)}
        for spelling in spellings:
            text = text.replace(spelling, REDACTED)
    return text


def plain_reason(text: str, secrets: Collection[str]) -> str:
    """What a vendor said as one short line without keys, tracebacks or HTML; redacted before anything is cut."""
    said = redact(text, secrets).split("Traceback (most recent call last)")[0][:_READ_CHARS]
    unmarked = html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", said)))
    # Control characters and lone surrogates can neither be stored nor read; bidi marks could reorder our own words.
    printable = "".join(char if char.isprintable() else " " for char in redact(unmarked, secrets))
    line = " ".join(printable.split())
    return line if len(line) <= REASON_CHARS else line[: REASON_CHARS - 1].rstrip() + "…"
