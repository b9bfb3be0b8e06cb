"""Studies to the store and back. What they mean is in `fusion_ui.studies`, how they lie there in `storage.studies`."""

from threading import Lock
from typing import Any

from pydantic import TypeAdapter

from fusion_ui.engine.values import MissingError
from fusion_ui.studies.protocol import Contender, Protocol, Study, StudyError, Unit, definition_sha256
from storage.connection import Store
from storage.rows import Reader, Writer
from storage.studies import NewContender, NewUnit, StudyRow, StudyRows, UnitRows, put_study, study_rows

PROTOCOL = TypeAdapter(Protocol)
MOST_KEPT = 64
_BODY = ("reference", "language", "gold", "feedback")


class NoStudyError(StudyError, MissingError):
    """An address that names no study."""

    def __init__(self) -> None:
        super().__init__("There is no study at this address. It may be in another database: ask who sent you.")


def store_study(writer: Writer, protocol: Protocol, units: tuple[Unit, ...], *, supersedes: str | None) -> StudyRow:
    """The study as stored."""
    return put_study(
        writer,
        title=protocol.title,
        definition=PROTOCOL.dump_python(protocol, mode="json"),
        definition_sha256=definition_sha256(protocol, units),
        overlap=protocol.overlap,
        units=[_new_unit(unit) for unit in units],
        supersedes=supersedes,
    )


def read_study(reader: Reader, study_id: str) -> Study:
    """The study of this id. Raises NoStudyError."""
    rows = study_rows(reader, study_id)
    if rows is None:
        raise NoStudyError
    return study_of(rows)


class Shelf:
    """Studies once read, kept in memory for all threads: every trial needs its study, and a study never changes."""

    def __init__(self, store: Store, *, most: int = MOST_KEPT) -> None:
        self._store = store
        self._most = most
        self._study_by_id: dict[str, Study] = {}
        self._turn = Lock()

    def study(self, study_id: str, *, reader: Reader | None = None) -> Study:
        """The study of this id, read by this reader if it must be. Raises NoStudyError."""
        known = self._study_by_id.get(study_id)
        return known or self._put(study_id, reader)

    def _put(self, study_id: str, reader: Reader | None) -> Study:
        # A large study takes a second: of many who ask for it first one reads, and the others wait.
        with self._turn:
            known = self._study_by_id.get(study_id)
            if known is None:
                known = self._read(study_id) if reader is None else read_study(reader, study_id)
                studies = [*self._study_by_id.values(), known][-self._most :]
                # Replaced whole: other threads look into it meanwhile.
                self._study_by_id = {study.id: study for study in studies}
            return known

    def _read(self, study_id: str) -> Study:
        with self._store.reading() as reader:
            return read_study(reader, study_id)


def study_of(rows: StudyRows) -> Study:
    """The study that these rows hold."""
    return Study(
        id=rows.study.id,
        protocol=PROTOCOL.validate_python(rows.study.definition),
        units=tuple(_unit(unit) for unit in rows.units),
        created_at=rows.study.created_at,
        version=rows.study.version,
        supersedes=rows.study.supersedes,
    )


def _new_unit(unit: Unit) -> NewUnit:
    body: dict[str, Any] = {name: getattr(unit, name) for name in _BODY}
    return NewUnit(
        place=unit.place,
        prompt=unit.prompt,
        contenders=[
            NewContender(
                role=contender.role,
                output_id=contender.output_id,
                text=contender.text,
                member=contender.member,
                names=contender.names,
            )
            for contender in unit.contenders
        ],
        run_id=unit.run_id or None,
        phase=unit.phase,
        is_identical=unit.is_identical,
        same_as=unit.same_as,
        body=body,
    )


def _unit(rows: UnitRows) -> Unit:
    body: Any = rows.unit.body
    contenders = tuple(_contender(row) for row in rows.contenders)
    return Unit(
        place=rows.unit.place,
        run_id=rows.unit.run_id or "",
        prompt=rows.unit.prompt,
        contenders=contenders,
        phase=rows.unit.phase,
        is_identical=rows.unit.is_identical,
        same_as=rows.unit.same_as,
        **{name: body[name] for name in _BODY},
    )


def _contender(row: Any) -> Contender:
    return Contender(output_id=row.output_id, role=row.role, text=row.text, member=row.member, names=tuple(row.names))
