"""Which contender stands where: seeded, hard to foresee, and balanced for each rater and at each position.

Trials come in blocks of Latin squares, shuffled, so that a rater never strays far from balance; neighbouring raters see
rotations of one another's orders, so that at each position of a session the roles are balanced over raters too.
"""

from random import Random

from fusion_ui.studies.protocol import Unit

_SQUARES_PER_BLOCK = 2  # for pairs six equally likely blocks of four trials; one square would alternate too plainly


def order_of(*, seed: int, rater: str, unit: Unit, position: int, number: int | None = None) -> tuple[int, ...]:
    """The places of the unit's contenders in the order in which this rater sees them: the first is answer A.

    `position` counts the rater's trials within the unit's contrast from 0. `number` counts the study's raters from 0 in
    the order in which they came; without it positions are balanced by chance alone.
    """
    size = len(unit.contenders)
    group, turn = (rater, 0) if number is None else divmod(number, size)
    contrast = ":".join(contender.role for contender in unit.contenders)
    block, row = divmod(position, size * _SQUARES_PER_BLOCK)
    order = _block(Random(f"{seed}|{contrast}|{group}|{block}"), size)[row]
    return order[turn:] + order[:turn]


def _block(chance: Random, size: int) -> list[tuple[int, ...]]:
    """Shuffled rows of cyclic Latin squares: in each square every contender is once at every place."""
    rows = [row for _ in range(_SQUARES_PER_BLOCK) for row in _square(chance, size)]
    chance.shuffle(rows)
    return rows


def _square(chance: Random, size: int) -> list[tuple[int, ...]]:
    base = chance.sample(range(size), size)
    return [(*base[turn:], *base[:turn]) for turn in range(size)]
