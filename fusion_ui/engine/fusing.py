"""Fusion-of-N: one answer written from all candidates ("Making, not Taking, the Best of N", arXiv 2510.00931).

The fusor sees the prompt, the language and the candidates in shuffled order: no scores, ranks, votes or names.
The offline extractive fusor needs no model and says so. Either way the text's sources are traced afterwards.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from fusion_ui.engine.answers import Checker, extract, group_key
from fusion_ui.engine.attribution import copied_text, ledger
from fusion_ui.engine.events import Event, FusionDelta, FusionFinished, FusionStarted, StageFailed
from fusion_ui.engine.extractive import extractive_fusion
from fusion_ui.engine.prompts import fenced, mark_of, wording
from fusion_ui.engine.sampling import Delta, Message, Request, Sampler, reply_of
from fusion_ui.engine.spending import Purse
from fusion_ui.engine.values import Candidate, Completion, Failure, Fusion, Member, Prompt, Tally
from fusion_ui.engine.voting import leader

MOST_FUSED = 8  # gains are flat after about 7 candidates (arXiv 2510.00931); a larger pool is sampled down
EXTRACTIVE = "extractive"
_UNFORMED = "The fusor did not mark its answer, twice: this is its whole reply, comparison included."


def fusable(candidates: Sequence[Candidate], rng: Random) -> tuple[Candidate, ...]:
    """The candidates a fusor sees, in the order it sees them: those with text, at most eight, chosen and shuffled by
    chance alone."""
    with_text = [candidate for candidate in candidates if candidate.completion.text.strip()]
    return tuple(rng.sample(with_text, min(len(with_text), MOST_FUSED)))


def fusor_mark(prompt: Prompt, shown: Sequence[Candidate], *, rng: Random) -> str:
    """The mark of the fences around what the fusor is shown; one draw of chance."""
    return mark_of(prompt.text, *(candidate.completion.text for candidate in shown), salt=rng.getrandbits(48))


def fusor_request(prompt: Prompt, shown: Sequence[Candidate], *, member: Member, rng: Random, mark: str) -> Request:
    """The request to the fusor, with every foreign text fenced."""
    answers = "\n\n".join(
        fenced(candidate.completion.text, label=f"answer-{number}", mark=mark)
        for number, candidate in enumerate(shown, start=1)
    )
    content = wording("fusor").template.substitute(
        mark=mark,
        question=fenced(prompt.text, label="question", mark=mark),
        answers=answers,
        language=f"the language with the code {prompt.language}" if prompt.language else "the language of the question",
    )
    return Request(
        member=member,
        messages=(Message(role="user", content=content),),
        purpose="fusor",
        prompt_text=prompt.text,
        seed=rng.getrandbits(31),
    )


class ReplyReader:
    """Splits a fusor's growing reply into the comparison and the answer between the marked tags.

    Tags without the mark count only in a whole reply that has none with it: a comparison may quote a candidate that
    wrote such tags itself.
    """

    def __init__(self, mark: str) -> None:
        self._marked = re.compile(rf"<fused\s+{mark}\s*>\s*")
        self._unmarked = re.compile(r"<fused\s*>\s*")
        self._closing = re.compile(rf"</fused(?:\s+{mark})?\s*>")
        self._text = ""
        self._told = {"thought": 0, "text": 0}

    def feed(self, piece: str) -> list[FusionDelta]:
        """The deltas this piece makes certain; what might be the start of a tag is held back."""
        self._text += piece
        comparison, answer = self.parts()
        settled = {"thought": comparison, "text": ""}
        if answer is None:
            settled["thought"] = _without_open_tag(comparison)
        elif opening := self._marked.search(self._text):
            is_closed = self._closing.search(self._text, opening.end())
            settled["text"] = answer if is_closed else _without_open_tag(answer)
        deltas = []
        for channel in ("thought", "text"):
            fresh = settled[channel][self._told[channel] :]
            if fresh:
                self._told[channel] += len(fresh)
                deltas.append(FusionDelta(text=fresh, channel="thought" if channel == "thought" else "text"))
        return deltas

    def parts(self) -> tuple[str, str | None]:
        """(comparison, answer) so far; the answer is None while no opening tag has come."""
        opening = self._marked.search(self._text) or self._unmarked.search(self._text)
        head = self._text[: opening.start()] if opening else self._text
        comparison = re.sub(r"</?comparison>\s*", "", head).lstrip()
        if not opening:
            return comparison, None
        answer = self._text[opening.end() :]
        closing = self._closing.search(answer)
        return comparison.rstrip(), answer[: closing.start()].rstrip() if closing else answer


def _without_open_tag(text: str) -> str:
    at = text.rfind("<")
    return text if at < 0 or len(text) - at > 40 else text[:at]


class Fusor:
    """The fusing stage of one run; everything it does goes out as events."""

    def __init__(
        self,
        *,
        prompt: Prompt,
        member: Member | None,
        sampler: Sampler,
        emit: Callable[[Event], None],
        purse: Purse,
        checker: Checker | None,
        rng: Random,
    ) -> None:
        self._prompt, self._member, self._sampler = prompt, member, sampler
        self._emit, self._purse, self._checker, self._rng = emit, purse, checker, rng

    async def fuse(self, candidates: Sequence[Candidate], tally: Tally) -> None:
        """Write the fused answer; without a model the extractive fusor puts it together from the candidates."""
        shown = fusable(candidates, self._rng)
        if not shown:
            self._fail(Failure(stage="fusing", kind="empty", message="No candidate has any text to fuse."))
            return
        order = tuple(candidate.position for candidate in shown)
        if self._member is None:
            self._emit(FusionStarted(fusor=EXTRACTIVE, model="", order=order))
            written: Fusion | Failure = await asyncio.to_thread(_extracted, shown, leader(tally))
        elif not self._purse.affords_another():
            written = self._purse.refusal("fusing")
        else:
            self._emit(FusionStarted(fusor=self._member.name, model=self._member.model, order=order))
            written = await self._written(self._member, shown)
        if isinstance(written, Failure):
            self._fail(written)
            return
        traced = await asyncio.to_thread(_traced, written, shown)
        self._emit(FusionFinished(fusion=await self._checked(traced, tally)))

    async def _written(self, member: Member, shown: Sequence[Candidate]) -> Fusion | Failure:
        """The fusor's answer; a reply without its tags is asked for once more, then shown whole with a warning."""
        mark = fusor_mark(self._prompt, shown, rng=self._rng)
        request = fusor_request(self._prompt, shown, member=member, rng=self._rng, mark=mark)
        reply = await self._asked(request, self._reader(ReplyReader(mark)))
        if isinstance(reply, Failure):
            return reply
        written = _read(reply, member, shown, mark=mark)
        if written is None:
            self._emit(FusionDelta(text="The answer was not marked; asking once more.", channel="note"))
            first, reply = reply, await self._asked(replace(request, seed=request.seed + 1), _ignore)
            if isinstance(reply, Failure):
                return reply
            reply = _paid_together(first, reply)
            written = _read(reply, member, shown, mark=mark)
        raw = _fusion(member, reply, shown, text=reply.text.strip(), comparison="")
        return written or replace(raw, warning=_UNFORMED)

    async def _asked(self, request: Request, on_delta: Callable[[Delta], None]) -> Completion | Failure:
        with self._purse.open_call():
            reply = await reply_of(self._sampler, request, on_delta)
        if isinstance(reply, Completion):
            self._purse.spend(reply)
        return reply

    def _reader(self, reader: ReplyReader) -> Callable[[Delta], None]:
        def read(delta: Delta) -> None:
            if delta.channel == "note":
                self._emit(FusionDelta(text=delta.text, channel="note"))
            elif delta.channel == "text":
                for part in reader.feed(delta.text):
                    self._emit(part)

        return read

    async def _checked(self, fusion: Fusion, tally: Tally) -> Fusion:
        found = extract(fusion.text)
        if found is None:
            return fusion
        answer = await group_key(found.answer, [count.answer for count in tally.counts], self._checker)
        voted = leader(tally)
        return replace(fusion, answer=answer, contradicts_vote=voted is not None and answer != voted)

    def _fail(self, failure: Failure) -> None:
        self._emit(StageFailed(failure=replace(failure, stage="fusing")))


def _ignore(_delta: Delta) -> None:
    """A second attempt is not streamed: its words would follow those of the first."""


def _paid_together(first: Completion, second: Completion) -> Completion:
    """The second reply, with what both took: an unknown part makes the sum unknown."""
    sums: dict[str, Any] = {
        name: None if None in (parts := (getattr(first, name), getattr(second, name))) else sum(parts)
        for name in ("input_tokens", "output_tokens", "cost_usd", "duration_ms")
    }
    return replace(second, **sums)


def _read(reply: Completion, member: Member, shown: Sequence[Candidate], *, mark: str) -> Fusion | None:
    """The fusion in a whole reply, None where its answer is not marked or is empty."""
    reader = ReplyReader(mark)
    reader.feed(reply.text)
    comparison, answer = reader.parts()
    if answer is None or not answer.strip():
        return None
    return _fusion(member, reply, shown, text=answer.strip(), comparison=comparison)


def _fusion(
    member: Member, completion: Completion, shown: Sequence[Candidate], *, text: str, comparison: str
) -> Fusion:
    return Fusion(
        fusor=member.name,
        prompt_version=wording("fusor").version,
        completion=replace(completion, text=text),
        text=text,
        comparison=comparison,
        order=tuple(candidate.position for candidate in shown),
    )


def _extracted(shown: Sequence[Candidate], voted: str | None) -> Fusion:
    extracted = extractive_fusion(sorted(shown, key=lambda candidate: candidate.position), leader=voted)
    return Fusion(
        fusor=EXTRACTIVE,
        prompt_version="extractive-1",
        completion=Completion(text=extracted.text, input_tokens=0, output_tokens=0, cost_usd=0.0),
        text=extracted.text,
        comparison=extracted.comparison,
        order=tuple(candidate.position for candidate in shown),
    )


def _traced(fusion: Fusion, shown: Sequence[Candidate]) -> Fusion:
    by_position = sorted(shown, key=lambda candidate: candidate.position)
    return replace(fusion, copied=copied_text(fusion.text, by_position), ledger=ledger(fusion.text, by_position))
