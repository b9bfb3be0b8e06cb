"""The copy of a case stands by itself, says what the case says, and is formatted by nobody but us."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.sampling import clean
from fusion_ui.engine.values import Failure, Limits, StopRule
from fusion_ui.inspection.cases import Author, Case, Cases
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.markdown_copy import code, fence, markdown_copy
from fusion_ui.replay import StoredRun
from storage.connection import Store, open_store
from tests.inspection.casework import FUSED, PROMPT, TEXTS, Ear, ran, recipe
from tests.ui.attacks import ATTACKS

LOST = Failure(stage="sampling", kind="timeout", message="Too slow. ```\n# Broken out")
HEADINGS = "Case What Prompt Fused Votes Candidates Candidate Judge Where Cost Recipe"
writing = st.text(alphabet="`~#>*-<b|\n \t\\&;ab", max_size=40)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "copy.db") as store:
        yield store


def case_of(store: Store, ear: Ear, *, draws: int = 6) -> Case:
    run = anyio.run(ran, store, ear, recipe(draws))
    return Cases(store).case(run.rows.run.id)


def fences(markdown: str) -> list[str]:
    return [token.content for token in MarkdownIt().parse(markdown) if token.type == "fence"]


def test_a_copy_holds_every_text_and_what_was_made_of_it(store: Store) -> None:
    copy = markdown_copy(case_of(store, Ear(failing={5: LOST})))
    assert fences(copy) == [f"{text}\n" for text in (PROMPT.text, FUSED, *TEXTS, TEXTS[1])]
    for words in ("40 km/h", "judge-pairs", "`forty`: 1", "wins in both orders", "new, in no candidate", "$0.0"):
        assert words in copy


def test_a_copy_tells_what_people_corrected(store: Store) -> None:
    case, ada = case_of(store, Ear()), Author(key="press-0001", rater="Ada")
    cases, run_id = Cases(store), case.run.rows.run.id
    cases.regroup(run_id, Grouping(aliases={"forty": "40"}), ada)
    copy = markdown_copy(cases.correct_source(run_id, Span(start=37, end=55), ada, position=2, is_source=True))
    assert "corrected by a person" in copy
    assert "`40`: 5" in copy
    assert "2 (as a person says)" in copy


def test_a_copy_of_a_run_that_came_to_nothing_says_so(store: Store) -> None:
    copy = markdown_copy(case_of(store, Ear(failing=dict.fromkeys(range(1, 7), LOST))))
    assert copy.count("Failed (timeout)") == 6
    assert "no leader" in copy


def test_a_copy_of_a_run_that_stopped_early_tells_scores_savings_and_what_was_dropped(store: Store) -> None:
    text = "The bridge is closed for repairs until Monday. It is late.\n\nAnswer: 40"
    made = recipe(9, selector="judge-scores", stop=StopRule(), limits=Limits(cap=9))
    first = anyio.run(ran, store, Ear())

    async def again() -> StoredRun:
        return await ran(store, Ear([text]), made, parent_run_id=first.rows.run.id)

    copy = markdown_copy(Cases(store).case(anyio.run(again).rows.run.id))
    for words in (f"Began from run {first.rows.run.id}", "no score", "saved by stopping early", "(an estimate)"):
        assert words in copy
    assert "say it: `The bridge is closed for repairs until Monday.`" in copy


def test_nothing_hostile_formats_a_copy(store: Store) -> None:
    told = [f"{attack}\n```\n</div>\n\n# {attack}\n\nAnswer: {attack}" for attack in ATTACKS.values()]
    hostile = [clean(text) for text in told]
    ear = Ear(hostile, fused="\n\n".join(hostile), failing={2: LOST})
    tokens = MarkdownIt().parse(markdown_copy(case_of(store, ear, draws=len(hostile))))
    inline = [child for token in tokens for child in token.children or []]
    assert {token.type for token in tokens}.isdisjoint({"html_block", "code_block", "table_open", "blockquote_open"})
    assert {token.type for token in inline} <= {"text", "code_inline", "softbreak"}
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert {heading.split()[0] for heading in headings} <= set(HEADINGS.split())


@given(writing)
def test_a_fence_shows_its_text_as_it_is(text: str) -> None:
    tokens = MarkdownIt().parse(f"before\n\n{fence(text)}\n\nafter")
    assert [token.type for token in tokens if token.level == 0 and token.nesting >= 0] == [
        "paragraph_open",
        "fence",
        "paragraph_open",
    ]
    assert tokens[3].content.expandtabs(4) == f"{text}\n".expandtabs(4)


@given(writing)
def test_a_code_span_shows_its_text_in_one_line(text: str) -> None:
    [_, inline, _] = MarkdownIt().parse(f"said {code(text)} there")
    assert inline.children is not None
    kinds = [child.type for child in inline.children]
    if text.split():
        assert kinds == ["text", "code_inline", "text"]
        assert inline.children[1].content.split() == text.split()
    else:
        assert kinds == ["text"]
