"""Finished runs for the tests of the list: stored as rows, with whatever a test wants to differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fusion_ui.engine.values import Member, Recipe, Selection
from fusion_ui.inspection.finding import Sought, sought_of
from fusion_ui.inspection.index import Index
from fusion_ui.recording import RECIPE, SELECTION
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.catalogue import put_prompt, put_recipe
from storage.connection import Store
from storage.flaws import RunFlawRow, insert_flaw
from storage.ratings import RatingRow, insert_rating, rater_named
from storage.rows import Json, Row, Writer
from storage.runs import DrawRow, FailureRow, FusionStartRow, OutcomeRow, OutputRow, RunRow, SelectionRow, StopRow

RECIPE_BODY: dict[str, Json] = RECIPE.dump_python(Recipe(members=(Member(name="m", model="scripted/m"),)), mode="json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of a run: `answers` by draw, the picked position, and what the fusion answers (None: there is none).

    `texts` are those of the draws, if their answers alone will not do.
    """

    prompt: str = "How long is the river?"
    answers: Sequence[str | None] = ("42", "42", "41")
    texts: Sequence[str] = ()
    pick: int | None = 1
    flips: int = 0
    fusion: str | None = "42"
    fusion_text: str = ""
    gold: str | None = "42"
    language: str | None = "en"
    tags: Sequence[str] = ()
    members: Sequence[str] = ("m",)
    failures: int = 0
    cost_usd: float | None = None
    stop: str | None = "evidence"
    ended: str | None = "completed"
    started_at: str = ""
    parent: str | None = None
    more: tuple[Row, ...] = field(default=())


def stored(store: Store, ran: Ran | None = None, **changes: object) -> str:
    """The id of such a run."""
    with store.writing() as writer:
        return put_run(writer, ran or Ran(**changes))  # type: ignore[arg-type]


def put_run(writer: Writer, ran: Ran) -> str:
    """The same inside a transaction."""
    now = writer.identity.now()
    run = RunRow(
        id=writer.identity.new_id(),
        prompt_id=put_prompt(writer, text=ran.prompt, reference=ran.gold, language=ran.language, tags=ran.tags),
        recipe_id=put_recipe(writer, RECIPE_BODY),
        seed=1, origin="sampled", parent_run_id=ran.parent, app_version="1", started_at=ran.started_at or now,
    )  # fmt: skip
    rows: list[Row] = [run]
    for position in range(1, len(ran.answers) + ran.failures + 1):
        member = ran.members[position % len(ran.members)]
        asked = DrawRow(run_id=run.id, position=position, member=member, model="x", seed=1, asked_at=now)
        rows.append(asked)
    candidates = [_output(writer, run, ran, position) for position in range(1, len(ran.answers) + 1)]
    rows += [*candidates, *_failures(run, ran, now=now), *_conclusion(writer, run, ran, candidates=candidates)]
    for row in rows:
        writer.insert(row)
    return run.id


def _output(writer: Writer, run: RunRow, ran: Ran, position: int) -> OutputRow:
    answer = ran.answers[position - 1]
    text = ran.texts[position - 1] if ran.texts else f"Draw {position} says {answer}."
    return OutputRow(
        id=writer.identity.new_id(), run_id=run.id, role="candidate", position=position, member="m", model="x",
        text=text, answer=answer, finish_reason="stop", created_at=writer.identity.now(),
    )  # fmt: skip


def _failures(run: RunRow, ran: Ran, *, now: str) -> Iterable[Row]:
    return (
        FailureRow(
            run_id=run.id, seq=seq, stage="sampling", position=len(ran.answers) + seq, kind="timeout", message="late",
            created_at=now,
        )
        for seq in range(1, ran.failures + 1)
    )  # fmt: skip


def _conclusion(writer: Writer, run: RunRow, ran: Ran, *, candidates: Sequence[OutputRow]) -> Iterable[Row]:
    now = writer.identity.now()
    if ran.stop is not None:
        yield StopRow(run_id=run.id, reason=ran.stop, draws=len(candidates), created_at=now)  # type: ignore[arg-type]
    if ran.pick is not None:
        selection = Selection(position=ran.pick, selector="vote", scores=(), flips=ran.flips)
        body = SELECTION.dump_python(selection, mode="json")
        picked = candidates[ran.pick - 1].id
        yield SelectionRow(run_id=run.id, output_id=picked, selector="vote", body=body, created_at=now)
    if ran.fusion is not None or ran.fusion_text:
        yield FusionStartRow(run_id=run.id, fusor="f", model="x", shown=[1], created_at=now)
        yield OutputRow(
            id=writer.identity.new_id(), run_id=run.id, role="fusion", member="f", model="x", answer=ran.fusion,
            text=ran.fusion_text or f"Fused: {ran.fusion}", finish_reason="stop", created_at=now,
            detail={"prompt_version": "1"},
        )  # fmt: skip
    if ran.ended is not None:
        yield OutcomeRow(run_id=run.id, ended=ran.ended, cost_usd=ran.cost_usd, created_at=now)  # type: ignore[arg-type]


def rated(store: Store, run_id: str, *, position: int | None = 1, note: str = "", rater: str = "Ada") -> str:
    """The id of a rating that prefers this draw (0: the fusion, None: nothing), once for each rater."""
    with store.writing() as writer:
        output_id = None if position is None else output_of(writer, run_id, position)
        row = RatingRow(
            id=writer.identity.new_id(), run_id=run_id, rater_id=rater_named(writer, rater).id,
            verdict="none" if output_id is None else "output", role=None if output_id is None else "candidate",
            output_id=output_id, note=note, names_visible=True, request_key=f"{run_id} {rater}",
            created_at=writer.identity.now(),
        )  # fmt: skip
        return insert_rating(writer, row).row.id


def flawed(store: Store, run_id: str, *, category: str, severity: str = "major", note: str = "") -> str:
    """The id of a flaw that a person marks in the first draw."""
    with store.writing() as writer:
        row = RunFlawRow(
            id=writer.identity.new_id(), run_id=run_id, output_id=output_of(writer, run_id, 1),
            rater_id=rater_named(writer, "Ada").id, category=category, severity=severity, note=note,
            taxonomy_id="content-flaws", taxonomy_version="1", request_key=writer.identity.new_id(),
            created_at=writer.identity.now(),
        )  # fmt: skip
        return insert_flaw(writer, row).id


def output_of(writer: Writer, run_id: str, position: int) -> str:
    """The output at a position, the fusion for 0."""
    sql = "SELECT id FROM outputs WHERE run_id = ? AND coalesce(position, 0) = ?"
    return str(writer.execute(sql, run_id, position).fetchone()[0])


def index_of(store: Store) -> Index:
    """An index with nothing stale."""
    index = Index(store, taxonomy=load_taxonomy())
    while index.refresh(at_most_s=10.0).left:
        pass
    return index


def sought(**filters: str) -> Sought:
    """What these filters ask for."""
    return sought_of(filters.items())


def found(store: Store, **filters: str) -> list[str]:
    """The runs that a fresh index finds."""
    return [case.row.run_id for case in index_of(store).find(sought(**filters)).cases]
