"""The sampling stage: who draws next, how many draws are open, and when enough is enough.

Draws are counted in the order in which they were asked for, never in the order of arrival: a model that is fast when
it is wrong must not bias the stop. No more draws are open than the rule is certain to need, so none is wasted.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from fusion_ui.engine.answers import Checker, extract, group_key
from fusion_ui.engine.ensemble import MemberSequence
from fusion_ui.engine.events import (
    CandidateDelta,
    CandidateFailed,
    CandidateFinished,
    CandidateStarted,
    Event,
    SamplingStopped,
    TallyChanged,
)
from fusion_ui.engine.evidence import evidence_of
from fusion_ui.engine.sampling import Delta, Message, Recorded, Request, Sampler, reply_of
from fusion_ui.engine.spending import Purse
from fusion_ui.engine.stopping import is_settled, level, reason_when_settled, votes_needed
from fusion_ui.engine.values import (
    Candidate,
    Completion,
    Failure,
    Member,
    Prompt,
    Recipe,
    StopReason,
    Tally,
)
from fusion_ui.engine.voting import tally_of


class Drawing:
    """The sampling stage of one run; everything it does goes out as events."""

    def __init__(
        self,
        *,
        prompt: Prompt,
        recipe: Recipe,
        recorded: Mapping[int, Recorded],
        assigned: Mapping[int, str],
        sampler: Sampler,
        checker: Checker | None,
        emit: Callable[[Event], None],
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        on_candidate: Callable[[Candidate], None],
        purse: Purse,
        enough: asyncio.Event,
        rng: Random,
    ) -> None:
        self._prompt, self._recipe, self._recorded = prompt, recipe, recorded
        self._sampler, self._checker, self._purse = sampler, checker, purse
        self._emit, self._spawn, self._on_candidate = emit, spawn, on_candidate
        self._enough, self._assigned = enough, assigned
        self._members = MemberSequence(recipe.members, rng)
        self._seeds_from = rng.getrandbits(30)
        self._asked = 0
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._arrived: set[int] = set()
        self._ended: dict[int, Candidate | None] = {}  # None: failed
        self._counted = 0
        self._keys: list[str] = []
        self._grouping = asyncio.Lock()
        self._changed = asyncio.Event()
        self._is_late = False
        self.tally = Tally()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The finished candidates by position."""
        return tuple(ended for _, ended in sorted(self._ended.items()) if ended is not None)

    async def sample(self) -> None:
        """Ask for draws until the rule, a limit or the user ends it; then nothing of this stage is left open."""
        loop = asyncio.get_running_loop()
        seconds = self._recipe.limits.seconds
        alarm = loop.call_later(seconds, self._ring) if seconds is not None else None
        try:
            while (reason := self._reason_to_stop()) is None:
                self._ask()
                await self._next_change()
                self._count()
        finally:
            if alarm is not None:
                alarm.cancel()
        cancelled = await self._close()
        self._emit(SamplingStopped(reason=reason, draws=self.tally.draws, cancelled=cancelled))

    def _ring(self) -> None:
        self._is_late = True
        self._changed.set()

    @property
    def _open(self) -> int:
        return self._asked - len(self._ended)

    def _reason_to_stop(self) -> StopReason | None:
        if self._enough.is_set():
            return "user"
        if is_settled(self.tally, self._recipe.stop):
            return reason_when_settled(self._recipe.stop)
        if self._is_late or self._purse.is_over():
            return "budget"
        return None if self._open else self._reason_none_is_open()

    def _reason_none_is_open(self) -> StopReason | None:
        """Nothing is under way: whether, and why, nothing more may be asked for."""
        if self._asked >= self._cap:
            return "cap"
        if not self._can_draw(self._asked + 1):
            return "exhausted"
        return None if self._purse.affords_another() else "budget"

    @property
    def _cap(self) -> int:
        limits, rule = self._recipe.limits, self._recipe.stop
        if rule.name == "fixed":
            return min(limits.cap, int(rule.threshold))
        is_open_question = self._counted >= limits.cap_unanswered and not self.tally.votes
        return min(limits.cap, limits.cap_unanswered) if is_open_question else limits.cap

    def _can_draw(self, position: int) -> bool:
        return position in self._recorded or bool(self._recipe.members)

    def _ask(self) -> None:
        """Open as many draws as are certainly needed, allowed and affordable."""
        limits = self._recipe.limits
        uncounted = self._asked - self._counted
        needed = votes_needed(self.tally, self._recipe.stop, at_most=limits.parallelism) - uncounted
        if self._recipe.stop.name != "fixed" and not self.tally.votes:
            needed = min(needed, limits.cap_unanswered - self._asked)
        for _ in range(min(needed, limits.parallelism - self._open, self._cap - self._asked)):
            position = self._asked + 1
            if not self._can_draw(position) or not (position in self._recorded or self._purse.affords_another()):
                return
            self._asked = position
            # Reserved now: the task begins only later, and the next question of what is affordable comes before.
            release = self._purse.reserve() if position not in self._recorded else _nothing
            self._tasks[position] = self._spawn(self._draw(position, release))
            self._tasks[position].add_done_callback(partial(_let_go, release))

    async def _next_change(self) -> None:
        waits = [asyncio.ensure_future(self._changed.wait()), asyncio.ensure_future(self._enough.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._changed.clear()

    async def _draw(self, position: int, release: Callable[[], None]) -> None:
        kept = self._recorded.get(position)
        if kept is not None:
            self._start(position, member=kept.member, model=kept.model, seed=0, is_recorded=True)
            await self._finish(position, kept.member, kept.completion)
            return
        member, seed = self._member_for(position), self._seeds_from + position
        self._start(position, member=member.name, model=member.model, seed=seed, is_recorded=False)
        reply = await reply_of(self._sampler, self._request(position, member, seed), self._teller(position))
        release()
        if isinstance(reply, Failure):
            self._ended[position] = None
            self._emit(CandidateFailed(position=position, failure=replace(reply, stage="sampling")))
            self._changed.set()
        else:
            self._purse.spend(reply)
            await self._finish(position, member.name, reply)

    def _member_for(self, position: int) -> Member:
        """Whoever's turn it is, unless this draw is promised to somebody."""
        in_turn = next(self._members)
        promised = self._assigned.get(position)
        return next((member for member in self._recipe.members if member.name == promised), in_turn)

    def _start(self, position: int, *, member: str, model: str, seed: int, is_recorded: bool) -> None:
        self._emit(CandidateStarted(position=position, member=member, model=model, seed=seed, is_recorded=is_recorded))

    def _request(self, position: int, member: Member, seed: int) -> Request:
        system = (Message(role="system", content=self._recipe.system),) if self._recipe.system else ()
        return Request(
            member=member,
            messages=(*system, Message(role="user", content=self._prompt.text)),
            prompt_text=self._prompt.text,
            position=position,
            seed=seed,
        )

    def _teller(self, position: int) -> Callable[[Delta], None]:
        def tell(delta: Delta) -> None:
            self._emit(CandidateDelta(position=position, text=delta.text, channel=delta.channel))

        return tell

    async def _finish(self, position: int, member: str, completion: Completion) -> None:
        self._arrived.add(position)
        candidate = await self._candidate(position, member, completion)
        self._ended[position] = candidate
        self._emit(CandidateFinished(candidate=candidate))
        self._on_candidate(candidate)
        self._changed.set()

    async def _candidate(self, position: int, member: str, completion: Completion) -> Candidate:
        found = await asyncio.to_thread(extract, completion.text)
        if found is None:
            return Candidate(position=position, member=member, completion=completion)
        async with self._grouping:  # two at once would each miss the other's key
            answer = await group_key(found.answer, tuple(self._keys), self._checker)
            if answer not in self._keys:
                self._keys.append(answer)
        return Candidate(
            position=position,
            member=member,
            completion=completion,
            answer=answer,
            answer_start=found.start,
            answer_end=found.end,
        )

    def _count(self) -> None:
        """Count the draws that have ended, up to the first one still open."""
        while self._counted + 1 in self._ended and not is_settled(self.tally, self._recipe.stop):
            self._counted += 1
            self._count_one(self._ended[self._counted])

    def _count_one(self, candidate: Candidate | None) -> None:
        if candidate is None:
            return
        counted = [each for each in self.candidates if each.position in {*_positions(self.tally), candidate.position}]
        self.tally = tally_of(counted)
        evidence = evidence_of(self.tally, level=level(self.tally, self._recipe.stop))
        self._emit(TallyChanged(tally=self.tally, evidence=evidence))

    async def _close(self) -> tuple[int, ...]:
        """Cancel what is open, wait for it, and count what had finished behind it."""
        for position, task in self._tasks.items():
            if position not in self._arrived:  # a reply that is here, and paid, is kept
                task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for position in range(self._counted + 1, self._asked + 1):
            self._count_one(self._ended.get(position))
        return tuple(position for position in self._tasks if position not in self._ended)


def _nothing() -> None:
    """What is recorded reserves nothing."""


def _let_go(release: Callable[[], None], _task: asyncio.Task[None]) -> None:
    release()


def _positions(tally: Tally) -> set[int]:
    return {*tally.unanswered, *(position for count in tally.counts for position in count.positions)}
