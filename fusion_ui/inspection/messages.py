"""What was really said to each model: the messages of a stored run, built again by the engine's own builders.

Fences carry marks drawn by chance, and chance is not stored: it is run again from the seed, and counts as known only
where it gives the seeds and the order that are. What cannot be rebuilt to the letter says so, and why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fusion_ui import __version__
from fusion_ui.engine.chances import chance, dealt
from fusion_ui.engine.fusing import fusable, fusor_mark, fusor_request
from fusion_ui.engine.judging import MOST_JUDGED, judge_request
from fusion_ui.engine.prompts import wording
from fusion_ui.engine.sampling import Message, Request
from fusion_ui.engine.values import Candidate, Member
from fusion_ui.replay import StoredRun

_CHANCE_UNKNOWN = "The random marks of the fences and the seed are not those that were sent: they cannot be known."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it was sent, as far as that can be known; `doubts` say what may differ, none where nothing does."""

    member: Member
    messages: tuple[Message, ...]
    seed: int | None
    temperature: float | None
    doubts: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether these are the messages to the letter."""
        return not self.doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A draw as it was asked for; None where it was recorded, so that nobody was asked."""

    position: int
    sent: Sent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question to the judge; `seq` is the number of its reply."""

    seq: int
    shown: tuple[int, ...]
    sent: Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """Everything that was said to models in a run; no fusor where none was asked."""

    draws: tuple[Drawn, ...]
    judge: tuple[Judged, ...]
    fusor: Sent | None


def rebuilt(run: StoredRun) -> Rebuilt:
    """The messages of this run."""
    return Rebuilt(draws=tuple(_draws(run)), judge=tuple(_judged(run)), fusor=_fused(run))


def _draws(run: StoredRun) -> Iterator[Drawn]:
    system = (Message(role="system", content=run.recipe.system),) if run.recipe.system else ()
    messages = (*system, Message(role="user", content=run.prompt.text))
    member_by_name = {member.name: member for member in run.recipe.members}
    for draw in run.rows.draws:
        member = member_by_name.get(draw.member)
        if draw.is_recorded or member is None:
            yield Drawn(position=draw.position, sent=None)
        else:
            sent = Sent(member=member, messages=messages, seed=draw.seed, temperature=member.temperature)
            yield Drawn(position=draw.position, sent=sent)


def _judged(run: StoredRun) -> Iterator[Judged]:
    """The questions that were answered, each with the marks it had: they were drawn in the order of asking."""
    member = run.recipe.judge
    if member is None or not run.view.judgements:
        return
    by_position = {candidate.position: candidate for candidate in run.view.candidates}
    in_pairs = run.recipe.selector == "judge-pairs"
    is_known, rng = _is_chance_known(run), dealt(chance(run.prompt, run.recipe)).judges
    asked = {
        shown: judge_request(run.prompt, tuple(by_position[each] for each in shown), member=member, rng=rng)
        for shown in _asked(_as_finished(run), in_pairs=in_pairs)
    }
    for seq, judgement in enumerate(run.view.judgements, start=1):
        if judgement.shown in asked:
            sent = _sent(asked[judgement.shown], _version_doubts(run), is_known=is_known)
            yield Judged(seq=seq, shown=judgement.shown, sent=sent)


def _as_finished(run: StoredRun) -> list[Candidate]:
    """The candidates in the order in which they were done, which is that of their ids: each id is above all before."""
    by_position = {candidate.position: candidate for candidate in run.view.candidates}
    return [by_position[row.position or 0] for row in sorted(run.rows.candidates, key=lambda row: row.id)]


def _asked(candidates: Sequence[Candidate], *, in_pairs: bool) -> Iterator[tuple[int, ...]]:
    """What was shown to the judge, question by question; see `Judge.consider`."""
    judged: list[int] = []
    for candidate in candidates:
        if candidate.position > MOST_JUDGED or not candidate.completion.text:
            continue
        if not in_pairs:
            yield (candidate.position,)
        for earlier in judged if in_pairs else ():
            yield earlier, candidate.position
            yield candidate.position, earlier
        judged.append(candidate.position)


def _fused(run: StoredRun) -> Sent | None:
    """The question to the fusor. One whose reply lacked its marks was asked again, with the next seed."""
    start, member, fusion = run.rows.fusion_start, run.recipe.fusor, run.view.fusion.fusion
    if start is None or member is None or run.recipe.fusor_kind != "model":
        return None
    order, rng = run.view.fusion.order, dealt(chance(run.prompt, run.recipe)).fuses
    is_known = tuple(candidate.position for candidate in fusable(run.view.candidates, rng)) == order
    by_position = {candidate.position: candidate for candidate in run.view.candidates}
    shown = [by_position[each] for each in order if each in by_position]
    mark = fusor_mark(run.prompt, shown, rng=rng)
    request = fusor_request(run.prompt, shown, member=member, rng=rng, mark=mark)
    version = wording("fusor").version
    doubts = _version_doubts(run)
    if fusion is not None and fusion.prompt_version != version:
        doubts = (f"The fusor's words were {fusion.prompt_version}; these are today's, {version}.",)
    return _sent(request, doubts, is_known=is_known)


def _sent(request: Request, doubts: tuple[str, ...], *, is_known: bool) -> Sent:
    temperature = request.member.temperature if request.temperature is None else request.temperature
    sent = Sent(
        member=request.member,
        messages=request.messages,
        seed=request.seed,
        temperature=temperature,
        doubts=doubts,
    )
    return sent if is_known else replace(sent, seed=None, doubts=(*doubts, _CHANCE_UNKNOWN))


def _version_doubts(run: StoredRun) -> tuple[str, ...]:
    """What a run does not tell: the judge's words and how marks of fences are made; the program's version stands for
    both.
    """
    made_by = run.rows.run.app_version
    if made_by == __version__:
        return ()
    return (f"The run was made by version {made_by} of the program; these are the words of version {__version__}.",)


def _is_chance_known(run: StoredRun) -> bool:
    """Whether running the chance again gives the seeds that the draws had; with no draw to tell, the fusor's order."""
    drawn = [draw for draw in run.rows.draws if not draw.is_recorded]
    streams = dealt(chance(run.prompt, run.recipe))
    if not drawn:
        order = tuple(candidate.position for candidate in fusable(run.view.candidates, streams.fuses))
        return run.rows.fusion_start is None or order == run.view.fusion.order
    streams.draws.random()  # who draws first
    first = streams.draws.getrandbits(30)
    return all(draw.seed == first + draw.position for draw in drawn)
