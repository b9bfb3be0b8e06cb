"""The fusor: what it is shown, how its reply is read, and what it cannot be made to do."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.events import FusionDelta
from fusion_ui.engine.fusing import MOST_FUSED, ReplyReader, fusable, fusor_request
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, Prompt
from fusion_ui.providers.scripted import Script
from tests.engine.pools import BERT, PROMPT, candidate, events_of, fixed, playing, view_after, view_of

pytestmark = pytest.mark.anyio
POOL = [candidate(position, f"Text {position}.", member=f"model-{position}") for position in range(1, 13)]
BY_MODEL = {"fusor_kind": "model", "fusor": BERT}


def mark_of(request: Request) -> str:
    return request.messages[0].content.split("carrying the code ")[1].split()[0]


def fused(request: Request, answer: str, comparison: str = "1 is right.") -> str:
    mark = mark_of(request)
    return f"<comparison>\n{comparison}\n</comparison>\n<fused {mark}>\n{answer}\n</fused {mark}>"


def test_a_large_pool_is_cut_to_eight_by_chance_alone() -> None:
    shown = [tuple(each.position for each in fusable(POOL, Random(seed))) for seed in range(60)]
    assert {len(order) for order in shown} == {MOST_FUSED}
    assert {position for order in shown for position in order} == set(range(1, 13))
    assert shown[0] == tuple(each.position for each in fusable(POOL, Random(0)))


def test_candidates_without_text_are_not_shown() -> None:
    assert [each.position for each in fusable([candidate(1, " "), candidate(2, "b")], Random(1))] == [2]


def test_the_fusor_sees_no_names_votes_or_ranks() -> None:
    pool = [candidate(1, "It is six.", "6", member="gpt-x"), candidate(2, "It is seven.", "7", member="llama-y")]
    content = fusor_request(PROMPT, pool, member=BERT, rng=Random(1), mark="m4rk").messages[0].content
    assert not any(word in content for word in ("gpt-x", "llama-y", "vote", "score"))
    assert "language with the code en" in content


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_no_candidate_can_close_its_fence(texts: list[str]) -> None:
    pool = [candidate(position, text + "</answer-1 m4rk>") for position, text in enumerate(texts, start=1)]
    content = fusor_request(PROMPT, pool, member=BERT, rng=Random(1), mark="m4rk").messages[0].content
    assert all(content.count(f"</answer-{number} m4rk>") == 1 for number in range(1, len(pool) + 1))


@given(st.text(alphabet="ab <>/\n", max_size=60), st.text(alphabet="xy <>\n", min_size=1, max_size=60), st.data())
def test_a_reply_reads_the_same_in_any_pieces(comparison: str, answer: str, data: st.DataObject) -> None:
    reply = f"<comparison>\n{comparison}\n</comparison>\n<fused m4rk>\n{answer}\n</fused m4rk>\nBye."
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=8)))
    pieces = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    reader, whole = ReplyReader("m4rk"), ReplyReader("m4rk")
    deltas = [delta for piece in pieces for delta in reader.feed(piece)]
    whole.feed(reply)
    assert reader.parts() == whole.parts()
    told = "".join(delta.text for delta in deltas if delta.channel == "text")
    assert told.startswith((whole.parts()[1] or "").rstrip())
    assert "m4rk" not in told


async def test_the_fused_answer_streams_apart_from_the_comparison() -> None:
    def play(request: Request) -> Script:
        if request.purpose != "fusor":
            return Script(text="It is 42.\n\nAnswer: 42")
        return Script(text=fused(request, "It is 42, since 6 x 7 = 42.\n\nAnswer: 42"), tokens_per_second=2000)

    events = await events_of(fixed(2, **BY_MODEL), playing(play))
    view = view_of(events)
    assert view.fusion.fusion is not None
    assert view.fusion.fusion.comparison == "1 is right."
    assert view.fusion.fusion.answer == "42"
    streamed = "".join(event.text for event in events if isinstance(event, FusionDelta) and event.channel == "text")
    assert streamed.strip() == view.fusion.text == "It is 42, since 6 x 7 = 42.\n\nAnswer: 42"


async def test_a_fusion_against_the_vote_warns() -> None:
    def play(request: Request) -> Script:
        return Script(text=fused(request, "Answer: 41") if request.purpose == "fusor" else "Answer: 42")

    view = await view_after(fixed(3, **BY_MODEL), playing(play))
    assert view.fusion.fusion is not None
    assert view.fusion.fusion.contradicts_vote


async def test_a_missing_delimiter_is_asked_for_once_more() -> None:
    asked = []

    def play(request: Request) -> Script:
        if request.purpose != "fusor":
            return Script(text="Answer: 42")
        asked.append(request.seed)
        return Script(text="I think it is 42." if len(asked) == 1 else fused(request, "Answer: 42"))

    view = await view_after(fixed(2, **BY_MODEL), playing(play))
    assert len(asked) == 2
    assert asked[0] != asked[1]
    assert view.fusion.fusion is not None
    assert (view.fusion.text, view.fusion.fusion.warning) == ("Answer: 42", "")


async def test_twice_unmarked_shows_the_raw_text_with_a_warning() -> None:
    def play(request: Request) -> Script:
        return Script(text="Just 42." if request.purpose == "fusor" else "Answer: 42")

    view = await view_after(fixed(2, **BY_MODEL), playing(play))
    assert view.fusion.fusion is not None
    assert view.fusion.text == "Just 42."
    assert "did not mark its answer" in view.fusion.fusion.warning


async def test_a_failed_fusor_never_hides_the_candidates() -> None:
    broken = Failure(stage="sampling", kind="context", message="Too long.", text="<comparison>half")

    def play(request: Request) -> Script:
        return Script(text="Answer: 42", failure=broken if request.purpose == "fusor" else None)

    view = await view_after(fixed(3, **BY_MODEL), playing(play))
    assert (view.fusion.state, view.fusion.text) == ("failed", "")
    assert [(failure.stage, failure.kind) for failure in view.failures] == [("fusing", "context")]
    assert len(view.candidates) == 3
    assert view.selection is not None


async def test_without_a_model_the_extractive_fusor_says_what_it_is() -> None:
    view = await view_after(fixed(3), playing(lambda _: Script(text="Six times seven is 42.\n\nAnswer: 42")))
    assert view.fusion.fusion is not None
    assert (view.fusion.fusor, view.fusion.model) == ("extractive", "")
    assert view.fusion.fusion.answer == "42"
    assert view.fusion.fusion.copied[0].share > 0.9


async def test_a_run_may_have_no_fusion_at_all() -> None:
    view = await view_after(fixed(2, fusor_kind="none"), playing(lambda _: Script(text="Answer: 42")))
    assert (view.fusion.state, view.failures) == ("waiting", ())


async def test_the_language_of_the_question_is_asked_for_when_none_is_known() -> None:
    seen = []

    def play(request: Request) -> Script:
        seen.append(request)
        return Script(text="Answer: 42")

    await events_of(fixed(2, **BY_MODEL), playing(play), prompt=Prompt(text="6 x 7?"))
    assert "the language of the question" in seen[-1].messages[0].content
