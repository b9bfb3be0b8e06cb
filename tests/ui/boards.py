"""Small runs, event by event, for the tests of what people see."""

from collections.abc import Iterable, Mapping, Sequence

from fusion_ui.engine.attribution import copied_text, ledger
from fusion_ui.engine.events import (
    BestSelected,
    CandidateDelta,
    CandidateFailed,
    CandidateFinished,
    CandidateStarted,
    Event,
    FusionDelta,
    FusionFinished,
    FusionStarted,
    RunFinished,
    RunStarted,
    SamplingStopped,
    TallyChanged,
)
from fusion_ui.engine.evidence import evidence_of
from fusion_ui.engine.stopping import level
from fusion_ui.engine.values import (
    Candidate,
    Completion,
    Failure,
    Fusion,
    Member,
    Prompt,
    Recipe,
    Score,
    Selection,
    StopReason,
)
from fusion_ui.engine.view import RunView, fold
from fusion_ui.engine.voting import leader, tally_of
from fusion_ui.ui.cards import RunFacts

FACTS = RunFacts(run_id="r1", started_at="2026-01-01T12:00:00Z", elapsed_ms=1200.0, is_live=True)
RECIPE = Recipe(members=(Member(name="quick", model="scripted/quick"),), fusor_kind="extractive")


def pieces(text: str, size: int = 7) -> list[str]:
    """A text as it might arrive."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def candidate(position: int, text: str, answer: str | None = "40", *, member: str = "quick") -> Candidate:
    """A finished candidate with known usage."""
    done = Completion(text=text, input_tokens=10, output_tokens=20, cost_usd=0.001, duration_ms=900.0)
    return Candidate(position=position, member=member, completion=done, answer=answer)


def drawn(each: Candidate, *, tally_with: Iterable[Candidate] = (), recipe: Recipe = RECIPE) -> list[Event]:
    """One draw from start to end, with the tally after it."""
    tally = tally_of([*tally_with, each])
    said = [CandidateDelta(position=each.position, text=piece) for piece in pieces(each.completion.text)]
    return [
        CandidateStarted(position=each.position, member=each.member, model="scripted/quick", seed=1),
        *said,
        CandidateFinished(candidate=each),
        TallyChanged(tally=tally, evidence=evidence_of(tally, level=level(tally, recipe.stop))),
    ]


def lost(position: int, failure: Failure) -> list[Event]:
    """One draw that fails."""
    return [
        CandidateStarted(position=position, member="quick", model="scripted/quick", seed=1),
        CandidateFailed(position=position, failure=failure),
    ]


def fused(text: str, candidates: Sequence[Candidate], *, comparison: str = "", **how: str) -> list[Event]:
    """The fusor at work, with its sources traced."""
    voted = leader(tally_of(candidates))
    answer = how.get("answer")
    fusion = Fusion(
        fusor="extractive",
        prompt_version="1",
        completion=Completion(text=text, cost_usd=0.0, output_tokens=5),
        text=text,
        comparison=comparison,
        order=tuple(each.position for each in candidates),
        copied=copied_text(text, candidates),
        ledger=ledger(text, candidates),
        answer=answer,
        contradicts_vote=answer is not None and answer != voted,
        warning=how.get("warning", ""),
    )
    return [
        FusionStarted(fusor="extractive", model="", order=fusion.order),
        *(FusionDelta(text=piece, channel="thought") for piece in pieces(comparison)),
        *(FusionDelta(text=piece) for piece in pieces(text)),
        FusionFinished(fusion=fusion),
    ]


def whole_run(
    texts: Mapping[str, str | None],
    *,
    fused_text: str = "",
    recipe: Recipe = RECIPE,
    prompt: Prompt | None = None,
    reason: StopReason = "evidence",
) -> list[Event]:
    """A run over these texts and their answers, from start to end."""
    candidates = [candidate(at, text, answer) for at, (text, answer) in enumerate(texts.items(), start=1)]
    events: list[Event] = [RunStarted(prompt=prompt or Prompt(text="How fast?"), recipe=recipe)]
    for at, each in enumerate(candidates):
        events += drawn(each, tally_with=candidates[:at], recipe=recipe)
    events.append(SamplingStopped(reason=reason, draws=len(candidates)))
    scores = tuple(Score(position=each.position, value=0.9) for each in candidates)
    events.append(BestSelected(selection=Selection(position=1, selector="vote", scores=scores, reason="Closest.")))
    events += fused(fused_text, candidates) if fused_text else []
    return [*events, RunFinished(ended="completed")]


def view_of(events: Iterable[Event]) -> RunView:
    """The run so far."""
    view = RunView()
    for event in events:
        view = fold(view, event)
    return view
