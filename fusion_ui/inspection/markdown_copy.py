"""One case as a Markdown report that stands by itself, to be pasted anywhere.

Everything that a model or a person wrote stands in a fence or a code span longer than any it contains, so that it can
neither format the report nor break out of its place.
"""

import re
from collections.abc import Iterator

from fusion_ui.analysis.rules import rule_text
from fusion_ui.engine.values import Candidate
from fusion_ui.engine.view import RunView, SlotView
from fusion_ui.engine.voting import leader
from fusion_ui.inspection.cases import Case
from fusion_ui.inspection.costs import costs_of
from fusion_ui.inspection.history import described
from fusion_ui.inspection.judging_record import Pair, judging_record
from fusion_ui.inspection.sources import Line, source_record

_TICKS = re.compile("`+")


def markdown_copy(case: Case) -> str:
    """The report of this case."""
    parts = (_head, _strategies, _prompt, _fusion, _votes, _candidates, _judge, _sources, _cost, _recipe)
    return "\n".join(line for part in parts for line in part(case)) + "\n"


def fence(text: str) -> str:
    """A block that shows the text as it is."""
    ticks = "`" * max(3, _longest_ticks(text) + 1)
    return f"{ticks}text\n{text}\n{ticks}"


def code(text: str) -> str:
    """The text in one line among other words."""
    plain = " ".join(text.split())
    if not plain:
        return "(empty)"
    ticks = "`" * (_longest_ticks(plain) + 1)
    return f"{ticks} {plain} {ticks}" if plain[0] == "`" or plain[-1] == "`" else f"{ticks}{plain}{ticks}"


def _longest_ticks(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _head(case: Case) -> Iterator[str]:
    run = case.run.rows.run
    yield f"# Case {run.id}"
    yield ""
    yield f"- Begun {run.started_at}, {run.origin}, ended {case.view.ended}, Fusion UI {code(run.app_version)}"
    if run.parent_run_id:
        yield f"- Began from run {run.parent_run_id}"
    if case.view != case.run.view:
        yield "- Answers were corrected by a person; votes are counted as corrected"
    if case.run.prompt.reference:
        yield f"- Reference: {code(case.run.prompt.reference)}"


def _strategies(case: Case) -> Iterator[str]:
    view = case.view
    yield from ("", "## What each strategy said", "")
    selection, fusion = view.selection, view.fusion.fusion
    if selection is not None:
        answer = next((each.answer for each in view.candidates if each.position == selection.position), None)
        reason = f", because: {code(selection.reason)}" if selection.reason else ""
        yield f"- Best-of-N ({selection.selector}): candidate {selection.position}, {_answer(answer)}{reason}"
    if fusion is not None:
        against = ", which contradicts the vote" if fusion.contradicts_vote else ""
        yield f"- Fusion by {code(fusion.fusor)} ({code(fusion.prompt_version)}): {_answer(fusion.answer)}{against}"
    voted = leader(view.tally)
    yield f"- Vote: {f'leader {code(voted)}' if voted is not None else 'no leader'}, {_stability(view)}"


def _prompt(case: Case) -> Iterator[str]:
    yield from ("", "## Prompt", "", fence(case.run.prompt.text))


def _fusion(case: Case) -> Iterator[str]:
    fusion = case.view.fusion.fusion
    if fusion is not None:
        yield from ("", "## Fused answer", "", fence(fusion.text))


def _votes(case: Case) -> Iterator[str]:
    tally = case.view.tally
    yield from ("", "## Votes", "")
    for count in tally.counts:
        yield f"- {code(count.answer)}: {count.count} (candidates {_listed(count.positions)})"
    if tally.unanswered:
        yield f"- no answer: {len(tally.unanswered)} (candidates {_listed(tally.unanswered)})"
    if case.view.stop is not None:
        yield f"- Stopped after {case.view.stop.draws} draws: {case.view.stop.reason}"


def _candidates(case: Case) -> Iterator[str]:
    yield from ("", "## Candidates")
    for slot in case.view.slots:
        yield from _candidate(slot)


def _candidate(slot: SlotView) -> Iterator[str]:
    name = code(slot.member) if slot.member == slot.model else f"{code(slot.member)} ({code(slot.model)})"
    yield from ("", f"### Candidate {slot.position}", "", f"- {name}, {slot.state}")
    if slot.failure is not None:
        yield f"- Failed ({slot.failure.kind}): {code(slot.failure.message)}"
    if slot.candidate is not None:
        yield f"- Votes with: {_answer(slot.candidate.answer)}"
        yield f"- {_usage(slot.candidate)}"
        yield from ("", fence(slot.candidate.completion.text))


def _judge(case: Case) -> Iterator[str]:
    record = judging_record(case.view)
    if not record.replies:
        return
    yield from ("", "## Judge", "")
    for pair in record.pairs:
        yield f"- {pair.low} against {pair.high}: {_verdict(pair)}"
        for reply in pair.replies:
            order = " then ".join(map(str, reply.judgement.shown))
            yield f"    - shown {order}: {code(reply.judgement.reason)}"
    for reply in record.scores:
        score = "no score" if reply.judgement.score is None else f"{reply.judgement.score:g} of 10"
        yield f"- Candidate {reply.judgement.shown[0]}: {score}. {code(reply.judgement.reason)}"


def _sources(case: Case) -> Iterator[str]:
    record = source_record(case.view, case.corrections.sources)
    if record is None:
        return
    yield from ("", "## Where the fused sentences come from", "")
    for line in record.lines:
        yield f"- {code(line.text)}: {_from(line)}"
    for lost in record.lost:
        yield f"- Dropped, though candidates {_listed(lost.dropped.positions)} say it: {code(lost.dropped.text)}"


def _cost(case: Case) -> Iterator[str]:
    costs = costs_of(case.view)
    told = f"{_money(costs.total.cost_usd)} in all" + (", as far as is known" if costs.total.has_unknown_cost else "")
    yield from ("", "## Cost", "", f"- {told}")
    for name, cost in (("judge", costs.judge), ("fusor", costs.fusor)):
        if cost is not None:
            yield f"- {name}: {_money(cost.cost_usd)}, calls: {cost.calls}"
    if costs.saved is not None:
        price = costs.saved.cost_usd
        guess = f", about {_money(price)} at the mean price (an estimate)" if price else ""
        yield f"- saved by stopping early: {costs.saved.draws} draws{guess}"


def _recipe(case: Case) -> Iterator[str]:
    yield from ("", "## Recipe", "")
    for what, words in described(case.run.recipe).items():
        yield f"- {what}: {code(words)}"


def _answer(answer: str | None) -> str:
    return "no answer" if answer is None else f"answer {code(answer)}"


def _stability(view: RunView) -> str:
    rule = rule_text(view.recipe.stop) if view.recipe else ""
    return f"Pr[mode] {view.evidence.probability:.3f} (rule {rule})" if view.evidence else "no evidence"


def _usage(candidate: Candidate) -> str:
    used = candidate.completion
    seconds = "time unknown" if used.duration_ms is None else f"{used.duration_ms / 1000:.1f} s"
    tokens = "tokens unknown" if used.output_tokens is None else f"{used.output_tokens} tokens"
    return f"{len(used.text)} characters, {tokens}, {seconds}, {_money(used.cost_usd)}, ended with {used.finish_reason}"


def _verdict(pair: Pair) -> str:
    return f"{pair.winner} wins in both orders" if pair.verdict == "agreed" else pair.verdict


def _from(line: Line) -> str:
    sources = [
        f"{cell.position} ({cell.support.kind})" if cell.support else f"{cell.position} (as a person says)"
        for cell in line.cells
        if cell.is_source
    ]
    return ", ".join(sources) or "new, in no candidate"


def _listed(positions: tuple[int, ...]) -> str:
    return ", ".join(map(str, positions))


def _money(cost_usd: float | None) -> str:
    return "price unknown" if cost_usd is None else f"${cost_usd:.4f}"
