"""A store with any number of finished runs, as sampling would have left it: for measuring lists, not for reading.

Words follow Zipf's law; what is said to one prompt shares a vocabulary of its own, as answers to one question do. One
run in seven is in German, Chinese, Arabic or Hindi.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fusion_ui.engine.values import Limits, Member, Prompt, Recipe, Score, Selection, SelectorName, StopRule
from fusion_ui.recording import RECIPE, SELECTION
from storage.catalogue import put_prompt, put_recipe
from storage.connection import Store, open_store
from storage.flaws import RunFlawRow, insert_flaw
from storage.identity import Identity
from storage.ratings import RatingRow, insert_rating, rater_named
from storage.rows import Json, Row, Writer
from storage.runs import (
    DrawRow,
    FailureRow,
    FusionStartRow,
    OutcomeRow,
    OutputRow,
    RunRow,
    SelectionRow,
    StopRow,
)
from storage.studies import NewContender, NewUnit, put_study

RUNS_A_TRANSACTION = 500
_VOCABULARY = 60_000
_TOPIC = 400
_SPECIAL = 0.5  # with which a pool says a new word every 20 bytes; real ones of this size do so every 18 or more
_MEMBERS = tuple(Member(name=f"member-{letter}", model=f"vendor/model-{letter}") for letter in "abcdef")
_LANGUAGES = (("en", 0.86), ("de", 0.06), ("zh", 0.04), ("ar", 0.02), ("hi", 0.02))
_SYLLABLES = {
    "en": "ba con de ter tion ing ex pre sal mor li ver un at ro pi sta ment able er".split(),
    "de": "ge schü lö ver heit ung ßen stä mü ein aus über zu kon tra lich äh ner wil".split(),
    "zh": [chr(code) for code in range(0x4E00, 0x4E00 + 2500)],
    "ar": "ال مك تا بو سل دم رح قو عل في نا هي ور شم كت".split(),
    "hi": "का हि न्दी मे रा जा ति वि श्व प्र स्ता नी या लो".split(),
}
COMMON, RARE = "answer", "zyzzyva"
"""A word that every second text says, and one that one run in a thousand does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The words of a language, the most frequent first, and how often each is said."""

    words: NDArray[np.object_]
    shares: NDArray[np.float64]
    joint: str


def many_cases(path: Path, *, runs: int, characters: int, seed: int = 7) -> Path:
    """The file with so many runs, texts having about so many characters; made unless it is there."""
    if path.exists():
        return path
    making = path.with_suffix(".making")
    making.unlink(missing_ok=True)
    chance = random.Random(seed)
    speeches = {language: _speech(language, chance) for language, _ in _LANGUAGES}
    clock = _Clock()
    with open_store(making, identity=Identity(clock=clock, chance=chance.randbytes)) as store:
        for start in range(0, runs, RUNS_A_TRANSACTION):
            with store.writing() as writer:
                for number in range(start, min(start + RUNS_A_TRANSACTION, runs)):
                    clock.jump(number, runs=runs)
                    _run(writer, number, chance=chance, speeches=speeches, characters=characters)
            if start % 10_000 == 0:
                sys.stderr.write(f"{start} runs made\n")
        _study(store, units=min(500, runs))
        with store.reading() as reader:
            reader.execute("SELECT count(*) FROM runs")
    return making.rename(path)


class _Clock:
    """Two years of runs, the same distance apart."""

    def __init__(self) -> None:
        self._now = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def jump(self, number: int, *, runs: int) -> None:
        self._now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=730 * number / runs)


def _speech(language: str, chance: random.Random) -> Speech:
    syllables, is_han = _SYLLABLES[language], language == "zh"
    size = 2_500 if is_han else _VOCABULARY
    made = dict.fromkeys(
        syllables if is_han else ("".join(chance.choices(syllables, k=chance.randint(1, 5))) for _ in range(size * 2))
    )
    words = np.array(list(made)[:size], dtype=object)
    weights = 1 / np.arange(2, len(words) + 2)
    return Speech(words=words, shares=np.cumsum(weights / weights.sum()), joint="" if is_han else " ")


def _texts(speech: Speech, *, chance: random.Random, characters: int) -> Iterator[str]:
    """Endless texts about one topic, of differing length."""
    draws = np.random.default_rng(chance.getrandbits(32))
    last = len(speech.words) - 1
    topic = draws.integers(0, last, size=_TOPIC)
    mean = 1 if not speech.joint else 8
    while True:
        size = max(5, int(characters * chance.lognormvariate(0, 0.5) / 1.13 / mean))
        general = np.minimum(np.searchsorted(speech.shares, draws.random(size)), last)
        special = topic[(draws.pareto(1.2, size) * 8).astype(int) % _TOPIC]
        words = speech.words[np.where(draws.random(size) < _SPECIAL, special, general)].tolist()
        for at in range(12, len(words), 13):
            words[at] += ". " if speech.joint else "。"
        yield speech.joint.join(words)


def _run(writer: Writer, number: int, *, chance: random.Random, speeches: dict[str, Speech], characters: int) -> None:
    language = chance.choices([name for name, _ in _LANGUAGES], [share for _, share in _LANGUAGES])[0]
    texts = _texts(speeches[language], chance=chance, characters=characters)
    gold = str(chance.randint(2, 99))
    asked = f"{next(texts)[: max(characters // 2, 40)]} #{number}"
    run = _begun(writer, asked, gold=gold, language=language, chance=chance)
    drawn = chance.randint(4, 8)
    answers = [gold if chance.random() < 0.6 else str(chance.randint(2, 9)) for _ in range(drawn)]
    rare = f" {RARE}" if number % 1000 == 17 else ""
    now = writer.identity.now()
    outputs: list[OutputRow] = []
    for position, answer in enumerate(answers, start=1):
        member = _MEMBERS[chance.randrange(len(_MEMBERS))]
        drawn_row = {"run_id": run.id, "position": position, "member": member.name, "model": member.model}
        writer.insert(DrawRow(seed=number, asked_at=now, **drawn_row))  # type: ignore[arg-type]
        if position > 1 and chance.random() < 0.02:
            writer.insert(_failure(run, position, now=now, seq=position))
            continue
        end = f"The {COMMON} is" if position % 2 else "Result:"
        text = f"{next(texts)}{rare} {end} {answer}"
        outputs.append(_output(writer, run, member, position, text=text, answer=answer))
    for row in outputs:
        writer.insert(row)
    for concluding in _conclusion(writer, run, outputs, chance=chance, text=next(texts)):
        writer.insert(concluding)
    _opinions(writer, run, outputs, number, chance=chance, note=next(texts)[:120])


def _begun(writer: Writer, text: str, *, gold: str, language: str, chance: random.Random) -> RunRow:
    prompt = Prompt(text=text, reference=gold if chance.random() < 0.7 else None, language=language)
    recipe = Recipe(members=_MEMBERS, stop=StopRule(), limits=Limits(cap=8), seed=chance.randrange(20))
    run = RunRow(
        id=writer.identity.new_id(),
        prompt_id=put_prompt(
            writer, text=prompt.text, reference=prompt.reference, language=prompt.language,
            tags=chance.sample(("maths", "geo", "law", "code", "chat", "poem"), k=chance.randint(0, 3)),
        ),
        recipe_id=put_recipe(writer, RECIPE.dump_python(recipe, mode="json")),
        seed=recipe.seed,
        origin=chance.choice(("sampled", "sampled", "recorded")),
        app_version="0.1.0",
        started_at=writer.identity.now(),
    )  # fmt: skip
    writer.insert(run)
    return run


def _failure(run: RunRow, position: int, *, now: str, seq: int) -> FailureRow:
    return FailureRow(
        run_id=run.id, seq=seq, stage="sampling", position=position, kind="timeout", message="No reply in 60 s.",
        created_at=now,
    )  # fmt: skip


def _output(writer: Writer, run: RunRow, member: Member, position: int, *, text: str, answer: str | None) -> OutputRow:
    return OutputRow(
        id=writer.identity.new_id(), run_id=run.id, role="candidate", position=position, member=member.name,
        model=member.model, text=text, answer=answer, finish_reason="stop", input_tokens=90,
        output_tokens=len(text) // 4, cost_usd=len(text) * 1e-7, duration_ms=900.0, created_at=writer.identity.now(),
    )  # fmt: skip


def _conclusion(
    writer: Writer, run: RunRow, outputs: Sequence[OutputRow], *, chance: random.Random, text: str
) -> Iterator[Row]:
    now = writer.identity.now()
    yield StopRow(run_id=run.id, reason=chance.choice(("evidence", "cap")), draws=len(outputs), created_at=now)
    picked = chance.choice(outputs)
    positions = [output.position or 0 for output in outputs]
    selector: SelectorName = chance.choice(("vote", "judge-pairs"))
    scores = tuple(Score(position=position, value=1.0) for position in positions)
    selection = Selection(position=picked.position or 0, selector=selector, scores=scores, flips=chance.randint(0, 1))
    body = SELECTION.dump_python(selection, mode="json")
    yield SelectionRow(run_id=run.id, output_id=picked.id, selector=selector, body=body, created_at=now)
    shown: list[Json] = list(positions)
    yield FusionStartRow(run_id=run.id, fusor="fusor", model="vendor/fusor", shown=shown, created_at=now)
    detail: Json = {"prompt_version": "fusor-1", "comparison": "", "order": shown, "contradicts_vote": False}
    answer = chance.choice(outputs).answer
    yield OutputRow(
        id=writer.identity.new_id(), run_id=run.id, role="fusion", member="fusor", model="vendor/fusor",
        text=f"{text} All in all, {answer}", answer=answer, finish_reason="stop", output_tokens=len(text) // 4,
        cost_usd=1e-4, duration_ms=1500.0, detail=detail, created_at=now,
    )  # fmt: skip
    cost = sum(output.cost_usd or 0.0 for output in outputs)
    yield OutcomeRow(run_id=run.id, ended="completed", duration_ms=4000.0, cost_usd=cost, created_at=now)


def _opinions(
    writer: Writer, run: RunRow, outputs: Sequence[OutputRow], number: int, *, chance: random.Random, note: str
) -> None:
    """One run in twenty is rated, one in fifty has a flaw marked in it."""
    rater = rater_named(writer, f"rater {number % 7}")
    made = {"id": writer.identity.new_id(), "run_id": run.id, "rater_id": rater.id, "note": note}
    made |= {"output_id": chance.choice(outputs).id, "created_at": writer.identity.now()}
    if number % 20 == 3:
        insert_rating(
            writer,
            RatingRow(verdict="output", role="candidate", names_visible=True, request_key=f"rating {number}", **made),
        )
    if number % 50 == 9:
        category = chance.choice(("reasoning/arithmetic", "answer/wrong", "omission", "fusion"))
        insert_flaw(
            writer,
            RunFlawRow(
                span_start=0, span_end=4, category=category, severity=chance.choice(("minor", "major", "critical")),
                taxonomy_id="content-flaws", taxonomy_version="1", request_key=f"flaw {number}", **made,  # type: ignore[arg-type]
            ),
        )  # fmt: skip


def _study(store: Store, *, units: int) -> None:
    with store.writing() as writer:
        runs = writer.execute("SELECT id FROM runs ORDER BY id LIMIT ?", units).fetchall()
        put_study(
            writer,
            title="Pilot",
            definition={"task": "pairwise"},
            definition_sha256="d" * 64,
            overlap=1,
            units=[_unit(writer, place, run_id) for place, (run_id,) in enumerate(runs)],
        )


def _unit(writer: Writer, place: int, run_id: str) -> NewUnit:
    rows = writer.rows(OutputRow, "WHERE run_id = ? AND role = 'candidate' ORDER BY position LIMIT 2", run_id)
    contenders = [NewContender(role="candidate", output_id=row.id, text=row.text, member=row.member) for row in rows]
    return NewUnit(place=place, prompt="As put.", contenders=contenders, run_id=run_id)
