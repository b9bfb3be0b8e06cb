"""What the board shows of a run, card by card."""

from dataclasses import replace
from typing import Any

import pytest

from fusion_ui.engine.events import (
    BestSelected,
    CandidateDelta,
    CandidateStarted,
    FusionStarted,
    JudgementMade,
    RunFinished,
    RunStarted,
    StageFailed,
)
from fusion_ui.engine.values import Candidate, Completion, Failure, Judgement, Member, Prompt, Selection
from fusion_ui.engine.view import RunView
from fusion_ui.ui.cards import best_card, candidate_card, fusion_card, passages, run_card
from tests.ui.attacks import ATTACKS
from tests.ui.boards import FACTS, RECIPE, candidate, drawn, fused, lost, view_of, whole_run
from tests.ui.test_markdown import violations
from tests.ui.test_sources import unmarked

TEXTS = {"One way to do it.\n\nAnswer: 40": "40", "Another way.\n\nAnswer: 40": "40", "The mean.\n\nAnswer: 45": "45"}
FUSED = "One way to do it. This is new and nobody said it.\n\nAnswer: 40"


def started(*events: Any, **recipe: Any) -> RunView:
    return view_of([RunStarted(prompt=Prompt(text="How fast?"), recipe=replace(RECIPE, **recipe)), *events])


def first_card(view: RunView) -> dict[str, Any]:
    return candidate_card(view, view.slots[0])


def test_the_head_tells_what_was_asked_what_it_cost_and_how_it_ended() -> None:
    card = run_card(view_of(whole_run(TEXTS, fused_text=FUSED)), replace(FACTS, is_scripted=True, parent_run_id="r0"))
    assert (card["prompt"], card["state"], card["scripted"], card["parent"]) == ("How fast?", "completed", True, "r0")
    assert (card["cost"], card["tokens"], card["cost_of"]) == ("$0.0030", "95 tokens", [])


def test_unequal_weights_are_shown_as_shares_of_the_draws() -> None:
    members = (Member(name="a", model="x", weight=2.0), Member(name="b", model="x", weight=1.0))
    assert run_card(started(members=members), FACTS)["weights"] == [
        {"member": "a", "share": "67 %"},
        {"member": "b", "share": "33 %"},
    ]


def test_equal_weights_are_not_worth_a_word() -> None:
    same = tuple(Member(name=name, model="x", weight=0.5) for name in "ab")
    for members in (same, same[:1], ()):
        assert run_card(started(members=members), FACTS)["weights"] == []


def test_judge_and_fusor_are_part_of_the_cost() -> None:
    judged = Judgement(shown=(1, 2), winner=1, completion=Completion(text="A", cost_usd=0.01))
    view = started(*drawn(candidate(1, "a")), JudgementMade(judgement=judged), *fused("a", [candidate(1, "a")]), fusor_kind="model")  # fmt: skip # noqa: E501
    card = run_card(view, FACTS)
    assert card["cost"] == "$0.0110"
    assert card["cost_of"] == ["judge $0.0100", "fusor $0"]


def test_when_every_draw_failed_the_causes_are_counted() -> None:
    refused = Failure(stage="sampling", kind="key", message="No key.")
    late = replace(refused, kind="timeout")
    view = started(*lost(1, refused), *lost(2, late), *lost(3, refused), RunFinished(ended="failed"))
    assert (
        run_card(view, FACTS)["causes"] == "The API key is missing or was refused (2 draws); It took too long (1 draw)"
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_whoever_waits_is_told_the_place(place: int, words: str) -> None:
    card = run_card(started(), replace(FACTS, place=place))
    assert (card["status"], card["state"]) == (f"Waiting: {words} in line.", "live")


def test_a_run_that_was_refused_at_its_turn_says_why() -> None:
    spent = Failure(stage="sampling", kind="budget", message="All of it is <b>spent</b>.")
    view = started(StageFailed(failure=spent), RunFinished(ended="failed"))
    assert run_card(view, FACTS)["causes"] == "All of it is <b>spent</b>."


def test_an_interruption_says_whether_anything_had_begun() -> None:
    waited = run_card(started(RunFinished(ended="interrupted")), FACTS)
    begun = run_card(started(*drawn(candidate(1, "a")), RunFinished(ended="interrupted")), FACTS)
    assert "before its turn came" in waited["interrupted"]
    assert "is kept" in begun["interrupted"]
    assert run_card(started(), FACTS)["interrupted"] == ""


def test_an_open_draw_waits_thinks_and_writes() -> None:
    start = CandidateStarted(position=1, member="quick", model="m", seed=1)
    note = CandidateDelta(position=1, text="Trying again in 3 s", channel="note")
    thought = CandidateDelta(position=1, text="hm", channel="thought")
    text = CandidateDelta(position=1, text="So")
    seen = [first_card(started(start, *deltas)) for deltas in [(), (note,), (note, thought), (note, thought, text)]]
    assert [card["state"] for card in seen] == ["waiting", "waiting", "thinking", "writing"]
    assert [card["note"] for card in seen] == ["", "Trying again in 3 s", "", ""]
    assert all("html" not in card for card in seen)


def test_a_finished_draw_shows_answer_usage_and_text() -> None:
    card = first_card(started(*drawn(candidate(1, "**Forty**"))))
    assert (card["state"], card["answer"], card["leads"]) == ("done", "40", "Vote leader")
    assert card["facts"] == ["20 tokens", "0.9 s", "$0.0010"]
    assert "<strong>Forty</strong>" in card["html"]
    assert card["text"] == "**Forty**"


def test_unknown_usage_is_called_unknown() -> None:
    bare = Candidate(position=1, member="quick", completion=Completion(text="x", finish_reason="length"), answer=None)
    card = first_card(started(*drawn(bare)))
    assert card["facts"] == ["tokens unknown", "time unknown", "price unknown"]
    assert (card["cut"], card["answer"], card["leads"]) == ("cut off at the token limit", None, "")


def test_in_a_tie_nobody_leads_alone() -> None:
    view = view_of(whole_run({"a": "40", "b": "45"}))
    assert [candidate_card(view, slot)["leads"] for slot in view.slots] == ["Tied for the lead", "Tied for the lead"]


def test_a_failed_draw_says_why_keeps_its_text_and_can_be_tried_again() -> None:
    failure = Failure(stage="sampling", kind="network", message="It broke after 1 s.", text="**Half")
    card = first_card(started(*lost(1, failure)))
    assert card["failure"] == {"cause": "The server could not be reached", "message": "It broke after 1 s."}
    assert (card["state"], card["retry"], card["text"]) == ("failed", True, "**Half")
    assert "**Half" in card["html"]


def test_a_recorded_draw_cannot_be_tried_again() -> None:
    start = CandidateStarted(position=1, member="own", model="m", seed=0, is_recorded=True)
    failure = lost(1, Failure(stage="sampling", kind="empty", message=""))[1]
    card = first_card(started(start, failure))
    assert (card["recorded"], card["retry"]) == (True, False)


def test_the_pick_comes_with_selector_score_reason_and_doubts() -> None:
    view = view_of(whole_run(TEXTS))
    card = best_card(view)
    assert (card["position"], card["selector"], card["score"]) == (1, "Vote: best of the winning answer", "score 0.90")
    assert (card["reason"], card["doubts"], card["answer"]) == ("Closest.", [], "40")
    consensus = Selection(position=1, selector="consensus", scores=(), is_tied=True)
    fallen = best_card(replace(view, selection=consensus))
    assert fallen["doubts"] == [
        "Tied at the top: broken by the seed.",
    ]


def test_a_judge_that_failed_is_told_beside_the_pick() -> None:
    failure = Failure(stage="judging", kind="rate", message="Slow down.")
    pick = BestSelected(selection=Selection(position=1, selector="vote", scores=()))
    card = best_card(started(*drawn(candidate(1, "a")), StageFailed(failure=failure), pick))
    assert card["failure"] == {"cause": "Too many requests", "message": "Slow down."}


def test_a_pick_that_was_never_made_is_waited_for_no_longer() -> None:
    assert best_card(started())["state"] == "waiting"
    assert best_card(started(RunFinished(ended="stopped")))["state"] == "failed"


def test_the_offline_fusor_says_plainly_what_it_is() -> None:
    assert fusion_card(started())["label"] == "Extractive: keeps what candidates agree on, no model"


def test_a_model_as_fusor_is_named_before_and_while_it_writes() -> None:
    writer = Member(name="writer", model="acme/large")
    assert fusion_card(started(fusor_kind="model", fusor=writer))["label"] == "writer (acme/large)"
    writing = FusionStarted(fusor="writer", model="acme/large", order=(2, 1))
    card = fusion_card(started(writing, fusor_kind="model", fusor=writer))
    assert (card["label"], card["state"], card["order"]) == ("writer (acme/large)", "writing", [2, 1])


@pytest.mark.parametrize(("kind", "state"), [("none", "none"), ("extractive", "failed")])
def test_without_a_fused_answer_the_card_says_so(kind: str, state: str) -> None:
    assert fusion_card(started(RunFinished(ended="stopped"), fusor_kind=kind))["state"] == state


def test_each_fused_sentence_names_its_sources_and_their_words() -> None:
    card = fusion_card(view_of(whole_run(TEXTS, fused_text=FUSED)))
    first, new, *_ = card["lines"]  # type: ignore[misc]
    assert [(source["position"], source["kind"], source["quote"]) for source in first] == [  # type: ignore[union-attr, index]
        (1, "copied", "One way to do it.")
    ]
    assert new == []
    assert '<span class="fx-said" data-s="0">One way to do it.</span><span class="fx-mark" data-s="0">' in str(
        card["html"]
    )


def test_a_source_points_at_its_passage_in_the_candidate() -> None:
    view = view_of(whole_run(TEXTS, fused_text=FUSED))
    source = fusion_card(view)["lines"][0][0]  # type: ignore[index]
    span = passages(view.fusion.fusion, 1)[source["passage"]]  # type: ignore[index, call-overload]
    assert view.slots[0].text[span.start : span.end].strip() == source["quote"]  # type: ignore[index, call-overload]
    assert f'<span class="fx-said" data-s="{source["passage"]}">One way to do it.</span>' in first_card(view)["html"]  # type: ignore[index, call-overload]


def test_copied_text_is_a_share_and_the_largest_comes_first() -> None:
    card = fusion_card(view_of(whole_run(TEXTS, fused_text=FUSED)))
    positions = [part["position"] for part in card["copied"]]  # type: ignore[union-attr, index, call-overload]
    assert positions[0] == 1
    assert all(part["words"].endswith(" %") for part in card["copied"])  # type: ignore[union-attr, index, call-overload]


def test_a_fused_answer_against_the_vote_warns() -> None:
    candidates = [candidate(1, "a", "40"), candidate(2, "b", "40")]
    view = started(*drawn(candidates[0]), *drawn(candidates[1], tally_with=candidates[:1]), *fused("45!", candidates, answer="45", warning="Odd."))  # fmt: skip # noqa: E501
    card = fusion_card(view)
    assert card["warnings"] == [
        "Odd.",
        "Contradicts the vote: the fused answer says 45, the vote's leader is 40.",
    ]
    assert card["agrees"] is False


def test_a_fused_answer_that_was_cut_off_says_so() -> None:
    view = view_of(whole_run(TEXTS, fused_text=FUSED))
    fusion = view.fusion.fusion
    assert fusion is not None
    for reason, said in (
        ("length", "This text was cut off at the token limit."),
        ("unconfirmed", "This text may be incomplete."),
    ):
        cut = replace(fusion, completion=replace(fusion.completion, finish_reason=reason))
        assert fusion_card(replace(view, fusion=replace(view.fusion, fusion=cut)))["warnings"] == [said]


def test_a_fused_answer_with_the_vote_agrees() -> None:
    candidates = [candidate(1, "a", "40")]
    card = fusion_card(started(*drawn(candidates[0]), *fused("40!", candidates, answer="40")))
    assert (card["agrees"], card["warnings"]) == (True, [])


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_attack_reaches_a_key_that_is_drawn_as_html(attack: str) -> None:
    hostile = candidate(1, attack, attack, member=attack)
    view = started(*drawn(hostile), *fused(f"Said. {attack}", [hostile], comparison=attack, warning=attack))
    cards = [first_card(view), fusion_card(view), best_card(view), run_card(view, FACTS)]
    drawn_as_html = [str(value) for card in cards for key, value in card.items() if key.endswith("html")]
    assert len(drawn_as_html) == 3
    assert [violations(unmarked(markup)) for markup in drawn_as_html] == [[], [], []]
