"""A stream of bytes as numbered lines, in bounded memory whatever arrives, with a first look at what it may be."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from fusion_ui.analysis.answers import AnswersError

MOST_BYTES = 300_000_000  # of what comes over the web at once
LONGEST_LINE = 8_000_000
MOST_LINES = 5_000_000
_HEAD = 200  # bytes kept of a line that is too long: enough to say what it is

_WHAT_BY_MAGIC = {
    b"\x1f\x8b": "compressed with gzip. Unpack it first",
    b"PK\x03\x04": "a ZIP archive (or a spreadsheet). Unpack it, or save the table as CSV",
    b"\x28\xb5\x2f\xfd": "compressed with zstd. Unpack it first",
    b"\xff\xfe": "UTF-16. Save it as UTF-8",
    b"\xfe\xff": "UTF-16. Save it as UTF-8",
    b"SQLite format 3": "a SQLite database. Export the answers as JSONL or CSV",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet. Export it as JSONL or CSV",
}
_BOM = b"\xef\xbb\xbf"
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


class Digest(Protocol):
    """What bytes are hashed with on their way."""

    def update(self, chunk: bytes, /) -> object:
        """Take these bytes in."""
        ...


class Line(NamedTuple):
    """One line without its end, by its number in the file; of one that is too long only the beginning is kept."""

    number: int
    content: bytes
    is_cut: bool = False


def metered(chunks: Iterable[bytes], digest: Digest, *, name: str, most_bytes: int) -> Iterator[bytes]:
    """The same bytes, hashed on their way; AnswersError once they are too many."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most_bytes:
            raise AnswersError(
                f"{name} is larger than {most_bytes // 1_000_000} MB, more than is taken here. Split it, leave the "
                "models' full texts out, or bring it in with `python -m fusion_ui import`."
            )
        digest.update(chunk)
        yield chunk


def lines_of(chunks: Iterable[bytes], *, name: str) -> Iterator[Line]:
    """The lines of a file, empty ones included, the byte-order mark left out; the longest line bounds the memory."""
    number = 1
    for content, is_cut in _cut(chunks):
        if number > MOST_LINES:
            raise AnswersError(f"{name} has more than {MOST_LINES:,} lines. Split it into several files.")
        line = content.removeprefix(_BOM) if number == 1 else content
        yield Line(number, line.removesuffix(b"\r"), is_cut)
        number += 1


def binary_kind(head: bytes) -> str | None:
    """What a file that is no readable text is, in plain words with a cure; None where its beginning may be text."""
    for magic, what in _WHAT_BY_MAGIC.items():
        if head.startswith(magic):
            return what
    return "binary (or UTF-16), not UTF-8 text" if head[:_HEAD].translate(None, _CONTROL) != head[:_HEAD] else None


def _cut(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Every line with whether it was cut. Pieces are joined once a line, as repeated joining would be quadratic."""
    pieces: list[bytes] = []
    length, is_cut = 0, False
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            is_long = is_cut or length + len(part) > LONGEST_LINE
            whole = b"".join((*pieces, part)) if pieces else part
            yield (whole[:_HEAD], True) if is_long else (whole, False)
            pieces, length, is_cut = [], 0, False
        pieces.append(rest)
        length += len(rest)
        if length > LONGEST_LINE:
            pieces, length, is_cut = [b"".join(pieces)[:_HEAD]], _HEAD, True
    if length:
        yield b"".join(pieces), is_cut
