"""Candidates that stand anywhere in any number of files, gathered by their prompt into pools.

The texts wait in a temporary file, each with the place of the one before it to the same prompt, so that memory holds
two whole numbers a prompt.
"""

import json
from array import array
from collections.abc import Iterator
from hashlib import blake2b, sha256
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

from fusion_ui.engine.sampling import Recorded
from fusion_ui.engine.values import Completion, Prompt
from fusion_ui.exchange.candidates import MOST_CANDIDATES, RecordedPool
from fusion_ui.exchange.numbers import Numbers
from fusion_ui.exchange.recorded_ratings import ImportRefusedError, RecordedCandidate
from fusion_ui.exchange.texts import LineError

MOST_GATHERED = 5_000_000
_SEED_BITS = 53  # what JavaScript holds exactly
_KEY_BITS = 63  # two of five million prompts share a key with a chance of 10**-6
_COUNT_BITS = 7  # a prompt has at most 100 candidates


def pool_seed(pool: RecordedPool) -> int:
    """The seed of the run over this pool: made from its content, so that the same pool is known again."""
    prompt = pool.prompt
    candidates = [[each.member, each.completion.text] for _, each in sorted(pool.recorded.items())]
    content = json.dumps([prompt.text, prompt.reference, prompt.language, prompt.tags, candidates])
    return int.from_bytes(sha256(content.encode()).digest()[:8]) >> (64 - _SEED_BITS)


class PoolGathering:
    """Takes candidates one by one; afterwards gives the pools, in the order in which their prompts were first seen."""

    def __init__(self) -> None:
        self._texts = TemporaryFile()  # noqa: SIM115 - closed with the gathering itself
        self._number_by_prompt = Numbers()
        self._last = array("q")  # by prompt: where its last candidate is, and how many it has
        self._gathered = 0

    def add(self, candidate: RecordedCandidate) -> None:
        """Takes a candidate in. Raises LineError where its prompt has as many as a pool holds."""
        number = self._number(candidate.prompt)
        before, count = divmod(self._last[number], 1 << _COUNT_BITS)
        if count >= MOST_CANDIDATES:
            raise LineError(f"is beyond the {MOST_CANDIDATES} candidates that a prompt may have")
        self._gathered += 1
        if self._gathered > MOST_GATHERED:
            raise ImportRefusedError(f"These are more than {MOST_GATHERED:,} candidates. Bring fewer files in at once.")
        said = candidate._replace(prompt="" if count else candidate.prompt)
        self._last[number] = self._texts.tell() << _COUNT_BITS | count + 1
        self._texts.write(json.dumps([before, *said[1:]]).encode() + b"\n")

    def pools(self) -> Iterator[RecordedPool]:
        """Every prompt with its candidates; what one of them says of the prompt holds for all."""
        for last in self._last:
            yield _pool(self._candidates(*divmod(last, 1 << _COUNT_BITS)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._texts.close()

    def _number(self, prompt: str) -> int:
        """The number of this prompt, in the order in which they were first seen."""
        key = int.from_bytes(blake2b(prompt.encode(), digest_size=8).digest()) >> 64 - _KEY_BITS
        known = self._number_by_prompt.put_new(key, len(self._last))
        if known is None:
            self._last.append(0)
            return len(self._last) - 1
        return known

    def _candidates(self, place: int, count: int) -> list[RecordedCandidate]:
        """So many candidates, of which the last is at this place."""
        found: list[RecordedCandidate] = []
        for _ in range(count):
            self._texts.seek(place)
            place, *said, tags = json.loads(self._texts.readline())
            named: dict[str, Any] = dict(zip(RecordedCandidate._fields[1:-1], said, strict=True))
            found.append(RecordedCandidate(line=0, **named, tags=tuple(tags)))
        return found[::-1]


def _pool(candidates: list[RecordedCandidate]) -> RecordedPool:
    def first(values: Iterator[str | None]) -> str | None:
        return next((value for value in values if value), None)

    return RecordedPool(
        prompt=Prompt(
            text=candidates[0].prompt,
            reference=first(each.reference for each in candidates),
            language=first(each.language for each in candidates),
            tags=tuple(dict.fromkeys(tag for each in candidates for tag in each.tags)),
        ),
        recorded={
            position: Recorded(member=each.member, model="recorded", completion=Completion(text=each.text))
            for position, each in enumerate(candidates, start=1)
        },
    )
