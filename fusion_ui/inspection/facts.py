"""What one run is filtered, sorted and counted by, from all that is stored of it. Pure: `indexing` reads and writes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from fusion_ui.analysis.regrouping import Regrouping, regrouped
from fusion_ui.engine.view import RunView, spending_of
from fusion_ui.engine.voting import leaders
from fusion_ui.inspection.correcting import regrouping_in
from fusion_ui.inspection.parties import Right, disagreements, gold_of, losses, preferred_output, right_of, says
from fusion_ui.replay import StoredRun
from fusion_ui.studies.quality import first_outputs
from fusion_ui.studies.taxonomy import Taxonomy
from storage.cases import Label, NewCase
from storage.opinions import JudgementSaid
from storage.ratings import RatingRow
from storage.rows import Json

FLAGS = (
    "fusion-contradicts-vote", "majority-wrong", "nobody-right", "vote-tied", "no-vote", "judge-flipped", "rated",
    "noted", "flawed", "regrouped", "rerun",
)  # fmt: skip
NONE = "none"  # of a stop: sampling never stopped
UNKNOWN = "unknown"  # of a language


class MarkedFlaw(NamedTuple):
    """A flaw that a person marked."""

    category: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people said of a run, as it stands: what each opinion prefers, flaws, the studies it is in,
    the body of the regrouping that holds, and notes by the id of what they were written with.
    """

    preferred: tuple[str | None, ...] = ()
    flaws: tuple[MarkedFlaw, ...] = ()
    studies: tuple[str, ...] = ()
    grouping: Json = None
    notes: Mapping[str, str] = field(default_factory=dict)


def preferred_in(verdict: str, output_id: str | None, body: Any) -> str | None:
    """The one output that a judgement puts first, whether by choosing, ranking or scoring; None in a tie."""
    firsts = first_outputs(verdict, output_id, body)
    return firsts[0] if len(firsts) == 1 else None


def preferences(ratings: Iterable[RatingRow], judgements: Iterable[JudgementSaid]) -> tuple[str | None, ...]:
    """What each of these opinions prefers; None where it names no output, or several."""
    judged = (preferred_in(said.verdict, said.output_id, said.body) for said in judgements)
    return (*(rating.output_id for rating in ratings), *judged)


def facts_of(run: StoredRun, said: Said, *, taxonomy: Taxonomy) -> NewCase:
    """The facts of a run; flaws count as the taxonomy weighs them, and marks that say "no error" do not."""
    rows = run.rows
    regrouping = regrouping_in(rows, said.grouping)
    view = regrouped(run.view, regrouping)
    unflawed = {each.name for each in taxonomy.classes if not each.is_flaw}
    flaws = tuple(flaw for flaw in said.flaws if flaw.category.partition("/")[0] not in unflawed)
    weights = {each.name: each.weight for each in taxonomy.severities}
    return NewCase(
        run_id=rows.run.id,
        started_ms=round(datetime.fromisoformat(rows.run.started_at).timestamp() * 1000),
        draws=view.stop.draws if view.stop else len(rows.candidates),
        failures=len(rows.failures),
        length=max((len(output.text) for output in rows.outputs), default=0),
        prompt_length=len(rows.prompt.text),
        ratings=len(said.preferred),
        flaws=len(flaws),
        flaw_weight=sum(weights.get(flaw.severity, 0.0) for flaw in flaws),
        stability=view.evidence.probability if view.evidence and view.tally.votes else None,
        cost_usd=rows.outcome.cost_usd if rows.outcome else spending_of(view).cost_usd,
        labels=(
            *_run_labels(run),
            *_said_labels(said, flaws),
            *_found_labels(run, view, said=said, regrouping=regrouping),
        ),
    )


def _run_labels(run: StoredRun) -> Iterator[Label]:
    """How the run went."""
    view, rows = run.view, run.rows
    yield Label("stop", view.stop.reason if view.stop else NONE)
    yield Label("ended", view.ended or "interrupted")
    yield Label("origin", rows.run.origin)
    yield Label("language", run.prompt.language or UNKNOWN)
    yield from (Label("member", draw.member) for draw in rows.draws)
    yield from (Label("tag", tag) for tag in run.prompt.tags)
    yield from (Label("failure", failure.kind) for failure in rows.failures)


def _said_labels(said: Said, flaws: tuple[MarkedFlaw, ...]) -> Iterator[Label]:
    """Where people looked at it, and what they marked; a flaw with a subtype is one of its class as well."""
    if flaws:
        yield Label("is", "flawed")
    yield from (Label("study", study) for study in said.studies)
    for flaw in flaws:
        yield Label("flaw", flaw.category.partition("/")[0])
        yield Label("flaw", flaw.category)
        yield Label("severity", flaw.severity)


def _found_labels(run: StoredRun, view: RunView, *, said: Said, regrouping: Regrouping) -> Iterator[Label]:
    """Who disagrees, who is right, and what else is worth a look at the counted votes."""
    parties = says(run.rows, view, preferred=preferred_output(said.preferred))
    gold = gold_of(view)
    right = right_of(view, parties, gold=gold, regrouping=regrouping) if gold is not None else None
    yield from (Label("disagree", pair) for pair in disagreements(parties, gold=gold, regrouping=regrouping))
    yield from (Label("loss", loss) for loss in losses(right))
    yield from _right_labels(right)
    fusion, selection = view.fusion.fusion, view.selection
    flags = {
        "fusion-contradicts-vote": fusion is not None and fusion.contradicts_vote,
        "majority-wrong": right is not None and right.vote is False,
        "nobody-right": right is not None and not right.candidates,
        "vote-tied": len(leaders(view.tally)) > 1,
        "no-vote": not view.tally.votes,
        "judge-flipped": selection is not None and selection.flips > 0,
        "rated": bool(said.preferred),
        "noted": any(note.strip() for note in said.notes.values()),
        "regrouped": regrouping != Regrouping(),
        "rerun": run.rows.run.parent_run_id is not None,
    }
    yield from (Label("is", flag) for flag, holds in flags.items() if holds)


def _right_labels(right: Right | None) -> Iterator[Label]:
    parties = {} if right is None else asdict(right)
    for party, is_right in parties.items():
        if is_right is not None:
            yield Label("right" if is_right else "wrong", party)
