"""One watcher's feed: what changed on the board since the last message, as JSON.

The first message draws everything. Later ones hold only the cards that changed and the text that was added. While a
text is growing its finished blocks are rendered here and its tail travels as plain text; once it is final the whole
text is rendered with its card.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from fusion_ui.engine.events import RunFinished
from fusion_ui.engine.view import RunView, SlotView, fold
from fusion_ui.ui.cards import Card, Json, RunFacts, best_card, candidate_card, fusion_card, rating_card, run_card
from fusion_ui.ui.growing import GrowingText
from fusion_ui.ui.votes import vote_card
from fusion_ui.ui.wording import slot_state

Message: TypeAlias = dict[str, Json]


class BoardFeed:
    """What one watcher has been told. A call of `message` costs in proportion to what has changed."""

    def __init__(self) -> None:
        self._parts: dict[str, object] = {}
        self._cards: dict[str, Card] = {}
        self._texts: dict[str, GrowingText] = {}

    def message(self, view: RunView, facts: RunFacts) -> Message | None:
        """What to tell the watcher now; None when nothing changed. `elapsed_ms` comes along with every message.

        A run that nobody works on and that never ended was interrupted.
        """
        if view.ended is None and not facts.is_live:
            view = fold(view, RunFinished(ended="interrupted"))
        changed: Message = {} if self._parts else {"reset": True}
        states, writing = tuple(slot_state(slot) for slot in view.slots), view.fusion
        fusing = (writing.state, writing.fusor, writing.note, writing.fusion)
        run = (view.prompt, view.recipe, states, len(view.judgements), view.stop, view.selection, view.tally, fusing)
        stages = (view.prompt, view.recipe, view.failures, view.ended)
        self._tell(changed, "run", (*run, *stages, replace(facts, elapsed_ms=None)), lambda: run_card(view, facts))
        self._tell(changed, "best", (view.selection, len(view.judgements), *stages), lambda: best_card(view))
        self._tell(changed, "fusion", (*fusing, *stages), lambda: fusion_card(view))
        self._tell(changed, "vote", (view.tally, states, view.stop, view.selection, *stages), lambda: vote_card(view))
        self._tell(changed, "rating", facts.rating, lambda: rating_card(facts))
        candidates: Message = {}
        for slot in view.slots:
            self._tell_candidate(candidates, view, slot)
        appended = self._appended(view)
        changed |= {key: part for key, part in (("candidates", candidates), ("append", appended)) if part}
        return {**changed, "elapsed_ms": facts.elapsed_ms} if changed else None

    def _tell(self, changed: Message, name: str, parts: object, build: Callable[[], Card]) -> None:
        """Put what is new in a card into the message; the card is built only if a part it rests on is another."""
        if name in self._parts and self._parts[name] == parts:
            return
        self._parts[name] = parts
        card, told = build(), self._cards.get(name, {})
        fresh = {key: value for key, value in card.items() if key not in told or told[key] != value}
        self._cards[name] = card
        if fresh:
            changed[name.removeprefix("candidate:")] = fresh

    def _tell_candidate(self, candidates: Message, view: RunView, slot: SlotView) -> None:
        said = (slot.member, slot_state(slot), slot.note) if slot.state == "open" else slot
        parts = (said, view.selection, view.tally, view.fusion.fusion, view.prompt)
        self._tell(candidates, f"candidate:{slot.position}", parts, lambda: candidate_card(view, slot))

    def _appended(self, view: RunView) -> Message:
        """The text that has come since the last message, of whatever is still being written."""
        growing = {str(slot.position): slot for slot in view.slots if slot.state == "open"}
        texts = {name: (slot.text, slot.thought) for name, slot in growing.items()}
        if view.fusion.state == "writing" and view.ended is None:
            texts["fusion"] = (view.fusion.text, view.fusion.thought)
        self._texts = {name: self._texts.get(name) or GrowingText() for name in texts}
        return {
            name: piece for name, (text, thought) in texts.items() if (piece := self._texts[name].grow(text, thought))
        }
