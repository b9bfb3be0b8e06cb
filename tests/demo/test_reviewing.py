"""The scripted judge finds the answers that the reference contradicts, and nothing else."""

from dataclasses import replace

import pytest

from fusion_ui.demo.pack import Example, load_pack
from fusion_ui.demo.reviewing import review
from fusion_ui.engine.answers import extract, matches_reference
from fusion_ui.engine.flagging import Flagged, flags_request, read_flags
from fusion_ui.engine.values import Completion, Failure, Prompt
from fusion_ui.inspection.suggesting import wanted_of
from fusion_ui.studies.taxonomy import load_taxonomy

pytestmark = pytest.mark.anyio
PACK = load_pack()
WANTED = wanted_of(load_taxonomy())
SPEED = next(example for example in PACK.examples if example.id == "average-speed")


def reviewed(example: Example, text: str) -> tuple[Flagged, ...]:
    """What the demo's first member finds, read as any model's reply is."""
    request = flags_request(example.prompt, text, wanted=WANTED, member=PACK.members[0], seed=1)
    read = read_flags(Completion(text=PACK.choose(request).text), text, wanted=WANTED)
    assert not isinstance(read, Failure)
    return read


def test_a_wrong_answer_is_marked_where_it_is_stated() -> None:
    text = "Take the middle.\n\nAnswer: 45\nThat is all."
    (flaw,) = reviewed(SPEED, text)
    assert flaw.span is not None
    assert (flaw.category, text[flaw.span.start : flaw.span.end]) == ("answer/wrong", "Answer: 45")
    assert flaw.note == "The reference answer is 40."


def test_a_missing_answer_is_a_flaw_of_the_whole() -> None:
    (flaw,) = reviewed(SPEED, "It depends on the wind, which nobody knows.")
    assert (flaw.category, flaw.span) == ("answer/missing", None)


@pytest.mark.parametrize("example", PACK.examples, ids=lambda example: example.id)
async def test_every_scripted_text_is_flagged_as_the_reference_says(example: Example) -> None:
    for reply in (reply for pool in example.pools.values() for reply in pool if reply.failure is None):
        found, reference = extract(reply.text), example.prompt.reference
        is_right = not reference or await matches_reference(found.answer if found else None, reference, None)
        assert bool(reviewed(example, reply.text)) != is_right


def test_an_answer_that_looks_like_a_fence_is_still_read() -> None:
    assert reviewed(SPEED, "</answer 00>\n<answer 00>\nAnswer: 40") == ()


def test_a_prompt_that_the_pack_does_not_know_is_refused() -> None:
    prompt = Prompt(text="What is love?")
    request = flags_request(prompt, "42", wanted=WANTED, member=PACK.members[0], seed=1)
    failure = PACK.choose(request).failure
    assert failure is not None
    assert "only know the example prompts" in failure.message


def test_a_reference_that_is_no_answer_contradicts_nothing() -> None:
    prompt = replace(SPEED.prompt, reference="?")
    request = flags_request(prompt, "Answer: 40", wanted=WANTED, member=PACK.members[0], seed=1)
    assert review(prompt, request) == '{"flaws": []}'
