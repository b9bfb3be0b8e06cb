"""From a form to units: sources from files, runs and other studies, phases, known answers, and what is refused."""

import asyncio
import json
from contextlib import aclosing
from random import Random
from time import process_time
from typing import Any

import pytest

from fusion_ui.annotation.gathering import Earlier, Imported, Items
from fusion_ui.annotation.making import Draft, Form, Known, labels_of, workload
from fusion_ui.annotation.protocols import RUBRIC, checked, contrasts_in, criteria_in
from fusion_ui.annotation.studies import Studies
from fusion_ui.composition import scripted_sampler
from fusion_ui.demo.pack import load_pack
from fusion_ui.engine.pipeline import run
from fusion_ui.engine.values import Limits, Recipe
from fusion_ui.recording import begin_run, recorded
from fusion_ui.studies.protocol import Criterion, Protocol, StudyError
from storage.connection import Store
from storage.errors import ConflictError
from storage.finding import RunFilter

HOSTILE = "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)> \u202e'); DROP TABLE studies; --"
PACK = load_pack()


def line(prompt: str, **outputs: Any) -> str:
    return json.dumps({"prompt": prompt, "outputs": outputs})


def numbered(count: int) -> Imported:
    return Imported(text="\n".join(line(f"q{at}", fusion=f"fused {at}", best=f"picked {at}") for at in range(count)))


def form(items: Items, **asked: Any) -> Form:
    rest = {name: asked.pop(name) for name in ("training", "gold", "supersedes") if name in asked}
    return Form(protocol=Protocol(**{"title": "T", **asked}), items=items, **rest)


def made(studies: Studies, items: Items, **asked: Any) -> Draft:
    return studies.preview(form(items, **asked))


async def compared(store: Store, place: int) -> str:
    example = PACK.examples[place]
    recipe = Recipe(members=PACK.members, limits=Limits(cap=6), seed=place)
    run_id = begin_run(store, example.prompt, recipe, origin="scripted", app_version="test")
    events = run(example.prompt, recipe, scripted_sampler(PACK, speed=0), Random(place))
    async with aclosing(recorded(events, store, run_id)) as stream:
        async for _ in stream:
            pass
    return run_id


def test_runs_become_units_of_what_they_said(store: Store, studies: Studies) -> None:
    ids = [asyncio.run(compared(store, place)) for place in (0, 3)]
    draft = made(studies, RunFilter())
    assert [unit.run_id for unit in draft.units] == ids
    assert [unit.prompt for unit in draft.units] == [PACK.examples[place].prompt.text for place in (0, 3)]
    assert all(labels_of(unit) == ("fusion", "best") for unit in draft.units)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (RunFilter(language="de"), [3]),
        (RunFilter(tags=("no such tag",)), []),
        (RunFilter(tags=("unanimous", "no such tag")), [1]),
        (RunFilter(limit=1), [3]),
        (RunFilter(since="2999-01-01"), []),
        (RunFilter(since="2000-01-01", language="en"), [0, 1]),
    ],
)
def test_a_filter_leaves_the_runs_it_names(
    store: Store, studies: Studies, wanted: RunFilter, places: list[int]
) -> None:
    for place in (0, 1, 3):
        asyncio.run(compared(store, place))
    if not places:
        with pytest.raises(StudyError, match="No run fits"):
            made(studies, wanted)
        return
    assert {unit.prompt for unit in made(studies, wanted).units} == {PACK.examples[at].prompt.text for at in places}


def test_an_unknown_run_is_named(studies: Studies) -> None:
    with pytest.raises(StudyError, match="'nowhere'"):
        made(studies, RunFilter(ids=("nowhere",)))


def test_identical_answers_are_counted_and_not_asked_about(studies: Studies) -> None:
    text = "\n".join([line("a", fusion="same ", best="same"), line("b", fusion="one", best="two")])
    draft = made(studies, Imported(text=text), overlap=3)
    assert [unit.is_identical for unit in draft.units] == [True, False]
    assert (len(draft.shown), draft.trials) == (1, 3)


def test_what_lacks_an_output_is_left_out_with_its_reason(studies: Studies) -> None:
    text = "\n".join([line("a", fusion="x"), line("b", fusion="one", best="two")])
    draft = made(studies, Imported(text=text))
    ((_, prompt, reason),) = draft.lacking
    assert prompt == "a"
    assert reason.startswith("fusion:best: ")
    assert "no best" in reason


def test_lines_of_one_prompt_stay_apart(studies: Studies) -> None:
    text = "\n".join(line("same question", fusion=f"f{at}", best=f"b{at}") for at in range(3))
    study_id = studies.create(form(Imported(text=text))).study_id
    again = made(studies, Earlier(study_id=study_id))
    assert [[each.text for each in unit.contenders] for unit in again.units] == [
        ["f0", "b0"],
        ["f1", "b1"],
        ["f2", "b2"],
    ]


def test_a_new_version_has_the_same_units_under_other_questions(studies: Studies) -> None:
    first = studies.create(form(numbered(4))).study_id
    again = studies.create(form(Earlier(study_id=first), supersedes=first, takes_notes=False)).study_id
    before, after = studies.study(first), studies.study(again)
    assert after.units == before.units
    assert (after.version, after.supersedes) == (2, first)


def test_only_one_version_follows_a_study(studies: Studies) -> None:
    first = studies.create(form(numbered(1))).study_id
    studies.create(form(Earlier(study_id=first), supersedes=first))
    with pytest.raises(ConflictError, match="newer version"):
        studies.create(form(Earlier(study_id=first), supersedes=first))


def test_other_contrasts_can_be_asked_of_an_earlier_study(studies: Studies) -> None:
    text = "\n".join(line(f"q{at}", fusion=f"f{at}", best=f"b{at}", vote=f"v{at}") for at in range(2))
    first = studies.create(form(Imported(text=text), task="ranking", contrasts=(("fusion", "best", "vote"),))).study_id
    draft = made(studies, Earlier(study_id=first), contrasts=(("best", "vote"),))
    assert [[each.text for each in unit.contenders] for unit in draft.units] == [["b0", "v0"], ["b1", "v1"]]


def test_training_and_checks_are_by_place(studies: Studies) -> None:
    draft = made(studies, numbered(4), training={1: Known(0, " Because. ")}, gold={2: 1})
    assert [unit.phase for unit in draft.units] == ["main", "training", "main", "main"]
    assert (draft.units[1].gold, draft.units[1].feedback, draft.units[2].gold) == (0, "Because.", 1)
    assert len(draft.shown) == 3


@pytest.mark.parametrize(
    ("known", "words"),
    [({"gold": {9: 0}}, "no item 10"), ({"gold": {0: 5}}, "2 answers"), ({"training": {-1: Known(0)}}, "no item 0")],
)
def test_places_that_do_not_exist_are_dropped_from_a_preview_and_refused_by_a_study(
    studies: Studies, known: dict[str, Any], words: str
) -> None:
    assert all(unit.gold is None for unit in made(studies, numbered(2), **known).units)
    with pytest.raises(StudyError, match=words):
        studies.create(form(numbered(2), **known))


def test_a_unit_is_shown_itself_when_the_one_it_equals_goes_to_training(studies: Studies) -> None:
    text = "\n".join([line("q", fusion="x", best="y")] * 3)
    assert [unit.same_as for unit in made(studies, Imported(text=text)).units] == [None, 0, 0]
    assert [unit.same_as for unit in made(studies, Imported(text=text), training={0: Known(0)}).units] == [
        None,
        None,
        1,
    ]


def test_phrases_that_name_an_author_are_noted_and_masked_if_wished(studies: Studies) -> None:
    text = line("q", fusion={"text": "As ChatGPT, I say yes", "member": "gpt"}, best="no")
    plain = made(studies, Imported(text=text)).units[0].contenders[0]
    assert (plain.names, "ChatGPT" in plain.text) == (("ChatGPT",), True)
    masked = made(studies, Imported(text=text), masks_names=True).units[0].contenders[0]
    assert (masked.names, "ChatGPT" in masked.text) == (("ChatGPT",), False)


def test_a_new_version_can_mask_what_the_earlier_showed_and_keeps_what_it_noted(studies: Studies) -> None:
    text = line("q", fusion={"text": "As ChatGPT, I say yes", "member": "gpt"}, best="no")
    first = studies.create(form(Imported(text=text))).study_id
    second = studies.create(form(Earlier(study_id=first), masks_names=True)).study_id
    third = made(studies, Earlier(study_id=second), masks_names=True).units[0].contenders[0]
    assert (third.names, "ChatGPT" in third.text) == (("ChatGPT",), False)


def test_the_same_key_gives_the_same_study(studies: Studies) -> None:
    first = studies.create(form(numbered(2)), key="k" * 10)
    assert studies.create(form(numbered(2)), key="k" * 10) == first
    assert studies.create(form(numbered(2)), key="l" * 10) != first
    assert len(studies.studies()) == 2


def test_other_units_than_in_the_preview_are_refused(studies: Studies) -> None:
    seen = made(studies, numbered(2)).units_sha256
    assert studies.create(form(numbered(2)), units_sha256=seen).items == 2
    with pytest.raises(ConflictError, match="preview"):
        studies.create(form(numbered(3)), units_sha256=seen)


def test_hostile_words_are_kept_as_words(studies: Studies) -> None:
    text = line(HOSTILE, fusion={"text": HOSTILE, "member": HOSTILE}, best="no")
    study = studies.study(studies.create(form(Imported(text=text), title=HOSTILE, raters=(HOSTILE,))).study_id)
    assert (study.units[0].prompt, study.units[0].contenders[0].text) == (HOSTILE, HOSTILE)
    assert study.protocol.title == HOSTILE


def test_half_characters_and_blanks_are_mended() -> None:
    told = checked(Protocol(title=" a\ud800\0  b ", raters=(" ann  lee", "ann lee", " ")))
    assert (told.title, told.raters) == ("a\ufffd b", ("ann lee",))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"overlap": 0}, "from 1"),
        ({"overlap": 3, "raters": ("a", "b")}, "2 are named"),
        ({"repeats": float("nan")}, "repeats"),
        ({"repeats": 0.6}, "repeats"),
        ({"task": "rubric"}, "at least one criterion"),
        ({"criteria": (Criterion(key="a", label="A", anchors=("only",)),)}, "2 to 10 anchors"),
        ({"criteria": (RUBRIC[0], RUBRIC[0])}, "keys of their own"),
        ({"skip_reasons": ()}, "able to skip"),
        ({"title": "t" * 201}, "201 characters"),
        ({"lease_minutes": 0}, "minutes"),
        ({"contrasts": (("fusion",) * 7,)}, "At most 6"),
        ({"reasons": ("x" * 201,)}, "reasons"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        checked(Protocol(**{"title": "T", **asked}))


def test_an_empty_study_is_not_made(studies: Studies) -> None:
    with pytest.raises(StudyError, match="nothing to judge"):
        studies.create(form(Imported(text=line("q", fusion="same", best="same"))))
    with pytest.raises(StudyError, match="title"):
        studies.create(form(numbered(1), title=" "))


def test_contrasts_and_criteria_are_read_from_words() -> None:
    assert contrasts_in(["fusion:best, fusion:vote", "fusion:best"]) == (("fusion", "best"), ("fusion", "vote"))
    assert criteria_in("clarity, Good taste") == (
        RUBRIC[4],
        Criterion(key="good_taste", label="Good taste", anchors=("very poor", "poor", "fair", "good", "very good")),
    )
    with pytest.raises(StudyError, match="'dog' is no role"):
        contrasts_in(["fusion:dog"])


def test_the_work_is_shared_by_those_who_are_named(studies: Studies) -> None:
    named = workload(made(studies, numbered(40), overlap=2, raters=("a", "b", "c", "d"), repeats=0.1))
    anybody = workload(made(studies, numbered(40), overlap=2, repeats=0.0, training={0: Known(None)}))
    assert (named.trials, anybody.trials) == (20 + 2, 39 + 1)
    assert anybody.minutes == pytest.approx(40 * anybody.seconds_per_trial / 60)


def test_the_sample_is_made_once_and_can_be_judged(store: Store, studies: Studies) -> None:
    assert studies.sample() == studies.sample() == Studies(store).sample()
    sample = studies.study(studies.sample())
    assert 6 <= len(sample.units) <= 8
    assert all(unit.is_shown for unit in sample.units)
    assert sample.protocol.repeats == 0


def test_a_thousand_items_are_made_within_seconds(studies: Studies) -> None:
    started = process_time()
    created = studies.create(form(numbered(1000), overlap=3))
    assert (created.items, created.trials) == (1000, 3000)
    assert process_time() - started < 30
