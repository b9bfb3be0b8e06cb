"""Studies and runs as lines that another copy of this app takes in: the same rows under the same keys, or none at all.

The first line says what follows, then comes a row a line. Whoever takes lines in trusts nothing that they say.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from storage.bundle_reading import BundleError, check_hashes, is_whole, kinds_of, object_in, read_row, refuse
from storage.bundle_tables import TABLES, Chosen, chosen_rows, count_rows, values_of
from storage.catalogue import PromptRow, RecipeRow, recipe_key
from storage.errors import RowError
from storage.flaws import FlawAskingRow
from storage.ratings import RaterRow, known_rater, plain_name
from storage.rows import UNSTORABLE, Json, Reader, Row, Writer, json_text
from storage.run_costs import note_paid_elsewhere
from storage.runs import (
    DrawRow,
    FailureRow,
    FusionStartRow,
    JudgementRow,
    OutputRow,
    RunRow,
    SelectionRow,
    StopRow,
)
from storage.studies import ContenderRow, StudyRow, UnitRow

KIND = "bundle"
VERSION = 1
_OF_A_RUN = (DrawRow, OutputRow, FailureRow, StopRow, JudgementRow, SelectionRow, FusionStartRow)
_TYPE_BY_TABLE = {row_type.table: row_type for row_type in TABLES}


class Head(NamedTuple):
    """What a bundle says of itself: the step of the schema it was written at, and how many rows of which table."""

    schema: int
    rows: dict[str, int]


class Put(NamedTuple):
    """What became of a bundle: rows by table that are new, and those that were there already."""

    stored: dict[str, int]
    known: dict[str, int]
    new_runs: tuple[str, ...]
    new_studies: tuple[str, ...]


def bundle_lines(reader: Reader, wanted: Chosen, *, shown: Callable[[Json], Json] = lambda body: body) -> Iterator[str]:
    """The bundle of what is chosen, a line at a time; equal content gives equal lines.

    `shown` is what may be handed out of a recipe, which then goes under the hash of that.
    """
    key_by_recipe: dict[str, str] = {}
    head = {"fusion_ui": KIND, "version": VERSION, "schema": _schema(reader), "rows": count_rows(reader, wanted)}
    yield json.dumps(head, separators=(",", ":"))
    for row_type in TABLES:
        for values in chosen_rows(reader, row_type, wanted):
            if row_type is RecipeRow and (body := shown(values["body"])) != values["body"]:
                key_by_recipe[values["id"]] = key = recipe_key(body)  # type: ignore[arg-type]
                values |= {"id": key, "body": body}
            if row_type is RunRow:
                values["recipe_id"] = key_by_recipe.get(values["recipe_id"], values["recipe_id"])
            yield f'{{"table":"{row_type.table}","row":{json_text(values)}}}'


def head_of(line: str) -> Head:
    """What the first line of a bundle says. Raises BundleError."""
    said = object_in(line)
    if said.get("fusion_ui") != KIND:
        refuse('this is no bundle of Fusion UI: it does not begin with {"fusion_ui": "bundle"}')
    rows = said.get("rows")
    if said.get("version") != VERSION or not is_whole(said.get("schema")):
        refuse(f"this is a bundle of version {str(said.get('version'))[:20]}; this program reads {VERSION}. Update it")
    if not isinstance(rows, dict) or not all(map(is_whole, rows.values())):
        refuse('"rows" must say how many rows of each table follow')
    return Head(said["schema"], rows)


def put_bundle(writer: Writer, lines: Iterable[str]) -> Put:
    """Stores every row that is not there yet, all in the writer's transaction. Raises BundleError.

    Rows that are there with the same content are left as they are, so that the same bundle may come twice. Raters are
    matched by name. What definitions and recipes mean is not known here: read new studies and runs back before the
    block ends.
    """
    taking, head, number = _Taking(writer), None, 0
    try:
        for line in lines:
            number += 1
            if head is None:
                head = taking.head(line)
            elif line.strip():
                taking.row(line)
    except (BundleError, RowError) as error:
        raise BundleError(f"Line {number:,}: {error} Nothing of the bundle was stored.") from error
    if head is None:
        raise BundleError("The bundle is empty.")
    return taking.result(head)


class _Taking:
    """A bundle on its way in."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._rater_by_id: dict[str, str] = {}
        self._stored: Counter[str] = Counter()
        self._known: Counter[str] = Counter()
        self._new: dict[str, dict[str, None]] = {RunRow.table: {}, StudyRow.table: {}}
        self._touched: set[str] = set()
        self._keys = {row_type: _key_columns(writer, row_type) for row_type in TABLES}
        self._kinds = {row_type: kinds_of(row_type) for row_type in TABLES}

    def head(self, line: str) -> Head:
        head = head_of(line)
        if head.schema > (own := _schema(self._writer)):
            refuse(f"a newer version wrote this (schema {head.schema}, this program knows {own}). Update the program")
        return head

    def row(self, line: str) -> None:
        said = object_in(line)
        table, values = said.get("table"), said.get("row")
        row_type = _TYPE_BY_TABLE.get(table) if isinstance(table, str) else None
        if row_type is None or not isinstance(values, dict) or said.keys() != {"table", "row"}:
            refuse(f'a line is {{"table": …, "row": {{…}}}} of a known table, not of {str(table)[:40]!r}')
        row = read_row(row_type, values, self._kinds[row_type])
        check_hashes(row)
        if isinstance(row, RaterRow):
            self._rater(row)
        else:
            self._put(self._with_rater(row))

    def result(self, head: Head) -> Put:
        for table in sorted(head.rows.keys() | self._stored.keys() | self._known.keys()):
            found, told = self._stored[table] + self._known[table], head.rows.get(table, 0)
            if found != told:
                raise BundleError(
                    f"The bundle says that it holds {told:,} rows of {table[:40]} and holds {found:,}: it was cut "
                    "off or changed. Nothing was stored: export it again."
                )
        runs, studies = (tuple(self._new[table]) for table in (RunRow.table, StudyRow.table))
        _check_places(self._writer, sorted(self._touched))
        return Put(dict(self._stored), dict(self._known), runs, studies)

    def _rater(self, row: RaterRow) -> None:
        if row.id in self._rater_by_id:
            refuse(f"the rater {row.id} comes a second time")
        name = plain_name(row.name)
        known = known_rater(self._writer, name)
        if known is None:
            is_taken = self._writer.row(RaterRow, "WHERE id = ?", row.id) is not None
            known = replace(row, name=name, id=self._writer.identity.new_id() if is_taken else row.id)
            self._writer.insert(known)
            self._stored[row.table] += 1
        else:
            self._known[row.table] += 1
        self._rater_by_id[row.id] = known.id

    def _with_rater(self, row: Row) -> Row:
        rater = getattr(row, "rater_id", None)
        if rater is None:
            return row
        if rater not in self._rater_by_id:
            refuse(f"the rater {rater[:40]!r} is in no line before")
        return replace(row, rater_id=self._rater_by_id[rater])  # type: ignore[call-arg]

    def _put(self, row: Row) -> None:
        try:
            self._writer.insert(row)
        except RowError:
            names = self._keys[type(row)]
            key = [getattr(row, name) for name in names]
            stored = self._writer.row(type(row), f"WHERE {' AND '.join(f'{name} = ?' for name in names)}", *key)
            if stored is None:
                raise
            if not _is_same(stored, row):
                told = ", ".join(f"{name} {value}" for name, value in zip(names, key, strict=True))
                refuse(f"{row.table} has another row here under this key ({told})")
            self._known[row.table] += 1
            return
        self._stored[row.table] += 1
        if isinstance(row, RunRow | FlawAskingRow):
            note_paid_elsewhere(self._writer, row.id)
        if row.table in self._new:
            self._new[row.table][getattr(row, "id", "")] = None
        self._check_frozen(row)
        if study_id := getattr(row, "study_id", None):
            self._touched.add(study_id)

    def _check_frozen(self, row: Row) -> None:
        """Refuses what would change a study that is here, or a run that has ended here: neither ever changes."""
        if isinstance(row, UnitRow | ContenderRow) and row.study_id not in self._new[StudyRow.table]:
            refuse(f"the study {row.study_id} is here already, and without this row")
        run_id = getattr(row, "run_id", "")
        is_old = isinstance(row, _OF_A_RUN) and run_id not in self._new[RunRow.table]
        if is_old and self._writer.execute("SELECT 1 FROM outcomes WHERE run_id = ?", run_id).fetchone():
            refuse(f"the run {run_id} has ended here already, and without this row")


def _schema(reader: Reader) -> int:
    return int(reader.execute("PRAGMA user_version").fetchone()[0])


def _key_columns(reader: Reader, row_type: type[Row]) -> tuple[str, ...]:
    sql = "SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk"
    return tuple(name for (name,) in reader.execute(sql, row_type.table))


def _is_same(stored: Row, row: Row) -> bool:
    try:
        return _content(stored) == _content(row)
    except UNSTORABLE:
        return False


def _content(row: Row) -> str:
    """The row as text; of what is kept by its hash, when it was first stored does not matter."""
    unlike = {"created_at"} if isinstance(row, PromptRow | RecipeRow) else set()
    return json_text({name: value for name, value in values_of(row).items() if name not in unlike})


def _check_places(reader: Reader, study_ids: Iterable[str]) -> None:
    """Refuses studies whose units, or a unit's contenders, are not numbered 0, 1, …: they are found by their places."""
    gaps = """SELECT 1 FROM study_units WHERE study_id = ?1 GROUP BY study_id HAVING count(*) <> max(place) + 1
        UNION ALL SELECT 1 FROM contenders WHERE study_id = ?1 GROUP BY unit_place HAVING count(*) <> max(place) + 1
        UNION ALL SELECT 1 FROM trials WHERE study_id = ?1 AND (SELECT json_group_array(value) FROM
            (SELECT value FROM json_each(shown_order) ORDER BY value)) <> (SELECT json_group_array(place) FROM
            (SELECT place FROM contenders AS shown WHERE shown.study_id = ?1 AND shown.unit_place = trials.unit_place
            ORDER BY place)) LIMIT 1"""
    for study_id in study_ids:
        if reader.execute(gaps, study_id).fetchone() is not None:
            raise BundleError(f"The study {study_id} lacks items or answers that it counts. Nothing was stored.")
