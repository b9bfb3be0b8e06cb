"""What people said, as exports tell it: from the run's own page and from studies, in offsets of the stored text."""

from typing import Any, cast

from fusion_ui.inspection.opinions import opinions_told
from storage.connection import Store
from storage.overviews import rater_names
from storage.rows import Writer
from storage.studies import NewContender
from tests.inspection.listwork import flawed, output_of, rated, stored
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


def told(store: Store, run_id: str) -> dict[str, Any]:
    with store.reading() as reader:
        return cast(dict[str, Any], opinions_told(reader, run_id, names=rater_names(reader)))


def two(writer: Writer, run_id: str) -> list[NewContender]:
    """Two draws of the run that differ, as a study shows them."""
    return [
        NewContender(role="candidate", output_id=output_of(writer, run_id, place), text=f"Draw {place} says {answer}.")
        for place, answer in ((1, 42), (3, 41))
    ]


def test_a_run_nobody_spoke_of_has_none(store: Store) -> None:
    assert told(store, stored(store)) == {"ratings": [], "flaws": []}


def test_the_run_s_page_and_studies_are_told_alike(store: Store) -> None:
    run_id = stored(store)
    rated(store, run_id, note="by hand")
    flawed(store, run_id, category="answer")
    with store.writing() as writer:
        contenders = two(writer, run_id)
        study = study_of(writer, units=0, more=[unit(0, run_id=run_id, contenders=contenders)])
        trial = opened(writer, study, rater="Bo")
        marked = flaw(trial, output_id=contenders[1].output_id, role="candidate")
        chosen = {
            "verdict": "output",
            "output_id": contenders[1].output_id,
            "role": "candidate",
            "body": {"note": "in a study"},
        }
        saved(writer, trial, flaws=[marked], **chosen)
    found = told(store, run_id)
    assert [(each["rater"], each["study_id"], each["note"]) for each in found["ratings"]] == [
        ("Ada", None, "by hand"), ("Bo", study.id, "in a study")
    ]  # fmt: skip
    assert [(each["rater"], each["start"], each["end"]) for each in found["flaws"]] == [
        ("Ada", None, None),
        ("Bo", 0, 3),
    ]
    assert {tuple(sorted(each)) for each in found["flaws"]} == {tuple(sorted(found["flaws"][0]))}


def test_what_is_said_of_another_item_of_the_study_is_said_of_its_own_run(store: Store) -> None:
    quiet, spoken_of = stored(store), stored(store)
    with store.writing() as writer:
        items = [
            unit(0, run_id=quiet, contenders=two(writer, quiet)),
            unit(1, run_id=spoken_of, contenders=two(writer, spoken_of)),
        ]
        study = study_of(writer, units=0, more=items)
        saved(writer, opened(writer, study, 1), verdict="tie")
    assert told(store, quiet)["ratings"] == []
    assert [each["study_id"] for each in told(store, spoken_of)["ratings"]] == [study.id]
