"""What the Setup page shows, as JSON: members, keys by name and presence only, judge, fusor, files."""

from typing import Any

from fusion_ui.engine.values import Completion, Failure
from fusion_ui.services import MemberStatus, Services
from fusion_ui.settings import DEFAULT_CONFIG

EXAMPLE_CONFIG = """\
[[members]]
name = "gpt"
model = "openai/gpt-4o-mini"
api_key_env = "OPENAI_API_KEY"

[[members]]
name = "llama"
model = "ollama_chat/llama3.2"
api_base = "http://127.0.0.1:11434"

[[members]]
name = "qwen"
model = "hosted_vllm/Qwen/Qwen3-8B"
api_base = "http://127.0.0.1:8000/v1"

[judge]
member = "gpt"

[fusor]
member = "gpt"
"""


def setup_card(services: Services) -> dict[str, Any]:
    """Everything on the page; of keys only the variable's name and whether it is set."""
    settings = services.settings
    return {
        "members": [_member(status) for status in services.statuses()],
        "judge": settings.judge.member if settings.judge else "none: the pick is made by vote or consensus",
        "fusor": settings.fusor.member if settings.fusor else "extractive: offline, no model",
        "database": str(services.database),
        "config": str(settings.config.absolute()) if settings.config else "",
        "default_config": str(DEFAULT_CONFIG),
        "example": EXAMPLE_CONFIG,
        "read": f"sqlite-utils rows {services.database} ratings",
    }


def check_card(result: Completion | Failure) -> dict[str, Any]:
    """The result of a test call, in plain words."""
    if isinstance(result, Failure):
        return {"ok": False, "words": result.message}
    seconds = f" in {result.duration_ms / 1000:.1f} s" if result.duration_ms is not None else ""
    said = " ".join(result.text.split())[:120] or "nothing, but the call went through"
    return {"ok": True, "words": f"Works: answered{seconds}: “{said}”"}


def _member(status: MemberStatus) -> dict[str, Any]:
    member = status.member
    return {
        "name": member.name,
        "model": member.model,
        "address": member.api_base or ("in this program" if status.is_scripted else "the vendor's own"),
        "weight": f"{member.weight:g}",
        "scripted": status.is_scripted,
        "key": _key(status),
        "key_missing": status.is_key_present is False,
    }


def _key(status: MemberStatus) -> str:
    variable = status.member.api_key_env
    if status.is_scripted:
        return "needs no key"
    if variable is None:
        return "no key of its own" if status.member.api_base else "whatever the vendor's usual variable holds"
    return f"{variable} is set" if status.is_key_present else f"{variable} is not set"
