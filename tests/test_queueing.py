"""People take turns: nobody waits for ever, nobody has more than their share while others wait, and places are true."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.queueing import FairQueue, OverloadError

PEOPLE = "abcde"
LIMITS = st.fixed_dictionaries(
    {
        "at_once": st.integers(1, 4),
        "waiting": st.integers(0, 12),
        "per_person": st.none() | st.integers(1, 3),
        "waiting_per_person": st.none() | st.integers(0, 5),
    }
)
SCRIPT = st.lists(st.tuples(st.sampled_from(["join", "join", "end", "leave"]), st.integers(0, 100)), max_size=60)


class Played:
    """A queue with a ledger of its own of what is under way and what waits."""

    def __init__(self, **limits: int | None) -> None:
        self.limits = limits
        self.queue = FairQueue(**limits)  # type: ignore[arg-type]
        self.person: dict[int, str] = {}
        self.under_way: list[int] = []
        self.waiting: list[int] = []

    def join(self, person: str) -> int | None:
        try:
            ticket = self.queue.join(person)
        except OverloadError:
            return None
        self.person[ticket] = person
        self.waiting.append(ticket)
        return ticket

    def drop(self, tickets: list[int], number: int) -> None:
        if tickets:
            self.queue.leave(tickets.pop(number % len(tickets)))

    def admit(self) -> tuple[int, ...]:
        admitted = self.queue.admit()
        for ticket in admitted:
            self.waiting.remove(ticket)
            self.under_way.append(ticket)
        return admitted

    def counts(self, tickets: Sequence[int]) -> Counter[str]:
        return Counter(self.person[ticket] for ticket in tickets)


def played(limits: dict[str, int | None], script: Sequence[tuple[str, int]]) -> Iterator[Played]:
    """The queue after each step of the script, before anybody is admitted."""
    play = Played(**limits)
    for order, number in script:
        if order == "join":
            play.join(PEOPLE[number % len(PEOPLE)])
        else:
            play.drop(play.under_way if order == "end" else play.waiting, number)
        yield play
        play.admit()


@given(limits=LIMITS, script=SCRIPT)
def test_no_limit_is_ever_passed(limits: dict[str, int | None], script: list[tuple[str, int]]) -> None:
    for play in played(limits, script):
        play.admit()
        assert len(play.under_way) <= play.limits["at_once"]  # type: ignore[operator]
        assert play.queue.waiting == len(play.waiting) <= play.limits["waiting"]  # type: ignore[operator]
        for tickets, limit in ((play.under_way, "per_person"), (play.waiting, "waiting_per_person")):
            most = max(play.counts(tickets).values(), default=0)
            assert limits[limit] is None or most <= limits[limit]  # type: ignore[operator]


@given(limits=LIMITS, script=SCRIPT)
def test_nothing_stands_idle_while_somebody_may_begin(
    limits: dict[str, int | None], script: list[tuple[str, int]]
) -> None:
    for play in played(limits, script):
        play.admit()
        under_way, cap = play.counts(play.under_way), limits["per_person"]
        ready = [ticket for ticket in play.waiting if cap is None or under_way[play.person[ticket]] < cap]
        assert not ready or len(play.under_way) == limits["at_once"]


@given(limits=LIMITS, script=SCRIPT)
def test_whoever_begins_had_no_more_under_way_than_anybody_who_waited(
    limits: dict[str, int | None], script: list[tuple[str, int]]
) -> None:
    for play in played(limits, script):
        before, waiting = play.counts(play.under_way), list(play.waiting)
        for ticket in play.queue.admit():
            least = min(before[play.person[other]] for other in waiting)
            assert before[play.person[ticket]] == least
            before[play.person[ticket]] += 1
            waiting.remove(ticket)
        play.under_way += [ticket for ticket in play.waiting if ticket not in waiting]
        play.waiting = waiting


@given(limits=LIMITS, script=SCRIPT)
def test_the_line_holds_everybody_once_and_those_who_begin_are_its_first(
    limits: dict[str, int | None], script: list[tuple[str, int]]
) -> None:
    for play in played(limits, script):
        line = play.queue.line()
        assert sorted(line) == sorted(play.waiting)
        assert line == play.queue.line()
        admitted = play.admit()
        assert admitted == line[: len(admitted)]


@given(limits=LIMITS, script=SCRIPT)
def test_within_a_person_first_come_is_first_served(
    limits: dict[str, int | None], script: list[tuple[str, int]]
) -> None:
    for play in played(limits, script):
        line = play.queue.line()
        for person in PEOPLE:
            own = [ticket for ticket in line if play.person[ticket] == person]
            assert own == sorted(own)


@given(seed=st.integers(0, 2**32), at_once=st.integers(1, 3), others=st.integers(1, 5))
def test_nobody_waits_for_ever_however_much_others_ask(seed: int, at_once: int, others: int) -> None:
    """Everybody who was there before has one turn at most, whoever floods the line meanwhile."""
    chance, play = Random(seed), Played(at_once=at_once, waiting=500)
    for _ in range(20):
        play.join(PEOPLE[chance.randrange(others)])
        play.admit()
    patient = play.join("patient")
    before = play.counts([*play.waiting, *play.under_way]).keys() - {"patient"}
    turns: Counter[str] = Counter()
    while patient in play.waiting:
        for _ in range(chance.randrange(4)):
            play.join(chance.choice([*PEOPLE[:others], f"new {chance.random()}"]))
        play.drop(play.under_way, chance.randrange(100))
        turns.update(play.person[ticket] for ticket in play.admit() if ticket != patient)
        assert patient not in play.waiting or (turns.keys() <= before and max(turns.values(), default=1) == 1)


def test_people_take_turns_whoever_came_first_with_many() -> None:
    queue = FairQueue(at_once=1, waiting=10)
    first, *many = [queue.join("ann") for _ in range(4)]
    queue.admit()
    bo, cy = queue.join("bo"), queue.join("cy")
    assert queue.line() == (bo, cy, *many)
    queue.leave(first)
    assert queue.admit() == (bo,)
    queue.leave(bo)
    assert queue.admit() == (cy,)
    assert queue.line() == tuple(many)


def test_a_person_who_leaves_the_line_lets_the_rest_move_up() -> None:
    queue = FairQueue(at_once=1, waiting=10)
    queue.join("ann")
    queue.admit()
    line = [queue.join(person) for person in "bcd"]
    queue.leave(line[1])
    queue.leave(line[1])
    assert queue.line() == (line[0], line[2])


def test_a_full_line_is_said_to_be_everybodys() -> None:
    queue = FairQueue(at_once=1, waiting=1)
    for person in "ab":
        queue.join(person)
        queue.admit()
    with pytest.raises(OverloadError, match="So many are waiting already") as refused:
        queue.join("c")
    assert not refused.value.is_personal
    assert refused.value.wait_s > 0


def test_somebody_with_too_many_waiting_is_told_their_own_numbers() -> None:
    queue = FairQueue(at_once=5, waiting=9, per_person=2, waiting_per_person=1)
    for _ in range(3):
        queue.join("ann")
        queue.admit()
    with pytest.raises(OverloadError, match="You have 2 under way and 1 waiting already") as refused:
        queue.join("ann")
    assert refused.value.is_personal
    assert queue.admit() == () != (queue.join("bo"),) == queue.admit()


def test_what_is_refused_leaves_nothing_behind() -> None:
    queue = FairQueue(at_once=1, waiting=0)
    only = queue.join("ann")
    queue.admit()
    for number in range(3):
        with pytest.raises(OverloadError):
            queue.join(f"stranger {number}")
    queue.leave(only)
    assert queue.line() == ()
    assert queue.waiting == 0
    assert queue.join("bo") in queue.admit()
