"""The pools that files of candidates come to, counted once and read as often as needed; each file by its own format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from fusion_ui.exchange.candidates import RecordedPool
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.pool_gathering import PoolGathering
from fusion_ui.exchange.recorded import Problem
from fusion_ui.exchange.sniffing import Format
from fusion_ui.exchange.texts import LineError
from fusion_ui.imports.pools import pool_run
from fusion_ui.imports.reading import candidates_in, pools_in
from fusion_ui.imports.understood import Problems


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What files of candidates hold; `already` are the pools whose runs are `known` by their seeds."""

    format_by_file: Mapping[RecordedFile, Format]
    known: frozenset[int] = frozenset()
    problems: Problems = field(default_factory=Problems)
    members: dict[str, None] = field(default_factory=dict)
    prompts: int = 0
    candidates: int = 0
    already: int = 0
    _gathering: PoolGathering = field(default_factory=PoolGathering)

    def count(self) -> None:
        """Reads all files, and counts what they hold."""
        for file, format_ in self.format_by_file.items():
            if format_ != "pools":
                self._gather(file, format_)
        for pool in self.pools(problems=self.problems):
            self.prompts += 1
            self.candidates += len(pool.recorded)
            self.already += pool_run(pool).recipe.seed in self.known
            self.members |= dict.fromkeys(each.member for each in pool.recorded.values())

    def pools(self, *, problems: Problems | None = None) -> Iterator[RecordedPool]:
        """Every pool; what is wrong with lines of pools goes to the problems."""
        yield from self._gathering.pools()
        for file in (file for file, format_ in self.format_by_file.items() if format_ == "pools"):
            for pool in pools_in(file):
                if isinstance(pool, RecordedPool):
                    yield pool
                elif problems is not None:
                    problems.add(pool)

    def _gather(self, file: RecordedFile, format_: Format) -> None:
        for candidate in candidates_in(file, format_):
            if isinstance(candidate, Problem):
                self.problems.add(candidate)
                continue
            try:
                self._gathering.add(candidate)
            except LineError as error:
                self.problems.add(Problem(file.label, candidate.line, str(error)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.__exit__(kind, error, trace)
