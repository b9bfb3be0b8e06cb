"""The HTTP endpoint of imports: a file goes to the disk as it comes, is understood, and stored if that is wanted.

Owners only, as the table of `access` has it.
"""

import asyncio
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.imports.importer import AUTO, Import, Imports
from fusion_ui.imports.understood import told
from fusion_ui.ui.requests import Body


class Asked(Body):
    """How a file is to be taken: see `imports.importer.Import`. With `dry` it is only told what the file holds."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    format: Annotated[str, Field(max_length=40)] = AUTO
    title: Annotated[str, Field(max_length=300)] = ""
    judge: Annotated[str, Field(max_length=200)] = ""
    dry: bool = False


def import_router(imports: Imports) -> APIRouter:
    """POST /api/imports."""
    router = APIRouter(prefix="/api/imports")

    @router.post("")
    async def bring(request: Request, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
        with NamedTemporaryFile() as upload:
            async for chunk in request.stream():
                upload.write(chunk)
            upload.flush()
            file = RecordedFile(path=Path(upload.name), name=asked.name)
            wanted = Import(files=(file,), format=asked.format, title=asked.title, judge=asked.judge)
            if asked.dry:
                return told(await asyncio.to_thread(imports.understand, wanted))
            return told(await imports.bring(wanted))

    return router
