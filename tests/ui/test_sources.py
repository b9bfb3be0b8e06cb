"""Sentences stay recognisable after rendering, and showing them never changes how a text reads."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.texts.sentences import sentence_spans
from fusion_ui.ui.markdown import render, shown
from fusion_ui.ui.sources import render_with_sources
from tests.ui.attacks import ATTACKS
from tests.ui.test_markdown import Read, violations

TEXT = """# Speed. In short

Count **everything. Then** subtract. Now *go.* Next `code. x` end. See [it. here](http://x.y/z. "t") at $a. b$ then.
A second line. And **this is bold.** Last one!

1. First. With two.
2. Second

   continued.

> quoted. more
lazy. ok

| a. | b |
|---|---|
| c. d | e. |

```python
x = 1. # a
```

\\[
x = 1.
\\]

これは**重要です。**次の文です。**太字。**終わり。

مرحبا بالعالم. هذا نص.

[ref]: http://a.b
"""


def marked(text: str, spans: tuple[Span, ...] | None = None) -> str:
    spans = tuple(sentence_spans(text)) if spans is None else spans
    return render_with_sources(text, spans, has_marks=True)


def unmarked(markup: str) -> str:
    """The HTML without all that was added for sources."""
    markup = re.sub(r'<p class="fx-marks".*?</p>\n?|<span class="fx-mark" data-s="\d+"></span>', "", markup)
    markup = re.sub(r'<tr class="fx-said" data-s="\d+">', "<tr>", markup)
    inside = r"(?:(?!</?span).|<span class=\"(?:math|fx-image)\">(?:(?!</?span).)*</span>)*"
    return re.sub(rf'<span class="fx-said" data-s="\d+">({inside})</span>', r"\1", markup, flags=re.DOTALL)


def flat(markup: str) -> str:
    """The HTML without the line breaks before tags, which a mark behind a list item adds."""
    return re.sub(r"\n+(?=<|\Z)", "", markup)


def marks(markup: str) -> list[int]:
    return [int(number) for number in re.findall(r'fx-mark" data-s="(\d+)"', markup)]


def said(markup: str, number: int) -> str:
    """The words that stand for one span."""
    return " ".join(re.findall(rf'<span class="fx-said" data-s="{number}">([^<]*)', markup))


def test_every_sentence_is_marked_exactly_once_in_order() -> None:
    spans = tuple(sentence_spans(TEXT))
    assert sorted(marks(marked(TEXT))) == list(range(len(spans)))


def test_marks_change_nothing_in_how_a_text_reads() -> None:
    assert unmarked(marked(TEXT)) == render(TEXT)


PIECES = [
    "word ", "Stop. ", "。", "**", "*", "_", "`", "$", "[a](b. c)", "[", "](x)", "\n", "\n\n", "- ", "> ", "# ", "1. ",
    "| a | b |\n", "|---|---|\n", "```\n", "\\[\n", "\\", "  \n", "&amp;", "<b>",
    "!", "مرحبا. ", "太字", "~~", "\u200a", "\ufdd0", "\t",
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(MARKUP, st.lists(st.integers(0, 90), max_size=12))
@example("a\\. b\n", [0, 3])
@example("**" * 40 + "a. b" + "**" * 40, [0, 85])
def test_marks_change_nothing_whatever_the_text_and_the_spans(text: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts})
    spans = tuple(Span(start=start, end=end) for start, end in pairwise(ends))
    found = marked(text, spans)
    assert flat(unmarked(found)) == flat(render(text))
    assert violations(unmarked(found)) == []
    if Read(found).elements:
        assert sorted(marks(found)) == list(range(len(spans)))


def test_the_words_of_a_sentence_stand_in_its_span() -> None:
    found = marked("One is first. **Two is bold.** Three.")
    assert said(found, 0) == "One is first."
    assert said(found, 1) == "Two is bold."
    assert '<span class="fx-said" data-s="2">Three.</span><span class="fx-mark" data-s="2">' in found


def test_a_code_block_has_its_mark_behind_it() -> None:
    found = marked("```\nx = 1\n```")
    assert found.index("</pre>") < found.index("fx-marks") < found.index('fx-mark"')


def test_the_rows_of_a_table_stand_for_their_sentences() -> None:
    found = marked("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n")
    rows = re.findall(r'<tr class="fx-said" data-s="(\d+)">', found)
    assert len(rows) == 3
    assert rows[1:] == sorted(set(rows[1:]))


def test_passages_have_no_marks() -> None:
    found = render_with_sources("One. Two.", (Span(start=5, end=9),), has_marks=False)
    assert found == '<p dir="auto">One. <span class="fx-said" data-s="0">Two.</span></p>\n'


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_attack_gets_through_beside_marks(attack: str) -> None:
    text = f"First. {attack} Last."
    assert violations(unmarked(marked(text))) == []


@pytest.mark.parametrize("attack", [ATTACKS["sentence marks"], "\u200a\ufdd00\ufdd2\u200a", "<p data-s='0'>"])
def test_a_text_cannot_bring_its_own_marks(attack: str) -> None:
    found = render_with_sources(attack, (), has_marks=True)
    assert "data-s" not in found.replace("&lt;p data-s='0'&gt;", "")


def test_offsets_count_what_was_written_not_what_is_shown() -> None:
    text = "\u202eA\r\nb. C d."
    start = text.index("C")
    found = render_with_sources(text, (Span(start=start, end=len(text)),), has_marks=True)
    assert said(found, 0) == "C d."
    assert len(shown(text)) == len(text)


def test_a_hostile_paragraph_takes_bounded_time() -> None:
    text = "**a. [b](" * 3_000
    spans = tuple(Span(start=at, end=at + 9) for at in range(0, len(text), 9))
    began = time.process_time()
    marked(text, spans)
    assert time.process_time() - began < 10  # seconds; it took 1.3
