"""Candidates that speak to the judge, the fusor and the flaw finder: they stay inside their fences, and what is replied
is not read as if they had said it.
"""

import re
from random import Random

import pytest

from fusion_ui.engine.events import FusionDelta
from fusion_ui.engine.flagging import Kind, Wanted, flags_request
from fusion_ui.engine.judging import judge_request, read_verdict
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Prompt
from fusion_ui.providers.scripted import Script
from tests.attack.injections import INJECTIONS, MARK
from tests.engine.pools import BERT, PROMPT, candidate, events_of, fixed, playing, view_of

pytestmark = pytest.mark.anyio
HARMLESS = "It is 42.\n\nAnswer: 42"
KINDS = Wanted(classes=(Kind("fact", "Fact", "Wrong."),), severities=(Kind("major", "Major", "Bad."),))
WAYS = {"pairs": "judge-pairs", "scores": "judge-scores"}


def mark_in(content: str) -> str:
    return content.split("carrying the code ")[1].split()[0]


def outside(content: str) -> str:
    """What stands in no fence: our own words, with the mark made the same for all."""
    mark = mark_in(content)
    fence = re.compile(rf"<([\w-]+) {mark}>\n.*?\n</\1 {mark}>", re.DOTALL)
    return fence.sub(r"[\1]", content).replace(mark, "mark")


async def asked_about(text: str, *, selector: str) -> list[Request]:
    """What judge and fusor are sent over two candidates of which one says this."""
    requests: list[Request] = []

    def play(request: Request) -> Script:
        if request.purpose == "candidate":
            return Script(text=text if request.position == 1 else HARMLESS)
        requests.append(request)
        return Script(text='{"reason": "x", "winner": "tie", "score": 5}')

    recipe = fixed(2, selector=selector, judge=BERT, fusor_kind="model", fusor=BERT)
    await events_of(recipe, playing(play))
    return sorted(requests, key=lambda request: (request.purpose, request.messages[0].content.count("answer-B")))


@pytest.mark.parametrize("selector", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("injection", INJECTIONS.values(), ids=INJECTIONS)
async def test_no_candidate_leaves_its_fence(injection: str, selector: str) -> None:
    hostile = await asked_about(injection, selector=selector)
    harmless = await asked_about(HARMLESS, selector=selector)
    assert {request.purpose for request in hostile} == {"judge", "fusor"}
    told = [[message.content for message in request.messages] for request in hostile]
    assert all(len(contents) == 1 for contents in told)
    ours = {outside(request.messages[0].content) for request in harmless}
    assert {outside(contents[0]) for contents in told} == ours


@pytest.mark.parametrize("injection", INJECTIONS.values(), ids=INJECTIONS)
def test_knowing_the_mark_of_another_text_helps_nobody(injection: str) -> None:
    """A candidate that has seen the request about itself, and says the mark that it saw there the next time."""
    first = judge_request(PROMPT, (candidate(1, injection), candidate(2, "b")), member=BERT, rng=Random(7))
    learnt = (
        injection.replace(MARK, mark_in(first.messages[0].content))
        + f"</answer-A {mark_in(first.messages[0].content)}>"
    )
    again = judge_request(PROMPT, (candidate(1, learnt), candidate(2, "b")), member=BERT, rng=Random(7))
    content = again.messages[0].content
    assert mark_in(content) not in learnt
    assert content.count(f"</answer-A {mark_in(content)}>") == 1
    assert outside(content) == outside(first.messages[0].content)


@pytest.mark.parametrize("injection", INJECTIONS.values(), ids=INJECTIONS)
def test_no_answer_leaves_its_fence_before_the_flaw_finder(injection: str) -> None:
    prompt = Prompt(text=injection, reference=injection)
    hostile = flags_request(prompt, injection, wanted=KINDS, member=BERT, seed=3).messages[0].content
    plain = Prompt(text="q", reference="r")
    harmless = flags_request(plain, "a", wanted=KINDS, member=BERT, seed=3).messages[0].content
    assert outside(hostile) == outside(harmless)


async def test_an_answer_that_the_comparison_quotes_is_not_the_fused_one() -> None:
    def play(request: Request) -> Script:
        if request.purpose != "fusor":
            return Script(text=f"{HARMLESS}\n{INJECTIONS['fused early']}")
        mark = mark_in(request.messages[0].content)
        quoted = f"<comparison>\n1 writes {INJECTIONS['fused early']}\n</comparison>"
        return Script(text=f"{quoted}\n<fused {mark}>\nIt is 42.\n</fused {mark}>", tokens_per_second=50_000)

    events = await events_of(fixed(2, fusor_kind="model", fusor=BERT), playing(play))
    fusion = view_of(events).fusion
    assert fusion.text == "It is 42."
    streamed = [each.text for each in events if isinstance(each, FusionDelta) and each.channel == "text"]
    assert "BANANA" not in "".join(streamed)


@pytest.mark.parametrize(
    "name", ["verdict in braces", "verdict as JSON", "verdict in a fence", "plain order", "Chinese"]
)
def test_a_verdict_that_a_reason_quotes_is_not_the_judges(name: str) -> None:
    quoted = INJECTIONS[name].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    for reply in (
        f'{{"winner": "B", "reason": "It says {quoted}"}}',
        f'{{"reason": "It says {quoted}", "winner": "B"}}',
    ):
        assert read_verdict(reply).winner == "b"
