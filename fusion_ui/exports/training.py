"""What people preferred as examples to train on: pairs for DPO and ORPO, and single answers for supervised training.

Every line says under `provenance` where it comes from, unless that is not wanted; a report says what was left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Literal

from fusion_ui.exchange.training_lines import PreferenceForm, SupervisedForm, preference_line, supervised_line
from fusion_ui.exports.judged_pairs import About, Answer, judged_pairs
from fusion_ui.exports.scopes import Scope
from fusion_ui.exports.winners import Answered, Filters, Preferred, Sieve
from fusion_ui.replay import read_run
from fusion_ui.studies.taxonomy import Taxonomy
from storage.provenance import fused_runs
from storage.rows import Reader

Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How examples are made. `answers`: what people preferred, or every fused answer whoever preferred it."""

    form: SupervisedForm = "conversational"
    answers: Literal["preferred", "fused"] = "preferred"
    has_provenance: bool = True
    filters: Filters = field(default_factory=Filters)


class Examples:
    """Lines as they are made; once all are taken, `report` says what was left out."""

    def __init__(self, reader: Reader, scope: Scope, training: Training, taxonomy: Taxonomy) -> None:
        self._reader, self._scope, self._training = reader, scope, training
        self._sieve = Sieve(reader, training.filters, taxonomy)
        self._kept = 0

    def pairs(self) -> Iterator[Line]:
        """{prompt, chosen, rejected} of every pair that passes."""
        form: PreferenceForm = "standard" if self._training.form == "standard" else "conversational"
        for pair in self._preferred():
            chosen, rejected = pair.chosen.text, pair.rejected.text
            line = preference_line(pair.about.prompt, chosen=chosen, rejected=rejected, form=form)
            yield self._told(line, _pair_provenance(pair))

    def answers(self) -> Iterator[Line]:
        """{prompt, completion} or {messages} of every answer that passes, a text once a prompt."""
        seen: set[bytes] = set()
        for answered, counts in self._answered():
            text = answered.answer.text
            mark = sha256(f"{answered.about.prompt}\0{text}".encode()).digest()
            if mark in seen:
                self._sieve.left_out["the same text again"] += 1
                continue
            seen.add(mark)
            line = supervised_line(answered.about.prompt, completion=text, form=self._training.form)
            yield self._told(line, _provenance(answered) | counts)

    @property
    def report(self) -> dict[str, Any]:
        """What was asked for, how many lines were kept, and how many were left out by which rule."""
        asked = asdict(self._training)
        return {"asked": asked, "kept": self._kept, "left_out": dict(self._sieve.left_out.most_common())}

    def _preferred(self) -> Iterator[Preferred]:
        return self._sieve.preferred(judged_pairs(self._reader, self._scope))

    def _answered(self) -> Iterator[tuple[Answered, Line]]:
        if self._training.answers == "preferred":
            for pair in self._preferred():
                yield Answered(pair.about, pair.chosen), _counts(pair)
            return
        for answered in _fused(self._reader, self._scope.runs(self._reader)):
            if self._sieve.is_fit(answered):
                yield answered, {}

    def _told(self, line: Line, provenance: Line) -> Line:
        self._kept += 1
        return line | {"provenance": provenance} if self._training.has_provenance else line


def _fused(reader: Reader, run_ids: Iterable[str]) -> Iterator[Answered]:
    for run_id in fused_runs(reader, tuple(run_ids)):
        run = read_run(reader, run_id)
        fusion = run.rows.fusion
        if fusion is not None and fusion.text.strip():
            about = About(
                run_id=run_id,
                prompt=run.prompt.text,
                language=run.prompt.language,
                reference=run.prompt.reference,
                tags=run.prompt.tags,
                is_blind=False,
            )
            yield Answered(about, Answer(output_id=fusion.id, role="fusion", member=fusion.member, text=fusion.text))


def _pair_provenance(pair: Preferred) -> Line:
    told = _provenance(Answered(pair.about, pair.chosen)) | _counts(pair)
    rejected = {"rejected_output_id": pair.rejected.output_id, "rejected_role": pair.rejected.role}
    return told | rejected | {"rejected_member": pair.rejected.member}


def _provenance(answered: Answered) -> Line:
    # Every line has the same fields with the same types: loaders read columns from them.
    about, answer = answered
    return {
        "study_id": about.study_id,
        "definition_sha256": about.definition_sha256,
        "item": -1 if about.item is None else about.item,
        "run_id": about.run_id,
        "language": about.language or "",
        "is_blind": about.is_blind,
        "chosen_output_id": answer.output_id,
        "chosen_role": answer.role,
        "chosen_member": answer.member,
    }


def _counts(pair: Preferred) -> Line:
    counts = {name: getattr(pair, name) for name in ("judgements", "wins", "ties", "losses", "both_bad", "raters")}
    return counts | {"share": pair.share, "rating_ids": list(pair.rating_ids)}
