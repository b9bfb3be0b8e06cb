"""What the Studies page is told: counts that add up, and a sample in which nothing tells who wrote what."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from fusion_ui.annotation.drilling import unit_card as drilled
from fusion_ui.annotation.gathering import Earlier
from fusion_ui.annotation.making import Draft, Form, Known, drafted
from fusion_ui.annotation.studies import Listed, Options
from fusion_ui.studies.items import ItemSource
from fusion_ui.studies.protocol import Contender, Protocol, Role, Unit
from fusion_ui.ui.study_cards import judgements_card, list_card, options_card, preview_card, unit_card
from storage.finding import Counted, RunsOffered
from storage.overviews import StudyOverview
from storage.progress import StudyHead

OFFERED = RunsOffered(
    runs=3, first_at="2026-01-01T00:00:00Z", last_at=None, tags=(Counted("maths", 2),), languages=(), roles=()
)
HEAD = StudyHead("S", "T", 2, 3, 99, 30, 4, 99, False, "2026-01-01T00:00:00Z")


def contender(role: Role, text: str, **more: Any) -> Contender:
    return Contender(output_id=f"{role}-{text}", role=role, text=text, member="mia-large", **more)


def source(name: str, fusion: str, best: str, *, names: tuple[str, ...] = ()) -> ItemSource:
    outputs = {"fusion": contender("fusion", fusion, names=names), "best": contender("best", best)}
    return ItemSource(run_id=name, prompt=f"Prompt of {name} " * 20, outputs=outputs)  # type: ignore[arg-type]


def draft(*sources: ItemSource, known: dict[int, Known] | None = None, **asked: Any) -> Draft:
    form = Form(protocol=Protocol(title="T", **asked), items=Earlier(study_id="none"), training=known or {})
    return drafted(form, sources, is_strict=False)


PLAIN = [source(f"R{at}", f"long answer {at}", f"other answer {at}") for at in range(4)]


def unit() -> Unit:
    return draft(source("R", "**yes**", "<b>no</b>", names=("As Mia",))).units[0]


def test_a_preview_counts_what_is_shown_and_what_is_not() -> None:
    lacking = ItemSource(run_id="R9", prompt="p", outputs={"best": contender("best", "x")})
    told = preview_card(draft(*PLAIN, source("R5", "same", "same"), lacking, overlap=2), show=0)
    assert (told["units"], told["trials"], told["identical"], told["left_out_count"]) == (4, 8, 1, 1)
    assert told["left_out"][0]["run_id"] == "R9"
    assert told["contrasts"] == [{"roles": ("fusion", "best"), "units": 4}]


def test_training_items_are_no_main_items() -> None:
    told = preview_card(draft(*PLAIN, known={1: Known(0, "Because.")}), show=0)
    assert (told["units"], told["training"], told["list_count"]) == (3, 1, 4)


def test_known_items_are_listed_wherever_they_stand() -> None:
    many = [source(f"R{at}", f"long answer {at}", f"other answer {at}") for at in range(205)]
    told = preview_card(draft(*many, known={203: Known(0)}), show=0)
    assert [each["place"] for each in told["list"]] == [*range(200), 203]


def test_long_prompts_are_cut_in_lists_and_whole_in_the_sample() -> None:
    told = preview_card(draft(*PLAIN), show=0)
    assert len(told["list"][0]["prompt"]) == 120
    assert told["sample"]["prompt"] == PLAIN[0].prompt


def test_the_sample_tells_no_role_no_member_and_no_output() -> None:
    shown = json.dumps(preview_card(draft(*PLAIN), show=0)["sample"])
    assert not [word for word in ("fusion", "best", "mia", "role", "output") if word in shown]


def test_the_sample_is_in_no_fixed_order() -> None:
    firsts = {preview_card(draft(*PLAIN, seed=seed), show=0)["sample"]["answers"][0]["text"] for seed in range(20)}
    assert firsts == {"long answer 0", "other answer 0"}


@pytest.mark.parametrize(("show", "place"), [(-5, 0), (2, 2), (10**9, 3)])
def test_the_nearest_unit_is_shown(show: int, place: int) -> None:
    assert preview_card(draft(*PLAIN), show=show)["sample"]["place"] == place


def test_nothing_to_judge_has_no_sample() -> None:
    told = preview_card(draft(source("R", "same", "same")), show=0)
    assert (told["units"], told["sample"]) == (0, None)


def test_phrases_that_name_an_author_are_told_with_their_output() -> None:
    told = preview_card(draft(source("R", "As Mia, yes", "no", names=("As Mia",))), show=0)
    assert told["self_naming_count"] == 1
    assert (told["self_naming"][0]["role"], told["self_naming"][0]["phrases"]) == ("fusion", ("As Mia",))


def test_a_unit_is_rendered_clean_and_names_its_writers() -> None:
    told = unit_card(drilled(unit()))
    assert [each["role"] for each in told["contenders"]] == ["fusion", "best"]
    assert "<strong>yes</strong>" in told["contenders"][0]["html"]
    assert "<b>" not in told["contenders"][1]["html"]
    assert told["gold"] is None


def test_judgements_of_a_person_come_without_a_unit() -> None:
    assert judgements_card(None, [{"verdict": "tie"}]) == {"unit": None, "judgements": [{"verdict": "tie"}]}


def test_the_list_counts_people_who_judged_and_units_that_are_shown() -> None:
    overview = StudyOverview(
        units=10, raters=2, frozen_at="2026-01-02T00:00:00Z", last_at=None, superseded_by=None, definition_sha256=""
    )
    (told,) = list_card([Listed(head=HEAD, overview=overview, definition=asdict(Protocol(title="T")))])
    assert (told["units"], told["raters"], told["wanted"], told["is_frozen"]) == (10, 2, 30, True)


def test_a_form_is_offered_the_defaults_and_the_usual_rubric() -> None:
    told = options_card(Options(OFFERED, ("ada",)), sample=None, has_accounts=False)
    assert told["raters"] == ["ada"]
    assert told["runs"]["tags"] == [{"tag": "maths", "count": 2}]
    assert told["defaults"]["overlap"] == Protocol(title="").overlap
    assert told["rubric"][-1]["key"] == "overall"


def test_every_card_is_json() -> None:
    cards = [preview_card(draft(*PLAIN), show=0), unit_card(drilled(unit()))]
    assert json.loads(json.dumps(cards))[0]["units"] == 4
