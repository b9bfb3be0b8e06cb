"""Candidates that stand anywhere in any number of files, gathered by their prompt into pools.

The texts wait in a temporary file, so that memory holds little more than where they are.
"""

import json
from collections.abc import Iterator
from hashlib import blake2b, sha256
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

from fusion_ui.engine.sampling import Recorded
from fusion_ui.engine.values import Completion, Prompt
from fusion_ui.exchange.candidates import MOST_CANDIDATES, RecordedPool
from fusion_ui.exchange.recorded_ratings import ImportRefusedError, RecordedCandidate
from fusion_ui.exchange.texts import LineError

MOST_GATHERED = 5_000_000
_SEED_BITS = 53  # what JavaScript holds exactly


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
        self._places_by_prompt: dict[bytes, list[int]] = {}
        self._gathered = 0

    def add(self, candidate: RecordedCandidate) -> None:
        """Takes a candidate in. Raises LineError where its prompt has as many as a pool holds."""
        key = blake2b(candidate.prompt.encode(), digest_size=16).digest()
        places = self._places_by_prompt.setdefault(key, [])
        if len(places) >= MOST_CANDIDATES:
            raise LineError(f"is beyond the {MOST_CANDIDATES} candidates that a prompt may have")
        self._gathered += 1
        if self._gathered > MOST_GATHERED:
            raise ImportRefusedError(f"These are more than {MOST_GATHERED:,} candidates. Bring fewer files in at once.")
        said = candidate._replace(prompt="" if places else candidate.prompt)
        places.append(self._texts.tell())
        self._texts.write(json.dumps(said[1:]).encode() + b"\n")

    def pools(self) -> Iterator[RecordedPool]:
        """Every prompt with its candidates; what one of them says of the prompt holds for all."""
        for places in self._places_by_prompt.values():
            yield _pool([self._candidate(place) for place in places])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._texts.close()

    def _candidate(self, place: int) -> RecordedCandidate:
        self._texts.seek(place)
        *said, tags = json.loads(self._texts.readline())
        named: dict[str, Any] = dict(zip(RecordedCandidate._fields[1:-1], said, strict=True))
        return RecordedCandidate(line=0, **named, tags=tuple(tags))


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
