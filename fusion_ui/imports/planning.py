"""From recorded judgements to units and votes: which pairs are the same, who said something again.

Nothing is stored here. The contenders of a unit stand in the order in which the first judgement of it names them.
What is kept of each judgement and each unit is a few whole numbers: a gigabyte of judgements passes through here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from fusion_ui.exchange.numbers import Numbers
from fusion_ui.exchange.recorded_ratings import JUDGE, ImportRefusedError, RecordedRating
from fusion_ui.exchange.texts import LineError
from storage.ratings import plain_name
from storage.recorded_studies import NewVote
from storage.rows import Json
from storage.staged_studies import NEW
from storage.studies import NewContender, NewUnit
from storage.trials import Kind

MOST_JUDGEMENTS = 3_000_000
LONGEST_NAME = 200
UNNAMED, UNNAMED_JUDGE = "unnamed rater", "judge: unnamed"
_MOST_SLOTS = 1_000
_KEY_BITS = 63
_RATER_BITS = 24
_PLACE_BITS = 22  # more places than a study of judgements can have
_PRINT_BITS = 32


class PlannedUnit(NamedTuple):
    """A unit that is not stored yet."""

    unit: NewUnit


class PlannedVote(NamedTuple):
    """A judgement of a unit of the source (`staged_studies.NEW`: of a new unit); by its line in its file."""

    source: int
    vote: NewVote
    line: int


Planned: TypeAlias = PlannedUnit | PlannedVote


class Spot(NamedTuple):
    """Where a unit is or will be; `is_turned`: the contender whose member comes second by name is its first."""

    source: int
    place: int
    is_turned: bool

    @property
    def code(self) -> int:
        """The same as one number."""
        return (self.source << _PLACE_BITS | self.place) << 1 | self.is_turned

    @classmethod
    def of(cls, code: int) -> "Spot":
        """The spot of this number."""
        return cls(code >> 1 + _PLACE_BITS, code >> 1 & (1 << _PLACE_BITS) - 1, bool(code & 1))


class _Turn(NamedTuple):
    """By which rater a judgement counts, and as the first or second time."""

    rater: str
    kind: Kind


@dataclass(slots=True, kw_only=True)
class Planner:
    """Plans one judgement after the other; `judge` names the rater who is a model, `known` has the codes of the spots
    of the series' units by their `unit_number`.
    """

    judge: str = ""
    known: Numbers = field(default_factory=Numbers)
    raters: dict[str, int] = field(default_factory=dict)
    members: dict[str, None] = field(default_factory=dict)
    prompts: Numbers = field(default_factory=Numbers)
    judgements: int = 0
    _seen: Numbers = field(default_factory=Numbers)
    _said: Numbers = field(default_factory=Numbers)
    _free: dict[tuple[int, str], int] = field(default_factory=dict)
    _new: int = 0

    def plan(self, rating: RecordedRating) -> Iterator[Planned]:
        """What this judgement adds: a vote, and before it the unit where that is new. Raises LineError."""
        key = _unit_key(rating)
        base = self._rater(rating)
        number = unit_number(key)
        code = self._seen.get(number)
        if code is None:
            code = self._see(number, rating)
            if (spot := Spot.of(code)).source == NEW:
                yield PlannedUnit(_unit(rating, key, spot.place))
        turn = self._turn(rating, base, code)
        self.judgements += 1
        if self.judgements > MOST_JUDGEMENTS:
            raise ImportRefusedError(f"These are more than {MOST_JUDGEMENTS:,} judgements. Split the file.")
        spot = Spot.of(code)
        yield PlannedVote(spot.source, _vote(rating, turn, key, spot), rating.line)

    def _see(self, number: int, rating: RecordedRating) -> int:
        code = self.known.get(number)
        if code is None:
            code = Spot(NEW, self._new, rating.first > rating.second).code
            self._new += 1
        self._seen.put_new(number, code)
        self.prompts.put_new(hash((rating.prompt, rating.question)) & (1 << _KEY_BITS) - 1, 0)
        self.members[rating.first] = self.members[rating.second] = None
        return code

    def _rater(self, rating: RecordedRating) -> str:
        """Under which name the rater goes, as far as one is named."""
        is_model = rating.is_model or (self.judge != "" and rating.rater in ("", self.judge))
        name = plain_name(rating.rater or (self.judge if is_model else ""))
        if not name:
            return UNNAMED_JUDGE if is_model else UNNAMED
        name = f"{JUDGE}{name}" if is_model else name
        if len(name) > LONGEST_NAME:
            raise LineError(f"the rater's name has {len(name)} characters, more than {LONGEST_NAME}")
        return name

    def _turn(self, rating: RecordedRating, base: str, unit: int) -> _Turn:
        """Whose judgement it counts as. Where nobody is named, each one of a unit is somebody else's; but a judge who
        was asked in the other order is the same again.
        """
        print_ = _fingerprint(rating)
        for slot in range(self._free.get((unit, base), 1), (1 if rating.rater else _MOST_SLOTS) + 1):
            name = base if slot == 1 else f"{base} ({slot})"
            kind = self._kind(rating, (unit, name), print_)
            if kind is not None:
                if not rating.rater and not rating.is_model:
                    self._free[unit, base] = slot + 1
                return _Turn(name, kind)
        if rating.rater == "":
            raise LineError(f"is beyond the {_MOST_SLOTS:,} judgements by nobody that a pair may have")
        raise LineError(f"{base[:60]!r} judged this pair twice before")

    def _kind(self, rating: RecordedRating, who: tuple[int, str], print_: int) -> Kind | None:
        """Whether this is the first or the second judgement of this unit by this rater; None where it is neither."""
        unit, name = who
        place = unit << _RATER_BITS | self.raters.setdefault(name, len(self.raters))
        order = int(_is_swapped(rating))
        before = self._said.put_new(place, print_ << 2 | order << 1)
        if before is None:
            return "main"
        if rating.rater and before >> 2 == print_:
            raise LineError(f"says again what {name[:60]!r} said of this pair before")
        is_other_order = before >> 1 & 1 != order
        is_again = bool(rating.rater) or (rating.is_model and is_other_order)
        if before & 1 or not is_again:
            return None
        self._said.replace(place, before | 1)
        return "repeat"


def unit_number(key: bytes) -> int:
    """The number that stands for a unit's key here: two of a million units share one with a chance of 10**-7."""
    return int.from_bytes(key[:8]) >> 64 - _KEY_BITS


def _vote(rating: RecordedRating, turn: _Turn, key: bytes, spot: Spot) -> NewVote:
    winner = {"first": rating.first, "second": rating.second}.get(rating.outcome)
    return NewVote(
        place=spot.place,
        rater=turn.rater,
        kind=turn.kind,
        order=(0, 1) if _is_swapped(rating) is spot.is_turned else (1, 0),
        verdict="output" if winner else rating.outcome,
        winner=winner,
        output_id=_output_id(key, winner) if winner else None,
        strength=rating.strength if winner else 0,
        is_open=rating.is_open,
        body={"note": rating.note} if rating.note else {},
        said_at=rating.said_at,
    )


def _is_swapped(rating: RecordedRating) -> bool:
    """Whether the contender that comes second by name stood left."""
    return (rating.first < rating.second) is rating.is_turned


def _fingerprint(rating: RecordedRating) -> int:
    said = (rating.outcome, rating.strength, _is_swapped(rating), rating.said_at, rating.note)
    winner = {"first": rating.first, "second": rating.second}.get(rating.outcome)
    return hash((winner, *said[1:])) & (1 << _PRINT_BITS) - 1 if winner else hash(said) & (1 << _PRINT_BITS) - 1


def _unit_key(rating: RecordedRating) -> bytes:
    one, two = (rating.first, rating.first_text), (rating.second, rating.second_text)
    sides = (*one, *two) if rating.first < rating.second else (*two, *one)
    content = "\x1f".join((rating.prompt, rating.question, *sides))
    return blake2b(content.encode(), digest_size=16).digest()


def _output_id(key: bytes, member: str) -> str:
    return f"{key.hex()[:12]} {member}"


def _unit(rating: RecordedRating, key: bytes, place: int) -> NewUnit:
    sides = ((rating.first, rating.first_text), (rating.second, rating.second_text))
    body: dict[str, Json] = {
        "reference": rating.reference,
        "language": rating.language,
        "gold": None,
        "feedback": "",
        "tags": list(rating.tags),
        "question": rating.question,
        "key": key.hex(),
    }
    contenders = [
        NewContender(role="candidate", output_id=_output_id(key, member), member=member, text=text)
        for member, text in sides
    ]
    return NewUnit(place=place, prompt=rating.prompt, contenders=contenders, body=body)
