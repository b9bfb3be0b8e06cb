"""What several routers reply with: files to keep, and cards told as they are."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from fastapi.responses import Response, StreamingResponse

_CHUNK = 1 << 20

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


def sent(file: Path, media_type: str) -> Response:
    """The file as it lies there now. It stays open while it is sent; its name may be gone by then."""
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Content-Length": str(file.stat().st_size)}
    return StreamingResponse(_pieces(file.open("rb")), media_type=media_type, headers=headers)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    with content:
        yield from iter(lambda: content.read(_CHUNK), b"")
