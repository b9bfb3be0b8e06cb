"""Turns whatever a call to a model can raise into a kind of failure, plain words and what to do about it.

The text is asked before the class or the status: LiteLLM's classes mislead (a missing key arrives as a server error,
an unreachable server as status 500). LiteLLM itself is not imported here.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from fusion_ui.engine.values import Failure, FailureKind, FusionError, Member
from fusion_ui.providers.redaction import plain_reason, redact


class CallError(FusionError):
    """Something we found wrong ourselves, so that its kind needs no guessing."""

    def __init__(self, kind: FailureKind, reason: str = "") -> None:
        super().__init__(reason or kind)
        self.kind = kind
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One explained error: what happened, what to do, what the server said, and whether trying again may help.

    `retries` is how often it is worth trying again unasked; `wait_s` is the pause the server asked for.
    """

    kind: FailureKind
    happened: str
    advice: str = ""
    reason: str = ""
    retries: int = 0
    wait_s: float | None = None

    @property
    def message(self) -> str:
        """All of it as sentences for the person waiting."""
        quoted = f"Details: {self.reason}" if self.reason else ""
        return " ".join(part for part in (self.happened, self.advice, quoted) if part)

    def failure(self, *, text: str = "", duration_ms: float | None = None) -> Failure:
        """The failure that ends a reply; `text` is what had arrived."""
        return Failure(
            stage="sampling",
            kind=self.kind,
            message=self.message,
            text=text,
            is_retryable=self.retries > 0,
            duration_ms=duration_ms,
        )


class _Rule(NamedTuple):
    kind: FailureKind
    retries: int
    happened: str
    advice: str
    pattern: str
    statuses: tuple[int, ...] = ()


_RULES = (
    _Rule(
        "rate", 2, "The provider asks us to slow down.", "Wait a little, or draw fewer candidates at once.",
        r"re-?try in \d|try again in \d|rate.?limit|too many requests",
        (429,),
    ),
    _Rule(
        "key", 0, "The API key is missing or was refused.", "{key_advice}",
        r"api[-_ ]?key.{0,40}(missing|must be|not set|not valid|invalid)"
        r"|(missing|incorrect|invalid).{0,20}(api[-_ ]?key|credentials)"
        r"|no auth credentials|unauthorized|authentication fails",
        (401,),
    ),
    _Rule(
        "quota", 0, "The account has no credit left.", "Top it up, or take another model than {model}.",
        r"insufficient[_ ](quota|credit|balance|funds)|exceeded your current quota|credit balance|payment required",
        (402,),
    ),
    _Rule(
        "context", 0, "The prompt is longer than this model accepts.",
        "Shorten it, or take a model with a longer context.",
        r"context[_ ](length|window|size)|maximum context|(prompt|input) is too long|too many (input )?tokens",
        (413,),
    ),
    _Rule(
        "policy", 0, "The provider's safety filter refused this.", "Rephrase the prompt, or take another model.",
        r"content[_ ](policy|filter)|content management policy|safety (system|filter)|prohibited_content",
    ),
    _Rule(
        "model", 0, "There is no such model at this address.",
        "Check model '{model}' of member '{name}' (written vendor/name, such as openai/gpt-4o-mini).",
        r"provider not provided|unmapped llm provider|model.{0,60}(not exist|not found)|no module named",
        (404,),
    ),
    _Rule(
        "malformed", 0, "The server's reply could not be read.",
        "Check that the address speaks the protocol of {model}.",
        r"codec can't decode|jsondecodeerror|expecting (value|',' delimiter|property name)|unterminated string"
        r"|invalid control character|extra data: line|error parsing chunk",
    ),
    _Rule(
        "timeout", 2, "The model did not answer in time.", "Try again, or take a faster model than {model}.",
        r"timed? ?out|timeout",
        (408, 504),
    ),
    _Rule(
        "network", 2, "The server could not be reached, or the connection broke.", "{network_advice}",
        r"connection error|cannot connect|connect call failed|name or service|payload is not completed|disconnected"
        r"|reset by peer|incomplete chunked read|closed connection|getaddrinfo|certificate verify",
    ),
    _Rule(
        "denied", 0, "This key may not use this model.",
        "Ask the provider for access, or take another model than {model}.",
        r"permission",
        (403,),
    ),
    _Rule(
        "request", 0, "The provider refused a setting of this request.", "Check the settings of member '{name}'.",
        r"unsupported|unknown parameter|codec can't encode",
        (400, 405, 422),
    ),
    _Rule("empty", 1, "The model sent no text.", "Check the address and the model of member '{name}'.", r"(?!)"),
    _Rule(
        "server", 2, "The provider had an internal error.", "Try again later.",
        r"overloaded",
        (500, 502, 503, 529),
    ),
    _Rule("unknown", 0, "The call failed.", "Check the settings of member '{name}'.", r""),
)  # fmt: skip

_RULE_BY_KIND = {rule.kind: rule for rule in _RULES}
_QUOTA_SHARES_429 = re.compile(_RULE_BY_KIND["quota"].pattern, re.IGNORECASE)
_ASKS_TO_RETRY = re.compile(r"re-?try in \d|try again in \d", re.IGNORECASE)
_PAUSE = re.compile(r"(?:re-?try|try again) in (\d+(?:\.\d+)?) ?(ms|s)", re.IGNORECASE)
_QUOTED = re.compile(r'"message": ?("(?:[^"\\]|\\.)*")')
_READ_CHARS = 20_000  # an error page can be of any size
_CLASS_NAMES = re.compile(r"litellm\.|\b\w*(?:Exception|Error)\b ?[-:]")
# Vendors whose variable is the route's name; taken from the look-ups in LiteLLM 1.106.
_REGULAR_KEYS = frozenset(
    {"anthropic", "cerebras", "cohere", "deepseek", "gemini", "groq", "mistral", "openai", "openrouter", "xai"}
)


def explain(error: BaseException, *, member: Member, secrets: Collection[str] = ()) -> Fault:
    """The fault behind any exception, in words that hold none of the `secrets`."""
    chain = list(_unwrapped(error))
    cause = chain[-1]
    raw = redact(str(cause), secrets).split("Traceback (most recent call last)")[0][:_READ_CHARS]
    rule = _RULE_BY_KIND[cause.kind] if isinstance(cause, CallError) else _rule(raw, chain)
    wait_s = _asked_pause(raw, chain)
    said = cause.reason if isinstance(cause, CallError) else _quoted_or_all(raw)
    return Fault(
        kind=rule.kind,
        happened=rule.happened,
        advice=redact(_advice(rule, member), secrets),
        reason=plain_reason(_CLASS_NAMES.sub(" ", said), secrets),
        retries=rule.retries,
        wait_s=wait_s,
    )


def _unwrapped(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, outermost first; bounded, because wrappers may wrap each other."""
    for _ in range(10):
        yield error
        inner = getattr(error, "original_exception", None)
        if not isinstance(inner, BaseException):
            return
        error = inner


def _rule(raw: str, chain: list[BaseException]) -> _Rule:
    # A used-up account also comes as 429, with "rate limit" in its class name; only a stated pause tells it from haste.
    if _QUOTA_SHARES_429.search(raw) and not _ASKS_TO_RETRY.search(raw):
        return _RULE_BY_KIND["quota"]
    by_text = next((rule for rule in _RULES if re.search(rule.pattern, raw, re.IGNORECASE)), _RULES[-1])
    if by_text.kind != "unknown":
        return by_text
    status = _status(chain)
    return next((rule for rule in _RULES if status in rule.statuses), by_text)


def _status(chain: list[BaseException]) -> int | None:
    if isinstance(chain[-1], TimeoutError):
        return 408
    statuses = (getattr(error, "status_code", None) for error in reversed(chain))
    return next((status for status in statuses if isinstance(status, int)), None)


def _advice(rule: _Rule, member: Member) -> str:
    network = f"Check that {member.api_base} is right and its server runs." if member.api_base else "Check the network."
    return rule.advice.format(
        name=member.name, model=member.model, key_advice=_key_advice(member), network_advice=network
    )


def _key_advice(member: Member) -> str:
    if member.api_key_env:
        return f"Set {member.api_key_env} (api_key_env of member '{member.name}') to a valid key and start again."
    if member.api_base:
        return f"Name the environment variable with this server's key as api_key_env of member '{member.name}'."
    vendor = member.model.split("/")[0]
    variable = f"{vendor.upper()}_API_KEY" if vendor in _REGULAR_KEYS else "the vendor's key in the environment"
    return f"Set {variable}, or name another variable as api_key_env of member '{member.name}', and start again."


def _quoted_or_all(raw: str) -> str:
    """The message inside a JSON error body, or the whole text."""
    found = _QUOTED.search(raw)
    try:
        return str(json.loads(found[1])) if found else raw
    except ValueError:
        return raw


def _asked_pause(raw: str, chain: list[BaseException]) -> float | None:
    """Seconds the server asked us to wait: by header, or in words as OpenAI and Gemini do."""
    for error in chain:
        headers = getattr(error, "litellm_response_headers", None)
        if isinstance(headers, Mapping):
            pause = _pause_of({str(name).lower(): str(text) for name, text in headers.items()})
            if pause is not None:
                return pause
    said = _PAUSE.search(raw)
    return float(said[1]) / (1000 if said[2].lower() == "ms" else 1) if said else None


def _pause_of(headers: Mapping[str, str]) -> float | None:
    if re.fullmatch(r"\d+(\.\d+)?", headers.get("retry-after-ms", "")):
        return float(headers["retry-after-ms"]) / 1000
    after = headers.get("retry-after", "")
    if re.fullmatch(r"\d+(\.\d+)?", after):
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
