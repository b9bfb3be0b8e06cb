"""Facts: who disagrees with whom, where the right answer was lost, and what else a run is filtered by."""

import json

import pytest

from fusion_ui.inspection.facts import preferred_in
from fusion_ui.inspection.index import ListedCase
from fusion_ui.inspection.parties import preferred_output
from storage.connection import Store
from storage.ratings import rater_named
from tests.inspection.listwork import flawed, index_of, rated, sought, stored


def case_of(store: Store, run_id: str) -> ListedCase:
    (case,) = (case for case in index_of(store).find(sought()).cases if case.row.run_id == run_id)
    return case


def labels(store: Store, kind: str, **ran: object) -> set[str]:
    return set(case_of(store, stored(store, **ran)).labels.get(kind, ()))


@pytest.mark.parametrize(
    ("ran", "pairs"),
    [
        ({}, set()),
        ({"pick": 3}, {"judge-vote", "judge-fusion", "judge-gold"}),
        ({"fusion": "41"}, {"judge-fusion", "vote-fusion", "fusion-gold"}),
        ({"answers": ("41", "41", "42")}, {"judge-fusion", "vote-fusion", "judge-gold", "vote-gold"}),
        ({"gold": None, "pick": 3}, {"judge-vote", "judge-fusion"}),
        ({"answers": ("42", "41")}, set()),  # the vote is tied: it says nothing
        ({"answers": ("42", "41"), "pick": 2}, {"judge-fusion", "judge-gold"}),
        ({"pick": None, "fusion": None}, set()),
        ({"fusion": None, "fusion_text": "No short answer."}, {"judge-fusion", "vote-fusion", "fusion-gold"}),
        ({"gold": "A: 42.0"}, set()),
    ],
)
def test_parties_disagree_where_neither_text_nor_answer_is_the_same(
    store: Store, ran: dict[str, object], pairs: set[str]
) -> None:
    assert labels(store, "disagree", **ran) == pairs


def test_free_text_is_compared_as_text(store: Store) -> None:
    essay = {"answers": (None, None), "texts": ("One.", "Two."), "fusion": None, "gold": "anything"}
    assert labels(store, "disagree", **essay, fusion_text="One.") == set()
    assert labels(store, "disagree", **essay, fusion_text="Both.") == {"judge-fusion"}


def test_people_are_a_party_once_most_prefer_one_output(store: Store) -> None:
    run_id = stored(store)
    rated(store, run_id, position=3, rater="Ada")
    assert set(case_of(store, run_id).labels["disagree"]) == {
        "people-judge", "people-vote", "people-fusion", "people-gold"
    }  # fmt: skip
    rated(store, run_id, position=0, rater="Bo")
    assert "disagree" not in case_of(store, run_id).labels
    assert case_of(store, run_id).figures["ratings"] == 2


@pytest.mark.parametrize(
    ("chosen", "preferred"), [([], None), (["a"], "a"), (["a", "b"], None), (["a", "b", "b"], "b"), (["a", "a"], "a")]
)
def test_people_prefer_what_most_of_them_do(chosen: list[str], preferred: str | None) -> None:
    assert preferred_output(chosen) == preferred


@pytest.mark.parametrize(
    ("verdict", "body", "preferred"),
    [
        ("output", {}, "x"),
        ("tie", {}, None),
        ("ranking", {"ranking": [[{"output_id": "a"}], [{"output_id": "b"}]]}, "a"),
        ("ranking", {"ranking": [[{"output_id": "a"}, {"output_id": "b"}]]}, None),
        ("ranking", {"ranking": [], "best": {"output_id": "b"}}, "b"),
        ("scores", {"scores": [{"output_id": "a", "scores": {"c": 2}}, {"output_id": "b", "scores": {"c": 3}}]}, "b"),
        ("scores", {"scores": [{"output_id": "a", "scores": {"c": 3}}, {"output_id": "b", "scores": {"c": 3}}]}, None),
    ],
)
def test_a_judgement_prefers_what_it_puts_first_alone(
    verdict: str, body: dict[str, object], preferred: str | None
) -> None:
    assert preferred_in(verdict, "x" if verdict == "output" else None, body) == preferred


@pytest.mark.parametrize(
    ("ran", "flags"),
    [
        ({}, {"kept"}),
        ({"gold": None}, {"unknown"}),
        ({"answers": (None, None), "fusion": None}, {"unknown"}),
        ({"answers": ("1", "1", "2"), "fusion": "1"}, {"nobody"}),
        ({"answers": ("1", "1", "2"), "fusion": "42"}, {"nobody", "repaired"}),
        ({"answers": ("1", "1", "42"), "fusion": "1"}, {"outvoted"}),
        ({"answers": ("1", "1", "42"), "fusion": "42", "pick": 3}, {"outvoted", "repaired"}),
        ({"answers": ("1", "42"), "fusion": "1"}, {"outvoted"}),
        ({"pick": 3}, {"misjudged", "kept"}),
        ({"fusion": "41"}, {"broken"}),
        ({"pick": 3, "fusion": "41"}, {"misjudged", "broken"}),
        ({"answers": ("1", "1", "42"), "fusion": "1", "pick": 3}, {"outvoted", "broken"}),
        ({"pick": None, "fusion": None}, set()),
    ],
)
def test_the_right_answer_is_lost_where_it_went_missing(store: Store, ran: dict[str, object], flags: set[str]) -> None:
    assert labels(store, "loss", **ran) == flags


@pytest.mark.parametrize(
    ("ran", "flag"),
    [
        ({"answers": ("1", "1", "42")}, "majority-wrong"),
        ({"answers": ("1", "1")}, "nobody-right"),
        ({"answers": ("1", "2")}, "vote-tied"),
        ({"answers": (None,)}, "no-vote"),
        ({"flips": 2}, "judge-flipped"),
    ],
)
def test_what_is_worth_a_look_is_told(store: Store, ran: dict[str, object], flag: str) -> None:
    assert flag in labels(store, "is", **ran)
    assert flag not in labels(store, "is")


def test_a_rerun_says_so(store: Store) -> None:
    assert labels(store, "is", parent=stored(store)) == {"rerun"}


def test_flaws_count_by_class_and_subtype_and_no_error_is_none(store: Store) -> None:
    run_id = stored(store)
    flawed(store, run_id, category="reasoning/arithmetic")
    flawed(store, run_id, category="answer", severity="minor")
    flawed(store, run_id, category="correct", severity="neutral")
    case = case_of(store, run_id)
    assert case.figures["flaws"] == 2
    assert set(case.labels["flaw"]) == {"reasoning", "reasoning/arithmetic", "answer"}
    assert case.worst == "major"
    assert case.figures["flaw_weight"] == 6


def test_corrected_answers_count_and_the_sampled_ones_stay(store: Store) -> None:
    run_id = stored(store, answers=("42", "XLII", "XLII"))
    assert "majority-wrong" in case_of(store, run_id).labels["is"]
    with store.writing() as writer:
        rater_id = rater_named(writer, "Ada").id
        body = json.dumps({"aliases": {"XLII": "42"}, "answers": {}})
        sql = "INSERT INTO regroupings VALUES (?, 1, ?, ?, 'same thing', 'regrouped', ?)"
        writer.execute(sql, run_id, rater_id, body, writer.identity.now())
    case = case_of(store, run_id)
    assert set(case.labels["is"]) == {"regrouped", "noted"}
    assert set(case.labels["loss"]) == {"kept"}
    assert case.figures["stability"] == pytest.approx(0.99, abs=0.02)


def test_figures_are_those_of_the_run(store: Store) -> None:
    case = case_of(store, stored(store, failures=2, cost_usd=0.25, texts=("a", "b" * 70, "c"), prompt="Why?"))
    wanted = {"draws": 3, "failures": 2, "length": 70, "prompt_length": 4, "cost_usd": 0.25, "flaws": 0}
    assert {name: case.figures[name] for name in wanted} == wanted
