"""A watcher's feed: everything first, then only what changed, and never anything else than the run as it is."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.events import CandidateDelta, CandidateFinished, CandidateStarted, Event, RunFinished, RunStarted
from fusion_ui.engine.values import Failure, Prompt
from fusion_ui.engine.view import RunView, fold
from fusion_ui.ratings import SavedRating
from fusion_ui.ui.feed import BoardFeed
from tests.ui.boards import FACTS, RECIPE, candidate, drawn, lost, view_of, whole_run

TEXTS = {"One way.\n\nAnswer: 40": "40", "Another way.\n\nAnswer: 40": "40", "The mean.\n\nAnswer: 45": "45"}
RUN = whole_run(TEXTS, fused_text="One way. Something new.\n\nAnswer: 40")
CARDS = ("run", "best", "fusion", "vote", "rating")


class Board:
    """What a browser knows after all messages: the cards, merged key by key."""

    def __init__(self) -> None:
        self.cards: dict[str, dict[str, Any]] = {name: {} for name in CARDS}
        self.candidates: dict[str, dict[str, Any]] = {}

    def hear(self, message: dict[str, Any] | None) -> None:
        for name in CARDS:
            self.cards[name].update((message or {}).get(name, {}))
        for position, card in (message or {}).get("candidates", {}).items():
            self.candidates.setdefault(position, {}).update(card)


def told(events: list[Event], stops: set[int]) -> Board:
    """The board of a watcher who is told something at each of these events and at the end."""
    feed, board, view = BoardFeed(), Board(), RunView()
    for at, event in enumerate(events):
        view = fold(view, event)
        if at in stops or at == len(events) - 1:
            board.hear(feed.message(view, FACTS))
    return board


@given(st.sets(st.integers(0, len(RUN))))
def test_whoever_watched_sees_what_whoever_comes_later_sees(stops: set[int]) -> None:
    early, late = told(RUN, stops), told(RUN, set())
    assert (early.cards, early.candidates) == (late.cards, late.candidates)


def test_the_first_message_draws_everything_and_says_so() -> None:
    message = BoardFeed().message(view_of(RUN), FACTS)
    assert message is not None
    assert message["reset"] is True
    assert set(message) == {"reset", *CARDS, "candidates", "elapsed_ms"}
    assert set(message["candidates"]) == {"1", "2", "3"}


def test_nothing_new_is_no_message() -> None:
    feed, view = BoardFeed(), view_of(RUN)
    feed.message(view, FACTS)
    assert feed.message(view, replace(FACTS, elapsed_ms=9_999.0)) is None


def test_a_word_more_is_a_word_on_the_wire() -> None:
    feed, view = BoardFeed(), view_of(RUN[:2])
    feed.message(view, FACTS)
    view = fold(view, CandidateDelta(position=1, text="Hello"))
    feed.message(view, FACTS)
    view = fold(view, CandidateDelta(position=1, text=" there"))
    assert feed.message(view, FACTS) == {"append": {"1": {"add": " there"}}, "elapsed_ms": FACTS.elapsed_ms}


def test_a_finished_text_comes_whole_and_is_not_appended_to() -> None:
    feed = BoardFeed()
    events = [RunStarted(prompt=Prompt(text="?"), recipe=RECIPE), *drawn(candidate(1, "**Done.**"))]
    message = None
    for at in range(1, len(events) + 1):
        message = feed.message(view_of(events[:at]), FACTS) or message
        if isinstance(events[at - 1], CandidateFinished):
            break
    assert message is not None
    assert message["candidates"]["1"]["html"] == '<p dir="auto"><strong>Done.</strong></p>\n'
    assert "append" not in message


def test_a_card_that_only_gets_a_badge_does_not_travel_with_its_text() -> None:
    feed = BoardFeed()
    before = next(at for at, event in enumerate(RUN) if type(event).__name__ == "BestSelected")
    feed.message(view_of(RUN[:before]), FACTS)
    message = feed.message(view_of(RUN[: before + 1]), FACTS)
    assert message is not None
    assert message["candidates"] == {
        "1": {"best": True, "score": "score 0.90"},
        "2": {"score": "score 0.90"},
        "3": {"score": "score 0.90"},
    }


def test_a_watcher_who_comes_late_gets_the_text_so_far() -> None:
    events = [
        RunStarted(prompt=Prompt(text="?"), recipe=RECIPE),
        CandidateStarted(position=1, member="quick", model="scripted/quick", seed=1),
        CandidateDelta(position=1, text="One.\n\nTw"),
        CandidateDelta(position=1, text="hm", channel="thought"),
    ]
    message = BoardFeed().message(view_of(events), FACTS)
    assert message is not None
    assert message["append"] == {"1": {"blocks": ['<p dir="auto">One.</p>\n'], "tail": "Tw", "thought": "hm"}}


def test_a_run_that_nobody_works_on_was_interrupted() -> None:
    events = [*RUN[:3], CandidateStarted(position=2, member="quick", model="scripted/quick", seed=1)]
    message = BoardFeed().message(view_of(events), replace(FACTS, is_live=False))
    assert message is not None
    assert message["run"]["state"] == "interrupted"
    assert {card["state"] for card in message["candidates"].values()} == {"cancelled"}
    assert message["best"]["state"] == message["fusion"]["state"] == "failed"


def test_a_rating_travels_when_it_changes() -> None:
    feed, view = BoardFeed(), view_of(RUN)
    assert feed.message(view, FACTS)["rating"] == {"saved": None}  # type: ignore[index]
    saved = SavedRating("x", "best", {"fusion": 4}, "why", "2026-01-01T12:04:05Z", 2, False)
    message = feed.message(view, replace(FACTS, rating=saved))
    assert message == {"rating": {"saved": saved._asdict()}, "elapsed_ms": FACTS.elapsed_ms}


def test_every_message_can_be_sent() -> None:
    failure = Failure(stage="sampling", kind="server", message="\ud800 <b>", text="\ud800half")
    feed, view = BoardFeed(), RunView()
    for event in [*RUN[:4], *lost(2, failure), RunFinished(ended="failed")]:
        view = fold(view, event)
        json.dumps(feed.message(view, FACTS), ensure_ascii=False, allow_nan=False).encode()
