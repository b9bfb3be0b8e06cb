"""Everything that others recorded, brought in: the format told, the content understood, and then stored.

Votes are stored in one transaction; candidates become runs one by one, each whole; recorded answers go to the lab, and
bundles of this app come back as they were.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, TypeAlias, assert_never

from fusion_ui.engine.answers import Checker
from fusion_ui.engine.sampling import clean
from fusion_ui.exchange.answers import AnswerFile, read_answers
from fusion_ui.exchange.entries import MOST_BYTES, RecordedFile, holder_of, records_of
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.exchange.sniffing import FORMATS, Format, format_of
from fusion_ui.exchange.stored_answers import store_answers
from fusion_ui.imports.bundles import stored_bundle, tried_bundle
from fusion_ui.imports.gathering import Gathered
from fusion_ui.imports.planning import LONGEST_NAME
from fusion_ui.imports.pools import stored_runs
from fusion_ui.imports.reading import ratings_in
from fusion_ui.imports.telling import (
    name_of,
    understood_answers,
    understood_bundles,
    understood_pools,
    understood_votes,
)
from fusion_ui.imports.understood import Brought, Understood, counted
from fusion_ui.imports.votes import Votes, planned_votes, staged_votes, stored_votes
from storage.connection import Store
from storage.lab import recordings
from storage.recorded_studies import recorded_seeds

AUTO = "auto"
MOST_FILES = 1_000
_LONGEST_TITLE = 180  # a further part adds to it
Destination = Literal["votes", "pools", "answers", "bundles"]
_DESTINATIONS: Mapping[Format, Destination] = {
    "pools": "pools", "candidates": "pools", "alpaca_eval": "pools", "lm_eval": "pools", "votes": "votes",
    "battles": "votes", "llm_comparator": "votes", "answers": "answers", "bundle": "bundles",
}  # fmt: skip
Progress: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What is to be brought in: files of one destination, told apart or of the `format` given.

    `title` is that of a study (its files' names where it is empty), `judge` the rater who is a model: whom lines call
    so, and whoever says what nobody is named for.
    """

    files: tuple[RecordedFile, ...]
    format: str = AUTO
    title: str = ""
    judge: str = ""


class Imports:
    """Understands files and stores what they hold. `checker` tells whether two answers are the same, as in any run."""

    def __init__(self, store: Store, *, checker: Checker | None = None) -> None:
        self._store, self._checker = store, checker

    def understand(self, wanted: Import) -> Understood:
        """What the files hold, nothing of it stored; blocks. Raises FusionError where they hold nothing of use."""
        formats = _formats(wanted)
        first = formats[wanted.files[0]]
        match _destination(formats):
            case "votes":
                return understood_votes(planned_votes(self._store, _votes(wanted, formats)), format_=first)
            case "pools":
                with self._gathered(formats) as found:
                    return understood_pools(found, format_=first)
            case "answers":
                return self._understood_answers(wanted, _answers(wanted))
            case "bundles":
                puts = [tried_bundle(self._store, file) for file in wanted.files]
                return understood_bundles(puts, name=name_of(wanted.files))
            case other:
                assert_never(other)

    async def bring(self, wanted: Import, *, on_run: Progress = lambda _number: None) -> Brought:
        """What was stored; `on_run` hears the number of each new run. Raises as `understand` does, and storage's."""
        formats = await asyncio.to_thread(_formats, wanted)
        match _destination(formats):
            case "votes":
                return await asyncio.to_thread(self._bring_votes, wanted, formats)
            case "pools":
                return await self._bring_pools(wanted, formats, on_run)
            case "answers":
                return await asyncio.to_thread(self._bring_answers, wanted)
            case "bundles":
                return await asyncio.to_thread(self._bring_bundles, wanted)
            case other:
                assert_never(other)

    def _bring_votes(self, wanted: Import, formats: Mapping[RecordedFile, Format]) -> Brought:
        with staged_votes(self._store, _votes(wanted, formats)) as plan:
            understood = understood_votes(plan, format_=formats[wanted.files[0]])
            studies = stored_votes(self._store, plan) if plan.new else ()
        words = f"{counted(plan.new, 'judgement')} stored." if plan.new else "Nothing is new: nothing was stored."
        return Brought(understood=understood, studies=studies, judgements=plan.new, words=words)

    def _gathered(self, formats: Mapping[RecordedFile, Format]) -> Gathered:
        with self._store.reading() as reader:
            known = recorded_seeds(reader)
        found = Gathered(format_by_file=formats, known=known)
        try:
            found.count()
        except BaseException:
            found.__exit__(None, None, None)
            raise
        return found

    async def _bring_pools(self, wanted: Import, formats: Mapping[RecordedFile, Format], on_run: Progress) -> Brought:
        with await asyncio.to_thread(self._gathered, formats) as found:
            understood = understood_pools(found, format_=formats[wanted.files[0]])
            run_ids: list[str] = []
            runs = stored_runs(self._store, found.pools(), known=found.known, checker=self._checker)
            async with aclosing(runs) as stream:
                async for run_id in stream:
                    run_ids.append(run_id)
                    on_run(len(run_ids))
        words = f"{counted(len(run_ids), 'run')} stored." if run_ids else "Nothing is new: nothing was stored."
        return Brought(understood=understood, runs=tuple(run_ids), words=words)

    def _understood_answers(self, wanted: Import, files: Sequence[AnswerFile]) -> Understood:
        with self._store.reading() as reader:
            known = {row.sha256 for row in recordings(reader)}
        already = sum(file.sha256 in known for file in files)
        return understood_answers(files, name=name_of(wanted.files), already=already)

    def _bring_answers(self, wanted: Import) -> Brought:
        files = _answers(wanted)
        understood = self._understood_answers(wanted, files)
        with self._store.writing() as writer:
            before = {row.id for row in recordings(writer)}
            stored = dict.fromkeys(store_answers(writer, file).id for file in files)
        new = tuple(each for each in stored if each not in before)
        words = f"{counted(len(new), 'file')} stored for the Lab." if new else "Nothing is new: nothing was stored."
        return Brought(understood=understood, recordings=new, words=words)

    def _bring_bundles(self, wanted: Import) -> Brought:
        puts = [stored_bundle(self._store, file) for file in wanted.files]
        understood = understood_bundles(puts, name=name_of(wanted.files))
        stored = sum(sum(put.stored.values()) for put in puts)
        return Brought(
            understood=understood,
            runs=tuple(each for put in puts for each in put.new_runs),
            studies=tuple(each for put in puts for each in put.new_studies),
            judgements=sum(put.stored.get(table, 0) for put in puts for table in ("trial_ratings", "ratings")),
            words=f"{counted(stored, 'row')} stored." if stored else "Nothing is new: nothing was stored.",
        )


def _formats(wanted: Import) -> dict[RecordedFile, Format]:
    """The format of each file. Raises ImportRefusedError."""
    if not 1 <= len(wanted.files) <= MOST_FILES:
        raise ImportRefusedError(f"Choose from 1 to {MOST_FILES:,} files.")
    for file in wanted.files:
        holder_of(file)  # what is no text is refused whatever it is said to be
    if wanted.format == AUTO:
        return {file: format_of(file) for file in wanted.files}
    given = next((format_ for format_ in FORMATS if format_ == wanted.format), None)
    if given is None:
        raise ImportRefusedError(
            f"There is no format {wanted.format[:40]!r}. Choose {AUTO} or one of: {', '.join(FORMATS)}."
        )
    return dict.fromkeys(wanted.files, given)


def _destination(formats: Mapping[RecordedFile, Format]) -> Destination:
    """Where all of the files go. Raises ImportRefusedError where they part."""
    file_by_destination = {_DESTINATIONS[format_]: file for file, format_ in formats.items()}
    if len(file_by_destination) > 1:
        told = ", ".join(f"{file.label} holds {destination}" for destination, file in file_by_destination.items())
        raise ImportRefusedError(f"These files go to different places: {told}. Bring them in one kind after the other.")
    return next(iter(file_by_destination))


def _votes(wanted: Import, formats: Mapping[RecordedFile, Format]) -> Votes:
    return Votes(
        files=wanted.files,
        format=formats[wanted.files[0]],
        title=_title(wanted),
        judge=" ".join(clean(wanted.judge).split())[:LONGEST_NAME],
        read=lambda file: ratings_in(file, formats[file]),
    )


def _title(wanted: Import) -> str:
    given = " ".join(clean(wanted.title).split())
    return (given or " and ".join(file.stem for file in wanted.files))[:_LONGEST_TITLE].strip() or "recorded"


def _answers(wanted: Import) -> list[AnswerFile]:
    return [
        read_answers(_answer_chunks(file), name=PurePath(file.name).name, most_bytes=MOST_BYTES)
        for file in wanted.files
    ]


def _answer_chunks(file: RecordedFile) -> Iterator[bytes]:
    """The bytes of a file of answers; as lines of JSON where it is none of the lab's own kinds of file."""
    holder = holder_of(file)
    if holder in ("jsonl", "csv"):
        yield from file.chunks()
        return
    for fields in records_of(file, holder):
        yield json.dumps(fields.by_name).encode() + b"\n"
