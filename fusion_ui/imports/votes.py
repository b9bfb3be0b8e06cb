"""Judgements that others recorded, as a closed study of imported units: understood first, then stored whole.

A file that comes again adds nothing. Of one that grew, what was said of units that are stored goes to their study, and
new units make a further study: a study never changes, and its judgements stay together.
"""

import hashlib
import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

from fusion_ui.annotation.shelf import PROTOCOL
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.recorded import Problem
from fusion_ui.exchange.recorded_ratings import RecordedRating
from fusion_ui.exchange.sniffing import Format
from fusion_ui.exchange.texts import LineError
from fusion_ui.imports.planning import Planned, PlannedUnit, PlannedVote, Planner
from fusion_ui.imports.understood import Problems
from fusion_ui.studies.protocol import Protocol
from storage.connection import Store
from storage.errors import ConflictError
from storage.recorded_studies import (
    Filling,
    bulk_ids,
    in_bulk,
    series_of,
    stored_vote,
    studies_of,
    units_of_series,
)
from storage.rows import Reader, Writer
from storage.studies import NewUnit, put_study, set_closed

_NOTED_AT_ONCE = 1_000
_ENCODE = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
Ratings = Callable[[RecordedFile], Iterable[RecordedRating | Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """What is to be brought in: files of one format, under this title; `judge` is the rater who is a model."""

    files: tuple[RecordedFile, ...]
    format: Format
    title: str
    read: Ratings
    judge: str = ""


class Notes:
    """What is planned, kept in a temporary file from understanding to storing: reading it again costs little."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed with the notes themselves
        self._held: list[Planned] = []

    def add(self, planned: Planned) -> None:
        """Notes one more."""
        self._held.append(planned)
        if len(self._held) >= _NOTED_AT_ONCE:
            self._write()

    def read(self) -> Iterator[Planned]:
        """Everything noted, in its order."""
        self._write()
        self._write()  # an empty list ends the reading
        self._file.seek(0)
        while held := pickle.load(self._file):
            yield from held

    def _write(self) -> None:
        pickle.dump(self._held, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._held = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


@dataclass(slots=True, kw_only=True)
class VotePlan:
    """What votes come to over a store as it stood: the study to be made, what is new and what is there."""

    votes: Votes
    series: str
    title: str
    files_sha256: str
    before: Mapping[str, str]
    planner: Planner
    problems: Problems = field(default_factory=Problems)
    definition_sha256: str = ""
    new_units: int = 0
    new: int = 0
    already: int = 0


def planned_votes(store: Store, votes: Votes, *, notes: Notes | None = None) -> VotePlan:
    """The plan of these votes; what is new is noted where it is to be stored. Raises ImportRefusedError."""
    with store.reading() as reader:
        plan = _begun(reader, votes)
        hashing = _Hashing(plan)
        for planned in _each(plan):
            if isinstance(planned, PlannedUnit):
                hashing.unit(planned.unit)
            elif _is_new(reader, plan, planned):
                plan.new += 1
            else:
                continue
            if notes is not None:
                notes.add(planned)
        plan.definition_sha256 = hashing.digest()
    return plan


def stored_votes(store: Store, plan: VotePlan, notes: Notes) -> tuple[str, ...]:
    """The ids of the studies that are new; all is stored, or nothing. Raises storage's ConflictError."""
    with store.writing() as writer, in_bulk(writer):
        if studies_of(writer, plan.series) != plan.before:
            raise ConflictError("Judgements under the same title came in meanwhile. Nothing was stored: try again.")
        ids = bulk_ids(writer)
        definitions: dict[str | None, tuple[str, str]] = {each: (each, sha) for each, sha in plan.before.items()}
        study_id = _new_study(writer, plan) if plan.new_units else None
        if study_id is not None:
            definitions[None] = (study_id, plan.definition_sha256)
        fillings = {
            key: Filling(writer, filled, definition_sha256=sha, ids=ids) for key, (filled, sha) in definitions.items()
        }
        for planned in notes.read():
            if isinstance(planned, PlannedUnit):
                fillings[None].unit(planned.unit)
            elif planned.study_id is None or stored_vote(writer, planned.study_id, planned.vote) is None:
                fillings[planned.study_id].vote(planned.vote)
    return (study_id,) if study_id is not None else ()


def _begun(reader: Reader, votes: Votes) -> VotePlan:
    files_sha256 = _files_sha256(votes)
    series = series_of(reader, files_sha256) or votes.title
    before = studies_of(reader, series)
    known = dict(units_of_series(reader, series)) if before else {}
    part = len(before) + 1
    return VotePlan(
        votes=votes,
        series=series,
        title=series if part == 1 else f"{series}, part {part}",
        files_sha256=files_sha256,
        before=before,
        planner=Planner(judge=votes.judge, known=known),
    )


def _each(plan: VotePlan) -> Iterator[PlannedUnit | PlannedVote]:
    """Everything planned, file after file; what cannot be taken becomes a problem."""
    for file in plan.votes.files:
        for rating in plan.votes.read(file):
            if isinstance(rating, Problem):
                plan.problems.add(rating)
                continue
            try:
                yield from plan.planner.plan(rating)
            except LineError as error:
                plan.problems.add(Problem(file.label, rating.line, str(error)))


def _is_new(reader: Reader, plan: VotePlan, planned: PlannedVote) -> bool:
    """Whether a vote is not stored yet; one that was stored otherwise is named, and stands."""
    if planned.study_id is None:
        return True
    vote = planned.vote
    known = stored_vote(reader, planned.study_id, vote)
    if known is None:
        return True
    plan.already += 1
    if known != (vote.verdict, vote.winner):
        message = f"{vote.rater[:60]!r} judged this pair otherwise in what is stored, which stands"
        plan.problems.add(Problem(plan.series, planned.line, message))
    return False


def _new_study(writer: Writer, plan: VotePlan) -> str:
    protocol = _protocol(plan)
    votes = plan.votes
    source = {
        "series": plan.series,
        "format": votes.format,
        "files": [file.label for file in votes.files],
        "sha256": plan.files_sha256,
        "judge": votes.judge,
    }
    definition: dict[str, Any] = PROTOCOL.dump_python(protocol, mode="json") | {"source": source}
    study = put_study(
        writer,
        title=protocol.title,
        definition=definition,
        definition_sha256=plan.definition_sha256,
        overlap=protocol.overlap,
        units=(),
    )
    set_closed(writer, study.id, is_closed=True, decided_by="import")
    return study.id


def _protocol(plan: VotePlan) -> Protocol:
    """What is known of how these judgements were asked for: that pairs were compared."""
    names = ", ".join(file.label for file in plan.votes.files)
    return Protocol(
        title=plan.title,
        contrasts=(("candidate", "candidate"),),
        instructions=f"Imported from {names} ({plan.votes.format}). How the raters were asked is not known here.",
        repeats=0.0,
        takes_reasons=False,
        takes_confidence=False,
        takes_notes=False,
        takes_spans=False,
        fast_seconds=0.0,
    )


class _Hashing:
    """The hash of a definition, as `studies.protocol.definition_sha256` makes it, unit by unit."""

    def __init__(self, plan: VotePlan) -> None:
        self._hash = hashlib.sha256(f'{{"protocol": {_ENCODE(asdict(_protocol(plan)))}, "units": ['.encode())
        self._plan = plan

    def unit(self, unit: NewUnit) -> None:
        """Takes a new unit in."""
        contenders = [
            {"member": each.member, "names": [], "output_id": each.output_id, "role": each.role, "text": each.text}
            for each in unit.contenders
        ]
        content = {
            "contenders": contenders,
            "feedback": "",
            "gold": None,
            "is_identical": False,
            "language": unit.body["language"],
            "phase": unit.phase,
            "place": unit.place,
            "prompt": unit.prompt,
            "reference": unit.body["reference"],
            "run_id": "",
            "same_as": None,
        }
        self._hash.update((", " if unit.place else "").encode() + _ENCODE(content).encode())
        self._plan.new_units += 1

    def digest(self) -> str:
        """The hash of all units taken in."""
        whole = self._hash.copy()
        whole.update(b"]}")
        return whole.hexdigest()


def _files_sha256(votes: Votes) -> str:
    """The hash of what decides what these votes are: the files' bytes, and who of the raters is a model."""
    whole = hashlib.sha256(votes.judge.encode())
    for file in votes.files:
        with file.path.open("rb") as content:
            whole.update(hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()
