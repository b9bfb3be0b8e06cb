"""Answer sets for tests: written by hand from a few answers, or read from the published count files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from fusion_ui.analysis.answers import BLANK, AnswerSet, Draws, Question

Spoken = Sequence[str]  # what one member said to one question, in order; "" is a blank


def counts_files(*paths: Path) -> AnswerSet:
    """Published count files as one answer set, a member a file; answers are told apart by their spelling.

    "analysis_aime2025_Qwen3-4B.jsonl" is the member Qwen3-4B, and its questions are "aime2025/0" and on.
    """
    read = [[json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in paths]
    folders = [path.stem.removeprefix("analysis_").rpartition("_") for path in paths]
    by_member = [
        {f"{folder[0]}/{row['problem_num']}": row for row in rows} for folder, rows in zip(folders, read, strict=True)
    ]
    names = list(dict.fromkeys(name for rows in by_member for name in rows))
    return AnswerSet(
        members=tuple(folder[2] for folder in folders),
        questions=tuple(_question(name, [rows.get(name) for rows in by_member]) for name in names),
    )


def answer_set(
    *questions: Sequence[Spoken | None],
    gold: Sequence[str | None] | None = None,
    tokens: float | None = 1.0,
) -> AnswerSet:
    """Questions "q0", "q1", … with what each member "a", "b", … said; every draw costs the same `tokens`."""
    golds = gold or [None] * len(questions)
    return AnswerSet(
        members=tuple("abcdefghij"[: len(questions[0])]),
        questions=tuple(
            question(f"q{place}", said, gold=right, tokens=tokens)
            for place, (said, right) in enumerate(zip(questions, golds, strict=True))
        ),
    )


def question(
    name: str, said: Sequence[Spoken | None], *, gold: str | None = None, tokens: float | None = 1.0
) -> Question:
    """One question; None where a member was not asked."""
    answers = tuple(
        dict.fromkeys([*(text for spoken in said for text in spoken or () if text), *([gold] * bool(gold))])
    )
    return Question(
        name=name,
        answers=tuple(str(answer) for answer in answers),
        gold=answers.index(gold) if gold else None,
        draws=tuple(None if spoken is None else _draws(spoken, answers, [tokens] * len(spoken)) for spoken in said),
    )


def _question(name: str, rows: Sequence[Mapping[str, object] | None]) -> Question:
    said = [row and [(str(text).strip(), cost) for text, cost in row["all_answers"]] for row in rows]  # type: ignore[attr-defined]
    gold = next(str(row["gold_answer"]).strip() for row in rows if row)
    answers = tuple(dict.fromkeys([text for spoken in said for text, _ in spoken or () if text] + [gold]))
    return Question(
        name=name,
        answers=answers,
        gold=answers.index(gold),
        draws=tuple(
            spoken and _draws([text for text, _ in spoken], answers, [cost for _, cost in spoken]) for spoken in said
        ),
    )


def _draws(spoken: Spoken, answers: Sequence[str | None], tokens: Sequence[float | None]) -> Draws:
    return Draws(
        keys=np.array([answers.index(text) if text else BLANK for text in spoken], dtype=np.int64),
        tokens=None if None in tokens else np.array(tokens, dtype=np.float64),
    )
