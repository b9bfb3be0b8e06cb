"""Everything that is handed out: an order names it, and its file is written from one snapshot of the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from fusion_ui.exchange.battle_files import write_battles
from fusion_ui.exchange.bundle_files import write_bundle
from fusion_ui.exchange.comparator_files import write_comparator
from fusion_ui.exchange.table_files import Columns, Format, write_lines, write_table
from fusion_ui.exports import flaw_rows, rating_rows, run_rows
from fusion_ui.exports.datasette import write_datasette
from fusion_ui.exports.judged_pairs import judged_pairs
from fusion_ui.exports.scopes import ExportError, Scope, scope_of
from fusion_ui.exports.shown_recipes import shown_recipe
from fusion_ui.exports.training import Examples, Training
from fusion_ui.exports.votes import By, models_of, votes, votes_between
from fusion_ui.studies.taxonomy import Taxonomy
from storage.bundle_tables import chosen, everything
from storage.bundles import bundle_lines
from storage.connection import Store
from storage.rows import Reader

What = Literal["ratings", "runs", "flaws", "bundle", "dpo", "sft", "battles", "comparator", "datasette"]
Ending = Literal["jsonl", "csv", "parquet", "json", "db"]
_TABLE: tuple[Ending, ...] = get_args(Format)
ENDINGS: Mapping[What, tuple[Ending, ...]] = {
    "ratings": _TABLE, "runs": _TABLE, "flaws": _TABLE, "bundle": _TABLE, "dpo": ("jsonl",), "sft": ("jsonl",),
    "battles": ("json", "jsonl"), "comparator": ("json",), "datasette": ("db",),
}  # fmt: skip
"""The formats of each export, the usual one first."""
_TABLES: Mapping[What, tuple[Columns, Callable[[Reader, Scope], Any]]] = {
    "ratings": (rating_rows.COLUMNS, rating_rows.rating_rows),
    "runs": (run_rows.COLUMNS, run_rows.run_rows),
    "flaws": (flaw_rows.COLUMNS, flaw_rows.flaw_rows),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted of which studies and runs, of all where none is named.

    `training` is for dpo and sft, `by` and `pair` ("first:second") for battles and comparator, `has_lab` for bundles,
    `is_searchable` for datasette.
    """

    what: What
    ending: Ending | None = None
    studies: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    training: Training = field(default_factory=Training)
    by: By = "role"
    pair: str | None = None
    has_lab: bool = False
    is_searchable: bool = False

    @property
    def kind(self) -> Ending:
        """The format asked for, or the usual one."""
        return self.ending or ENDINGS[self.what][0]


class Written(NamedTuple):
    """How much was written, and of training data what was left out by which rule."""

    rows: int
    report: dict[str, Any] | None = None


class Exports:
    """Writes what is ordered. Blocking: call it in worker threads."""

    def __init__(self, store: Store, *, taxonomy: Taxonomy) -> None:
        self._store = store
        self._taxonomy = taxonomy

    def write(self, order: Order, file: Path) -> Written:
        """Writes the file. Raises ExportError, NoStudyError and NoRunError; then the file is worth nothing."""
        self._check(order)
        try:
            if order.what == "datasette":
                write_datasette(self._store, file, is_searchable=order.is_searchable)
                return Written(0)
            with self._store.reading() as reader:
                return self._written(reader, order, file)
        except OSError as error:
            raise ExportError(f"{file.name} cannot be written: {error.strerror}. Choose another place.") from error

    def _written(self, reader: Reader, order: Order, file: Path) -> Written:
        scope = scope_of(reader, studies=order.studies, runs=order.runs)
        match order.what:
            case "bundle":
                return Written(_bundled(reader, order, file))
            case "dpo" | "sft":
                examples = Examples(reader, scope, order.training, self._taxonomy)
                lines = examples.pairs() if order.what == "dpo" else examples.answers()
                return Written(write_lines(file, lines), examples.report)
            case "battles":
                told = votes(judged_pairs(reader, scope), by=order.by)
                return Written(write_battles(file, told, "jsonl" if order.kind == "jsonl" else "json"))
            case "comparator":
                return Written(_compared(reader, scope, order, file))
            case _:
                columns, rows = _TABLES[order.what]
                return Written(write_table(file, rows(reader, scope), columns=columns, kind=_format(order)))

    def _check(self, order: Order) -> None:
        if order.kind not in ENDINGS[order.what]:
            known = ", ".join(ENDINGS[order.what])
            raise ExportError(f"There is no {order.what} as {order.kind}; there is {known}.")
        if order.what == "datasette" and (order.studies or order.runs):
            raise ExportError("The copy for Datasette is of the whole database: name no studies or runs.")
        floor = order.training.filters.flaw_floor
        severities = [each.name for each in self._taxonomy.severities]
        if floor is not None and floor not in severities:
            raise ExportError(f"There is no severity {floor[:40]!r}; there are {', '.join(severities)}.")


def _bundled(reader: Reader, order: Order, file: Path) -> int:
    if order.studies or order.runs:
        wanted = chosen(reader, studies=order.studies, runs=order.runs, has_lab=order.has_lab)
    else:
        wanted = everything(reader, has_lab=order.has_lab)
    return write_bundle(file, bundle_lines(reader, wanted, shown=shown_recipe), _format(order))


def _compared(reader: Reader, scope: Scope, order: Order, file: Path) -> int:
    models = models_of(judged_pairs(reader, scope), by=order.by, asked=order.pair)
    told = votes_between(judged_pairs(reader, scope), models, by=order.by)
    source = "Fusion UI: " + (", ".join((*order.studies, *order.runs)) or "all studies and runs")
    return write_comparator(file, told, models=models, source=source)


def _format(order: Order) -> Format:
    kind = order.kind
    return kind if kind == "csv" or kind == "parquet" else "jsonl"
