"""Marks of studies lie where they lay, also where a study hid names."""

import pytest

from fusion_ui.inspection.study_spans import Place, place_of
from fusion_ui.studies.naming import MASK
from storage.flaws import StudyFlaw

OWN = "As GPT-4, I say 12. GPT-4 is sure."
SHOWN = f"As {MASK}, I say 12. {MASK} is sure."


def marked(
    passage: str | None, *, shown: str | None = SHOWN, text: str | None = OWN, names: object = ("GPT-4",)
) -> Place:
    start = None if passage is None else (shown or OWN).index(passage)
    end = None if start is None or passage is None else start + len(passage)
    return place_of(
        StudyFlaw(
            id="f", run_id="r", output_id="o", rater="Ada", study_id="s", title="t", category="answer",
            severity="minor", start=start, end=end, note="", created_at="", is_excluded=False, shown=shown, text=text,
            names=list(names),  # type: ignore[call-overload]
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("passage", "own"),
    [
        ("As", "As"),
        ("say 12", "say 12"),
        ("is sure.", "is sure."),
        (MASK, "GPT-4"),
        (f"{MASK}, I", "GPT-4, I"),
        (f"12. {MASK} is", "12. GPT-4 is"),
        ("▮, I", "GPT-4, I"),
        ("As ▮", "As GPT-4"),
    ],
)
def test_a_mark_beside_a_hidden_name_lies_on_the_same_words(passage: str, own: str) -> None:
    place = marked(passage)
    assert OWN[place.start : place.end] == own


def test_a_mark_in_a_text_that_was_shown_as_it_is_stays_where_it_is() -> None:
    place = marked("say 12", shown=None, text=None)
    assert OWN[place.start : place.end] == "say 12"


def test_a_mark_of_the_whole_stays_one() -> None:
    assert marked(None) == Place(None, None)


@pytest.mark.parametrize("text", ["Something else.", OWN + " more", OWN.replace("GPT-4", "Claude")])
def test_a_mark_in_a_text_that_differs_otherwise_is_told_by_its_words(text: str) -> None:
    assert marked("say 12", text=text) == Place(None, None, "say 12")


def test_names_that_hold_one_another_are_told_apart() -> None:
    place = marked("is", shown=f"{MASK} is {MASK}", text="GPT is GPT-4", names=("GPT", "GPT-4"))
    assert place == Place(4, 6)
