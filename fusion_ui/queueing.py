"""Who begins next where more is asked for than can be under way. Pure: no clock, no disk, no tasks.

People take turns: first whoever has least under way, among equals those whose last run began or ended longest ago (or
who came first), and within a person first come, first served. Nobody waits for ever: somebody with nothing under way is
overtaken by nobody who came later, and once at most by each who was there before.
"""

from collections import deque
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count

from fusion_ui.engine.values import FusionError

_SOON_S = 30


class OverloadError(FusionError):
    """More was asked for than is given at once; the message says what to do, `wait_s` when to try again.

    `is_personal` says whether it is this person who took too much, or all of them together.
    """

    def __init__(self, words: str, *, wait_s: int, is_personal: bool) -> None:
        super().__init__(words)
        self.wait_s = wait_s
        self.is_personal = is_personal


@dataclass(slots=True)
class _Person:
    turn: int
    waiting: deque[int] = field(default_factory=deque)
    under_way: set[int] = field(default_factory=set)

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.under_way), self.turn


class FairQueue:
    """What is under way and what waits, as numbered tickets; a limit of None is none."""

    def __init__(
        self, *, at_once: int, waiting: int, per_person: int | None = None, waiting_per_person: int | None = None
    ) -> None:
        self._at_once, self._most_waiting = at_once, waiting
        self._per_person, self._most_own_waiting = per_person, waiting_per_person
        self._people: dict[str, _Person] = {}
        self._person_by_ticket: dict[int, str] = {}
        self._under_way = 0
        self._numbers = count(1)

    @property
    def waiting(self) -> int:
        """How many tickets wait."""
        return len(self._person_by_ticket) - self._under_way

    def join(self, person: str) -> int:
        """A new ticket of this person, which waits until it is admitted. Raises OverloadError where it may not wait."""
        one = self._people.get(person) or _Person(turn=next(self._numbers))
        if self._under_way >= self._at_once or not self._may_begin(one):
            self._check_room(one)
        ticket = next(self._numbers)
        one.waiting.append(ticket)
        self._people[person] = one
        self._person_by_ticket[ticket] = person
        return ticket

    def admit(self) -> tuple[int, ...]:
        """The tickets whose turn it is now, in their order: from here on they are under way."""
        admitted = []
        while self._under_way < self._at_once:
            ready = [one for one in self._people.values() if one.waiting and self._may_begin(one)]
            if not ready:
                break
            one = min(ready, key=lambda one: one.rank)
            ticket = one.waiting.popleft()
            one.under_way.add(ticket)
            one.turn = next(self._numbers)
            self._under_way += 1
            admitted.append(ticket)
        return tuple(admitted)

    def leave(self, ticket: int) -> None:
        """The ticket is done with, whether it was under way or waited; done with twice is done with."""
        person = self._person_by_ticket.pop(ticket, None)
        if person is None:
            return
        one = self._people[person]
        if ticket in one.under_way:
            one.under_way.remove(ticket)
            one.turn = next(self._numbers)  # or whoever has just ended would come before those who waited all along
            self._under_way -= 1
        else:
            one.waiting.remove(ticket)
        if not one.under_way and not one.waiting:
            del self._people[person]

    def line(self) -> tuple[int, ...]:
        """All tickets that wait, in the order in which they would be admitted if nothing else happened."""
        turns = count(next(self._numbers))
        heap = [(one.rank, iter(one.waiting)) for one in self._people.values() if one.waiting]
        heapify(heap)
        line = []
        while heap:
            (under_way, _), waiting = heappop(heap)
            ticket = next(waiting, None)
            if ticket is not None:
                line.append(ticket)
                heappush(heap, ((under_way + 1, next(turns)), waiting))
        return tuple(line)

    def _may_begin(self, one: _Person) -> bool:
        return self._per_person is None or len(one.under_way) < self._per_person

    def _check_room(self, one: _Person) -> None:
        own = len(one.waiting)
        if self._most_own_waiting is not None and own >= self._most_own_waiting:
            raise OverloadError(_own_line_full(len(one.under_way), own), wait_s=_SOON_S, is_personal=True)
        if self.waiting >= self._most_waiting:
            raise OverloadError(_FULL, wait_s=_SOON_S, is_personal=False)


_FULL = "So many are waiting already that no more can join the line. Nothing was begun. Try again in a minute."


def _own_line_full(under_way: int, waiting: int) -> str:
    runs = f"{under_way} under way" + (f" and {waiting} waiting" if waiting else "")
    return f"You have {runs} already, which is as much as one person may have. Wait for one of them, or stop one."
