"""Reports gathered from the store: the right study and question, people unnamed, and cases that show something."""

from dataclasses import replace
from typing import Any

import pytest

from fusion_ui.annotation.shelf import PROTOCOL, NoStudyError, read_study
from fusion_ui.figures.preferences import preference_figure
from fusion_ui.preferences.analyses import Analyses
from fusion_ui.preferences.report_cases import MOST_CASES, Case, Counting, examples
from fusion_ui.preferences.report_facts import StudyFacts, study_facts
from fusion_ui.preferences.report_people import people
from fusion_ui.preferences.report_sayings import MOST_TEXT
from fusion_ui.preferences.reports import Reports
from fusion_ui.studies.protocol import Criterion, Protocol
from storage.connection import Store
from storage.overviews import rater_names
from storage.studies import NewContender, NewUnit, exclude, put_study, set_closed, study_rows
from tests import preference_analyses as by_hand
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.preferences.reporting import PEOPLE, Answered, judged, reports


def facts_of(store: Store, study_id: str, *, names: bool = False) -> StudyFacts:
    with store.reading() as reader:
        rows = study_rows(reader, study_id)
        assert rows is not None
        return study_facts(reader, rows, read_study(reader, study_id), names=names)


def cases_of(store: Store, study_id: str, *left_out: str) -> dict[str, Case]:
    with store.reading() as reader:
        told = people(PEOPLE, by_name=False)
        counting = Counting(by="role", raters=frozenset(PEOPLE), left_out=frozenset(left_out))
        found = examples(reader, read_study(reader, study_id), counting, told)
    return {case.why: case for case in found}


def rater_id(store: Store, name: str) -> str:
    with store.reading() as reader:
        return next(key for key, each in rater_names(reader).items() if each == name)


def test_a_report_of_no_study_says_so(store: Store) -> None:
    with pytest.raises(NoStudyError, match="no study at this address"):
        reports(store, by_hand.analysis()).report("01J")


@pytest.mark.parametrize("is_blind", [True, False])
def test_a_report_asks_for_its_study_alone_and_for_open_judgements_only_of_an_open_one(
    store: Store, room: Room, is_blind: bool
) -> None:
    study_id = judged(store, room, is_blind=is_blind)
    analyses = Answered(by_hand.empty())
    Reports(store, analyses, lambda *_: b"").report(study_id)
    (question,) = analyses.asked
    assert (question.studies, question.open) == ((study_id,), not is_blind)


def test_people_are_numbered_in_the_order_in_which_they_came_unless_names_are_asked_for(
    store: Store, room: Room
) -> None:
    study_id = judged(store, room)
    analysis = by_hand.empty() | {"raters": [by_hand.rater(name) for name in PEOPLE]}
    page = reports(store, analysis).report(study_id)
    assert not [name for name in PEOPLE if name in page]
    assert all(f"Rater {number}" in page for number in (1, 2, 3))
    named = reports(store, analysis).report(study_id, names=True)
    assert all(name in named for name in PEOPLE)


def test_a_model_judge_keeps_its_name_and_a_stranger_stays_unnamed() -> None:
    told = people(["anna"], by_name=False)
    assert [told.shown(name) for name in ("judge: m", "anna", "eve")] == ["judge: m", "Rater 1", "A rater"]


def test_names_in_what_an_owner_wrote_are_told_like_the_rest_and_words_that_contain_them_stay() -> None:
    told = people(["ann", "anna", "a+b", "x"], by_name=False)
    words = "anna and ann clicked; a+b too. Annas channel, x is fine"
    assert told.hidden(words) == "Rater 2 and Rater 1 clicked; Rater 3 too. Annas channel, x is fine"
    assert people([], by_name=False).hidden(words) == words


def test_notes_and_choices_of_an_analysis_name_nobody() -> None:
    analysis = by_hand.analysis(notes=["Only anna judged item 3."])
    analysis["asked"]["raters"] = ["anna"]
    told = people(["anna", "bob", "Zoë"], by_name=False).in_analysis(analysis)
    assert (told["notes"], told["asked"]["raters"]) == (["Only Rater 1 judged item 3."], ["Rater 1"])
    assert [row["rater"] for row in told["raters"]] == ["Rater 1", "Rater 2", "Rater 3"]
    assert analysis["raters"][0]["rater"] == "anna"


def test_decisions_are_told_with_their_reasons_and_without_names(store: Store, room: Room) -> None:
    study_id = judged(store, room)
    anna, bob = rater_id(store, "anna"), rater_id(store, "bob")
    with store.writing() as writer:
        exclude(writer, study_id, rater_id=bob, reason="bob clicked through")
        exclude(writer, study_id, rater_id=anna, reason="by mistake")
        exclude(writer, study_id, rater_id=anna, reason="back", is_excluded=False)
    (decision,) = facts_of(store, study_id).decisions
    assert (decision.what, decision.reason) == ("All of Rater 2", "Rater 2 clicked through")


def test_a_judgement_left_out_is_told_by_its_item_and_its_rater(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0), unit(1))
    _, sheet = room.works(study_id, "eve", lambda _: "fusion")
    with store.writing() as writer:
        exclude(writer, study_id, trial_id=sheet.trial_id, reason="a test")
    (decision,) = facts_of(store, study_id).decisions
    assert decision.what == f"Item {sheet.unit.place + 1} by Rater 1"


def test_every_setting_of_a_protocol_is_told(store: Store) -> None:
    criteria = (Criterion(key="c", label="Clarity", anchors=("unclear", "clear")),)
    facts = facts_of(store, stored(store, unit(0), task="rubric", criteria=criteria, raters=("anna",), overlap=1))
    told = {setting.name: setting.value for setting in facts.settings}
    assert len(told) == len(PROTOCOL.dump_python(Protocol(title=""))) - 1
    assert told["Who may judge"] == "1 invited person"
    assert told["Compared"] == "Fused answer against Best-of-N pick"


def test_items_and_their_writers_are_counted(store: Store) -> None:
    units = [
        unit(0, language="en"),
        unit(1, language="en", phase="training", gold=0),
        unit(2, is_identical=True),
        unit(3, same_as=0),
    ]
    facts = facts_of(store, stored(store, *units, overlap=2))
    assert [setting.value for setting in facts.items] == ["1", "1", "1", "1", "1", "en 2"]
    assert dict(facts.raters)["Judgements that the protocol wants"] == "2"
    assert [setting.name for setting in facts.models] == ["Fused answer", "Best-of-N pick"]


def test_a_definition_that_is_not_the_one_stored_is_told_as_a_deviation(store: Store) -> None:
    contenders = [
        NewContender(role="fusion", output_id="a", text="a"),
        NewContender(role="best", output_id="b", text="b"),
    ]
    body: Any = {"reference": None, "language": None, "gold": None, "feedback": ""}
    with store.writing() as writer:
        row = put_study(
            writer,
            title="t",
            definition=PROTOCOL.dump_python(Protocol(title="t"), mode="json"),
            definition_sha256="0" * 64,
            overlap=1,
            units=[NewUnit(place=0, prompt="?", contenders=contenders, body=body)],
        )
    facts = facts_of(store, row.id)
    assert facts.definition_sha256 == "0" * 64
    assert "not the one it was stored under" in facts.deviations[0]


def test_a_study_that_was_replaced_and_closed_says_both(store: Store, room: Room) -> None:
    study_id = judged(store, room)
    later = stored(store, unit(0), supersedes=study_id)
    with store.writing() as writer:
        set_closed(writer, study_id, is_closed=True)
    facts = facts_of(store, study_id)
    assert facts.deviations == (f"A later version of this study exists: {later}.",)
    assert facts.closed_at is not None


def test_cases_show_the_clearest_wins_the_most_contested_item_and_one_where_both_are_bad(
    store: Store, room: Room
) -> None:
    cases = cases_of(store, judged(store, room))
    assert {why: case.number for why, case in cases.items()} == {
        "Clearest win of Fused answer over Best-of-N pick": 1,
        "Clearest win of Best-of-N pick over Fused answer": 2,
        "Most contested: Fused answer or Best-of-N pick": 3,
        "Both bad": 4,
    }


def test_a_case_tells_who_won_and_what_each_said(store: Store, room: Room) -> None:
    case = cases_of(store, judged(store, room))["Clearest win of Best-of-N pick over Fused answer"]
    assert ([answer.wins for answer in case.answers], case.ties, case.both_bad) == ([0, 2], 1, 0)
    assert [(said.rater, said.verdict, said.note) for said in case.sayings] == [
        ("Rater 1", "Best-of-N pick", "<b>note</b> on 1"),
        ("Rater 2", "Best-of-N pick", "<b>note</b> on 1"),
        ("Rater 3", "Tie", "<b>note</b> on 1"),
    ]


def test_what_is_left_out_of_the_analysis_makes_no_case(store: Store, room: Room) -> None:
    study_id = judged(store, room)
    out = [rater_id(store, name) for name in PEOPLE[:2]]
    with store.writing() as writer:
        for each in out:
            exclude(writer, study_id, rater_id=each, reason="r")
    cases = cases_of(store, study_id, "excluded")
    assert {case.why.split(":")[0].split(" of ")[0] for case in cases.values()} == {"Clearest win"}
    assert all(said.rater == "Rater 3" for case in cases.values() for said in case.sayings)
    assert "Both bad" in cases_of(store, study_id)


def test_judgements_faster_than_the_limit_make_no_case_where_they_do_not_count(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0), fast_seconds=60.0)
    room.works(study_id, "anna", lambda _: "fusion", seconds=5)
    assert cases_of(store, study_id)
    assert not cases_of(store, study_id, "too_fast")


def test_who_is_not_counted_is_not_quoted(store: Store, room: Room) -> None:
    study_id = stored(store, unit(0), overlap=2)
    for name in ("anna", "judge: m"):
        room.works(study_id, name, lambda _: "fusion")
    (case,) = cases_of(store, study_id).values()
    assert [said.rater for said in case.sayings] == ["Rater 1"]


@pytest.mark.parametrize(("masks", "cases"), [(False, 0), (True, 1)])
def test_an_item_whose_text_told_its_writer_is_no_example(store: Store, room: Room, masks: bool, cases: int) -> None:
    telling = unit(0)
    named = tuple(replace(each, names=("I am GPT",)) for each in telling.contenders)
    study_id = stored(store, replace(telling, contenders=named), masks_names=masks)
    room.works(study_id, "anna", lambda _: "fusion")
    assert len(cases_of(store, study_id, "leaks")) == cases
    assert len(cases_of(store, study_id)) == 1


def test_a_study_without_judgements_has_no_case(store: Store) -> None:
    assert cases_of(store, stored(store, unit(0))) == {}


def test_many_contrasts_give_few_cases_and_long_texts_are_cut(store: Store, room: Room) -> None:
    texts = ("f" * 20_000, "b" * 20_000, "v" * 20_000, "s" * 20_000)
    units = [unit(place, texts=texts[: 2 + place % 3]) for place in range(12)]
    study_id = stored(store, *units)
    room.works(study_id, "anna", lambda each: each.contenders[each.place % 2].role)
    cases = cases_of(store, study_id)
    assert 4 <= len(cases) <= MOST_CASES
    texts_told = [answer.text for case in cases.values() for answer in case.answers]
    assert all((len(text.words), text.left_out) == (MOST_TEXT, 20_005 - MOST_TEXT) for text in texts_told[:4])


def test_a_ranking_and_scores_are_told_in_words(store: Store, room: Room) -> None:
    ranked = stored(store, unit(0, texts=("a", "b", "c")), task="ranking", contrasts=(("fusion", "best", "vote"),))
    room.works(ranked, "anna", lambda _: {"verdict": "ranking", "ranking": (("vote",), ("fusion", "best"))})
    criteria = (Criterion(key="clear", label="Clear", anchors=("no", "yes")),)
    scored = stored(store, unit(0), task="rubric", criteria=criteria)
    room.works(
        scored, "anna", lambda _: {"verdict": "scores", "scores": {"fusion": {"clear": 2}, "best": {"clear": 1}}}
    )
    said = [case.sayings[0].verdict for study in (ranked, scored) for case in cases_of(store, study).values()]
    assert said == ["Vote, then Fused answer and Best-of-N pick", "Fused answer: clear 2; Best-of-N pick: clear 1"]


def test_best_and_worst_reasons_and_confidence_are_told(store: Store, room: Room) -> None:
    contrast = (("fusion", "best", "vote"),)
    study_id = stored(store, unit(0, texts=("a", "b", "c")), task="best-worst", contrasts=contrast)
    thought = {
        "verdict": "ranking",
        "best": "best",
        "worst": "vote",
        "reasons": {"best": ("clear",)},
        "confidence": "high",
    }
    room.works(study_id, "anna", lambda _: thought)
    ((saying,),) = [case.sayings for case in cases_of(store, study_id).values()]
    assert saying.verdict == "best Best-of-N pick, worst Vote"
    assert saying.remarks == ("Best-of-N pick: clear", "sure: high")


def test_the_same_store_gives_the_same_page(store: Store, room: Room) -> None:
    study_id = judged(store, room)
    assert len({reports(store, by_hand.empty()).report(study_id) for _ in range(3)}) == 1


@pytest.mark.parametrize("task", ["pairwise", "ranking", "rubric"])
def test_a_study_that_people_judged_becomes_a_page_by_the_real_analysis(store: Store, room: Room, task: Any) -> None:
    roles = ("fusion", "best", "vote")
    contrasts = (roles,) if task == "ranking" else (roles[:2],)
    criteria = (Criterion(key="c", label="How clear", anchors=("no", "so", "yes")),) if task == "rubric" else ()
    units = [unit(place, texts=[f"{role} text" for role in contrasts[0]]) for place in range(6)]
    study_id = stored(store, *units, task=task, contrasts=contrasts, criteria=criteria, overlap=3)
    thoughts: dict[str, dict[str, Any]] = {
        "pairwise": {"verdict": "fusion"},
        "ranking": {"verdict": "ranking", "ranking": tuple((role,) for role in roles)},
        "rubric": {"verdict": "scores", "scores": {"fusion": {"c": 3}, "best": {"c": 1}}},
    }
    for name in PEOPLE:
        room.works(study_id, name, lambda _: thoughts[task])
    page = Analyses(store, figure=preference_figure).report(study_id)
    told = "<bdi>Best-of-N pick</bdi> is shown to be preferred: <bdi>Fused answer</bdi> was in <b>100.0"
    assert told in page  # of three people who agree, the next two may not
    assert page.count("<svg") == {"pairwise": 2, "ranking": 4, "rubric": 3}[task]
    assert ("How clear" in page) == (task == "rubric")
    assert not [name for name in PEOPLE if name in page]


def test_where_all_answers_have_one_role_those_who_wrote_them_are_compared(store: Store, room: Room) -> None:
    members = ("gpt <b>", "tie")
    units = [
        replace(each, contenders=tuple(replace(one, role="candidate", member=name) for one, name in pairs))
        for each in map(unit, range(6))
        for pairs in [list(zip(each.contenders, members[:: 1 - 2 * (each.place % 2)], strict=True))]
    ]
    study_id = stored(store, *units, contrasts=(("candidate", "candidate"),), overlap=2)
    for name in PEOPLE[:2]:
        room.works(study_id, name, lambda each: "A" if each.contenders[0].member == "tie" else "B")
    page = Analyses(store, figure=preference_figure).report(study_id)
    assert "--by member" in page
    assert "gpt &lt;b&gt;</bdi>" in page
    assert "Clearest win of " in page
