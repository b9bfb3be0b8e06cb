"""Which answer people preferred, pair by pair, and which of these pairs are good enough to train on.

Judgements of model judges never count. Each pair that is left out is counted once, under the first rule it breaks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from fusion_ui.engine.voting import leaders
from fusion_ui.exports.judged_pairs import About, Answer, JudgedPair, turned
from fusion_ui.replay import StoredRun, read_run
from fusion_ui.studies.taxonomy import Taxonomy
from storage.provenance import marked_on
from storage.rows import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a pair must be to be kept. `share` is of all judgements, ties counting half and "both bad" nothing."""

    is_blind: bool = True
    flaw_floor: str | None = None
    agrees_with_vote: bool = False
    judgements: int = 1
    share: float = 0.5
    has_no_ties: bool = False
    is_one_a_prompt: bool = False
    takes_too_fast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """A pair as people see it: `chosen` won more often."""

    about: About
    chosen: Answer
    rejected: Answer
    wins: int
    ties: int
    losses: int
    both_bad: int
    raters: int
    rating_ids: tuple[str, ...]

    @property
    def judgements(self) -> int:
        """How many there are."""
        return self.wins + self.ties + self.losses + self.both_bad

    @property
    def share(self) -> float:
        """What part of them goes to the chosen one."""
        return (self.wins + self.ties / 2) / self.judgements


class Answered(NamedTuple):
    """An answer to what it was about."""

    about: About
    answer: Answer


class Sieve:
    """Keeps what passes, and counts what does not by why."""

    def __init__(self, reader: Reader, filters: Filters, taxonomy: Taxonomy) -> None:
        self.left_out: Counter[str] = Counter()
        self._reader = reader
        self._filters = filters
        self._weight_by_severity = {each.name: each.weight for each in taxonomy.severities}
        self._taxonomy = taxonomy
        self._run: StoredRun | None = None

    def preferred(self, pairs: Iterable[JudgedPair]) -> Iterator[Preferred]:
        """The pairs that pass; pairs come item by item."""
        kept = (each for each in _tallied(self._counted(pairs)) if self._passes(each))
        return self._best_of_prompts(kept) if self._filters.is_one_a_prompt else kept

    def is_fit(self, answered: Answered) -> bool:
        """Whether an answer passes the rules that are about one answer alone."""
        return self._caught(
            ("has a flaw", lambda: self._has_flaw(answered)),
            ("disagrees with the vote", lambda: self._filters.agrees_with_vote and not self._is_voted(answered)),
        )

    def _counted(self, pairs: Iterable[JudgedPair]) -> Iterator[JudgedPair]:
        for pair in pairs:
            is_hasty = pair.is_too_fast and not self._filters.takes_too_fast
            is_seen = self._filters.is_blind and pair.is_after_reveal
            if not (pair.is_model or is_hasty or is_seen):
                yield pair

    def _passes(self, pair: Preferred) -> bool:
        filters = self._filters
        return self._caught(
            ("was not judged blind", lambda: filters.is_blind and not pair.about.is_blind),
            ("nobody's favourite", lambda: pair.wins <= pair.losses),
            ("the same text twice", lambda: pair.chosen.text.strip() == pair.rejected.text.strip()),
            ("an empty answer", lambda: not pair.chosen.text.strip() or not pair.rejected.text.strip()),
            ("too few judgements", lambda: pair.judgements < filters.judgements),
            ("too small a share", lambda: pair.share < filters.share),
            ("somebody saw a tie", lambda: filters.has_no_ties and pair.ties + pair.both_bad > 0),
        ) and self.is_fit(Answered(pair.about, pair.chosen))

    def _caught(self, *rules: tuple[str, Callable[[], bool]]) -> bool:
        for words, is_broken in rules:
            if is_broken():
                self.left_out[words] += 1
                return False
        return True

    def _has_flaw(self, answered: Answered) -> bool:
        if self._filters.flaw_floor is None:
            return False
        about, floor = answered.about, self._weight_by_severity[self._filters.flaw_floor]
        marks = marked_on(
            self._reader, answered.answer.output_id, study_id=about.study_id or None, unit_place=about.item
        )
        # A severity of another taxonomy may mean anything, so it counts.
        return any(
            self._weight_by_severity.get(severity, floor) >= floor
            for category, severity in marks
            if (known := self._taxonomy.class_of(category)) is None or known.is_flaw
        )

    def _is_voted(self, answered: Answered) -> bool:
        """Whether the answer is one that the vote leads with; what has no vote or no answer agrees with none."""
        run_id = answered.about.run_id
        if not run_id:
            return False
        if self._run is None or self._run.rows.run.id != run_id:
            self._run = read_run(self._reader, run_id)
        said = next((row.answer for row in self._run.rows.outputs if row.id == answered.answer.output_id), None)
        return said is not None and said in leaders(self._run.view.tally)

    def _best_of_prompts(self, pairs: Iterable[Preferred]) -> Iterator[Preferred]:
        best_by_prompt: dict[str, Preferred] = {}
        for pair in pairs:
            known = best_by_prompt.setdefault(pair.about.prompt, pair)
            if known is not pair:
                self.left_out["another pair of the prompt is surer"] += 1
                best_by_prompt[pair.about.prompt] = max(known, pair, key=lambda each: (each.share, each.judgements))
        yield from best_by_prompt.values()


def _tallied(pairs: Iterable[JudgedPair]) -> Iterator[Preferred]:
    """Every pair that was judged, with what its judgements come to, told from the side of who won more often."""
    for _, alike in groupby(pairs, key=lambda pair: (pair.about.study_id, pair.about.item, pair.about.run_id)):
        by_answers: dict[frozenset[tuple[str, str]], list[JudgedPair]] = {}
        for pair in alike:
            key = frozenset((each.output_id, each.role) for each in (pair.first, pair.second))
            by_answers.setdefault(key, []).append(pair)
        yield from map(_preferred, by_answers.values())


def _preferred(pairs: list[JudgedPair]) -> Preferred:
    first = pairs[0].first
    told = [pair if pair.first == first else turned(pair) for pair in pairs]
    counts = Counter(pair.outcome for pair in told)
    is_first = counts["first"] >= counts["second"]
    wins, losses = (counts["first"], counts["second"]) if is_first else (counts["second"], counts["first"])
    return Preferred(
        about=pairs[0].about,
        chosen=told[0].first if is_first else told[0].second,
        rejected=told[0].second if is_first else told[0].first,
        wins=wins,
        ties=counts["tie"],
        losses=losses,
        both_bad=counts["all_bad"],
        raters=len({pair.rater for pair in pairs}),
        rating_ids=tuple(pair.rating_id for pair in pairs),
    )
