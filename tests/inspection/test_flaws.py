"""Marking flaws: own ones change and go, others' stay, nothing is lost, and what is wrong is said in plain words."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fusion_ui.inspection.flaws import Flaws
from fusion_ui.inspection.marking import FlawError, Mark, NoFlawError
from fusion_ui.replay import NoRunError
from storage.connection import Store
from storage.flaws import ChangedError
from storage.studies import NewContender
from tests.inspection.flawwork import TAXONOMY, TEXT, Desk, Written, write_run
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def run(store: Store) -> Written:
    with store.writing() as writer:
        return write_run(writer, TEXT, "It is 12.")


def test_a_mark_is_seen_by_everybody_with_its_words(desk: Desk, run: Written) -> None:
    desk.marks(run, start=20, end=30, category="reasoning/arithmetic", note=" carry ")
    panel = desk.flaws.panel(run.run_id, "Bo")
    (found,) = panel.flaws
    assert panel.texts[found.output_id][found.start : found.end] == "**eleven**"
    assert (found.rater, found.category, found.severity, found.note) == (
        "Ada",
        "reasoning/arithmetic",
        "major",
        "carry",
    )


def test_several_people_mark_side_by_side(desk: Desk, run: Written) -> None:
    for name in ("Ada", "Bo"):
        desk.marks(run, name)
    assert [said[0] for said in desk.seen(run)] == ["Ada", "Bo"]


def test_an_own_flaw_is_changed_in_what_is_named(desk: Desk, run: Written) -> None:
    first = desk.marks(run, start=0, end=5, note="old")
    desk.changes(run, first.id, category="answer", severity="minor")
    (found,) = desk.flaws.panel(run.run_id).flaws
    assert (found.category, found.severity, found.start, found.note) == ("answer", "minor", 0, "old")


def test_a_removed_flaw_is_gone(desk: Desk, run: Written) -> None:
    desk.changes(run, desk.marks(run).id, is_removed=True)
    assert desk.seen(run) == []


def test_undo_takes_back_act_by_act(desk: Desk, run: Written) -> None:
    first = desk.marks(run, start=0, end=5)
    moved = desk.changes(run, first.id, start=6, end=9)
    desk.changes(run, moved.id, is_removed=True)
    states = []
    for _ in range(3):
        desk.undoes(run)
        states.append([said[2:] for said in desk.seen(run)])
    assert states == [[(6, 9)], [(0, 5)], []]
    with pytest.raises(FlawError, match="no mark of yours"):
        desk.undoes(run)


def test_undo_takes_back_only_what_is_ones_own(desk: Desk, run: Written) -> None:
    desk.marks(run, "Bo")
    with pytest.raises(FlawError, match="no mark of yours"):
        desk.undoes(run)
    assert not desk.flaws.panel(run.run_id, "Ada").can_undo
    assert desk.flaws.panel(run.run_id, "Bo").can_undo


def test_the_same_press_counts_once(desk: Desk, run: Written) -> None:
    flaws, mark = desk.flaws, Mark(output_id=run.candidates[0], category="answer", severity="minor")
    first = flaws.mark(run.run_id, "Ada", mark, key="press-01")
    assert flaws.mark(run.run_id, "Ada", mark, key="press-01") == first
    changed = flaws.change(run.run_id, first.id, "Ada", {"note": "n"}, key="press-02")
    assert flaws.change(run.run_id, first.id, "Ada", {"note": "n"}, key="press-02") == changed
    gone = flaws.undo(run.run_id, "Ada", key="press-03")
    assert flaws.undo(run.run_id, "Ada", key="press-03") == gone
    assert len(flaws.panel(run.run_id).flaws) == 1


def test_a_key_that_looks_like_an_undo_is_still_a_mark(desk: Desk, run: Written) -> None:
    mark = Mark(output_id=run.candidates[0], category="answer", severity="minor")
    desk.flaws.mark(run.run_id, "Ada", mark, key="undo:0001")
    assert desk.flaws.panel(run.run_id, "Ada").can_undo


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"start": 0, "end": 1_000}, "has 47 characters: the mark from 0 to 1000"),
        ({"start": 5, "end": 5}, "the mark from 5 to 5 is not in it"),
        ({"start": -1, "end": 5}, "is not in it"),
        ({"start": 5}, "where it starts and where it ends"),
        ({"end": 5}, "where it starts and where it ends"),
        ({"start": 5, "end": 6}, "only blanks"),
        ({"category": "witchcraft"}, "no class 'witchcraft' (classes: instruction, contradicted"),
        ({"category": "reasoning/padding"}, "no class 'reasoning/padding'"),
        ({"severity": "awful"}, "how bad it is (neutral, minor, major, critical): 'awful'"),
        ({"severity": None}, "nothing was said"),
        ({"category": "other"}, "“Other” needs a note"),
        ({"category": "other", "note": " \n"}, "“Other” needs a note"),
        ({"note": "x" * 20_001}, "The note has 20,001 characters"),
        ({"category": "correct", "start": 0, "end": 5}, "“No error” is said of a whole output"),
        ({"suggestion_id": "nothing"}, "not one for this output"),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused_in_plain_words(
    desk: Desk, run: Written, given: dict[str, object], words: str
) -> None:
    with pytest.raises(FlawError) as refused:
        desk.marks(run, **given)
    assert words in str(refused.value)
    assert desk.seen(run) == []


def test_a_note_of_broken_signs_is_kept_without_them(desk: Desk, run: Written) -> None:
    desk.marks(run, category="other", note="lone \ud800 half\0")
    assert desk.flaws.panel(run.run_id).flaws[0].note == "lone \ufffd half"


def test_no_error_needs_no_severity(desk: Desk, run: Written) -> None:
    desk.marks(run, category="correct", severity=None)
    assert desk.flaws.panel(run.run_id).flaws[0].severity == "neutral"


def test_an_output_is_not_without_error_and_wrong_for_one_person(desk: Desk, run: Written) -> None:
    desk.marks(run, category="correct")
    desk.marks(run, "Bo")
    desk.marks(run, output_id=run.candidates[1])
    with pytest.raises(FlawError, match="Remove that first"):
        desk.marks(run)
    with pytest.raises(FlawError, match="Remove that first"):
        desk.marks(run, "Bo", category="correct")


def test_the_same_flaw_is_marked_once(desk: Desk, run: Written) -> None:
    desk.marks(run, start=0, end=5)
    desk.marks(run, start=0, end=6)
    desk.marks(run, start=0, end=7)
    with pytest.raises(FlawError, match="marked this already"):
        desk.marks(run, start=0, end=6, severity="minor")


def test_the_flaw_of_another_is_not_ones_own_to_change(desk: Desk, run: Written) -> None:
    first = desk.marks(run)
    with pytest.raises(FlawError, match="somebody else's"):
        desk.changes(run, first.id, "Bo", is_removed=True)
    assert len(desk.seen(run)) == 1


def test_a_flaw_that_changed_meanwhile_is_not_changed_blindly(desk: Desk, run: Written) -> None:
    first = desk.marks(run)
    desk.changes(run, first.id, note="in the other tab")
    for changes in ({"note": "here"}, {"is_removed": True}):
        with pytest.raises(ChangedError):
            desk.changes(run, first.id, **changes)


def test_a_removed_flaw_is_not_changed_back_to_life(desk: Desk, run: Written) -> None:
    gone = desk.changes(run, desk.marks(run).id, is_removed=True)
    with pytest.raises(ChangedError):
        desk.changes(run, gone.id, note="still here?")


def test_what_is_not_there_is_said_to_be_missing(desk: Desk, run: Written, store: Store) -> None:
    with store.writing() as writer:
        other = write_run(writer, TEXT)
    theirs = desk.marks(other)
    with pytest.raises(NoFlawError, match="no such output"):
        desk.marks(run, output_id=other.candidates[0])
    with pytest.raises(NoFlawError, match="no such mark"):
        desk.changes(run, theirs.id, note="x")
    with pytest.raises(NoRunError):
        desk.flaws.panel("nowhere")


def test_nothing_is_lost_when_many_mark_at_once(desk: Desk, run: Written) -> None:
    people = [f"Rater {number}" for number in range(6)]

    def works(name: str) -> None:
        for start in range(5):
            mark = Mark(output_id=run.candidates[0], category="answer", severity="minor", start=start, end=start + 3)
            desk.flaws.mark(run.run_id, name, mark, key=f"{name} {start} key")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(works, people))
    assert {(said[0], said[2]) for said in desk.seen(run)} == {(name, start) for name in people for start in range(5)}


SCRIPTS = ("**fett** $x^2$", "👩‍👩‍👧 und 🎉", "cafe\u0301 n\u0303", "الجواب **هو** ٤٢", "答案是🎉42")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SCRIPTS), st.data())
def test_offsets_are_code_points_of_the_stored_text(store: Store, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)).filter(lambda end: text[start:end].strip() != ""))
    with store.writing() as writer:
        run = write_run(writer, text)
    Flaws(store, taxonomy=TAXONOMY).mark(
        run.run_id, "Ada", Mark(output_id=run.candidates[0], category="answer", severity="minor", start=start, end=end),
        key=f"press {run.run_id}",
    )  # fmt: skip
    panel = Flaws(store, taxonomy=TAXONOMY).panel(run.run_id)
    assert panel.texts[run.candidates[0]][panel.flaws[0].start : panel.flaws[0].end] == text[start:end]


def test_flaws_of_studies_are_shown_beside_and_are_not_changed_here(desk: Desk, run: Written, store: Store) -> None:
    shown = NewContender(role="candidate", output_id=run.candidates[0], text=TEXT)
    with store.writing() as writer:
        study = study_of(writer, units=0, more=[unit(0, run_id=run.run_id, contenders=(shown,))])
        trial = opened(writer, study, shown_order=[0])
        marked = flaw(trial, output_id=run.candidates[0], role="candidate", category="answer")
        saved(writer, trial, verdict="tie", flaws=[marked])
    (found,) = desk.flaws.panel(run.run_id).flaws
    assert (found.rater, found.category, found.start, found.end) == ("Ada", "answer", 0, 3)
    assert found.study is not None
    assert found.study.title == "Fusion or best?"
    with pytest.raises(NoFlawError):
        desk.changes(run, found.id, note="x")


def test_agreement_is_of_those_who_looked_at_the_same_output(desk: Desk, run: Written) -> None:
    desk.marks(run, start=0, end=10)
    desk.marks(run, "Bo", start=5, end=15)
    agreement = desk.flaws.panel(run.run_id).agreement
    assert (agreement.outputs, agreement.any.raw, agreement.spans.f1) == (1, 1.0, 0.5)
