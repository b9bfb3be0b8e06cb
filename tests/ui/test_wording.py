"""The sentences of the Compare screen."""

from dataclasses import replace

import pytest

from fusion_ui.engine.events import RunFinished, RunStarted, SamplingStopped
from fusion_ui.engine.values import Completion, Limits, Prompt, Score, Selection, StopReason, StopRule
from fusion_ui.engine.view import RunView, Spending
from fusion_ui.ui import wording
from tests.ui.boards import RECIPE, view_of, whole_run

THREE = {"a": "40", "b": "40", "c": "40"}
SPLIT = {"a": "40", "b": "45", "c": "40"}
TIE = {"a": "40", "b": "45"}


def stopped(texts: dict[str, str | None], reason: StopReason, rule: StopRule, cap: int = 16) -> str:
    recipe = replace(RECIPE, stop=rule, limits=Limits(cap=cap))
    return wording.why_stopped(view_of(whole_run(texts, recipe=recipe, reason=reason)))


@pytest.mark.parametrize(
    ("texts", "reason", "rule", "cap", "said"),
    [
        (THREE, "evidence", StopRule(), 16,
         "Stopped after 3 draws: the evidence, 37, passed the threshold of 30."),
        (THREE, "evidence", StopRule(name="asc", threshold=0.9), 16,
         "Stopped after 3 draws: the leader is ahead with 94 %, past the threshold 90 %."),
        (THREE, "certificate", StopRule(name="certificate", threshold=0.3), 16,
         "Stopped after 3 draws: the error is at most 24 %, within the limit of 30 %."),
        (THREE, "user", StopRule(), 16, "Stopped after 3 draws: you stopped it."),
        (THREE, "exhausted", StopRule(), 16, "Stopped after 3 draws: there were no more candidates to draw from."),
        (THREE, "budget", StopRule(), 16,
         "Stopped after 3 draws: the run's limit on money, tokens or time was reached."),
        (THREE, "cap", StopRule(name="fixed", threshold=3), 16,
         "Stopped after 3 draws: the recipe asks for a fixed number."),
        (SPLIT, "cap", StopRule(), 3,
         "Stopped at the cap of 3 draws: a near tie, evidence 5.1 stayed below the threshold 30."),
        (TIE, "cap", StopRule(), 2, "Stopped at the cap of 2 draws: 40 and 45 are tied."),
        (THREE, "cap", StopRule(name="certificate", threshold=0.05), 3,
         "Stopped at the cap of 3 draws: the vote was not settled."),
    ],
)  # fmt: skip
def test_one_sentence_says_why_sampling_stopped(
    texts: dict[str, str | None], reason: StopReason, rule: StopRule, cap: int, said: str
) -> None:
    assert stopped(texts, reason, rule, cap) == said


def test_a_run_whose_every_draw_failed_says_so() -> None:
    events = [RunStarted(prompt=Prompt(text="?"), recipe=RECIPE), SamplingStopped(reason="cap", draws=0)]
    assert wording.why_stopped(view_of(events)) == "Stopped: every draw failed."


def test_while_sampling_there_is_no_reason_yet() -> None:
    assert wording.why_stopped(view_of(whole_run(THREE)[:3])) == ""
    assert wording.why_stopped(RunView()) == ""


def test_the_status_speaks_milestones_and_ends_with_done() -> None:
    events = whole_run(THREE, fused_text="a")
    spoken = list(dict.fromkeys(wording.milestone(view_of(events[:at])) for at in range(len(events) + 1)))
    assert spoken[0] == "Starting."
    assert spoken[1] == "Sampling candidates."
    assert len(spoken) <= 8
    assert spoken[-1] == (
        "Done. 3 candidates. Best-of-N pick: candidate 1. Vote: 40 with 3 votes of 3. Fused answer ready."
    )


@pytest.mark.parametrize(
    ("ended", "opening"),
    [
        ("stopped", "Done, stopped by you."),
        ("failed", "Done, but no candidate finished."),
        ("interrupted", "Done, but interrupted."),
    ],
)
def test_every_end_is_told(ended: str, opening: str) -> None:
    events = [RunStarted(prompt=Prompt(text="?"), recipe=RECIPE), RunFinished(ended=ended)]  # type: ignore[arg-type]
    assert wording.milestone(view_of(events)) == opening


@pytest.mark.parametrize(
    ("cost", "said"),
    [(None, "price unknown"), (0.0, "$0"), (0.0012, "$0.0012"), (0.12, "$0.12"), (1234.5, "$1,234.50")],
)
def test_an_unknown_price_is_never_zero(cost: float | None, said: str) -> None:
    assert wording.money(cost) == said


def test_totals_say_what_they_leave_out() -> None:
    known = Spending(input_tokens=10, output_tokens=None, cost_usd=0.5, has_unknown_cost=True)
    assert wording.total_cost(known) == "at least $0.50"
    assert wording.total_tokens(known) == "10 tokens"
    unknown = Spending(input_tokens=None, output_tokens=None, cost_usd=None, has_unknown_cost=True)
    assert (wording.total_cost(unknown), wording.total_tokens(unknown)) == ("price unknown", "tokens unknown")
    assert wording.cost_of([Completion(text="", cost_usd=0.2), Completion(text="")]) == "at least $0.20"


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "50 %"), (0.994, "99.4 %"), (0.9996, "over 99.9 %"), (1.0, "over 99.9 %"), (0.0, "0 %")]
)
def test_a_probability_is_never_rounded_up_to_certainty(share: float, said: str) -> None:
    assert wording.percent(share) == said


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("stop", ""),
        ("", ""),
        ("length", "cut off at the token limit"),
        ("unconfirmed", "may be incomplete"),
        ("content_filter", "cut short by the provider's filter"),
        ("tool_\u202ecalls", "ended with “tool_\ufffdcalls”"),
    ],
)
def test_a_text_that_is_not_whole_says_so(reason: str, said: str) -> None:
    assert wording.cut_off(Completion(text="", finish_reason=reason)) == said


@pytest.mark.parametrize(("number", "said"), [(4.24, "4.2"), (45.5, "46"), (1234.0, "1,234"), (2e7, "over a million")])
def test_evidence_has_as_many_digits_as_matter(number: float, said: str) -> None:
    assert wording.amount(number) == said


def test_before_anything_is_counted_nobody_leads() -> None:
    assert wording.leading(RunView()) == "no votes yet"
    assert wording.draws_used(RunView()) == ""


def test_draws_are_counted_as_used_lost_and_saved() -> None:
    assert wording.draws_used(view_of(whole_run(THREE))) == "3 of at most 16 draws, 13 saved"
    assert wording.draws_used(view_of(whole_run(THREE, reason="exhausted"))) == "3 of at most 16 draws"
    assert wording.draws_used(view_of(whole_run(THREE)[:3])) == "0 of at most 16 draws"


def test_what_makes_a_pick_doubtful_is_said() -> None:
    selection = Selection(position=1, selector="judge-pairs", scores=(), flips=1, is_tied=True)
    assert wording.doubts(selection, 2) == [
        "1 verdict flipped with the order shown: counted as abstentions.",
        "2 replies of the judge could not be read.",
        "Tied at the top: broken by the seed.",
    ]
    assert wording.fell_back(selection, replace(RECIPE, selector="judge-pairs")) == ""
    fallen = replace(selection, selector="consensus")
    assert wording.fell_back(fallen, RECIPE) == ""
    assert wording.fell_back(fallen, replace(RECIPE, selector="judge-scores")) == (
        "Asked for “Judge, one score each”, decided by “Consensus: closest to all others”."
    )


def test_a_score_that_could_not_be_read_is_not_zero() -> None:
    assert wording.score_words(Score(position=1, value=None), "judge-scores") == "no score"
    assert wording.score_words(Score(position=1, value=8.0), "judge-scores") == "8.0 of 10"
    assert wording.score_words(Score(position=1, value=2.0, detail="won 3, lost 1"), "judge-pairs") == "won 3, lost 1"


def test_a_small_share_of_the_draws_is_never_nothing() -> None:
    members = [
        replace(RECIPE.members[0], name=name, weight=weight)
        for name, weight in (("a", 0.9666), ("b", 0.0333), ("c", 0.0001))
    ]
    assert wording.shares_of(members) == [("a", "97 %"), ("b", "3.3 %"), ("c", "under 0.1 %")]
