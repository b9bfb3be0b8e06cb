"""Published votes, imported as people would and analysed, against what others computed from the same files."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fusion_ui.analysis.preference.estimates import Share
from fusion_ui.cli import app
from storage.connection import open_store
from tests.preferences.support import asked

VOTES: dict[str, tuple[str, ...]] = {
    "llmfao_crowd_votes.csv": (),
    "llmfao_judge_gpt3.csv": ("--judge", "gpt3"),
    "llmfao_judge_gpt4.csv": ("--judge", "gpt4"),
}


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> dict[str, Any]:
    """llmfao: 8931 votes by people, and two judges, in three files."""
    db = tmp_path_factory.mktemp("llmfao") / "s.db"
    for name, judge in VOTES.items():
        arguments = ["import", str(shared_data / "open" / name), *judge, "--db", str(db)]
        assert CliRunner().invoke(app, arguments).exit_code == 0
    with open_store(db) as store:
        return asked(store, by="member")


def test_counts_are_the_published_ones(analysis: dict[str, Any]) -> None:
    counts = {name: analysis["counts"][name] for name in ("units", "prompts", "judgements", "raters")}
    assert counts == {"units": 2139, "prompts": 13, "judgements": 8931, "raters": 124}


def test_scores_are_the_published_ones_but_for_a_weak_prior(analysis: dict[str, Any]) -> None:
    score = {rung["system"]: rung["score"]["value"] for rung in analysis["ladders"][0]["rungs"]}
    published = {"GPT 4": 0.9909, "command": 0.6342, "Claude v1": 0.5400, "Dolly v2 (3B)": -0.8885}
    assert {name: score[name] for name in published} == pytest.approx(published, abs=2e-2)


def test_the_left_answer_wins_as_often_as_published(analysis: dict[str, Any]) -> None:
    left = Share(*analysis["position"]["left"])
    assert (left.hits, left.of) == (2911, 5460)
    assert [left.low, left.high] == pytest.approx([0.51990, 0.54636], abs=1e-5)


def test_agreement_is_as_published(analysis: dict[str, Any]) -> None:
    nominal = analysis["agreement"][0]
    # The reference tells each pair in the order of the file, we in that of names, which moves alpha a little.
    assert nominal["alpha"]["value"] == pytest.approx(0.290595, abs=1e-3)
    assert nominal["ceiling"][2] == pytest.approx(0.5788, abs=5e-5)


def test_judges_of_other_files_are_held_against_the_people_who_judged_the_same(analysis: dict[str, Any]) -> None:
    judges = {each["judge"]: each for each in analysis["judges"]}
    assert [(each["items"], each["unique"]) for each in judges.values()] == [(2139, 1831)] * 2
    for name, accuracy, votes in (("judge: gpt3", 0.3774, 0.3757), ("judge: gpt4", 0.4462, 0.4148)):
        assert judges[name]["accuracy"][2] == pytest.approx(accuracy, abs=5e-5)
        assert judges[name]["votes"][2] == pytest.approx(votes, abs=5e-5)
