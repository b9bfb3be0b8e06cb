"""What is handed out comes in again by our own importer, its format told from the file, with the same counts."""

from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest

from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exports.exports import Ending, Exports, Order, What
from fusion_ui.imports.importer import Import, Imports
from storage.connection import Store, open_store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.exports.support import TAXONOMY, lines

THOUGHTS = {"ann": "fusion", "bob": "best", "cem": "tie", "dai": "all_bad", "judge: gpt": "fusion"}


@pytest.fixture
def judged(store: Store, room: Room) -> Store:
    """Three items of two answers, each judged in every way, once by a model."""
    study_id = stored(store, *map(unit, range(3)), overlap=len(THOUGHTS))
    for name, thought in THOUGHTS.items():
        room.works(study_id, name, lambda _, thought=thought: thought)  # type: ignore[misc]
    return store


def brought(store: Store, file: Path) -> None:
    anyio.run(Imports(store).bring, Import(files=(RecordedFile(path=file, name=file.name),)))


def wins(battles: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """How often each judge preferred what."""
    return Counter((each["judge"], each.get(each["winner"], each["winner"])) for each in battles)


@pytest.mark.parametrize(
    ("what", "ending"), [("battles", "json"), ("battles", "jsonl"), ("comparator", "json"), ("bundle", "jsonl"),
                         ("bundle", "csv"), ("bundle", "parquet")],
)  # fmt: skip
def test_counts_are_the_same_after_the_way_out_and_in(
    what: What, ending: Ending, judged: Store, tmp_path: Path
) -> None:
    file = tmp_path / f"handed_on.{ending}"
    Exports(judged, taxonomy=TAXONOMY).write(Order(what=what, ending=ending), file)
    here = lines(judged, tmp_path, "battles")
    with open_store(tmp_path / "other.db") as other:
        brought(other, file)
        there = lines(other, tmp_path, "battles", by="role" if what == "bundle" else "member")
    assert len(there) == len(here) == 3 * len(THOUGHTS)
    assert wins(there) == wins(here)
