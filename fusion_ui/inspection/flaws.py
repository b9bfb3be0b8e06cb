"""Flaws of a run outside studies: marked, changed and taken back by people, each their own, and all seen side by side.

What models suggest lies apart (`suggesting`), until a person takes it over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from fusion_ui.analysis.flaw_agreement import FlawAgreement, Look, flaw_agreement
from fusion_ui.engine.sampling import Sampler
from fusion_ui.engine.values import Member
from fusion_ui.inspection.marking import (
    MARK,
    UNDO,
    FlawError,
    Mark,
    NoFlawError,
    check_beside,
    checked,
    last_act,
)
from fusion_ui.inspection.study_spans import place_of
from fusion_ui.inspection.suggesting import Asked, Suggester, asked_of
from fusion_ui.replay import NoRunError
from fusion_ui.studies.taxonomy import Taxonomy
from storage.connection import Store
from storage.flaws import (
    ChangedError,
    RunFlawRow,
    flaw_acts,
    flaw_by_id,
    insert_flaw,
    is_suggested_for,
    is_superseded,
    known_request,
    output_texts,
    standing_run_flaws,
    study_flaws,
)
from storage.overviews import rater_names
from storage.ratings import known_rater, rater_named
from storage.rows import Reader, Writer


class StudyName(NamedTuple):
    """The study in which a flaw was marked."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A person's mark as it stands; with `study` it was made there, and can be changed nowhere else.

    Excluded ones, repeats and trainings of studies count in no number.
    """

    id: str
    output_id: str
    rater: str
    category: str
    severity: str
    start: int | None
    end: int | None
    note: str
    created_at: str
    suggestion_id: str | None = None
    study: StudyName | None = None
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that was said of a run's outputs: by people, and apart from them by models."""

    flaws: tuple[Flaw, ...]
    asked: tuple[Asked, ...]
    texts: Mapping[str, str]
    can_undo: bool
    agreement: FlawAgreement


class Kept(NamedTuple):
    """What was stored, and when."""

    id: str
    saved_at: str


class Flaws:
    """What may be asked about the flaws of runs; all but `suggest` blocks. Who somebody is is settled before."""

    def __init__(
        self, store: Store, *, taxonomy: Taxonomy, sampler: Sampler | None = None, judges: Sequence[Member] = ()
    ) -> None:
        self.taxonomy = taxonomy
        self.judges = tuple(judges) if sampler else ()
        self._store = store
        self._suggester = Suggester(store, taxonomy=taxonomy, sampler=sampler) if sampler else None

    def panel(self, run_id: str, name: str = "") -> Panel:
        """Everything said of this run, as this person sees it. Raises NoRunError."""
        with self._store.reading() as reader:
            texts = _texts(reader, run_id)
            rater = known_rater(reader, name) if name else None
            acts = flaw_acts(reader, run_id=run_id, rater_id=rater.id) if rater else ()
            flaws = (*_of_run(reader, run_id), *_of_studies(reader, run_id))
            asked = asked_of(reader, run_id)
        return Panel(
            flaws=tuple(sorted(flaws, key=lambda flaw: flaw.created_at)),
            asked=asked,
            texts=texts,
            can_undo=last_act(acts) is not None,
            agreement=flaw_agreement(self._looks(flaws)),
        )

    def mark(self, run_id: str, name: str, mark: Mark, *, key: str) -> Kept:
        """The mark as stored, once however often the same press arrives. Raises FlawError, NoRunError."""
        with self._store.writing() as writer:
            text = _text(writer, run_id, mark.output_id)
            mark = checked(mark, text=text, taxonomy=self.taxonomy)
            return self._stored(writer, mark, run_id=run_id, rater_id=rater_named(writer, name).id, key=key)

    def change(self, run_id: str, flaw_id: str, name: str, changes: Mapping[str, Any], *, key: str) -> Kept:
        """The flaw with other fields of `Mark`, or removed (`is_removed`).

        Raises FlawError, and the storage's ChangedError where it is no longer as its owner saw it.
        """
        with self._store.writing() as writer:
            own = _own(writer, run_id, flaw_id, rater_id=rater_named(writer, name).id, key=key)
            if changes.get("is_removed"):
                anew = _anew(writer, key=MARK + key, supersedes=own.id)
                return _kept(insert_flaw(writer, replace(own, is_removed=True, **anew)))
            wanted = {field: value for field, value in changes.items() if field != "is_removed"}
            text = _text(writer, run_id, own.output_id)
            mark = checked(replace(_mark(own), **wanted), text=text, taxonomy=self.taxonomy)
            return self._stored(writer, mark, run_id=run_id, rater_id=own.rater_id, key=key, supersedes=own.id)

    def undo(self, run_id: str, name: str, *, key: str) -> Kept:
        """The person's last mark, change or removal in this run taken back. Raises FlawError where there is none."""
        with self._store.writing() as writer:
            if (known := known_request(writer, UNDO + key)) is not None:
                return _kept(known)
            rater_id = rater_named(writer, name).id
            found = last_act(flaw_acts(writer, run_id=run_id, rater_id=rater_id))
            if found is None:
                raise FlawError("There is no mark of yours in this run to take back.")
            anew = _anew(writer, key=UNDO + key, supersedes=found.head.id)
            row = replace(found.before or replace(found.head, is_removed=True), **anew)
            return _kept(insert_flaw(writer, row))

    async def suggest(self, run_id: str, output_id: str, *, key: str, member: str | None = None) -> Kept:
        """The asking as stored, however it ended. Raises FlawError where nobody of this name may be asked."""
        judge = next((each for each in self.judges if member in (None, each.name)), None)
        if judge is None or self._suggester is None:
            known = ", ".join(each.name for each in self.judges) or "none; add a model to fusion_ui.toml"
            raise FlawError(f"No model {(member or '')[:60]!r} can be asked for flaws (models: {known}).")
        asking = await self._suggester.ask(run_id, output_id, judge=judge, key=key)
        if asking is None:
            raise NoFlawError("There is no such output in this run. Reload the page.")
        if (asking.run_id, asking.output_id) != (run_id, output_id):
            raise FlawError("This request key belongs to another question. Make a new key and ask again.")
        return Kept(asking.id, asking.created_at)

    def _looks(self, flaws: Iterable[Flaw]) -> list[Look]:
        return [
            Look(each.output_id, each.rater, self.taxonomy.flaw_class(each.category), each.start, each.end)
            for each in flaws
            if not each.is_excluded
        ]

    def _stored(
        self, writer: Writer, mark: Mark, *, run_id: str, rater_id: str, key: str, supersedes: str | None = None
    ) -> Kept:
        row = RunFlawRow(
            run_id=run_id,
            output_id=mark.output_id,
            rater_id=rater_id,
            span_start=mark.start,
            span_end=mark.end,
            category=mark.category,
            severity=mark.severity or "",
            note=mark.note,
            taxonomy_id=self.taxonomy.id,
            taxonomy_version=self.taxonomy.version,
            suggestion_id=mark.suggestion_id,
            **_anew(writer, key=MARK + key, supersedes=supersedes),
        )
        if known_request(writer, row.request_key) is None:
            if row.suggestion_id and not is_suggested_for(writer, row.suggestion_id, output_id=row.output_id):
                raise FlawError("This suggestion is not one for this output. Reload the page.")
            check_beside(row, standing_run_flaws(writer, run_id), self.taxonomy)
        return _kept(insert_flaw(writer, row))


def _own(writer: Writer, run_id: str, flaw_id: str, *, rater_id: str, key: str) -> RunFlawRow:
    """The person's own flaw, as they saw it."""
    row = flaw_by_id(writer, flaw_id)
    if row is None or row.run_id != run_id:
        raise NoFlawError("There is no such mark in this run. Reload the page.")
    if row.rater_id != rater_id:
        raise FlawError("This mark is somebody else's: only its owner changes it. Mark your own beside it.")
    if known_request(writer, MARK + key) is None and (row.is_removed or is_superseded(writer, row.id)):
        raise ChangedError
    return row


def _of_run(reader: Reader, run_id: str) -> tuple[Flaw, ...]:
    rows = standing_run_flaws(reader, run_id)
    name_by_id = rater_names(reader, {row.rater_id for row in rows})
    return tuple(
        Flaw(
            id=row.id,
            output_id=row.output_id,
            rater=name_by_id[row.rater_id],
            category=row.category,
            severity=row.severity,
            start=row.span_start,
            end=row.span_end,
            note=row.note,
            created_at=row.created_at,
            suggestion_id=row.suggestion_id,
        )
        for row in rows
    )


def _of_studies(reader: Reader, run_id: str) -> tuple[Flaw, ...]:
    flaws = []
    for each in study_flaws(reader, run_id):
        place = place_of(each)
        flaws.append(
            Flaw(
                id=each.id,
                output_id=each.output_id,
                rater=each.rater,
                category=each.category,
                severity=each.severity,
                start=place.start,
                end=place.end,
                note=f"{each.note} (“{place.lost}”)".strip() if place.lost else each.note,
                created_at=each.created_at,
                study=StudyName(each.study_id, each.title),
                is_excluded=each.is_excluded,
            )
        )
    return tuple(flaws)


def _texts(reader: Reader, run_id: str) -> dict[str, str]:
    texts = output_texts(reader, run_id)
    if texts is None:
        raise NoRunError
    return texts


def _text(reader: Reader, run_id: str, output_id: str) -> str:
    texts = _texts(reader, run_id)
    if output_id not in texts:
        raise NoFlawError("There is no such output in this run. Reload the page.")
    return texts[output_id]


def _mark(row: RunFlawRow) -> Mark:
    return Mark(
        output_id=row.output_id,
        category=row.category,
        severity=row.severity,
        start=row.span_start,
        end=row.span_end,
        note=row.note,
        suggestion_id=row.suggestion_id,
    )


def _anew(writer: Writer, *, key: str, supersedes: str | None) -> dict[str, Any]:
    now = writer.identity.now()
    return {"id": writer.identity.new_id(), "supersedes": supersedes, "request_key": key, "created_at": now}


def _kept(row: RunFlawRow) -> Kept:
    return Kept(row.id, row.created_at)
