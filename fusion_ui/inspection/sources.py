"""Where a fused text comes from, as the program traced it and as people corrected it: sentence by candidate.

The trace as stored is never changed; a correction lies over one cell and can be taken off again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fusion_ui.engine.ledger import CopiedText, Dropped, LedgerLine, Span, Support
from fusion_ui.engine.values import Fusion, FusionError
from fusion_ui.engine.view import RunView
from storage.corrections import SourceCorrectionRow


class SourceError(FusionError):
    """A correction of sources that fits no sentence or no candidate of the run."""


class Cell(NamedTuple):
    """What a sentence has from one candidate: what the program found, and what a person says instead."""

    position: int
    support: Support | None
    correction: SourceCorrectionRow | None

    @property
    def is_source(self) -> bool:
        """Whether the sentence rests on the candidate: as a person says, else as the program found."""
        if self.correction is not None and self.correction.is_source is not None:
            return self.correction.is_source
        return self.support is not None


class Line(NamedTuple):
    """A sentence of the fused text; a cell for every candidate of which anybody said anything."""

    span: Span
    text: str
    cells: tuple[Cell, ...]

    @property
    def is_new(self) -> bool:
        """Whether no candidate says this."""
        return not any(cell.is_source for cell in self.cells)


class Lost(NamedTuple):
    """A majority sentence that was dropped, and where its first speaker says it (None: it is found nowhere)."""

    dropped: Dropped
    span: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """The whole trace; `order` are the candidates as the fusor saw them."""

    order: tuple[int, ...]
    lines: tuple[Line, ...]
    lost: tuple[Lost, ...]
    copied: tuple[CopiedText, ...]


def source_record(view: RunView, corrections: Sequence[SourceCorrectionRow]) -> SourceRecord | None:
    """The trace under these corrections, the latest of each cell holding; None where nothing was fused."""
    fusion = view.fusion.fusion
    if fusion is None:
        return None
    standing = {(row.span_start, row.span_end, row.position): row for row in corrections}
    texts = {slot.position: slot.text for slot in view.slots}
    return SourceRecord(
        order=fusion.order,
        lines=tuple(_line(line, fusion, standing) for line in fusion.ledger.lines),
        lost=tuple(_lost(dropped, texts) for dropped in fusion.ledger.dropped),
        copied=fusion.copied,
    )


def check_passage(fusion: Fusion | None, span: Span, position: int) -> None:
    """Raises SourceError unless this is a sentence of the fused text and a candidate that the fusor saw."""
    if fusion is None:
        raise SourceError("Nothing was fused in this run, so that there are no sources to correct.")
    if span not in {line.span for line in fusion.ledger.lines}:
        raise SourceError("There is no such sentence in the fused text. Reload the page and try again.")
    if position not in fusion.order:
        raise SourceError(f"The fusor never saw candidate {position}, so that it cannot be a source.")


def _line(line: LedgerLine, fusion: Fusion, standing: Mapping[tuple[int, int, int], SourceCorrectionRow]) -> Line:
    support = {each.position: each for each in line.support}
    said = {at: standing.get((line.span.start, line.span.end, at)) for at in sorted({*fusion.order, *support})}
    cells = (Cell(at, support.get(at), row if row and row.is_source is not None else None) for at, row in said.items())
    told = tuple(cell for cell in cells if cell.support or cell.correction)
    return Line(line.span, fusion.text[line.span.start : line.span.end], told)


def _lost(dropped: Dropped, texts: Mapping[int, str]) -> Lost:
    at = texts.get(dropped.positions[0], "").find(dropped.text) if dropped.positions else -1
    return Lost(dropped, Span(start=at, end=at + len(dropped.text)) if at >= 0 else None)
