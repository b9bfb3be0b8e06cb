"""All real models through LiteLLM, on a thread and a loop of their own. The only module that imports it.

LiteLLM costs seconds and 165 MB to import, so that happens when the first real model is asked; see the settings made
around the import for what it would otherwise do by itself.
"""

import asyncio
import gc
import logging
import math
import os
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from fusion_ui.engine.sampling import Delta, Reply, Request
from fusion_ui.engine.values import Completion, Failure
from fusion_ui.providers.calls import NO_KEY, Call, call_for, secrets_of
from fusion_ui.providers.faults import CallError, Fault, explain
from fusion_ui.providers.reception import STANDARD, Deadlines, Ending, Reception
from fusion_ui.providers.redaction import without_keys
from fusion_ui.providers.worker import Emit, Worker

# Read by LiteLLM while it is imported.
_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # no download of prices
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",  # no download at the first call to Anthropic
    "LITELLM_MODE": "PRODUCTION",  # no .env file of whatever folder it finds
    "REPEATED_STREAMING_CHUNK_LIMIT": "1000000000",  # a repeated piece is no error; our own cap ends a loop
    "NETRC": os.devnull,  # with proxies on, aiohttp would send logins of ~/.netrc to typed addresses
}
_FLAGS = {
    "suppress_debug_info": True,  # no advertising on stdout
    "drop_params": True,  # settings a vendor does not know are dropped, not fatal
    "disable_hf_tokenizer_download": True,  # else each llama stream ends in a blocking download
    "disable_streaming_logging": True,
    "aiohttp_trust_env": True,  # proxies of the environment on all routes, not only on some
}
# Below WARNING these write prompts, addresses and headers.
_LOGGERS = ("LiteLLM", "openai", "httpx", "httpcore", "aiohttp")
_NOWHERE = "http://127.0.0.1:9/v1"  # the discard port: refused at once, and the refusal loads what a call needs


class LiteLLMSampler:
    """Samples from any model LiteLLM knows; `environ` is where keys are looked up and what is kept out of messages.

    At most `concurrency` calls are open per endpoint; the others wait for their turn.
    """

    def __init__(self, *, environ: Mapping[str, str], deadlines: Deadlines = STANDARD, concurrency: int = 8) -> None:
        self._environ = environ
        self._deadlines = deadlines
        self._concurrency = concurrency
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._worker = Worker("litellm")
        self._chance = random.Random()
        self._litellm: Any = None

    async def sample(self, request: Request) -> AsyncGenerator[Reply, None]:
        """Stream the reply to one request; every fault becomes a note and another try, or the failure at the end."""
        has_ended = False
        async with aclosing(self._worker.stream(partial(self._answer, request))) as replies:
            async for reply in replies:
                has_ended = not isinstance(reply, Delta)
                yield reply
        if not has_ended:
            yield Failure(stage="sampling", kind="cancelled", message="The connection to the models was closed.")

    async def warm_up(self) -> None:
        """Do now what would hold up the first call: import LiteLLM and let it load its lazy parts. Asks nobody."""
        async with aclosing(self._worker.stream(self._warm)) as nothing:
            await anext(nothing, None)

    def close(self) -> None:
        """End all calls and their thread; blocks until that is done. Sampling again would start anew."""
        self._worker.close(self._let_go)
        self._gates.clear()

    async def _answer(self, request: Request, emit: Emit[Reply]) -> None:
        asked_at: float | None = None
        loop = asyncio.get_running_loop()
        secrets = secrets_of(request.member, self._environ)
        for tried in count(1):
            reception = Reception(emit=emit, deadlines=self._deadlines)
            try:
                call = call_for(request, self._environ)
                if tried == 1 and call.ignored:
                    emit(Delta(text=f"Settings that are not passed on: {', '.join(call.ignored)}.", channel="note"))
                library = self._library()
                async with self._gate(call.endpoint):
                    asked_at = asked_at or loop.time()
                    ending = await self._receive(library, call, reception)
                cost_usd = _cost_usd(library, call, ending.usage)
                whole = _completion(reception, ending, asked_at=asked_at, cost_usd=cost_usd)
                text, thought = (without_keys(said, secrets) for said in (whole.text, whole.thought))
                emit(replace(whole, text=text, thought=thought))
                return
            except Exception as error:  # noqa: BLE001 - the sampling border: all a vendor's library raises ends here
                fault = explain(error, member=request.member, secrets=secrets)
            pause_s = self._pause_s(fault, tried)
            if pause_s is None or not reception.transcript.is_empty:
                partial_text = without_keys(reception.transcript.text, secrets)
                emit(fault.failure(text=partial_text, duration_ms=_ms_since(asked_at)))
                return
            emit(Delta(text=f"{fault.happened} Trying again in {math.ceil(pause_s)} s.", channel="note"))
            await asyncio.sleep(pause_s)

    async def _receive(self, library: Any, call: Call, reception: Reception) -> Ending:
        waits = self._deadlines
        opening = library.acompletion(
            **call.arguments,
            num_retries=0,
            max_retries=0,
            # Ours always come first; this one only has to be longer, since LiteLLM's own default is 6000 s.
            timeout=max(waits.first_token_s, waits.idle_s, waits.whole_s) + 5,
        )
        return await (reception.stream(opening) if call.is_streamed else reception.whole(opening))

    def _gate(self, endpoint: str) -> asyncio.Semaphore:
        return self._gates.setdefault(endpoint, asyncio.Semaphore(self._concurrency))

    def _pause_s(self, fault: Fault, tried: int) -> float | None:
        """Seconds until the next try, None for no next try. The jitter keeps many draws from returning as one crowd."""
        waits = self._deadlines
        if tried >= waits.tries or tried > fault.retries or (fault.wait_s or 0) > waits.longest_pause_s:
            return None
        if fault.wait_s is not None:
            return fault.wait_s + self._chance.uniform(0, waits.backoff_s)
        return self._chance.uniform(0, waits.backoff_s * 2**tried)

    def _library(self) -> Any:
        if self._litellm is None:
            self._litellm = _import_litellm()
        return self._litellm

    async def _warm(self, _emit: Emit[Reply]) -> None:
        if self._litellm is not None:
            return
        acompletion = partial(
            self._library().acompletion,
            messages=[{"role": "user", "content": "hi"}],
            api_key=NO_KEY,
            num_retries=0,
            max_retries=0,
            timeout=5,
        )
        with suppress(Exception):  # what fails here will fail again, with a reader, when a model is asked
            async for _ in await acompletion(model="openai/gpt-4o-mini", mock_response="hi", stream=True):
                pass
        with suppress(Exception):
            await acompletion(model="openai/nobody", api_base=_NOWHERE)
        # What was loaded stays; without this each full collection walks it and stops the screen's loop meanwhile.
        gc.collect()
        gc.freeze()

    async def _let_go(self) -> None:
        if self._litellm is not None:
            await self._litellm.close_litellm_async_clients()
            self._litellm.in_memory_llm_clients_cache.flush_cache()


def _import_litellm() -> Any:
    os.environ.update(_ENVIRONMENT)
    import litellm  # here and not above, because it takes seconds and reads the settings just made

    for name, flag in _FLAGS.items():
        setattr(litellm, name, flag)
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    return litellm


def _completion(reception: Reception, ending: Ending, *, asked_at: float, cost_usd: float | None) -> Completion:
    """The completion, or CallError where there is none to speak of."""
    said = reception.transcript
    finish_reason = "too_long" if said.is_full else ending.finish_reason
    if not said.text.strip() and finish_reason not in ("length", "too_long"):
        if finish_reason == "content_filter":
            raise CallError("policy")
        raise CallError("empty", "it only thought" if said.thought else "")
    usage = ending.usage
    return Completion(
        text=said.text,
        thought=said.thought,
        finish_reason=finish_reason,
        input_tokens=getattr(usage, "prompt_tokens", None) or None,
        output_tokens=getattr(usage, "completion_tokens", None) or None,
        cost_usd=cost_usd,
        duration_ms=_ms_since(asked_at),
        first_token_ms=None if reception.first_token_at is None else (reception.first_token_at - asked_at) * 1000,
    )


def _cost_usd(library: Any, call: Call, usage: Any) -> float | None:
    """US dollars by the member's own prices or the list LiteLLM ships; None where nobody knows, such as own servers."""
    if usage is None:
        return None
    if call.prices is not None:
        return float(usage.prompt_tokens * call.prices.input + usage.completion_tokens * call.prices.output)
    if not call.has_list_price:
        return None
    with suppress(Exception):  # the class for an unlisted model differs between releases
        return float(sum(library.cost_per_token(model=call.arguments["model"], usage_object=usage)))
    return None


def _ms_since(began: float | None) -> float | None:
    return None if began is None else (asyncio.get_running_loop().time() - began) * 1000
