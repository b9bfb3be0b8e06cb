"""The sentences of the Compare screen: amounts, states, causes, and why a run stopped where it did.

Plain words for people who have read no paper. Text from models passes through `shown` where it enters a sentence.
"""

from collections.abc import Sequence

from fusion_ui.engine.values import (
    Completion,
    Evidence,
    FailureKind,
    Member,
    Recipe,
    Score,
    Selection,
    SelectorName,
    StopRule,
)
from fusion_ui.engine.view import RunView, SlotView, Spending
from fusion_ui.engine.voting import leader, leaders, margin
from fusion_ui.ui.markdown import shown

STABILITY = (
    "How likely it is that asking these models for ever would keep the same answer in the lead. "
    "It says how settled the vote is, not whether the answer is right."
)
EXTRACTIVE = "Extractive: keeps what candidates agree on, no model"

SELECTORS: dict[SelectorName, str] = {
    "judge-pairs": "Judge, pairs in both orders",
    "judge-scores": "Judge, one score each",
    "consensus": "Consensus: closest to all others",
    "vote": "Vote: best of the winning answer",
}
CAUSES: dict[FailureKind, str] = {
    "key": "The API key is missing or was refused",
    "quota": "The account's quota is used up",
    "context": "The prompt is too long for this model",
    "policy": "The provider refused the content",
    "model": "There is no such model",
    "rate": "Too many requests",
    "timeout": "It took too long",
    "network": "The server could not be reached",
    "denied": "Access was denied",
    "request": "The request was not accepted",
    "empty": "The model said nothing",
    "malformed": "The reply could not be read",
    "server": "The provider's server failed",
    "budget": "The budget is used up",
    "cancelled": "Cancelled",
    "interrupted": "Interrupted",
    "unknown": "Something went wrong",
}


def money(cost_usd: float | None) -> str:
    """An amount as people write it; unknown is never zero."""
    if cost_usd is None:
        return "price unknown"
    if cost_usd == 0:
        return "$0"
    return f"${cost_usd:.4f}" if cost_usd < 0.1 else f"${cost_usd:,.2f}"


def seconds(duration_ms: float | None) -> str:
    """A duration in seconds."""
    return "time unknown" if duration_ms is None else f"{duration_ms / 1000:.1f} s"


def tokens(count: int | None) -> str:
    """A number of tokens."""
    return "tokens unknown" if count is None else f"{plural(count, 'token')}"


def plural(count: int, noun: str) -> str:
    """The count with its noun: 1 vote, 2 votes."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def percent(share: float) -> str:
    """A share of one, never rounded up to certainty."""
    if share >= 0.9995:
        return "over 99.9 %"
    return f"{share:.1%}".replace("%", " %") if share >= 0.99 else f"{share:.0%}".replace("%", " %")


def rounded(share: float) -> str:
    """A share of one that was counted, not estimated."""
    return f"{share:.0%}".replace("%", " %")


def amount(number: float) -> str:
    """A Bayes factor or the like, with as many digits as matter."""
    if number >= 1e6:
        return "over a million"
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}"


def total_cost(spending: Spending) -> str:
    """What a run cost, as far as prices are known."""
    known = money(spending.cost_usd)
    return f"at least {known}" if spending.has_unknown_cost and spending.cost_usd is not None else known


def cost_of(calls: Sequence[Completion]) -> str:
    """What these calls cost together, as far as prices are known."""
    costs = [call.cost_usd for call in calls if call.cost_usd is not None]
    known = money(sum(costs) if costs else None)
    return f"at least {known}" if costs and len(costs) < len(calls) else known


def total_tokens(spending: Spending) -> str:
    """Tokens read and written together."""
    read, written = spending.input_tokens, spending.output_tokens
    return tokens(None if read is None and written is None else (read or 0) + (written or 0))


def cut_off(completion: Completion) -> str:
    """What is missing at the end of a text; empty when nothing is."""
    match completion.finish_reason:
        case "stop" | "":
            return ""
        case "length":
            return "cut off at the token limit"
        case "unconfirmed":
            return "may be incomplete"
        case "content_filter":
            return "cut short by the provider's filter"
        case other:
            return f"ended with “{shown(other)[:40]}”"


def slot_state(slot: SlotView) -> str:
    """What a draw is doing."""
    if slot.state == "open":
        return "writing" if slot.text else "thinking" if slot.thought else "waiting"
    return {"finished": "done", "failed": "failed", "cancelled": "cancelled"}[slot.state]


def score_words(score: Score, selector: SelectorName) -> str:
    """A selector's score of one candidate."""
    if score.value is None:
        return "no score"
    if selector == "judge-scores":
        return f"{score.value:.1f} of 10"
    return score.detail if selector == "judge-pairs" and score.detail else f"score {score.value:.2f}"


def doubts(selection: Selection, unreadable: int) -> list[str]:
    """What a reader should know before trusting a pick."""
    said = []
    if selection.flips:
        noun = "verdict" if selection.flips == 1 else "verdicts"
        said.append(f"{selection.flips} {noun} flipped with the order shown: counted as abstentions.")
    if unreadable:
        said.append(f"{plural(unreadable, 'reply').replace('replys', 'replies')} of the judge could not be read.")
    if selection.is_tied:
        said.append("Tied at the top: broken by the seed.")
    return said


def fell_back(selection: Selection, recipe: Recipe) -> str:
    """Which selector was asked for, where another one decided; a vote without votes gives its own reason."""
    if recipe.selector in (selection.selector, "vote"):
        return ""
    return f"Asked for “{SELECTORS[recipe.selector]}”, decided by “{SELECTORS[selection.selector]}”."


def leading(view: RunView) -> str:
    """Who leads the vote, with how many votes."""
    tally = view.tally
    if not tally.counts:
        return "no answers to vote on" if tally.draws else "no votes yet"
    answers = [shown(answer) for answer in leaders(tally)]
    votes = plural(tally.counts[0].count, "vote")
    return f"{answers[0]} with {votes} of {tally.votes}" if len(answers) == 1 else f"tie of {listed(answers)}"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def shares_of(members: Sequence[Member]) -> list[tuple[str, str]]:
    """Each member with its share of the draws; nothing where they all have the same."""
    if len({member.weight for member in members}) < 2:
        return []
    total = sum(member.weight for member in members)
    return [(shown(member.name), _small(member.weight / total)) for member in members]


def _small(share: float) -> str:
    """A share with a digit more where rounding would make it nothing."""
    if share < 0.001:
        return "under 0.1 %"
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else rounded(share)


def most_draws(recipe: Recipe) -> int:
    """How many draws a run may take at most."""
    cap, rule = recipe.limits.cap, recipe.stop
    return min(cap, int(rule.threshold)) if rule.name == "fixed" else cap


def draws_used(view: RunView) -> str:
    """Draws used and saved, in one line."""
    if view.recipe is None:
        return ""
    cap, finished = most_draws(view.recipe), len(view.candidates)
    parts = [f"{finished} of at most {plural(cap, 'draw')}"]
    for state in ("failed", "cancelled"):
        count = sum(slot.state == state for slot in view.slots)
        parts += [f"{count} {state}"] if count else []
    saved = cap - len(view.slots)
    if view.stop and saved > 0 and view.stop.reason != "exhausted":
        parts.append(f"{saved} saved")
    return ", ".join(parts)


def why_stopped(view: RunView) -> str:
    """One sentence on why no further draw was asked for; empty while sampling."""
    if view.stop is None or view.recipe is None:
        return ""
    after = f"Stopped after {plural(view.stop.draws, 'draw')}"
    match view.stop.reason:
        case "evidence" | "certificate":
            return f"{after}: {_passed(view.recipe.stop, view.evidence)}"
        case "budget":
            return f"{after}: the run's limit on money, tokens or time was reached."
        case "exhausted":
            return f"{after}: there were no more candidates to draw from."
        case "user":
            return f"{after}: you stopped it."
        case "cap":
            return _at_the_cap(view, view.recipe, after)


def _passed(rule: StopRule, evidence: Evidence | None) -> str:
    if evidence is None or evidence.level is None:
        return "the vote was settled."
    if rule.name == "asc":
        return f"the leader is ahead with {percent(evidence.level)}, past the threshold {percent(rule.threshold)}."
    if rule.name == "certificate":
        return f"the error is at most {percent(evidence.level)}, within the limit of {percent(rule.threshold)}."
    return f"the evidence, {amount(evidence.level)}, passed the threshold of {amount(rule.threshold)}."


def _at_the_cap(view: RunView, recipe: Recipe, after: str) -> str:
    tally, rule = view.tally, recipe.stop
    if not tally.draws:
        return "Stopped: every draw failed."
    if rule.name == "fixed":
        return f"{after}: the recipe asks for a fixed number."
    if not tally.votes:
        return f"{after}: none held an answer to vote on, so more would settle nothing."
    at_cap = f"Stopped at the cap of {plural(most_draws(recipe), 'draw')}"
    if leader(tally) is None:
        return f"{at_cap}: {listed([shown(answer) for answer in leaders(tally)])} are tied."
    level = view.evidence.level if view.evidence else None
    unsettled = "a near tie" if margin(tally) == 1 else "the vote was not settled"
    if level is None or rule.name == "certificate":
        return f"{at_cap}: {unsettled}."
    words = percent if rule.name == "asc" else amount
    return f"{at_cap}: {unsettled}, evidence {words(level)} stayed below the threshold {words(rule.threshold)}."


def milestone(view: RunView) -> str:
    """Where the run stands, changed only when something worth hearing has happened."""
    if view.ended is None:
        return _under_way(view)
    opening = {
        "completed": "Done.",
        "stopped": "Done, stopped by you.",
        "failed": "Done, but no candidate finished.",
        "interrupted": "Done, but interrupted.",
    }[view.ended]
    found = [f"{plural(len(view.candidates), 'candidate')}."] if view.candidates else []
    if view.selection:
        found.append(f"Best-of-N pick: candidate {view.selection.position}.")
    if view.tally.draws:
        found.append(f"Vote: {leading(view)}.")
    if view.fusion.fusion:
        found.append("Fused answer ready.")
    return " ".join([opening, *found])


def _under_way(view: RunView) -> str:
    if view.stop is None:
        return "Sampling candidates." if view.slots else "Starting."
    said = [why_stopped(view)]
    if view.selection:
        said.append(f"Best-of-N pick: candidate {view.selection.position}.")
    if view.fusion.state == "writing":
        said.append("Writing the fused answer.")
    return " ".join(said)
