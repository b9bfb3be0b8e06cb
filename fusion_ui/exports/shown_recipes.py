"""Recipes as they may be handed out: an address of a member's own may carry a login or a key, which stays here."""

from typing import Any
from urllib.parse import urlsplit

from fusion_ui.engine.values import Member
from fusion_ui.inspection.showing import shown_address
from fusion_ui.settings import MODEL_EXTRAS, PRICE_EXTRAS
from storage.rows import Json

_KNOWN_EXTRAS = MODEL_EXTRAS | set(PRICE_EXTRAS)


def shown_recipe(body: Json) -> Json:
    """The stored recipe without what may be secret; the same one where nothing is."""
    if not isinstance(body, dict):
        return body
    members: Any = body.get("members")
    shown: dict[str, Json] = {role: _shown(body[role]) for role in ("judge", "fusor") if role in body}
    if isinstance(members, list):
        shown["members"] = [_shown(member) for member in members]
    return body | shown


def _shown(member: Any) -> Any:
    if not isinstance(member, dict):
        return member
    told, extra = dict(member), member.get("extra")
    if isinstance(told.get("api_base"), str):
        told["api_base"] = _address(told["api_base"])
    if isinstance(extra, dict):
        told["extra"] = {name: value for name, value in extra.items() if name in _KNOWN_EXTRAS}
    return told


def _address(base: str) -> str | None:
    try:
        parts = urlsplit(base)
        is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        is_plain = False
    return base if is_plain else shown_address(Member(name="", model="", api_base=base))
