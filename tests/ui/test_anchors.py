"""Words of a rendered text know their place in its source, whatever the source is."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.ui.anchors import anchored
from fusion_ui.ui.markdown import render, shown
from tests.ui.attacks import ATTACKS
from tests.ui.test_markdown import Read

VOID = {"br", "hr"}


class Placed(HTMLParser):
    """The elements with an offset: (start, end or None, words)."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[int, int | None, list[str]] | None] = []
        self.found: list[tuple[int, int | None, str]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag not in VOID:
            whole = int(said["data-e"] or 0) if "data-e" in said else None
            self.open.append((int(said["data-o"] or 0), whole, []) if "data-o" in said else None)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (element := self.open.pop()) is not None:
            self.found.append((element[0], element[1], "".join(element[2])))

    def handle_data(self, data: str) -> None:
        for element in self.open:
            if element is not None:
                element[2].append(data)


def check(text: str) -> list[tuple[int, int | None, str]]:
    """Every placed element, after the law was checked on it: its words are the source's at that place."""
    found = Placed(anchored(text)).found
    for start, whole, words in found:
        assert 0 <= start < (whole or len(text)) <= len(text)
        assert whole is not None or shown(text)[start : start + len(words)] == words
    return found


def passage(text: str, words: str) -> str:
    """The source of the element that shows these words."""
    return next(text[start : end or start + len(said)] for start, end, said in check(text) if said == words)


def placed_words(text: str) -> list[str]:
    return [words for _, _, words in check(text)]


ALPHABET = "<>&\"'`*_[]()!$\\{}#|-~:/ \n\tab.=0😀é\u0301ب\u202e"


@given(st.text(alphabet=ALPHABET, max_size=120))
def test_every_place_shows_the_words_that_stand_there(text: str) -> None:
    check(text)


@given(st.text(alphabet=ALPHABET, max_size=120))
def test_places_change_nothing_of_what_is_read(text: str) -> None:
    assert Read(anchored(text)).words == Read(render(text)).words


@given(st.text(alphabet="ab 😀\n*_`", max_size=60))
def test_places_come_in_the_order_of_the_source(text: str) -> None:
    starts = [start for start, _, _ in check(text)]
    assert starts == sorted(starts)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_attack_gets_through_with_places(attack: str) -> None:
    plain = [(tag, name) for tag, attributes in Read(render(attack)).elements for name in attributes]
    placed = [(tag, name) for tag, attributes in Read(anchored(attack)).elements for name in attributes]
    assert {(tag, name) for tag, name in placed if not name.startswith("data-")} <= {*plain, ("span", "class")}


PLACES = {
    "emoji count as one": ("a 👩‍👩‍👧 **bold** 😀 end", "bold"),
    "Arabic": ("مرحبا **بالعالم** اليوم", "بالعالم"),
    "combining marks": ("e\u0301 *a\u0308o* z", "a\u0308o"),
    "heading": ("intro\n\n## A head ##\n", "A head"),
    "quoted": ("> one\n> two **three**\n", "three"),
    "nested list": ("1. a\n   - b\n     - deep *word*\n", "word"),
    "link": ("see [the page](http://the.page/the) the", "the page"),
    "code span": ("use ``a ` b`` here", "a ` b"),
    "same word twice": ("**b** and **c** and b", "c"),
}


@pytest.mark.parametrize(("text", "words"), PLACES.values(), ids=PLACES)
def test_words_inside_markup_are_found_in_the_source(text: str, words: str) -> None:
    assert passage(text, words) == words


CODE = [
    "```python\ndef f():\n    return 1\n```",
    "- a\n\n  ```\n  def f():\n      return 1\n  ```",
    "> ```sql\n> def f():\n>     return 1\n> ```",
]


@pytest.mark.parametrize("text", CODE)
def test_lines_of_code_are_found_in_the_source(text: str) -> None:
    assert [words for words in placed_words(text) if words != "a"] == ["def f():", "    return 1"]


@pytest.mark.parametrize("tex", ["$a_1$", r"\(a_1\)", "$$a_1$$", r"\[a_1\]", "\\[\na_1\n\\]", "$$\na_1\n$$"])
def test_a_formula_is_one_whole_with_its_marks(tex: str) -> None:
    text = f"so\n\n{tex}\n\nthen"
    assert [text[start:end] for start, end, _ in check(text) if end] == [tex]


def test_an_entity_an_escape_and_an_image_are_wholes() -> None:
    text = r"a &amp; \* ![a chart](http://x.y/z.png)"
    assert [text[start:end] for start, end, _ in check(text) if end] == ["&amp;", r"\*", "![a chart]"]


def test_cells_of_a_table_are_found_one_by_one() -> None:
    text = "| a | b | a |\n|---|---|---|\n| a | **b** | b |\n"
    starts = [start for start, _, _ in check(text)]
    assert starts == [2, 6, 10, 30, 36, 42]


def test_a_windows_line_end_moves_nothing() -> None:
    assert passage("a\r\nb **c** d", "c") == "c"
