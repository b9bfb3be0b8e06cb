"""What people said, as exports tell it: from the run's own page and from studies, in offsets of the stored text."""

from typing import Any, cast

from fusion_ui.inspection.opinions import opinions_told
from storage.connection import Store
from storage.overviews import rater_names
from storage.studies import NewContender
from tests.inspection.listwork import flawed, output_of, rated, stored
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


def told(store: Store, run_id: str) -> dict[str, Any]:
    with store.reading() as reader:
        return cast(dict[str, Any], opinions_told(reader, run_id, names=rater_names(reader)))


def test_a_run_nobody_spoke_of_has_none(store: Store) -> None:
    assert told(store, stored(store)) == {"ratings": [], "flaws": []}


def test_the_run_s_page_and_studies_are_told_alike(store: Store) -> None:
    run_id = stored(store)
    rated(store, run_id, note="by hand")
    flawed(store, run_id, category="answer")
    with store.writing() as writer:
        outputs = [output_of(writer, run_id, position) for position in (1, 3)]
        contenders = [
            NewContender(role="candidate", output_id=each, text=f"Draw {place} says {answer}.")
            for each, place, answer in zip(outputs, (1, 3), (42, 41), strict=True)
        ]
        study = study_of(writer, units=0, more=[unit(0, run_id=run_id, contenders=contenders)])
        trial = opened(writer, study, rater="Bo")
        marked = flaw(trial, output_id=outputs[1], role="candidate")
        chosen = {"verdict": "output", "output_id": outputs[1], "role": "candidate", "body": {"note": "in a study"}}
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
