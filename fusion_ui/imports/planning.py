"""From recorded judgements to units and votes: which pairs are the same, who said something again.

Nothing is stored here. The contenders of a unit stand in the order of their members' names, whichever was named first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from fusion_ui.exchange.recorded_ratings import JUDGE, ImportRefusedError, RecordedRating
from fusion_ui.exchange.texts import LineError
from storage.ratings import plain_name
from storage.recorded_studies import KnownUnit, NewVote
from storage.rows import Json
from storage.studies import NewContender, NewUnit
from storage.trials import Kind

MOST_JUDGEMENTS = 3_000_000
LONGEST_NAME = 200
UNNAMED, UNNAMED_JUDGE = "unnamed rater", "judge: unnamed"
_MOST_SLOTS = 1_000
_RATER_BITS = 24
_PRINT_BITS = 32


class PlannedUnit(NamedTuple):
    """A unit that is not stored yet."""

    unit: NewUnit


class PlannedVote(NamedTuple):
    """A judgement of a unit that is stored in the study of this id, or (None) of a new one; by its line in its file."""

    study_id: str | None
    vote: NewVote
    line: int


Planned: TypeAlias = PlannedUnit | PlannedVote


class _Place(NamedTuple):
    """Where a unit is or will be, and its number in this plan."""

    number: int
    study_id: str | None
    place: int


class _Turn(NamedTuple):
    """By which rater a judgement counts, and as the first or second time."""

    rater: str
    kind: Kind


@dataclass(slots=True, kw_only=True)
class Planner:
    """Plans one judgement after the other; `judge` names the rater who is a model, `known` are the series' units."""

    judge: str = ""
    known: Mapping[bytes, KnownUnit] = field(default_factory=dict)
    raters: dict[str, int] = field(default_factory=dict)
    members: dict[str, None] = field(default_factory=dict)
    prompts: set[int] = field(default_factory=set)
    judgements: int = 0
    _place_by_key: dict[bytes, _Place] = field(default_factory=dict)
    _said: dict[int, int] = field(default_factory=dict)
    _free: dict[tuple[int, str], int] = field(default_factory=dict)
    _new: int = 0

    def plan(self, rating: RecordedRating) -> Iterator[Planned]:
        """What this judgement adds: a vote, and before it the unit where that is new. Raises LineError."""
        key = _unit_key(rating)
        base = self._rater(rating)
        place = self._place_by_key.get(key)
        if place is None:
            place = self._see(key, rating)
            if place.study_id is None:
                yield PlannedUnit(_unit(rating, key, place.place))
        turn = self._turn(rating, base, place.number)
        self.judgements += 1
        if self.judgements > MOST_JUDGEMENTS:
            raise ImportRefusedError(f"These are more than {MOST_JUDGEMENTS:,} judgements. Split the file.")
        yield PlannedVote(place.study_id, self._vote(rating, turn, key, place.place), rating.line)

    def _see(self, key: bytes, rating: RecordedRating) -> _Place:
        stored = self.known.get(key)
        number = len(self._place_by_key)
        place = _Place(number, stored.study_id, stored.place) if stored else _Place(number, None, self._new)
        self._new += stored is None
        self._place_by_key[key] = place
        self.prompts.add(hash((rating.prompt, rating.question)))
        self.members[rating.first] = self.members[rating.second] = None
        return place

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
        before = self._said.get(place)
        if before is None:
            self._said[place] = print_ << 2 | order << 1
            return "main"
        if rating.rater and before >> 2 == print_:
            raise LineError(f"says again what {name[:60]!r} said of this pair before")
        is_other_order = before >> 1 & 1 != order
        is_again = bool(rating.rater) or (rating.is_model and is_other_order)
        if before & 1 or not is_again:
            return None
        self._said[place] = before | 1
        return "repeat"

    def _vote(self, rating: RecordedRating, turn: _Turn, key: bytes, place: int) -> NewVote:
        winner = {"first": rating.first, "second": rating.second}.get(rating.outcome)
        body: dict[str, Json] = {"note": rating.note} if rating.note else {}
        return NewVote(
            place=place,
            rater=turn.rater,
            kind=turn.kind,
            order=(1, 0) if _is_swapped(rating) else (0, 1),
            verdict="output" if winner else rating.outcome,
            winner=winner,
            output_id=_output_id(key, winner) if winner else None,
            strength=rating.strength if winner else 0,
            is_open=rating.is_open,
            body=body,
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
    sides = sorted(((rating.first, rating.first_text), (rating.second, rating.second_text)))
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
