"""A growing text: finished blocks once, the rest as plain text, however it is cut on its way."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fusion_ui.ui.growing import GrowingText
from fusion_ui.ui.markdown import LIMIT, render, shown
from tests.ui.boards import pieces
from tests.ui.test_markdown import Read

LINES = st.lists(
    st.sampled_from(
        ["word", "", "- item", "  indented", "```", "```py", "~~~~", "$$", "\\[", "x \\]", "# head", "| a |"]
    ),
    max_size=25,
).map("\n".join)


class Screen:
    """What a browser makes of the pieces."""

    def __init__(self) -> None:
        self.growing = GrowingText()
        self.blocks: list[str] = []
        self.tail = self.thought = ""

    def show(self, text: str, thought: str = "") -> None:
        piece = self.growing.grow(text, thought)
        self.blocks += piece.get("blocks", [])
        self.tail = str(piece["tail"]) if "tail" in piece else self.tail + str(piece.get("add", ""))
        self.thought += str(piece.get("thought", ""))


def grown(text: str, size: int) -> Screen:
    screen, arrived = Screen(), ""
    for piece in pieces(text, size):
        arrived += piece
        screen.show(arrived)
    return screen


@given(LINES, st.integers(1, 40))
@example("a\n\nb\n", 1)
def test_how_a_text_is_cut_on_its_way_does_not_matter(text: str, size: int) -> None:
    whole, cut = grown(text, max(1, len(text))), grown(text, size)
    assert cut.tail == whole.tail
    assert "".join(cut.blocks).split() == "".join(whole.blocks).split() or len(cut.blocks) > len(whole.blocks)


@given(LINES, st.integers(1, 40))
@example("\\[\nword\nx \\]\n\nword", 1)
def test_no_word_is_lost_or_shown_twice(text: str, size: int) -> None:
    screen = grown(text, size)
    assert text.endswith(screen.tail)
    drawn = text[: len(text) - len(screen.tail)]
    words = Read("".join(screen.blocks)).words  # without markup: a formula has its letters apart
    assert ("word" in drawn) == ("word" in words)


def test_a_paragraph_is_drawn_when_the_next_one_begins() -> None:
    screen = grown("One **bold**.\n\nTwo", 1)
    assert screen.blocks == [render("One **bold**.")]
    assert screen.tail == "Two"


@pytest.mark.parametrize(
    "text",
    ["```\na\n\nb", "````\n```\n\nb", "~~~\n```\n\nb", "$$\na\n\nb", "\\[\na\n\nb", "1. a\n\n   b", "a\n\n", "a\nb"],
)
def test_a_block_that_may_go_on_is_not_drawn_yet(text: str) -> None:
    assert grown(text, 3).blocks == []


@pytest.mark.parametrize("text", ["```\na\n\nb\n```\n\nc", "$$\na\n$$\n\nc", "\\[\na\n\\]\n\nc", "~~~\n```\n~~~\n\nc"])
def test_a_block_that_is_closed_is_drawn(text: str) -> None:
    assert len(grown(text, 2).blocks) == 1


def test_a_growing_tail_travels_as_additions() -> None:
    growing = GrowingText()
    assert growing.grow("On", "") == {"add": "On"}
    assert growing.grow("One", "") == {"add": "e"}
    assert growing.grow("One", "") == {}


def test_thinking_travels_apart() -> None:
    screen = Screen()
    screen.show("", "first ")
    screen.show("", "first then")
    assert (screen.thought, screen.tail) == ("first then", "")


def test_an_endless_text_stops_growing_on_the_screen() -> None:
    screen = Screen()
    for words in (LIMIT // 2, LIMIT, 2 * LIMIT):
        screen.show("a " * words, "b" * words)
    assert len(screen.tail) == len(screen.thought) == LIMIT
    assert screen.growing.grow("a " * LIMIT * 3, "b" * LIMIT * 3) == {}


def test_a_tail_holds_nothing_unshowable() -> None:
    assert grown("\u202ea\x00\ud800", 1).tail == shown("\u202ea\x00\ud800")
