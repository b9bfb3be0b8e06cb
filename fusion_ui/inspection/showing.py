"""What of a member may be shown: no key, no name of one, no login in an address, no setting that is not known."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from fusion_ui.engine.values import Member
from fusion_ui.settings import MODEL_EXTRAS, PRICE_EXTRAS

_KNOWN_EXTRAS = MODEL_EXTRAS | set(PRICE_EXTRAS)
_UNREADABLE = "an address that cannot be read"


def shown_extra(member: Member) -> Mapping[str, Any]:
    """Those of a member's settings that are known to hold no secret."""
    return {name: value for name, value in sorted(member.extra.items()) if name in _KNOWN_EXTRAS}


def shown_address(member: Member) -> str | None:
    """A member's own address without login, query and fragment, each of which may be a secret."""
    if not member.api_base:
        return None
    try:
        parts = urlsplit(member.api_base)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _UNREADABLE
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}" if parts.hostname else _UNREADABLE
