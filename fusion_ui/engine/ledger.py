"""Where the sentences of a fused text come from, as frozen values: what was copied, what is new, what was left out."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text as [start, end) in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedText:
    """Share (0..1) of the fused text's characters found verbatim in one candidate, and where in the fused text."""

    position: int
    share: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One candidate's backing of a sentence: the passage in it and how alike the two are (0..1)."""

    position: int
    kind: Literal["copied", "reworded"]
    similarity: float
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One sentence of the fused text with its sources; no support means the sentence is new."""

    span: Span
    support: tuple[Support, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether no candidate says this."""
        return not self.support


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A sentence that most candidates share and the fused text leaves out, quoted from the first of them."""

    text: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where every fused sentence comes from, and which majority sentences were dropped."""

    lines: tuple[LedgerLine, ...] = ()
    dropped: tuple[Dropped, ...] = ()
