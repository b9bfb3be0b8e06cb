"""All cases in memory, as columns: one number a case for what is in a range, and the labels of all cases by kind.

A snapshot is never changed: `caught_up` gives the next one, from the rows that other threads and processes have written
since. 100 000 cases take about 25 MB.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from storage.cases import CASE_COLUMNS, Label, LabelRow, cases_since, labels_since
from storage.rows import Reader

Mask: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.int32]

_KINDS: Mapping[str, Any] = {
    "id": np.int32, "run_id": "S26", "started_ms": np.int64, "draws": np.int32, "failures": np.int32,
    "length": np.int32, "prompt_length": np.int32, "ratings": np.int32, "flaws": np.int32, "flaw_weight": np.float32,
    "stability": np.float32, "cost_usd": np.float64,
}  # fmt: skip


class Entries(NamedTuple):
    """Which case has which label of one kind: two columns of equal length."""

    rows: Rows
    labels: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The cases up to a revision. `figures` are columns by name; unknown figures are NaN.

    `labels` are by id (0 stands for none), `newest` are all rows, the last begun first.
    """

    revision: int = 0
    figures: Mapping[str, NDArray[Any]] = field(
        default_factory=lambda: {name: np.empty(0, dtype=kind) for name, kind in _KINDS.items()}
    )
    labels: tuple[Label, ...] = (Label("", ""),)
    entries: Mapping[str, Entries] = field(default_factory=dict)
    newest: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    row_by_case: Rows = field(default_factory=lambda: np.full(1, -1, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.newest)

    def row_of(self, run_id: str) -> int | None:
        """The row of a run, None where it is no case yet."""
        found = np.flatnonzero(self.figures["run_id"] == run_id.encode())
        return int(found[0]) if found.size else None

    def run_ids(self, rows: Rows) -> tuple[str, ...]:
        """The runs of these rows."""
        return tuple(run_id.decode() for run_id in self.figures["run_id"][rows])

    def mask_of(self, case_ids: str) -> Mask:
        """The cases of these ids, which have commas between them; those that came after the snapshot are left out."""
        mask = np.zeros(len(self), dtype=bool)
        ids = np.fromstring(case_ids, dtype=np.int64, sep=",") if case_ids else np.empty(0, dtype=np.int64)
        rows = self.row_by_case[ids[ids < len(self.row_by_case)]]
        mask[rows[rows >= 0]] = True
        return mask


def caught_up(columns: Columns, reader: Reader) -> Columns:
    """The columns with all that is stored by now."""
    cells = cases_since(reader, columns.revision)
    if not cells:
        return columns
    labels = (*columns.labels, *_named(labels_since(reader, len(columns.labels) - 1)))
    fresh = dict(zip(CASE_COLUMNS, zip(*cells, strict=True), strict=True))
    ids = np.array(fresh["id"], dtype=np.int32)
    rows, row_by_case = _places(columns, ids)
    figures = {name: _merged(columns.figures[name], rows, fresh[name]) for name in _KINDS}
    return Columns(
        revision=fresh["revision"][-1],
        figures=figures,
        labels=labels,
        entries=_entries(columns, rows, texts=fresh["labels"], labels=labels),
        newest=np.lexsort((figures["run_id"], figures["started_ms"]))[::-1].astype(np.int32),
        row_by_case=row_by_case,
    )


def _named(rows: Sequence[LabelRow]) -> tuple[Label, ...]:
    return tuple(Label(row.kind, row.value) for row in rows)


def _places(columns: Columns, ids: Rows) -> tuple[Rows, Rows]:
    """The row of each of these cases, old or new, and the rows of all."""
    grown = np.full(max(len(columns.row_by_case), int(ids.max()) + 1), -1, dtype=np.int32)
    grown[: len(columns.row_by_case)] = columns.row_by_case
    unknown = ids[grown[ids] < 0]
    grown[unknown] = np.arange(len(columns), len(columns) + len(unknown), dtype=np.int32)
    return grown[ids], grown


def _merged(column: NDArray[Any], rows: Rows, cells: Sequence[Any]) -> NDArray[Any]:
    is_text = column.dtype.kind == "S"
    fresh = np.array([cell.encode() for cell in cells] if is_text else cells, dtype=column.dtype)
    merged = np.empty(max(len(column), int(rows.max()) + 1), dtype=column.dtype)
    merged[: len(column)] = column
    merged[rows] = fresh
    return merged


def _entries(columns: Columns, rows: Rows, *, texts: Sequence[str], labels: Sequence[Label]) -> dict[str, Entries]:
    """The labels of all cases: those of cases that changed are the new ones."""
    lists: list[list[int]] = json.loads(f"[{','.join(texts)}]")
    lengths = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
    fresh = Entries(np.repeat(rows, lengths), np.fromiter(chain.from_iterable(lists), dtype=np.int32))
    is_changed = np.zeros(max(len(columns), int(rows.max()) + 1), dtype=bool)
    is_changed[rows] = True
    kinds = sorted({label.kind for label in labels[1:]})
    kind_by_label = np.array([kinds.index(label.kind) if label.kind else -1 for label in labels], dtype=np.int16)
    fresh_kinds = kind_by_label[fresh.labels]
    found = {}
    for number, kind in enumerate(kinds):
        before = columns.entries.get(kind, Entries(rows[:0], rows[:0]))
        kept, is_kind = ~is_changed[before.rows], fresh_kinds == number
        found[kind] = Entries(
            np.concatenate([before.rows[kept], fresh.rows[is_kind]]),
            np.concatenate([before.labels[kept], fresh.labels[is_kind]]),
        )
    return found
