"""A file as a stream of records with named fields, whatever holds them: JSON lines, a JSON list, CSV or Parquet.

A record that cannot be read carries what is wrong with it; a file that cannot be is refused. Memory stays bounded.
"""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain
from os import SEEK_END
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import IO, Literal

from fusion_ui.engine.sampling import clean
from fusion_ui.exchange.answer_fields import Fields, json_fields
from fusion_ui.exchange.answer_lines import Line, binary_kind, lines_of
from fusion_ui.exchange.json_window import Window
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.exchange.tables import table_fields

Holder = Literal["jsonl", "json", "csv", "parquet"]
MOST_BYTES = 4_000_000_000
HEAD_BYTES = 1 << 20
_CHUNK = 1 << 20
_LONGEST_NAME = 200
_PARQUET = Path(__file__).with_name("parquet_worker.py")
_PARQUET_BYTES = 4_000_000_000  # of address space, most of which the libraries reserve and never touch
_LONGEST_COMPLAINT = 1_000
_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """A file to be brought in: where it is, and what its owner calls it (a folder in the name may name a model)."""

    path: Path
    name: str

    @property
    def stem(self) -> str:
        """The name without folder and ending, fit to be stored and never empty."""
        return clean(PurePath(self.name.replace("\\", "/")).stem).strip()[:_LONGEST_NAME] or "recorded"

    @property
    def label(self) -> str:
        """The name as messages say it."""
        return clean(self.name)[-_LONGEST_NAME:] or "recorded"

    @contextmanager
    def opened(self) -> Iterator[BufferedReader]:
        """The file for reading. Raises ImportRefusedError for what is no file, and when the disk fails meanwhile."""
        try:
            mode = self.path.stat().st_mode
            if stat.S_ISDIR(mode):
                raise ImportRefusedError(f"{self.label} is a folder. Name the files in it.")
            if not stat.S_ISREG(mode):  # opening a pipe would wait, a device may never end
                raise ImportRefusedError(
                    f"{self.label} is a pipe or a device, and files are read more than once. Save its content as a "
                    "file first."
                )
            with self.path.open("rb") as content:
                yield content
        except OSError as error:
            raise ImportRefusedError(
                f"{self.label} cannot be read: {error.strerror}. Check its name, and whether it may be read."
            ) from error

    def head(self) -> bytes:
        """The beginning of the file. Raises ImportRefusedError."""
        with self.opened() as content:
            return content.read(HEAD_BYTES)

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the file. Raises ImportRefusedError, also if they are too many."""
        with self.opened() as content:
            if os.fstat(content.fileno()).st_size > MOST_BYTES:
                raise ImportRefusedError(
                    f"{self.label} is larger than {MOST_BYTES // 1_000_000_000} GB. Split it into several files."
                )
            while chunk := content.read(_CHUNK):
                yield chunk

    def lines(self) -> Iterator[Line]:
        """The lines of the file."""
        return lines_of(self.chunks(), name=self.label)


def holder_of(file: RecordedFile) -> Holder:
    """What holds the records of this file, told by its beginning. Raises ImportRefusedError for what is no text."""
    head = file.head()
    if head.startswith(_MAGIC):
        return "parquet"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise ImportRefusedError(f"{file.label} is empty.")
    if kind := binary_kind(head) or binary_kind(start):
        raise ImportRefusedError(f"{file.label} is {kind}.")
    if start.startswith(b"["):
        return "json"
    return ("jsonl" if _is_lines(start) else "json") if start.startswith(b"{") else "csv"


def records_of(file: RecordedFile, holder: Holder | None = None) -> Iterator[Fields]:
    """Every record of the file, by the line (of Parquet: the row) that it begins on."""
    match holder or holder_of(file):
        case "jsonl":
            return json_fields(file.lines())
        case "csv":
            return table_fields(_without_blank_start(file.lines()), name=file.label)
        case "parquet":
            return _parquet_records(file)
        case "json":
            return listed(file)


def listed(file: RecordedFile) -> Iterator[Fields]:
    """The elements of a file that is one list, or objects one after the other (the first line may be a long one)."""
    window = Window(file.chunks(), name=file.label)
    if window.peek() == "[":
        yield from window.elements()
        window.end()
    while window.peek():
        line, value = window.line, window.value()
        yield Fields(line, value) if isinstance(value, dict) else Fields(line, {}, "is no JSON object")


def _is_lines(start: bytes) -> bool:
    """Whether the first line is an object by itself, or at least ends like one."""
    first = next(lines_of([start], name=""))
    is_whole = b"\n" in start or len(start) < HEAD_BYTES // 2
    fields = next(json_fields(iter([first])), None)
    if fields is not None and not fields.problem:
        return True
    return is_whole and first.content.rstrip().endswith(b"}") and b'"' in first.content


def _without_blank_start(lines: Iterator[Line]) -> Iterator[Line]:
    first = next((line for line in lines if line.content.strip()), None)
    return iter(()) if first is None else chain([first], lines)


def _parquet_records(file: RecordedFile) -> Iterator[Fields]:
    """The rows that the child tells. What it cannot read, it does not survive."""
    # -P: the folder of the worker is no place to import from.
    command = [sys.executable, "-P", str(_PARQUET), str(file.path), str(_PARQUET_BYTES)]
    # What a file makes the child complain of may be longer than a pipe takes.
    with TemporaryFile() as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as child:
        assert child.stdout is not None
        try:
            yield from json_fields(lines_of(_pieces(child.stdout), name=file.label))
        except GeneratorExit:
            child.kill()
            raise
        if child.wait():
            raise ImportRefusedError(_unread(file, _last_line(errors)))


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(_CHUNK):
        yield piece


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(max(0, errors.seek(0, SEEK_END) - _LONGEST_COMPLAINT))
    return next(reversed(errors.read().decode("utf-8", "replace").strip().splitlines()), "")


def _unread(file: RecordedFile, last: str) -> str:
    if last.startswith("it states"):
        return f"{file.label} is not taken: {last}. Split it, or export it as JSONL."
    return f"{file.label} cannot be read as Parquet: it is damaged, or of a kind unknown here. Export it as JSONL."
