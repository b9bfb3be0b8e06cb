"""A rater's session: what is given out, what is kept, and what another person's hands cannot reach."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from fusion_ui.annotation.saying import Said
from fusion_ui.annotation.sessions import Circumstances, Next, Saved, Sessions
from fusion_ui.annotation.sheets import NoTrialError, Sheet
from fusion_ui.annotation.shelf import NoStudyError
from fusion_ui.studies.protocol import StudyError
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store
from storage.judgements import StaleError, judgements
from storage.ratings import known_rater
from storage.studies import set_closed
from tests.annotation.support import stored, unit


@pytest.fixture
def sessions(store: Store) -> Sessions:
    return Sessions(store, taxonomy=load_taxonomy())


def given(sessions: Sessions, study_id: str, name: str) -> Sheet:
    sheet = sessions.next(study_id, name).sheet
    assert sheet is not None
    return sheet


def judge(
    sessions: Sessions, sheet: Sheet, name: str, verdict: str = "A", *, key: str | None = None, **how: object
) -> Saved:
    circumstances = Circumstances(key=key or f"{name} {sheet.trial_id}", shown={"viewport": [1, 1]}, **how)  # type: ignore[arg-type]
    skip_reason = "unclear" if verdict == "skip" else None
    return sessions.judge(sheet.trial_id, name, Said(verdict=verdict, skip_reason=skip_reason), circumstances)


def test_a_session_goes_through_every_unit_once_and_ends(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, *(unit(place) for place in range(4)))
    seen = []
    while (following := sessions.next(study_id, "ann")).sheet:
        seen.append(following.sheet.unit.place)
        judge(sessions, following.sheet, "ann")
    assert sorted(seen) == [0, 1, 2, 3]
    assert following.finished == "done"
    assert (following.standing.done, following.standing.total) == (4, 4)


def test_a_reload_gives_the_same_trial_in_the_same_order_with_its_draft(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, *(unit(place) for place in range(4)))
    first = given(sessions, study_id, "ann")
    sessions.keep_draft(first.trial_id, "ann", {"note": "half a thou"})
    again = given(Sessions(store, taxonomy=load_taxonomy()), study_id, "ann")
    assert (again.trial_id, again.shown) == (first.trial_id, first.shown)
    assert again.draft == {"note": "half a thou"}


def test_the_next_trial_is_fetched_ahead_and_a_reload_comes_back_to_the_first(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, *(unit(place) for place in range(3)))
    first = given(sessions, study_id, "ann")
    ahead = sessions.next(study_id, "ann", held=[first.trial_id]).sheet
    assert ahead is not None
    assert ahead.trial_id != first.trial_id
    assert sessions.next(study_id, "ann", held=[first.trial_id]).sheet == ahead
    assert given(sessions, study_id, "ann").trial_id == first.trial_id
    judge(sessions, first, "ann")
    assert given(sessions, study_id, "ann").trial_id == ahead.trial_id


def test_a_verdict_is_stored_by_output_whichever_side_it_stood_on(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, *(unit(place) for place in range(8)))
    chosen = {}
    while sheet := sessions.next(study_id, "ann").sheet:
        letter = "AB"[[contender.role for contender in sheet.shown].index("fusion")]
        chosen[sheet.trial_id] = letter
        judge(sessions, sheet, "ann", letter)
    with store.reading() as reader:
        rows = [history[-1].row for history in judgements(reader, study_id).values()]
    assert {row.role for row in rows} == {"fusion"}
    assert set(chosen.values()) == {"A", "B"}


def test_the_same_press_twice_is_one_judgement(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0))
    sheet = given(sessions, study_id, "ann")
    assert judge(sessions, sheet, "ann") == judge(sessions, sheet, "ann")


def test_a_revision_supersedes_and_a_stale_tab_is_told(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0))
    sheet = given(sessions, study_id, "ann")
    first = judge(sessions, sheet, "ann")
    second = judge(sessions, sheet, "ann", "tie", key="press-two", supersedes=first.id)
    assert (first.revision, second.revision) == (1, 2)
    with pytest.raises(StaleError):
        judge(sessions, sheet, "ann", "B", key="press-three", supersedes=first.id)


def test_undo_opens_the_trial_again_and_twice_is_once(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0), unit(1))
    sheet = given(sessions, study_id, "ann")
    judge(sessions, sheet, "ann")
    undone = [sessions.undo(sheet.trial_id, "ann", key="undo-key-1") for _ in range(2)]
    assert undone[0] == undone[1]
    assert given(sessions, study_id, "ann").trial_id == sheet.trial_id


def test_the_first_request_after_a_restart_may_be_any(store: Store, sessions: Sessions) -> None:
    sheet = given(sessions, stored(store, unit(0)), "ann")
    reborn = Sessions(store, taxonomy=load_taxonomy())
    assert len(reborn.studies("ann")) == 1
    assert judge(Sessions(store, taxonomy=load_taxonomy()), sheet, "ann").revision == 1
    assert Sessions(store, taxonomy=load_taxonomy()).sheet(sheet.trial_id, "ann").said is not None


def test_nothing_is_taken_back_where_nothing_was_said(store: Store, sessions: Sessions) -> None:
    sheet = given(sessions, stored(store, unit(0)), "ann")
    with pytest.raises(StudyError, match="nothing to take back"):
        sessions.undo(sheet.trial_id, "ann", key="undo-key-1")


def test_trials_of_others_do_not_exist(store: Store, sessions: Sessions) -> None:
    sheet = given(sessions, stored(store, unit(0), overlap=2), "ann")
    for reach in (
        lambda: sessions.sheet(sheet.trial_id, "ben"),
        lambda: judge(sessions, sheet, "ben"),
        lambda: sessions.undo(sheet.trial_id, "ben", key="undo-key-1"),
        lambda: sessions.keep_draft(sheet.trial_id, "ben", {}),
        lambda: sessions.renew(sheet.trial_id, "ben"),
    ):
        with pytest.raises(NoTrialError):
            reach()


def test_a_skipped_unit_goes_to_others(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0))
    judge(sessions, given(sessions, study_id, "ann"), "ann", "skip")
    assert sessions.next(study_id, "ann").finished == "done"
    assert given(sessions, study_id, "ben").unit.place == 0


def test_a_named_study_is_closed_to_strangers_and_a_closed_one_to_all(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0), raters=("ann",))
    assert sessions.next(study_id, "eve").finished == "closed"
    assert [study.id for study, _ in sessions.studies("ann")] == [study_id]
    assert sessions.studies("eve") == ()
    with store.writing() as writer:
        set_closed(writer, study_id, is_closed=True)
    assert sessions.next(study_id, "ann").finished == "closed"


def test_training_comes_first_and_says_what_was_expected(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0), unit(1, phase="training", gold=0, feedback="It is complete."))
    sheet = given(sessions, study_id, "ann")
    assert (sheet.is_training, sheet.unit.place) == (True, 1)
    letter = "AB"[[contender.role for contender in sheet.shown].index("best")]
    saved = judge(sessions, sheet, "ann", letter)
    assert saved.feedback is not None
    assert "Expected was answer" in saved.feedback
    assert "It is complete." in saved.feedback


def test_a_study_that_reveals_tells_only_after_saving_and_marks_later_edits(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0), reveals=True)
    sheet = given(sessions, study_id, "ann")
    saved = judge(sessions, sheet, "ann")
    assert saved.revealed == sheet.shown
    judge(sessions, sheet, "ann", "tie", key="press-two", supersedes=saved.id)
    with store.reading() as reader:
        (history,) = judgements(reader, study_id).values()
    assert [judgement.row.is_after_reveal for judgement in history] == [False, True]


def test_a_hasty_judgement_is_kept_and_flagged(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0), unit(1), fast_seconds=3.0)
    first = given(sessions, study_id, "ann")
    judge(sessions, first, "ann", active_seconds=0.0)
    judge(sessions, given(sessions, study_id, "ann"), "ann")
    with store.reading() as reader:
        flags = [history[-1].row.is_too_fast for history in judgements(reader, study_id).values()]
    assert flags == [True, False]  # of the second no time is known


def test_many_raters_at_once_never_exceed_the_overlap(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, *(unit(place) for place in range(12)), overlap=2)

    def work(name: str) -> None:
        while sheet := sessions.next(study_id, name).sheet:
            judge(sessions, sheet, name)

    threads = [threading.Thread(target=work, args=(f"rater {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as reader:
        counts = Counter(history[-1].row.unit_place for history in judgements(reader, study_id).values())
    assert counts == dict.fromkeys(range(12), 2)


def at_once(sessions: Sessions, study_id: str, names: list[str]) -> list[Next]:
    """What each of these is given who all ask in the same moment."""
    start = threading.Barrier(len(names))

    def ask(name: str) -> Next:
        start.wait(timeout=30)
        return sessions.next(study_id, name)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(ask, names))


def test_of_many_who_ask_at_once_for_one_place_one_gets_it_and_the_others_are_told(
    store: Store, sessions: Sessions
) -> None:
    for _ in range(5):
        found = at_once(sessions, stored(store, unit(0)), [f"rater {number}" for number in range(8)])
        assert Counter(each.finished for each in found) == {None: 1, "all taken for now": 7}


def test_tabs_of_one_person_that_ask_at_once_get_the_same_trial(store: Store, sessions: Sessions) -> None:
    for _ in range(5):
        found = at_once(sessions, stored(store, *(unit(place) for place in range(9))), ["ann"] * 8)
        assert len({each.sheet and each.sheet.trial_id for each in found}) == 1


def test_an_open_trial_is_given_back_though_the_study_was_closed_meanwhile(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, unit(0), unit(1))
    first = given(sessions, study_id, "ann")
    with store.writing() as writer:
        set_closed(writer, study_id, is_closed=True)
    assert given(sessions, study_id, "ann").trial_id == first.trial_id
    assert sessions.next(study_id, "ben").finished == "closed"


def test_who_is_given_nothing_leaves_no_trace(store: Store, sessions: Sessions) -> None:
    assert sessions.next(stored(store, unit(0), raters=("ann",)), "eve").finished == "closed"
    with store.reading() as reader:
        assert known_rater(reader, "eve") is None


def test_an_address_without_a_study_is_named(sessions: Sessions) -> None:
    with pytest.raises(NoStudyError):
        sessions.next("01ARZ3NDEKTSV4RRFFQ69G5FAV", "ann")


def test_a_history_says_nothing_of_what_is_open_or_taken_back(store: Store, sessions: Sessions) -> None:
    study_id = stored(store, *(unit(place) for place in range(3)))
    for verdict in ("tie", "A"):
        sheet = given(sessions, study_id, "ann")
        judge(sessions, sheet, "ann", verdict)
    sessions.next(study_id, "ann")
    sessions.undo(sheet.trial_id, "ann", key="u" * 8)
    past = sessions.history(study_id, "ann")
    assert [(each.number, each.said and each.said.verdict) for each in past] == [(1, "tie"), (2, None), (3, None)]
    assert sessions.history(study_id, "nobody") == ()
    assert sessions.next(study_id, "ann").standing.done == 1
