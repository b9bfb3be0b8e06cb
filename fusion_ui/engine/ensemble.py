"""Who draws next: the members of an ensemble in proportion to their weights."""

from math import floor
from random import Random

from fusion_ui.engine.values import Member

_GOLDEN = (5**0.5 - 1) / 2


class MemberSequence:
    """Who draws next. Every single draw follows the weights exactly, and any stretch of draws keeps close to them.

    A Kronecker sequence: one uniform start, then steps of the golden ratio around the circle of weights.
    """

    def __init__(self, members: tuple[Member, ...], rng: Random) -> None:
        self._members = members
        self._point = rng.random()

    def __next__(self) -> Member:
        total = sum(member.weight for member in self._members)
        mark = self._point * total
        self._point = self._point + _GOLDEN - floor(self._point + _GOLDEN)
        for member in self._members:
            mark -= member.weight
            if mark < 0:
                return member
        return self._members[-1]
