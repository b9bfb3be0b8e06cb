"""No text is read in more than proportion to its length: what takes seconds at this size would stop the app at another.

Measured in processor time of this thread, so that a busy machine does not decide.
"""

from collections.abc import Callable
from contextlib import suppress
from time import thread_time

import pytest

from fusion_ui.analysis.rules import parse_rules
from fusion_ui.engine.answers import equivalent, extract
from fusion_ui.engine.flagging import Kind, Wanted, read_flags
from fusion_ui.engine.fusing import ReplyReader
from fusion_ui.engine.judging import read_verdict
from fusion_ui.engine.quoting import locate
from fusion_ui.engine.reading.keys import answer_key
from fusion_ui.engine.values import Completion, FusionError, Prompt
from fusion_ui.exchange.answers import read_answers
from fusion_ui.exchange.candidates import pasted_pool, read_pools
from fusion_ui.inspection.words import spans_of, terms_of, words_of
from fusion_ui.recipes import parse_weights
from fusion_ui.ui.markdown import render

pytestmark = pytest.mark.slow
CHARACTERS = 40_000
MOST_S = 2.0
WANTED = Wanted((Kind("a", "A", "x"),), (Kind("m", "M", "x"),))
PIECES = (
    *"{}([]$<>-*_|`~#&%^=\"'\\90e½.,",
    " ",
    "\n",
    "\u00a0",
    "\u0301",
    "\u200d",
    "> ",
    "1. ",
    "\\frac{",
    "\\boxed{",
    "\\sqrt",
    "\\text{",
    "\\left(",
    "\\(",
    "\\[",
    "$$",
    "x^",
    "1/",
    "1,",
    "a ",
    "a,b;",
    " and ",
    "<think>",
    "</think>",
    "<fused>",
    "</fused",
    "<comparison>",
    '{"winner":',
    '{"a":[',
    '{"flaws":[{}],"a":',
    "score: ",
    "winner: ",
    "Answer: ",
    "the final answer is ",
    "[a](",
    "![a](",
    "https://a.",
    "--- \n",
    "gpt 0.1,",
    "&#",
    "<!--",
)


def read_fusion(reply: str) -> None:
    reader = ReplyReader("5eed")
    reader.feed("<comparison>x</comparison><fused 5eed>")
    for at in range(0, len(reply), 1_000):
        reader.feed(reply[at : at + 1_000])


READERS: dict[str, Callable[[str], object]] = {
    "an answer": extract,
    "a key": answer_key,
    "two answers": lambda text: equivalent(text, "1"),
    "a verdict": read_verdict,
    "flaws": lambda text: read_flags(Completion(text=text), "x", wanted=WANTED),
    "a fusion": read_fusion,
    "a quote": lambda text: locate("ab " * 20 + "x", text),
    "a long quote": lambda text: locate(text[:2_000], "x" * 2_000 + text),
    "markdown": render,
    "words": words_of,
    "a search": lambda text: terms_of(text[:500]),
    "a find": lambda text: list(spans_of(text, terms_of('"final answer"')[0])),
    "weights": parse_weights,
    "rules": parse_rules,
    "answers": lambda text: read_answers([text.encode()], name="f"),
    "pools": lambda text: list(read_pools([text], name="f")),
    "a paste": lambda text: pasted_pool(Prompt(text="q"), text),
}


def seconds(read: Callable[[str], object], text: str) -> float:
    started = thread_time()
    with suppress(FusionError):
        read(text)
    return thread_time() - started


@pytest.mark.parametrize("name", READERS)
def test_no_repeated_piece_takes_long(name: str) -> None:
    slow = {
        (piece, before): taken
        for piece in PIECES
        for before in ("", "Answer: ")
        if (taken := seconds(READERS[name], f"{before}{piece * (CHARACTERS // len(piece))} x")) > MOST_S
    }
    assert not slow
