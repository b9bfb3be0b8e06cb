"""Which sampler answers for which member: by the prefix of its model name."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Protocol

from fusion_ui.engine.sampling import Reply, Request, Sampler


class HeavySampler(Sampler, Protocol):
    """A sampler that holds threads and connections, and is slow the first time."""

    async def warm_up(self) -> None:
        """Get ready, so that the first request need not wait for it."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class RoutingSampler:
    """Hands each request to the sampler of its model's prefix; `otherwise` is made when first needed.

    Making it late keeps the demo free of the weight of the real providers.
    """

    def __init__(self, by_prefix: Mapping[str, Sampler], otherwise: Callable[[], HeavySampler]) -> None:
        self._by_prefix = by_prefix
        self._otherwise = otherwise
        self._made: HeavySampler | None = None

    async def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """Stream the reply of whoever answers for this member."""
        async with aclosing(self._sampler(request.member.model).sample(request)) as replies:
            async for reply in replies:
                yield reply

    async def warm_up(self) -> None:
        """Make the late sampler, and have it ready."""
        await self._late().warm_up()

    def close(self) -> None:
        """Close the late sampler, if it was ever made."""
        if self._made is not None:
            self._made.close()

    def _sampler(self, model: str) -> Sampler:
        fitting = (sampler for prefix, sampler in self._by_prefix.items() if model.startswith(prefix))
        return next(fitting, None) or self._late()

    def _late(self) -> HeavySampler:
        if self._made is None:
            self._made = self._otherwise()
        return self._made
