"""Flaws that a model suggests: asked for through a sampler, stored with what was asked and what it cost.

They are never counted with what people found. A reply that cannot be read is stored as a failure, in plain words.
"""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from fusion_ui.engine.flagging import Flagged, Kind, Wanted, flags_request, read_flags
from fusion_ui.engine.prompts import wording
from fusion_ui.engine.sampling import Sampler, reply_of
from fusion_ui.engine.values import Completion, Failure, Member
from fusion_ui.replay import StoredRun, stored_run
from fusion_ui.studies.taxonomy import Taxonomy
from storage.connection import Store
from storage.flaws import (
    FlawAskingRow,
    Suggested,
    SuggestedFlawRow,
    asking_by_key,
    askings,
    insert_asking,
    suggestions,
    takers,
)
from storage.rows import Reader


class Suggestion(NamedTuple):
    """A flaw that a model suggests, and who made it their own."""

    row: SuggestedFlawRow
    taken_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One asking; of each output and member the latest that was answered says what the model sees now."""

    row: FlawAskingRow
    is_latest: bool
    suggestions: tuple[Suggestion, ...]


class Suggester:
    """Asks models for flaws. A press that comes twice while the model still thinks is asked once."""

    def __init__(self, store: Store, *, taxonomy: Taxonomy, sampler: Sampler) -> None:
        self._store, self._sampler = store, sampler
        self._taxonomy = taxonomy
        self._wanted = wanted_of(taxonomy)
        self._asking_by_key: dict[str, asyncio.Task[FlawAskingRow | None]] = {}

    async def ask(self, run_id: str, output_id: str, *, judge: Member, key: str) -> FlawAskingRow | None:
        """The asking as stored, however it ended; None where the run has no such output. Raises NoRunError."""
        asking = self._asking_by_key.get(key)
        if asking is None:
            asking = asyncio.ensure_future(self._asked(run_id, output_id, judge=judge, key=key))
            self._asking_by_key[key] = asking
            asking.add_done_callback(lambda _done: self._asking_by_key.pop(key, None))
        # Who leaves the page does not take the answer from another tab, nor throw away what is paid for.
        return await asyncio.shield(asking)

    async def _asked(self, run_id: str, output_id: str, *, judge: Member, key: str) -> FlawAskingRow | None:
        known = await asyncio.to_thread(self._known, key)
        if known is not None:
            return known
        run = await asyncio.to_thread(stored_run, self._store, run_id)
        text = _text_of(run, output_id)
        if text is None:
            return None
        seed = secrets.randbelow(2**31)
        request = flags_request(run.prompt, text, wanted=self._wanted, member=judge, seed=seed)
        reply = await reply_of(self._sampler, request)
        read = replace(reply, stage="judging") if isinstance(reply, Failure) else self._read(reply, text)
        asking = self._row(run_id, output_id, judge=judge, seed=seed, reply=reply, read=read, key=key)
        return await asyncio.to_thread(self._stored, asking, () if isinstance(read, Failure) else read)

    def _read(self, reply: Completion, text: str) -> tuple[Flagged, ...] | Failure:
        return read_flags(reply, text, wanted=self._wanted)

    def _known(self, key: str) -> FlawAskingRow | None:
        with self._store.reading() as reader:
            return asking_by_key(reader, key)

    def _row(
        self,
        run_id: str,
        output_id: str,
        *,
        judge: Member,
        seed: int,
        reply: Completion | Failure,
        read: tuple[Flagged, ...] | Failure,
        key: str,
    ) -> FlawAskingRow:
        usage = ("input_tokens", "output_tokens", "cost_usd", "duration_ms")
        return FlawAskingRow(
            id=self._store.identity.new_id(),
            run_id=run_id,
            output_id=output_id,
            member=judge.name,
            model=judge.model,
            prompt_version=wording("flaws").version,
            taxonomy_id=self._taxonomy.id,
            taxonomy_version=self._taxonomy.version,
            seed=seed,
            failure=asdict(read) if isinstance(read, Failure) else None,
            text=reply.text,
            **{name: getattr(reply, name, None) for name in usage},
            request_key=key,
            created_at=self._store.identity.now(),
        )

    def _stored(self, asking: FlawAskingRow, flags: Iterable[Flagged]) -> FlawAskingRow:
        with self._store.writing() as writer:
            return insert_asking(writer, asking, [_suggested(flag) for flag in flags])


def wanted_of(taxonomy: Taxonomy) -> Wanted:
    """The classes and severities as a model reads them."""
    classes = (Kind(each.name, each.label, each.definition, each.subtypes, each.is_flaw) for each in taxonomy.classes)
    severities = (Kind(each.name, each.label, each.definition) for each in taxonomy.severities)
    return Wanted(tuple(classes), tuple(severities))


def asked_of(reader: Reader, run_id: str) -> tuple[Asked, ...]:
    """Every asking about outputs of this run with what it came to, the earliest first."""
    rows = askings(reader, run_id)
    answered = {(row.output_id, row.member): row.id for row in rows if row.failure is None}
    taken: dict[str, list[str]] = {}
    for suggestion_id, name in takers(reader, run_id):
        taken.setdefault(suggestion_id, []).append(name)
    found: dict[str, list[Suggestion]] = {}
    for row in suggestions(reader, run_id):
        found.setdefault(row.asking_id, []).append(Suggestion(row, tuple(taken.get(row.id, ()))))
    return tuple(
        Asked(
            row=row,
            is_latest=answered.get((row.output_id, row.member)) == row.id,
            suggestions=tuple(found.get(row.id, ())),
        )
        for row in rows
    )


def _text_of(run: StoredRun, output_id: str) -> str | None:
    return next((row.text for row in run.rows.outputs if row.id == output_id), None)


def _suggested(flag: Flagged) -> Suggested:
    start, end = (flag.span.start, flag.span.end) if flag.span else (None, None)
    return Suggested(category=flag.category, severity=flag.severity, start=start, end=end, note=flag.note)
