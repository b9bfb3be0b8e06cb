"""What several routers do alike: files to keep, cards told as they are, and who asks."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from storage.ratings import plain_name


def told(card: Mapping[str, Any]) -> Response:
    """A large card as JSON: what FastAPI does to check a reply would take longer than making it."""
    return Response(json.dumps(card, ensure_ascii=False).encode(), media_type="application/json")


def download(content: str | bytes, media_type: str, name: str) -> Response:
    """A file that the browser keeps."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def name_of(request: Request, typed: str = "") -> str:
    """Who asks: the person who is logged in, else the name as typed; empty where nobody said one."""
    person = getattr(request.state, "person", None)
    return (person.name if person else "") or plain_name(typed)
