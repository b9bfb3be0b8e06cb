"""Extraction, equality and votes on the published GSM8K and MATH candidates, held against reference results.

The known answers are those of `reference_open.md` 6, beside the data; where ours differ, the test says why.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fusion_ui.engine.answers import Checker, answer_key, equivalent, extract, matches_reference
from fusion_ui.providers.math_verify import MathVerifyChecker

pytestmark = pytest.mark.anyio
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


class Votes(NamedTuple):
    """Accuracy of the most frequent answer (ties drawn at random), share of prompts with any right answer, counts."""

    expected: float
    oracle: float
    tied: int
    unanswered: int


@pytest.fixture(scope="module")
def gsm8k(shared_data: Path) -> list[dict[str, Any]]:
    return read(shared_data / "open" / "gsm8k_4solutions.jsonl")


@pytest.fixture(scope="module")
def level5(shared_data: Path) -> list[dict[str, Any]]:
    return read(shared_data / "open" / "math_l5_6models.jsonl")


@pytest.fixture
async def checker() -> AsyncIterator[MathVerifyChecker]:
    checker = MathVerifyChecker()
    yield checker
    await checker.aclose()


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stated(text: str) -> str | None:
    found = extract(text)
    return found.answer if found else None


def telling(checker: Checker | None) -> Callable[[str, str], Awaitable[bool]]:
    """Sameness at once where it can be told, else by the checker, of raw strings too."""

    async def same(first: str, second: str) -> bool:
        has_keys = answer_key(first) is not None and answer_key(second) is not None
        verdict = equivalent(first, second) if has_keys or first == second else None
        return bool(await checker.equivalent(first, second) if verdict is None and checker else verdict)

    return same


async def votes_of(
    pools: Sequence[tuple[Sequence[str | None], str]], same: Callable[[str, str], Awaitable[bool]]
) -> Votes:
    expected = oracle = tied = unanswered = 0.0
    for answers, gold in pools:
        groups: list[list[str]] = []
        for answer in filter(None, answers):
            home = [group for group in groups if await same(group[0], answer)]
            home[0].append(answer) if home else groups.append([answer])
        unanswered += len(answers) - sum(map(len, groups))
        most = max(map(len, groups), default=0)
        is_right = [await same(gold, group[0]) for group in groups]
        leading = [right for right, group in zip(is_right, groups, strict=True) if len(group) == most]
        expected += sum(leading) / max(len(leading), 1)
        oracle += any(is_right)
        tied += len(leading) > 1
    return Votes(round(expected / len(pools), 4), round(oracle / len(pools), 4), int(tied), int(unanswered))


async def test_gsm8k_texts_are_right_exactly_where_their_authors_say(gsm8k: list[dict[str, Any]]) -> None:
    texts = [(row[model], row["ground_truth"]) for row in gsm8k for model in MODELS]
    verdicts = [await matches_reference(stated(text["solution"]), gold, None) for text, gold in texts]
    assert len(texts) == 5276
    assert verdicts == [text["is_correct"] for text, _ in texts]


async def test_gsm8k_votes_as_in_the_reference(gsm8k: list[dict[str, Any]]) -> None:
    pools = [([stated(row[model]["solution"]) for model in MODELS], answer_of(row["ground_truth"])) for row in gsm8k]
    # The reference counts 11 texts without an answer: it looks for a line "A:" and passes over the bare reply "25".
    assert await votes_of(pools, telling(None)) == Votes(0.4817, 0.6725, 528, 10)


def answer_of(ground_truth: str) -> str:
    return ground_truth.rpartition("A: ")[2]


async def test_math_fields_vote_as_in_the_reference(level5: list[dict[str, Any]], checker: Checker) -> None:
    pools = [([candidate["answer"] for candidate in row["candidates"]], row["gold"]) for row in level5]
    assert await votes_of(pools, telling(checker)) == Votes(0.5869, 0.7667, 35, 25)


async def test_math_texts_vote_as_their_fields_without_what_is_no_answer(
    level5: list[dict[str, Any]], checker: Checker
) -> None:
    """The reference lets blanks and explanations vote, and math-verify takes one that ends in "square root of 5" for 5
    (prompt 688, alone worth .0069); it misses twelve answers outside the JSON ("Answer: 4"), which the texts do state.
    """
    pools = [(list(map(stated, texts_of(row))), row["gold"]) for row in level5]
    assert await votes_of(pools, telling(checker)) == Votes(0.5792, 0.7667, 37, 38)


def test_math_texts_give_the_answer_of_their_field(level5: list[dict[str, Any]]) -> None:
    candidates = [candidate for row in level5 for candidate in row["candidates"]]
    with_field = [candidate for candidate in candidates if candidate["answer"]]
    assert len(with_field) == 695
    for candidate in with_field:
        assert stated(candidate["text"]) == answer_key(candidate["answer"])


def texts_of(row: dict[str, Any]) -> list[str]:
    return [candidate["text"] for candidate in row["candidates"]]


async def test_what_is_told_at_once_agrees_with_math_verify(level5: list[dict[str, Any]], checker: Checker) -> None:
    answers = [{row["gold"], *map(stated, texts_of(row))} - {None} for row in level5]
    pairs = {pair for distinct in answers for pair in combinations(sorted(distinct), 2)}
    told = [(pair, verdict) for pair in sorted(pairs) if (verdict := equivalent(*pair)) is not None]
    disagreed = [pair for pair, verdict in told if await checker.equivalent(*pair) is not verdict]
    assert len(told) > 0.98 * len(pairs) > 600
    assert len(disagreed) <= 0.001 * len(told)
