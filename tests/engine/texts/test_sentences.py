"""Sentence spans: where they begin and end, and what is never cut."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.texts.sentences import sentence_spans, units
from tests.engine.sayings import mtbench, quoted

MARKDOWN = st.text(st.sampled_from(list("aB1 .\n\t`~$\\[]#|*->!?。「」أ؟e")), max_size=120)


def pieces(text: str) -> list[str]:
    return [quoted(text, span).strip() for span in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is 3.14. Done! Really? Yes…", ["It is 3.14.", "Done!", "Really?", "Yes…"]),
        ("Dr. Smith met J. R. R. Tolkien. He left.", ["Dr. Smith met J. R. R. Tolkien.", "He left."]),
        ("Use e.g. this. See Fig. 3 there.", ["Use e.g. this.", "See Fig. 3 there."]),
        ("The answer is B. It fits.", ["The answer is B.", "It fits."]),
        ("Solve for x. Then stop.", ["Solve for x.", "Then stop."]),
        ("They add up to 1683. So it is 3367.", ["They add up to 1683.", "So it is 3367."]),
        ('"Stop!" he said. She did.', ['"Stop!" he said.', "She did."]),
        ("**Bold end.** Next one.", ["**Bold end.**", "Next one."]),
        ("Am 3. Mai kam z. B. Anna. Sie blieb.", ["Am 3. Mai kam z. B. Anna.", "Sie blieb."]),
        ("Von J.K. Rowling in Дж.К. Роулинг. Ende.", ["Von J.K. Rowling in Дж.К. Роулинг.", "Ende."]),
        ("M. Dupont est là. Il attend.", ["M. Dupont est là.", "Il attend."]),
        ("今日は晴れ。散歩に行く！本当？はい。", ["今日は晴れ。", "散歩に行く！", "本当？", "はい。"]),
        ("「はい。」と言った。すごい!次です。", ["「はい。」と言った。", "すごい!", "次です。"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("هذا جيد. ما هذا؟ نعم۔ تم", ["هذا جيد.", "ما هذا؟", "نعم۔", "تم"]),
        ("यह घर है। वह पेड़ है।", ["यह घर है।", "वह पेड़ है।"]),
    ],
)
def test_sentences_end_where_readers_of_the_script_see_it(text: str, sentences: list[str]) -> None:
    assert pieces(text) == sentences


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("```py\na = 1. B\n\nc()\n```\nDone.", ["code", "prose"]),
        ("~~~\nnever. Closed.", ["code"]),
        ("So\n\\[\nx = 1. Y\n\\]\nfits.", ["prose", "maths", "prose"]),
        ("$$ a. B $$\n\\begin{align}\nx. Y\n\\end{align}", ["maths", "maths"]),
        ("We get \\[\nx = 1\n\\] at once.\nSo $$\ny\n$$\nDone.", ["prose", "prose", "prose"]),
        ("We get \\[\nbut never close it.", ["prose", "prose"]),
        ("| a. B | c |\n|---|---|\n| d. E | f |", ["row", "row", "row"]),
        ("# One. Two.\nText.", ["heading", "prose"]),
        ("**Title**\ntext", ["heading", "prose"]),
        ("text\n**42**", ["prose", "prose"]),
        ("1. one\n2) two\n- three\n• four\n（无）", ["item", "item", "item", "item", "prose"]),
        ("Above.\n\n---\n\nBelow.", ["prose", "mark", "prose"]),
    ],
)
def test_markdown_blocks_are_never_cut(text: str, kinds: list[str]) -> None:
    assert [unit.kind for unit in units(text)] == kinds


def test_a_list_item_keeps_its_number_and_is_split_inside() -> None:
    assert pieces("1. First point. It holds.\n2. Second.") == ["1. First point.", "It holds.", "2. Second."]


def test_a_hard_wrapped_sentence_stays_whole_and_short_lines_do_not_merge() -> None:
    wrapped = "This sentence was wrapped by an editor at some column and\ngoes on here. Next."
    assert pieces(wrapped) == [wrapped[: wrapped.index(" Next")], "Next."]
    assert pieces("It takes 1 bolt\nso 3 bolts") == ["It takes 1 bolt", "so 3 bolts"]


def test_sentences_of_one_paragraph_share_a_block() -> None:
    blocks = [unit.block for unit in units("One. Two.\nThree.\n\nFour.\n- five. Six.\n- seven")]
    assert [blocks.count(block) for block in dict.fromkeys(blocks)] == [3, 1, 2, 1]


def test_empty_and_blank_texts() -> None:
    assert sentence_spans("") == ()
    assert [(span.start, span.end) for span in sentence_spans(" \n\n ")] == [(0, 4)]


@given(st.text() | MARKDOWN)
def test_spans_cover_any_text_exactly(text: str) -> None:
    ends = [0, *(span.end for span in sentence_spans(text))]
    starts = [span.start for span in sentence_spans(text)]
    assert starts == ends[:-1]
    assert ends[-1] == len(text)
    assert all(start < end for start, end in zip(starts, ends[1:], strict=True))


@pytest.mark.parametrize(
    "piece",
    [
        "a. ",
        "1. ",
        "A. ",
        ".",
        "```\n",
        "~~~~\n```\n",
        "\\[\n",
        "\\[ x ",
        "a \\[\n",
        "$$a\n",
        "| a\n",
        "> ",
        "\n",
        " ",
        ".)",
        "**",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    began = process_time()
    assert sentence_spans(text)[-1].end == len(text)
    assert process_time() - began < 8  # a quadratic scan takes minutes


def test_real_answers_in_five_languages_are_covered_exactly(shared_data: Path) -> None:
    for row in mtbench(shared_data):
        for candidate in row["candidates"]:  # type: ignore[attr-defined]
            text = candidate["text"]
            assert "".join(quoted(text, span) for span in sentence_spans(text)) == text
