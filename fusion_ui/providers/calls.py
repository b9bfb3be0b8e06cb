"""What is sent for one request: model, address, key and settings; the one place that decides which key goes where.

LiteLLM hands the environment's key to any address when it is given none, so a member with an address of its own always
sends its own key or the word "none", and only through routes that were seen to send nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from fusion_ui.engine.sampling import Request, clean
from fusion_ui.engine.values import Member
from fusion_ui.providers.faults import CallError
from fusion_ui.providers.redaction import secrets_in
from fusion_ui.settings import MODEL_EXTRAS, PRICE_EXTRAS

NO_KEY = "none"

# Routes whose address may be typed. Others add credentials of the environment whatever key they are given (watsonx,
# gigachat, databricks) or sign with them (bedrock, vertex_ai, sagemaker); a test tries every route named here.
_OPENAI_LIKE = frozenset(
    {
        "openai", "custom_openai", "hosted_vllm", "lm_studio", "llamafile", "litellm_proxy", "xinference",
        "docker_model_runner", "lemonade", "openrouter", "groq", "deepseek", "mistral", "together_ai", "fireworks_ai",
        "xai", "cerebras", "deepinfra", "nvidia_nim", "sambanova", "moonshot", "dashscope", "hyperbolic",
    }
)  # fmt: skip
_ROOTED = frozenset({"anthropic", "ollama", "ollama_chat"})  # these add their own path, version included
OWN_ADDRESS_ROUTES = _OPENAI_LIKE | _ROOTED | {"gemini", "perplexity"}

# The OpenAI client adds these from the environment to every address; they name the account, so a stranger gets "".
_ACCOUNT_VARIABLES = frozenset({"OPENAI_ORGANIZATION", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"})
_NO_ACCOUNT = {"OpenAI-Organization": "", "OpenAI-Project": ""}


class Prices(NamedTuple):
    """US dollars per token, as the member's own settings give them."""

    input: float
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request made ready. `arguments` go to LiteLLM as they are; they hold the key and stay out of the repr."""

    endpoint: str
    arguments: Mapping[str, Any] = field(repr=False)
    is_streamed: bool
    prices: Prices | None = None
    has_list_price: bool = True
    ignored: tuple[str, ...] = ()


def call_for(request: Request, environ: Mapping[str, str]) -> Call:
    """The call that puts this request; raises CallError where the member's settings cannot be used."""
    member = request.member
    address = own_address(member)
    allowed = {name: member.extra[name] for name in sorted(MODEL_EXTRAS & member.extra.keys())}
    arguments = {
        "model": member.model,
        "messages": [{"role": turn.role, "content": clean(turn.content)} for turn in request.messages],
        "seed": request.seed,
        "temperature": member.temperature if request.temperature is None else request.temperature,
        "max_tokens": member.max_tokens if request.max_tokens is None else request.max_tokens,
        "stream": request.is_streamed,
        "stream_options": {"include_usage": True} if request.is_streamed else None,
        "api_base": address,
        "api_key": _key(member, environ, has_address=address is not None),
        "extra_headers": _NO_ACCOUNT if address and environ.keys() & _ACCOUNT_VARIABLES else None,
    }
    return Call(
        endpoint=address or member.model.split("/")[0],
        arguments={name: value for name, value in (allowed | arguments).items() if value is not None},
        is_streamed=request.is_streamed,
        prices=_prices(member),
        has_list_price=address is None,
        ignored=tuple(sorted(member.extra.keys() - MODEL_EXTRAS - set(PRICE_EXTRAS))),
    )


def secrets_of(member: Member, environ: Mapping[str, str]) -> frozenset[str]:
    """All that must never be shown when this member fails: its key, its address's password, the environment's keys."""
    own = {environ.get(member.api_key_env or "", "").strip()}
    found = re.search(r"//([^/@]*)@", member.api_base or "")
    login = {*found[1].split(":", 1), *map(unquote, found[1].split(":", 1))} if found else set()
    return secrets_in(environ) | own | login


def own_address(member: Member) -> str | None:
    """The member's own address with the path its route needs, or None where the vendor's is meant."""
    typed = (member.api_base or "").strip()
    if not typed:
        return None
    route, _, name = member.model.partition("/")
    if route not in OWN_ADDRESS_ROUTES or not name:
        raise CallError("model", f"with an address of your own write it openai/{member.model}")
    if not _is_web_address(typed):
        raise CallError("request", "api_base must look like http://localhost:8000/v1")
    base = typed.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    if route in _ROOTED:
        return base.removesuffix("/v1")
    return f"{base}/v1" if route in _OPENAI_LIKE and not urlsplit(base).path else base


def _is_web_address(typed: str) -> bool:
    try:
        parts: SplitResult = urlsplit(typed)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in typed
    except ValueError:
        return False


def _key(member: Member, environ: Mapping[str, str], *, has_address: bool) -> str | None:
    if not member.api_key_env:
        return NO_KEY if has_address else None
    key = environ.get(member.api_key_env, "").strip()
    if not key:
        raise CallError("key", f"{member.api_key_env} is not set.")
    return key


def _prices(member: Member) -> Prices | None:
    given = [price for name in PRICE_EXTRAS if isinstance(price := member.extra.get(name), int | float) and price >= 0]
    return Prices(*given) if len(given) == len(PRICE_EXTRAS) else None
