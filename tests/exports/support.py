"""Exports for tests: written to a file and read back, and ratings on a run's page."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fusion_ui.annotation.making import Form
from fusion_ui.annotation.saying import Said, Span, lettered
from fusion_ui.annotation.sessions import Circumstances
from fusion_ui.annotation.studies import Studies
from fusion_ui.exports.exports import Exports, Order, What
from fusion_ui.exports.training import Training
from fusion_ui.exports.winners import Filters
from fusion_ui.ratings import Submission, save_rating
from fusion_ui.replay import StoredRun
from fusion_ui.studies.protocol import Protocol
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store
from storage.finding import RunFilter
from tests.annotation.judging import Room

TAXONOMY = load_taxonomy()
Line = dict[str, Any]


def lines(store: Store, folder: Path, what: What, **order: Any) -> list[Line]:
    """What an export writes as JSON lines."""
    Exports(store, taxonomy=TAXONOMY).write(Order(what=what, ending="jsonl", **order), folder / "lines")
    return [json.loads(line) for line in (folder / "lines").read_text("utf-8").splitlines()]


def cells(store: Store, folder: Path, what: What, **order: Any) -> list[dict[str, str]]:
    """What an export writes as CSV."""
    Exports(store, taxonomy=TAXONOMY).write(Order(what=what, ending="csv", **order), folder / "table.csv")
    with (folder / "table.csv").open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text, strict=True))


def trained(store: Store, folder: Path, what: What = "dpo", **asked: Any) -> tuple[list[Line], Line]:
    """Training data with these filters and options, and its report."""
    names = Filters.__slots__
    filters = Filters(**{name: value for name, value in asked.items() if name in names})
    rest = {name: value for name, value in asked.items() if name not in names}
    scope = {name: rest.pop(name) for name in ("studies", "runs") if name in rest}
    order = Order(what=what, training=Training(filters=filters, **rest), **scope)
    written = Exports(store, taxonomy=TAXONOMY).write(order, folder / "lines")
    assert written.report is not None
    made = [json.loads(line) for line in (folder / "lines").read_text("utf-8").splitlines()]
    assert written.rows == len(made) == written.report["kept"]
    return made, written.report


def rated(store: Store, run: StoredRun, preferred: str, *, rater: str = "Ada", **given: Any) -> str:
    """The id of a rating on the run's page."""
    key = given.pop("key", f"{rater} {preferred}")
    return save_rating(store, run, Submission(key=key, rater=rater, preferred=preferred, **given)).id


def says_with_flaw(room: Room, study_id: str, name: str, *, verdict: str, on: str, span: Sequence[Any]) -> None:
    """This rater judges the next item and marks a flaw (category, severity, start, end, note) in one answer."""
    sheet = room.sessions.next(study_id, name).sheet
    assert sheet is not None
    letters = {contender.role: letter for letter, contender in lettered(sheet.shown).items()}
    said = Said(verdict=letters[verdict], spans=(Span(letters[on], *span),))  # type: ignore[index]
    room.clock.passes(20)
    room.sessions.judge(
        sheet.trial_id, name, said, Circumstances(key=f"{name} flaw {sheet.trial_id}", active_seconds=20.0, shown={})
    )


def study_of_run(store: Store, run: StoredRun, *contrast: str, **protocol: Any) -> str:
    """The id of a study of this run's outputs."""
    asked = {"title": "Fused or picked", "repeats": 0.0, "contrasts": (contrast or ("fusion", "best"),), **protocol}
    form = Form(protocol=Protocol(**asked), items=RunFilter(ids=(run.rows.run.id,)))
    return Studies(store).create(form).study_id
