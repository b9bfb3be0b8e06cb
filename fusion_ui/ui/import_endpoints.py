"""The HTTP endpoint of imports: files go to the disk as they come, are understood, and stored if that is wanted.

Owners only, as the table of `access` has it.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field, model_validator

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.imports.importer import AUTO, MOST_FILES, Import, Imports
from fusion_ui.imports.understood import told
from fusion_ui.ui.requests import Body

_CHUNK = 1 << 20
Name = Annotated[str, Field(min_length=1, max_length=300)]


class Asked(Body):
    """How files are to be taken: see `imports.importer.Import`. With `dry` it is only told what they hold.

    The body is the files one after the other; `size` says how many bytes each `name` has, and may be left out for one.
    """

    name: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=300)]], Field(min_length=1, max_length=MOST_FILES)
    ]
    size: Annotated[list[Annotated[int, Field(ge=0)]], Field(max_length=MOST_FILES)] = []
    format: Annotated[str, Field(max_length=40)] = AUTO
    title: Annotated[str, Field(max_length=300)] = ""
    judge: Annotated[str, Field(max_length=200)] = ""
    dry: bool = False

    @model_validator(mode="after")
    def _sizes_fit(self) -> "Asked":
        if len(self.name) != len(self.size) and (len(self.name) > 1 or self.size):
            raise ValueError("size: give the size of each file that is named")
        return self


def import_router(imports: Imports) -> APIRouter:
    """POST /api/imports."""
    router = APIRouter(prefix="/api/imports")

    @router.post("")
    async def bring(request: Request, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
        with TemporaryDirectory() as folder:
            files = await _received(request, asked, folder=Path(folder))
            wanted = Import(files=files, format=asked.format, title=asked.title, judge=asked.judge)
            if asked.dry:
                return told(await asyncio.to_thread(imports.understand, wanted))
            return told(await imports.bring(wanted))

    return router


async def _received(request: Request, asked: Asked, *, folder: Path) -> tuple[RecordedFile, ...]:
    """The files as they lie on the disk now. Raises ImportRefusedError unless they are as long as was said."""
    whole = folder / "whole"
    with whole.open("wb") as body:
        async for chunk in request.stream():
            body.write(chunk)
    if asked.size and sum(asked.size) != whole.stat().st_size:
        raise ImportRefusedError("The files did not arrive as they are said to be. Send them again.")
    if len(asked.name) == 1:
        return (RecordedFile(path=whole, name=asked.name[0]),)
    return await asyncio.to_thread(_parted, whole, asked)


def _parted(whole: Path, asked: Asked) -> tuple[RecordedFile, ...]:
    files = []
    with whole.open("rb") as body:
        for number, (name, size) in enumerate(zip(asked.name, asked.size, strict=True)):
            files.append(RecordedFile(path=whole.with_name(str(number)), name=name))
            with files[-1].path.open("wb") as part:
                for start in range(0, size, _CHUNK):
                    part.write(body.read(min(_CHUNK, size - start)))
    return tuple(files)
