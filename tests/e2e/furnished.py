"""The composed app over a database with something on every page: runs, a study that was judged, a recording, flaws.

Prompts and answers of one run are Arabic and Hebrew with Latin words and formulas in them.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fusion_ui.composition import composed
from fusion_ui.engine.values import Prompt
from fusion_ui.exchange.candidates import pasted_pool
from fusion_ui.inspection.marking import Mark
from fusion_ui.recipes import Choices
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from fusion_ui.studies.protocol import Criterion
from storage.connection import open_store
from storage.identity import Identity
from tests.annotation.judging import Clock, Room
from tests.annotation.support import stored, unit
from tests.e2e.conftest import serving
from tests.e2e.labserver import SPOKEN, jsonl

RATERS = ("ada", "ben", "חנה")
ARABIC = "ما حاصل ضرب 6 في 7؟ اكتب الحل بلغة LaTeX."
ARABIC_ANSWERS = (
    "الناتج هو **42** لأن $6 \\times 7 = 42$ حسب Peano.\n\n- أولا: 6 + 6 = 12\n- ثانيا: `6 * 7`\n\nAnswer: 42",
    "התשובה היא 42, כי $6 \\cdot 7 = 42$ (ראו Python).\n\nAnswer: 42",
    "الجواب: 41.\n\nAnswer: 41",
)


class Furnished(NamedTuple):
    """The app, and what there is in it by its id."""

    url: str
    run: str
    failed: str
    arabic: str
    study: str
    arabic_study: str
    rubric: str
    recording: str


@contextmanager
def furnished(db: Path) -> Iterator[Furnished]:
    """The app over this new database once it holds something, until the block ends."""
    with ThreadPoolExecutor(1) as pool:  # the browser's own loop runs in this thread
        runs = pool.submit(_runs_and_recording, db).result()
    ids = runs | _studies(db)
    with serving(db, speed=0) as served:
        yield Furnished(url=served.url, **ids)


def _runs_and_recording(db: Path) -> dict[str, str]:
    with composed(load_settings(db=db, demo_speed=0)) as services:
        runs = asyncio.run(_runs(services))
        loaded = services.lab.load([jsonl(SPOKEN).encode()], name="riddles.jsonl")
        return runs | {"recording": loaded.recording.id}


async def _runs(services: Services) -> dict[str, str]:
    made = []
    for example in services.pack.examples[:3]:
        made.append(await services.compare(example.prompt, services.recipe(Choices(seed=1, n=8))))
    failing = next(each for each in services.pack.examples if each.id == "mer-salee")
    failed = await services.compare(failing.prompt, services.recipe(Choices(seed=4, n=8, preset="fixed")))
    pool = pasted_pool(Prompt(text=ARABIC, reference="42", language="ar"), "\n---\n".join(ARABIC_ANSWERS))
    arabic = await services.compare_recorded(pool, Choices(seed=1))
    for run_id in (*made, failed, arabic):
        await services.desk.finished(run_id)
    _mark(services, made[0])
    await services.close()
    return {"run": made[0], "failed": failed, "arabic": arabic}


def _mark(services: Services, run_id: str) -> None:
    first, *_ = services.stored_run(run_id).rows.candidates
    for rater, category in zip(RATERS, ("reasoning", "verbosity"), strict=False):
        mark = Mark(output_id=first.id, category=category, severity="minor", start=0, end=12, note="Here.")
        services.flaws.mark(run_id, rater, mark, key=f"{rater} marks")


def _studies(db: Path) -> dict[str, str]:
    """A study of pairs that was judged but for one more rater, one of a single Arabic item, and one with a rubric."""
    clock = Clock()
    with open_store(db, identity=Identity(clock=clock)) as store:
        room = Room(store, clock)
        arabic = unit(0, texts=ARABIC_ANSWERS[:2])
        units = [arabic, *(unit(place) for place in range(1, 8))]
        study = stored(store, *units, title="Fused or picked", overlap=len(RATERS) + 9, instructions="Read both.")
        for rater in RATERS:
            room.works(study, rater, lambda each: "fusion" if each.place < 5 else "tie")
        anchors = ("poor", "fair", "good")
        criteria = tuple(Criterion(key=key, label=key.title(), anchors=anchors) for key in ("correct", "clear"))
        rubric = stored(store, *map(unit, range(3)), title="Scored", task="rubric", criteria=criteria)
        return {"study": study, "arabic_study": stored(store, arabic, title="عربي"), "rubric": rubric}
