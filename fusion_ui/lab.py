"""The lab: recorded answers replayed and weighed, and every result stored so that it can be shown again.

Outside, a result is a report: `{id, kind, created_at, title, seed, inputs, request, result}`. The same request on the
same answers gives the same `result`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any, Literal, NamedTuple, TypeAlias

from fusion_ui.analysis.answers import AnswersError, AnswerSet, Question, of_members
from fusion_ui.analysis.learning import learning_curve
from fusion_ui.analysis.path import Step, sampled_path
from fusion_ui.analysis.replay import replay
from fusion_ui.analysis.rules import parse_rules
from fusion_ui.analysis.transfer import transfer, transfer_subsets
from fusion_ui.analysis.validation import cross_validate, verdict
from fusion_ui.analysis.weights import solve
from fusion_ui.engine.values import MissingError
from fusion_ui.exchange.answers import AnswerFile, RecordedAnswer, answer_set_of, read_answers
from fusion_ui.exchange.stored_answers import runs_as_answers, store_answers, stored_answers
from storage.connection import Store
from storage.lab import RecordingRow, ReportHead, RunCount, put_report, recordings, report, reports, run_count

Report: TypeAlias = dict[str, Any]
FigureKind = Literal["svg", "png", "pdf"]
FIGURES: Mapping[str, FigureKind] = {"svg": "svg", "png": "png", "pdf": "pdf"}
Figure: TypeAlias = Callable[[Report, FigureKind], bytes]
MOST_PATHS = 2_000_000  # questions x trials
_AT_ONCE = 2  # computations under way; more of them wait their turn
_RUNS = "runs of this app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which recorded answers: recordings by id, this app's own runs, and of their members these (None = all)."""

    recordings: tuple[str, ...] = ()
    runs: bool = False
    members: tuple[str, ...] | None = None


class NoReportError(AnswersError, MissingError):
    """An address that names no report."""

    def __init__(self) -> None:
        super().__init__("There is no report at this address. It may be in another database: see Setup.")


class Loaded(NamedTuple):
    """A file as stored, and what was read of it."""

    recording: RecordingRow
    file: AnswerFile


class Mixture(NamedTuple):
    """The answers of those members that draw at all, and their weights in the same order; None = equal ones."""

    answers: AnswerSet
    weights: tuple[float, ...] | None


class Lab:
    """Everything the lab can be asked for. Its methods block: call them from worker threads."""

    def __init__(self, store: Store, *, figure: Figure) -> None:
        self._store = store
        self._figure = figure
        self._grouped = lru_cache(maxsize=8)(self._group)
        self._turn = BoundedSemaphore(_AT_ONCE)

    def load(self, chunks: Iterable[bytes], *, name: str) -> Loaded:
        """The file as stored; the same content is stored once. Raises AnswersError where nothing can be used."""
        file = read_answers(chunks, name=name)
        with self._store.writing() as writer:
            return Loaded(store_answers(writer, file), file)

    def recordings(self) -> tuple[RecordingRow, ...]:
        """Every file loaded so far."""
        with self._store.reading() as reader:
            return recordings(reader)

    def run_count(self) -> RunCount:
        """How much the app's own runs hold."""
        with self._store.reading() as reader:
            return run_count(reader)

    def answers(self, selection: Selection) -> AnswerSet:
        """The chosen answers to the questions that all chosen members answered. Raises AnswersError."""
        if not selection.recordings and not selection.runs:
            raise AnswersError("No recorded answers are chosen: load a file, or choose this app's runs.")
        if missing := set(selection.recordings) - {row.id for row in self.recordings()}:
            raise AnswersError(f"There is no recording {min(missing)!r}. Load its file again, or choose another.")
        found = self._grouped(selection.recordings, self.run_count() if selection.runs else None)
        return of_members(found, found.members if selection.members is None else selection.members)

    def mixture(self, selection: Selection, weights: Mapping[str, float] | None) -> Mixture:
        """The chosen members with these weights; one without a weight, or with 0, takes no part."""
        if weights is None:
            return Mixture(self.answers(selection), None)
        drawing = {member: weight for member, weight in weights.items() if weight}
        chosen = Selection(recordings=selection.recordings, runs=selection.runs, members=tuple(drawing))
        return Mixture(self.answers(chosen), tuple(drawing.values()))

    def replay(
        self,
        selection: Selection,
        *,
        rules: str,
        weights: Mapping[str, float] | None = None,
        trials: int = 100,
        cap: int = 100,
        seed: int = 0,
    ) -> Report:
        """What each rule would have cost and got."""
        request = {"selection": asdict(selection), "rules": rules, "weights": weights, "trials": trials, "cap": cap}
        parsed = parse_rules(rules)
        with self._turn:
            answers, vector = self.mixture(selection, weights)
            _check_size(answers, trials=trials)
            found = replay(answers, rules=parsed, weights=vector, trials=trials, cap=cap, seed=seed)
        return self._stored("replay", answers, selection, seed=seed, request=request, result=asdict(found))

    def weigh(self, selection: Selection, *, folds: int = 5, repeats: int = 4, seed: int = 0) -> Report:
        """The weights that solve most questions, and whether they pay on questions they were not made for."""
        request = {"selection": asdict(selection), "folds": folds, "repeats": repeats}
        with self._turn:
            answers = self.answers(selection)
            weighting = solve(answers)
            validation = cross_validate(answers, folds=folds, repeats=repeats, seed=seed)
        words = verdict(weighting, validation)
        result = {"weighting": asdict(weighting), "validation": asdict(validation), "verdict": words}
        return self._stored("weights", answers, selection, seed=seed, request=request, result=result)

    def transfer(self, train: Selection, test: Selection, *, size: int | None = None) -> Report:
        """Weights solved on one set and judged on another; with `size`, for every such number of members."""
        request = {"train": asdict(train), "test": asdict(test), "size": size}
        with self._turn:
            first, second = self.answers(train), self.answers(test)
            found = transfer_subsets(first, second, size=size) if size else transfer(first, second)
        kind = "subsets" if size else "transfer"
        return self._stored(kind, first, train, test, seed=0, request=request, result=asdict(found))

    def curve(self, selection: Selection, *, trials: int = 20, seed: int = 0) -> Report:
        """How many questions it takes to learn weights that hold on others."""
        request = {"selection": asdict(selection), "trials": trials}
        with self._turn:
            answers = self.answers(selection)
            found = learning_curve(answers, trials=trials, seed=seed)
        return self._stored("curve", answers, selection, seed=seed, request=request, result=asdict(found))

    def path(
        self, selection: Selection, question: str, *, weights: Mapping[str, float] | None, cap: int, seed: int
    ) -> tuple[Question, tuple[Step, ...]]:
        """One vote on this question, draw by draw."""
        answers, vector = self.mixture(selection, weights)
        steps = sampled_path(answers, question=question, weights=vector, cap=cap, seed=seed)
        return next(each for each in answers.questions if each.name == question), steps

    def report(self, report_id: str) -> Report:
        """The report as it was stored. Raises NoReportError."""
        with self._store.reading() as reader:
            row = report(reader, report_id)
        if row is None:
            raise NoReportError
        return {name: field for name, field in asdict(row).items() if name != "inputs_sha256"}

    def reports(self) -> tuple[ReportHead, ...]:
        """Every report, latest first."""
        with self._store.reading() as reader:
            return reports(reader)

    def figure(self, found: Report, kind: FigureKind) -> bytes:
        """The report as `svg`, `png` or `pdf`."""
        return self._figure(found, kind)

    def weights_of(self, report_id: str) -> dict[str, float]:
        """The weights that a report came to, by member. Raises AnswersError where it came to none."""
        found = self.report(report_id)
        weighting = found["result"].get("weighting", found["result"])
        if found["kind"] not in ("weights", "transfer"):
            raise AnswersError(f"The report is a {found['kind']}: it came to no weights. Solve for weights in the Lab.")
        return dict(zip(weighting["members"], weighting["weights"], strict=True))

    def _group(self, recording_ids: tuple[str, ...], runs: RunCount | None) -> AnswerSet:
        return answer_set_of(self._rows(recording_ids, has_runs=runs is not None))

    def _rows(self, recording_ids: tuple[str, ...], *, has_runs: bool) -> tuple[RecordedAnswer, ...]:
        with self._store.reading() as reader:
            own = runs_as_answers(reader) if has_runs else ()
            return stored_answers(reader, recording_ids) + own

    def _inputs(self, selection: Selection) -> list[Any]:
        """What went in, file by file, with the hash of what it holds."""
        row_by_id = {row.id: row for row in self.recordings()}
        chosen = [row_by_id[each] for each in selection.recordings]
        names = ("name", "sha256", "sets", "members", "questions")
        inputs: list[Any] = [{name: getattr(row, name) for name in names} for row in chosen]
        if selection.runs:
            inputs.append(_own_input(self._rows((), has_runs=True)))
        return inputs

    def _stored(
        self,
        kind: str,
        answers: AnswerSet,
        *selections: Selection,
        seed: int,
        request: dict[str, Any],
        result: dict[str, Any],
    ) -> Report:
        inputs = [self._inputs(selection) for selection in selections]
        with self._store.writing() as writer:
            row = put_report(
                writer,
                kind=kind,
                title=_titled(answers, inputs),
                seed=seed,
                inputs=[each for chosen in inputs for each in chosen],
                request=_plain(request),
                result=_plain(result),
            )
        return self.report(row.id)


def _own_input(rows: Sequence[RecordedAnswer]) -> dict[str, Any]:
    content = json.dumps([asdict(row) for row in rows], sort_keys=True)
    return {
        "name": _RUNS,
        "sha256": sha256(content.encode()).hexdigest(),
        "sets": [_RUNS],
        "members": sorted({row.member for row in rows}),
        "questions": len({row.question for row in rows}),
    }


def _check_size(answers: AnswerSet, *, trials: int) -> None:
    if trials * len(answers.questions) > MOST_PATHS:
        most = MOST_PATHS // len(answers.questions)
        raise AnswersError(
            f"{trials} trials of {len(answers.questions):,} questions are too many: take at most {most}."
        )


def _titled(answers: AnswerSet, inputs: Sequence[Sequence[Any]]) -> str:
    members = answers.members[0] if len(answers.members) == 1 else f"{len(answers.members)} members"
    sets = [", ".join(dict.fromkeys(name for each in chosen for name in each["sets"] if name)) for chosen in inputs]
    named = [name or chosen[0]["name"] for name, chosen in zip(sets, inputs, strict=True)]
    return f"{members} on {', judged on '.join(named)}"


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """As JSON has it: tuples become lists, and what JSON cannot say is refused here."""
    plain: dict[str, Any] = json.loads(json.dumps(value, allow_nan=False))
    return plain
