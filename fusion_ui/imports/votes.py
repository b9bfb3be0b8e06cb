"""Judgements that others recorded, as a closed study of imported units: understood first, then stored whole.

A file that comes again adds nothing. Of one that grew, what was said of units that are stored goes to their study, and
new units make a further study: a study never changes, and its judgements stay together.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from fusion_ui.annotation.shelf import PROTOCOL
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.numbers import Numbers
from fusion_ui.exchange.recorded import Problem
from fusion_ui.exchange.recorded_ratings import RecordedRating
from fusion_ui.exchange.sniffing import Format
from fusion_ui.exchange.texts import LineError
from fusion_ui.imports.planning import Planned, PlannedUnit, PlannedVote, Planner, Spot, unit_number
from fusion_ui.imports.understood import Problems
from fusion_ui.studies.protocol import Protocol
from storage.connection import Store
from storage.errors import ConflictError
from storage.recorded_studies import Mark, series_of, stored_vote, studies_of, units_of_series
from storage.rows import Reader, Writer
from storage.staged_studies import NEW, Filled, Staging, in_bulk, put_staged, unstage
from storage.studies import NewUnit, put_study, set_closed

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


@dataclass(slots=True, kw_only=True)
class VotePlan:
    """What votes come to over a store as it stood: the study to be made, what is new and what is there."""

    votes: Votes
    series: str
    title: str
    files_sha256: str
    before: Mapping[str, Mark]
    planner: Planner
    problems: Problems = field(default_factory=Problems)
    definition_sha256: str = ""
    new_units: int = 0
    new: int = 0
    already: int = 0


def planned_votes(store: Store, votes: Votes) -> VotePlan:
    """The plan of these votes. Raises ImportRefusedError."""
    with store.reading() as reader:
        plan = _begun(reader, votes)
        for _ in _new_ones(reader, plan):
            pass
    return plan


@contextmanager
def staged_votes(store: Store, votes: Votes) -> Iterator[VotePlan]:
    """The same, with all that is new staged for `stored_votes` by the same thread. Raises ImportRefusedError."""
    try:
        with store.reading() as reader:
            plan = _begun(reader, votes)
            staging = Staging(reader, store.identity)
            for planned in _new_ones(reader, plan):
                if isinstance(planned, PlannedUnit):
                    staging.unit(planned.unit)
                else:
                    staging.vote(planned.source, planned.vote)
            staging.end()
        yield plan
    finally:
        with store.reading() as reader:
            unstage(reader)


def stored_votes(store: Store, plan: VotePlan) -> tuple[str, ...]:
    """The ids of the studies that are new; all is stored, or nothing. Raises storage's ConflictError."""
    with store.writing() as writer, in_bulk(writer):
        if studies_of(writer, plan.series) != plan.before:
            raise ConflictError("Judgements under the same title came in meanwhile. Nothing was stored: try again.")
        study_id = _new_study(writer, plan) if plan.new_units else None
        new = None if study_id is None else Filled(study_id, plan.definition_sha256)
        put_staged(writer, [new, *(Filled(each, mark.definition_sha256) for each, mark in plan.before.items())])
    return (study_id,) if study_id is not None else ()


def _begun(reader: Reader, votes: Votes) -> VotePlan:
    files_sha256 = _files_sha256(votes)
    series = series_of(reader, files_sha256) or votes.title
    before = studies_of(reader, series)
    part = len(before) + 1
    return VotePlan(
        votes=votes,
        series=series,
        title=series if part == 1 else f"{series}, part {part}",
        files_sha256=files_sha256,
        before=before,
        planner=Planner(judge=votes.judge, known=_known(reader, series, before)),
    )


def _known(reader: Reader, series: str, before: Mapping[str, Mark]) -> Numbers:
    """The units that are stored, for a planner; the studies of the series are its sources 1, 2, …"""
    known, source = Numbers(), {study_id: at for at, study_id in enumerate(before, start=NEW + 1)}
    for key, unit in units_of_series(reader, series) if before else ():
        known.put_new(unit_number(key), Spot(source[unit.study_id], unit.place, unit.is_turned).code)
    return known


def _new_ones(reader: Reader, plan: VotePlan) -> Iterator[Planned]:
    """What is planned and not stored yet, counted."""
    hashing, studies = _Hashing(plan), (None, *plan.before)
    for planned in _each(plan):
        if isinstance(planned, PlannedUnit):
            hashing.unit(planned.unit)
        elif _is_new(reader, plan, planned, studies[planned.source]):
            plan.new += 1
        else:
            continue
        yield planned
    plan.definition_sha256 = hashing.digest()


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


def _is_new(reader: Reader, plan: VotePlan, planned: PlannedVote, study_id: str | None) -> bool:
    """Whether a vote is not stored yet; one that was stored otherwise is named, and stands."""
    vote = planned.vote
    known = None if study_id is None else stored_vote(reader, study_id, vote)
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
        with file.opened() as content:
            whole.update(hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()
