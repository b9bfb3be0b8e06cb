"""Judgements that stand and count, as pairs of answers of which one was better, or neither.

A choice of one answer is a win over each that stood beside it; a ranking of k gives k (k - 1) / 2 pairs; of best and
worst only what was said follows. Scores on a rubric compare nothing and give no pair. On a run's page the strategies
(pick, fusion, vote) stand beside each other; a candidate is in a pair only where it was preferred.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal, NamedTuple

from fusion_ui.annotation.shelf import read_study
from fusion_ui.exports.scopes import Scope
from fusion_ui.ratings import contenders_of
from fusion_ui.replay import StoredRun, read_run
from fusion_ui.studies.protocol import Study, Unit, definition_sha256
from storage.flaws import output_texts
from storage.provenance import CountedJudgement, PageRating, counted_judgements, page_ratings
from storage.rows import Reader

Outcome = Literal["first", "second", "tie", "all_bad"]
STRATEGIES = ("fusion", "best", "vote")
JUDGE = "judge: "
_TURNED: Mapping[Outcome, Outcome] = {"first": "second", "second": "first", "tie": "tie", "all_bad": "all_bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of a pair. `text` is the output's own, also where a study hid names in it."""

    output_id: str
    role: str
    member: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a judgement was about. `study_id` is empty on a run's page, `run_id` where the item was imported."""

    study_id: str = ""
    definition_sha256: str = ""
    item: int | None = None
    run_id: str = ""
    prompt: str
    language: str | None = None
    reference: str | None = None
    tags: tuple[str, ...] = ()
    is_blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """One judgement of one pair; `is_turned`: the second stood left of the first. Who is a model counts for nobody."""

    about: About
    first: Answer
    second: Answer
    outcome: Outcome
    strength: int = 0
    is_turned: bool = False
    is_too_fast: bool = False
    is_after_reveal: bool = False
    rater: str
    rating_id: str
    said_at: str
    note: str = ""

    @property
    def is_model(self) -> bool:
        """Whether a model judged."""
        return self.rater.startswith(JUDGE)


class _Won(NamedTuple):
    """How two of those shown, by their places in the unit, came out."""

    first: int
    second: int
    outcome: Outcome


def judged_pairs(reader: Reader, scope: Scope) -> Iterator[JudgedPair]:
    """The pairs of the studies, item by item, then those of the runs' pages, run by run."""
    for study_id in scope.study_ids:
        yield from _of_study(reader, read_study(reader, study_id))
    run: StoredRun | None = None
    for rating in page_ratings(reader, scope.run_ids):
        if rating.is_standing and rating.verdict in ("output", "tie", "all_bad"):
            if run is None or run.rows.run.id != rating.run_id:
                run = read_run(reader, rating.run_id)
            yield from _of_page(run, rating)


def _of_study(reader: Reader, study: Study) -> Iterator[JudgedPair]:
    sha256 = definition_sha256(study.protocol, study.units)
    place, about = -1, None
    answers: tuple[Answer, ...] = ()
    for said in counted_judgements(reader, study.id):
        if said.unit_place != place or about is None:
            place, unit = said.unit_place, study.units[said.unit_place]
            about = _about(reader, study, unit, sha256=sha256)
            answers = _answers(reader, unit)
        for won in _compared(said, study.units[place]):
            yield _pair(said, won, about, answers)


def _about(reader: Reader, study: Study, unit: Unit, *, sha256: str) -> About:
    sql = "SELECT value FROM runs JOIN prompts ON prompts.id = prompt_id, json_each(tags) WHERE runs.id = ?"
    return About(
        study_id=study.id,
        definition_sha256=sha256,
        item=unit.place,
        run_id=unit.run_id,
        prompt=unit.prompt,
        language=unit.language,
        reference=unit.reference,
        tags=tuple(tag for (tag,) in reader.execute(sql, unit.run_id)),
        is_blind=study.protocol.is_blind,
    )


def _answers(reader: Reader, unit: Unit) -> tuple[Answer, ...]:
    own = (output_texts(reader, unit.run_id) if unit.run_id else None) or {}
    return tuple(
        Answer(
            output_id=each.output_id, role=each.role, member=each.member, text=own.get(each.output_id, each.text)
        )
        for each in unit.contenders
    )  # fmt: skip


def _pair(said: CountedJudgement, won: _Won, about: About, answers: Sequence[Answer]) -> JudgedPair:
    return JudgedPair(
        about=about,
        first=answers[won.first],
        second=answers[won.second],
        outcome=won.outcome,
        strength=said.strength,
        is_turned=said.order.index(won.second) < said.order.index(won.first),
        is_too_fast=said.is_too_fast,
        is_after_reveal=said.is_after_reveal,
        rater=said.rater,
        rating_id=said.id,
        said_at=said.created_at,
        note=said.body.get("note", ""),
    )


def _compared(said: CountedJudgement, unit: Unit) -> Iterator[_Won]:
    """Every pair of the unit that the judgement says something of."""
    places: dict[tuple[str, str], int] = {
        (each.output_id, each.role): place for place, each in enumerate(unit.contenders)
    }
    rank = _ranks(said, places)
    if rank is None:
        return
    for first, second in combinations(range(len(places)), 2):
        if (outcome := rank(first, second)) is not None:
            yield _Won(first, second, outcome)


def _ranks(
    said: CountedJudgement, places: Mapping[tuple[str, str], int]
) -> Callable[[int, int], Outcome | None] | None:
    """What the judgement says of two places; None where it compares nothing."""
    body = said.body

    def place_of(stored: Mapping[str, Any]) -> int:
        return places[stored["output_id"], stored["role"]]

    if said.verdict in ("tie", "all_bad"):
        return lambda _first, _second: "tie" if said.verdict == "tie" else "all_bad"
    if said.verdict == "output":
        return _ordered({places[said.output_id or "", said.role or ""]: 0}, rest=1)
    if said.verdict == "ranking" and body.get("best"):
        return _ordered({place_of(body["best"]): 0, place_of(body["worst"]): 2}, rest=1)
    if said.verdict == "ranking":
        levels = {place_of(each): level for level, tied in enumerate(body["ranking"]) for each in tied}
        return _ordered(levels, rest=len(levels), are_equals_tied=True)
    return None


def _ordered(
    levels: Mapping[int, int], *, rest: int, are_equals_tied: bool = False
) -> Callable[[int, int], Outcome | None]:
    def outcome(first: int, second: int) -> Outcome | None:
        one, other = levels.get(first, rest), levels.get(second, rest)
        if one == other:
            return "tie" if are_equals_tied else None
        return "first" if one < other else "second"

    return outcome


def _of_page(run: StoredRun, rating: PageRating) -> Iterator[JudgedPair]:
    shown = _strategies(run, rating)
    about = About(
        run_id=rating.run_id,
        prompt=run.prompt.text,
        language=run.prompt.language,
        reference=run.prompt.reference,
        tags=run.prompt.tags,
        is_blind=not rating.names_visible,
    )
    for one, other in combinations(shown, 2):
        if (outcome := _page_outcome(rating, one, other)) is not None:
            yield JudgedPair(
                about=about,
                first=one,
                second=other,
                outcome=outcome,
                rater=rating.rater,
                rating_id=rating.id,
                said_at=rating.created_at,
                note=rating.note,
            )


def _strategies(run: StoredRun, rating: PageRating) -> list[Answer]:
    """What stood beside each other, an output once: that which was preferred first, then the strategies."""
    row_by_id = {row.id: row for row in run.rows.outputs}
    contenders = contenders_of(run)
    named = [(name, contenders[name].output_id) for name in STRATEGIES if name in contenders]
    if rating.output_id is not None and rating.role is not None:
        named.insert(0, (rating.role, rating.output_id))
    role_by_output: dict[str, str] = {}
    for role, output_id in named:
        role_by_output.setdefault(output_id, role)
    return [
        Answer(output_id=output_id, role=role, member=row_by_id[output_id].member, text=row_by_id[output_id].text)
        for output_id, role in role_by_output.items()
    ]


def _page_outcome(rating: PageRating, one: Answer, other: Answer) -> Outcome | None:
    if rating.verdict in ("tie", "all_bad"):
        return "tie" if rating.verdict == "tie" else "all_bad"
    chosen = [each.output_id == rating.output_id for each in (one, other)]
    return None if chosen[0] == chosen[1] else "first" if chosen[0] else "second"


def turned(pair: JudgedPair) -> JudgedPair:
    """The same, told from the other side."""
    return replace(
        pair, first=pair.second, second=pair.first, outcome=_TURNED[pair.outcome], is_turned=not pair.is_turned
    )
