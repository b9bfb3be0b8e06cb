"""What several routers reply with: files to keep, and cards told as they are."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def told(card: Mapping[str, Any]) -> Response:
    """A large card as JSON: what FastAPI does to check a reply would take longer than making it."""
    return Response(json.dumps(card, ensure_ascii=False).encode(), media_type="application/json")


def download(content: str | bytes, media_type: str, name: str) -> Response:
    """A file that the browser keeps."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
