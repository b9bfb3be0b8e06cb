"""Replies of judges, fusors and whoever is asked for flaws: a value whatever they say, and one that can be stored."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fusion_ui.engine.flagging import Kind, Wanted, read_flags
from fusion_ui.engine.fusing import ReplyReader
from fusion_ui.engine.judging import read_verdict
from fusion_ui.engine.quoting import locate
from fusion_ui.engine.values import Completion, Failure
from tests.fuzz.spoiling import spoilt

VERDICTS = (
    'Both are right.\n{"reason": "A is shorter", "winner": "A"}',
    '```json\n{"score": 7.5, "reason": "fine"}\n```',
    "Winner: **tie**",
    "<think>winner: B</think> Score: 10/10",
    '{"reason": "\\ud800", "winner": [["A"]]}',
)
FLAWS = (
    '{"flaws": [{"quote": "nine make", "class": "answer", "severity": "major", "note": "no"}]}',
    'Here: {"flaws": []}',
    '{"flaws": [{"quote": "**eleven**", "class": "Reasoning/arithmetic", "severity": "Minor", "note": "\\ud8"}, null]}',
)
FUSIONS = (
    "<comparison>\nThey agree.\n</comparison>\n<fused 5eed>\nIt is 42.\n</fused 5eed>",
    "<fused>a < b</fused><fused 5eed>c</fused>",
    "No tags at all.",
)
TEXT = "Three and nine make **eleven** — “not” 12.\n\nAnswer: 11"
CLASSES = (Kind("reasoning", "Reasoning", "no", ("arithmetic",)), Kind("answer", "Answer", "no"))
WANTED = Wanted(
    classes=(*CLASSES, Kind("correct", "No error", "", is_flaw=False)),
    severities=(Kind("minor", "Minor", "no"), Kind("major", "Major", "no")),
)


def is_storable(text: str) -> bool:
    return "\0" not in text and text == text.encode("utf-8", "replace").decode()


@given(spoilt(VERDICTS))
@example('{"winner": ' + "[" * 5_000)
@example('{"score": ' + "9" * 5_000 + "}")
@example('{"score": true, "reason": {"a": [1]}}')
def test_a_verdict_is_readable_or_none(said: str) -> None:
    verdict = read_verdict(said)
    assert verdict.winner in (None, "a", "b", "tie")
    assert verdict.score is None or 0 <= verdict.score <= 10


def test_what_a_judge_says_can_always_be_stored() -> None:
    assert read_verdict('{"reason": "\\ud800\\u0000!", "winner": "A"}').reason == "\N{REPLACEMENT CHARACTER}!"
    assert read_verdict('{"reason": [["deep"]], "winner": "A"}') == ("a", None, "")


@given(spoilt(FLAWS))
@example('{"flaws": [' + "[" * 5_000)
@example('{"flaws": [{"class": ' + "9" * 5_000)
def test_flaws_are_placed_in_the_text_or_the_reply_is_a_failure(reply: str) -> None:
    read = read_flags(Completion(text=reply), TEXT, wanted=WANTED)
    if isinstance(read, Failure):
        assert (read.stage, read.is_retryable) == ("judging", True)
        return
    for flaw in read:
        assert flaw.category.partition("/")[0] in ("reasoning", "answer")
        assert flaw.span is None or 0 <= flaw.span.start < flaw.span.end <= len(TEXT)
        assert is_storable(flaw.note)


@pytest.mark.parametrize("prose", ["{" * 3_000, "\\frac{1}{2} " * 1_500])
def test_braces_of_formulas_do_not_hide_the_list_of_flaws(prose: str) -> None:
    reply = f"{prose}\n{FLAWS[0]}"
    assert read_flags(Completion(text=reply), TEXT, wanted=WANTED) == read_flags(
        Completion(text=FLAWS[0]), TEXT, wanted=WANTED
    )


@given(spoilt([*FLAWS, TEXT, "nine   MAKE *eleven*", '- "not" 12'], most=400), spoilt([TEXT], most=400))
def test_a_quote_is_found_inside_the_text_or_nowhere(quote: str, text: str) -> None:
    span = locate(quote, text)
    assert span is None or 0 <= span.start < span.end <= len(text)
    if quote.strip() and quote.strip() in text:
        assert span is not None


@given(spoilt(FUSIONS), st.integers(1, 40))
def test_a_fusion_reads_the_same_however_it_arrives(reply: str, size: int) -> None:
    whole, pieces = ReplyReader("5eed"), ReplyReader("5eed")
    whole.feed(reply)
    told = [delta for at in range(0, len(reply), size) for delta in pieces.feed(reply[at : at + size])]
    comparison, answer = pieces.parts()
    assert (comparison, answer) == whole.parts()
    shown = "".join(delta.text for delta in told if delta.channel == "text")
    assert (answer or "").startswith(shown.rstrip())


def test_a_closing_tag_in_the_comparison_lets_no_half_tag_through() -> None:
    reader = ReplyReader("5eed")
    pieces = ["<fused>a</fused>", "<fused 5eed>", "c", "</fus", "ed 5eed>"]
    assert [delta.text for piece in pieces for delta in reader.feed(piece) if delta.channel == "text"] == ["c"]
