"""Asking a judge: its prompts, reading its replies, and judging while sampling is still going on.

Pairs are shown in both orders, because a single order measures position as well as quality. A reply that cannot be
read is no verdict; it is never a zero, a tie or a win.
"""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, NamedTuple

from fusion_ui.engine.events import Event, JudgementMade
from fusion_ui.engine.prompts import fenced, mark_of, wording
from fusion_ui.engine.sampling import Message, Request, Sampler, clean, reply_of
from fusion_ui.engine.spending import Purse
from fusion_ui.engine.values import Candidate, Completion, Failure, Judgement, Member, Prompt, SelectorName

MOST_JUDGED = 8  # 56 calls in pairs; a larger pool is judged on the first eight candidates asked for
_FATAL = {"key", "quota", "denied", "model", "request", "budget"}
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_READ_CHARACTERS = 8_000  # at the end of a reply; a verdict takes a few hundred
_WINNER = re.compile(r"winner\W{1,12}(A|B|tie)\b", re.IGNORECASE)
_SCORE = re.compile(r"score\W{1,12}(\d+(?:\.\d+)?)(?:\s*/\s*10)?", re.IGNORECASE)


class Verdict(NamedTuple):
    """What a judge's reply says; both None when it cannot be read."""

    winner: str | None
    score: float | None
    reason: str


class Judge:
    """Judges candidates as they finish. `spawn` starts a task in the run's task group; verdicts go out as events."""

    def __init__(
        self,
        *,
        prompt: Prompt,
        member: Member,
        selector: SelectorName,
        sampler: Sampler,
        emit: Callable[[Event], None],
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        purse: Purse,
        rng: Random,
    ) -> None:
        self._prompt, self._member, self._sampler = prompt, member, sampler
        self._emit, self._spawn, self._purse, self._rng = emit, spawn, purse, rng
        self._in_pairs = selector == "judge-pairs"
        self._judged: list[Candidate] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.judgements: list[Judgement] = []
        self.broken: Failure | None = None

    def consider(self, candidate: Candidate) -> None:
        """Start judging this candidate, against all earlier ones where pairs are judged."""
        if candidate.position > MOST_JUDGED or not candidate.completion.text:
            return
        if not self._in_pairs:
            self._ask(candidate)
        for earlier in self._judged if self._in_pairs else ():
            self._ask(earlier, candidate)
            self._ask(candidate, earlier)
        self._judged.append(candidate)

    async def finish(self) -> list[Judgement]:
        """Every judgement, once the last one is in."""
        await asyncio.gather(*self._tasks)
        return self.judgements

    def _ask(self, *shown: Candidate) -> None:
        request = judge_request(self._prompt, shown, member=self._member, rng=self._rng)
        self._tasks.append(self._spawn(self._judge(request, tuple(candidate.position for candidate in shown))))

    async def _judge(self, request: Request, shown: tuple[int, ...]) -> None:
        if self.broken is None and not self._purse.affords_another():
            self.broken = self._purse.refusal("judging")
        if self.broken is not None:
            return
        with self._purse.open_call():
            reply = await reply_of(self._sampler, request)
        if isinstance(reply, Failure):
            if reply.kind in _FATAL:
                self.broken = reply
            judgement = Judgement(shown=shown, is_readable=False, reason=reply.message)
        else:
            self._purse.spend(reply)
            judgement = judgement_of(reply, shown)
        self.judgements.append(judgement)
        self._emit(JudgementMade(judgement=judgement))


def judge_request(prompt: Prompt, shown: tuple[Candidate, ...], *, member: Member, rng: Random) -> Request:
    """The request that shows one candidate to be scored, or two to be compared, fenced as untrusted material."""
    texts = [candidate.completion.text for candidate in shown]
    mark = mark_of(prompt.text, *texts, salt=rng.getrandbits(64))
    labels = ("answer-A", "answer-B") if len(shown) == 2 else ("answer",)
    fences = [fenced(text, label=label, mark=mark) for text, label in zip(texts, labels, strict=True)]
    template = wording("judge_pair" if len(shown) == 2 else "judge_score").template
    content = template.substitute(
        mark=mark,
        question=fenced(prompt.text, label="question", mark=mark),
        first=fences[0],
        second=fences[-1],
    )
    return Request(
        member=member,
        messages=(Message(role="user", content=content),),
        purpose="judge",
        prompt_text=prompt.text,
        seed=rng.getrandbits(31),
        temperature=0.0,
        is_streamed=False,
    )


def judgement_of(completion: Completion, shown: tuple[int, ...]) -> Judgement:
    """The judge's reply as a judgement of the candidates at these positions, by position and never by letter."""
    verdict = read_verdict(completion.text)
    if len(shown) == 1:
        is_readable, winner = verdict.score is not None, None
    else:
        is_readable = verdict.winner is not None
        winner = {"a": shown[0], "b": shown[1]}.get((verdict.winner or "").lower())
    return Judgement(
        shown=shown,
        winner=winner,
        score=verdict.score if len(shown) == 1 else None,
        reason=verdict.reason,
        is_readable=is_readable,
        completion=completion,
    )


def read_verdict(text: str) -> Verdict:
    """The last verdict in a judge's reply: JSON if there is any, else a labelled winner or score. Never raises."""
    text = _THINKING.sub("", text)[-_READ_CHARACTERS:]
    for parsed in reversed(_objects(text)):
        verdict = Verdict(_winner(parsed.get("winner")), _score(parsed.get("score")), _word(parsed.get("reason")))
        if verdict.winner or verdict.score is not None:
            return verdict
    winners, scores = _WINNER.findall(text), _SCORE.findall(text)
    return Verdict(
        _winner(winners[-1]) if winners else None, _score(scores[-1]) if scores else None, text.strip()[:300]
    )


def _objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects in this text; what stands inside one, as in a reason that quotes an answer, is no other."""
    decoder, found, at = json.JSONDecoder(strict=False), [], text.find("{")
    while at >= 0:
        try:
            parsed, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(parsed)
        at = text.find("{", end)
    return found


def _winner(said: object) -> str | None:
    word = _word(said).strip().lower()
    return word if word in ("a", "b", "tie") else None


def _score(said: object) -> float | None:
    try:
        score = float(_word(said).removesuffix("/10"))
    except ValueError:
        return None
    return score if 0 <= score <= 10 else None


def _word(said: object) -> str:
    """A word or a number as said; JSON may spell what cannot be stored: "\\ud800"."""
    return clean(str(said)) if isinstance(said, str | int | float) else ""
