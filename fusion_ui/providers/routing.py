"""Which sampler answers for which member: by the prefix of its model name."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from fusion_ui.engine.sampling import Reply, Request, Sampler


class RoutingSampler:
    """Hands each request to the sampler of its model's prefix; `otherwise` is made when first needed.

    Making it late keeps the demo free of the weight of the real providers.
    """

    def __init__(self, by_prefix: Mapping[str, Sampler], otherwise: Callable[[], Sampler]) -> None:
        self._by_prefix = by_prefix
        self._otherwise = otherwise
        self._made: Sampler | None = None

    async def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """Stream the reply of whoever answers for this member."""
        async with aclosing(self._sampler(request.member.model).sample(request)) as replies:
            async for reply in replies:
                yield reply

    def _sampler(self, model: str) -> Sampler:
        for prefix, sampler in self._by_prefix.items():
            if model.startswith(prefix):
                return sampler
        if self._made is None:
            self._made = self._otherwise()
        return self._made
