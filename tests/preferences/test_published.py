"""Published votes, imported as people would and analysed, against what others computed from the same files."""

import json
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
def published(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """llmfao: 8931 votes by people, and two judges, in three files."""
    db = tmp_path_factory.mktemp("llmfao") / "s.db"
    for name, judge in VOTES.items():
        arguments = ["import", str(shared_data / "open" / name), *judge, "--db", str(db)]
        assert CliRunner().invoke(app, arguments).exit_code == 0
    return db


@pytest.fixture(scope="module")
def analysis(published: Path) -> dict[str, Any]:
    """What is found in them."""
    with open_store(published) as store:
        found: dict[str, Any] = json.loads(json.dumps(asked(store, by="member")))
    return found


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
    nominal, ordinal = analysis["agreement"][:2]
    assert [nominal["alpha"]["value"], nominal["ac"]["value"]] == pytest.approx([0.290595, 0.295793], abs=1e-6)
    assert [ordinal["alpha"]["value"], ordinal["ac"]["value"]] == pytest.approx([0.287553, 0.358232], abs=1e-6)
    assert nominal["fleiss"] == pytest.approx(0.286871, abs=1e-6)
    assert nominal["ceiling"][2] == pytest.approx(0.5788, abs=5e-5)


@pytest.mark.parametrize(
    ("judge", "expected"),
    [("gpt4", (0.4462, 0.2181, 0.7459, 0.4930, 0.4148)), ("gpt3", (0.3774, 0.1015, 0.6313, 0.2514, 0.3757))],
)
def test_judges_of_other_files_agree_with_people_as_published(
    judge: str, expected: tuple[float, ...], analysis: dict[str, Any]
) -> None:
    found = next(each for each in analysis["judges"] if each["judge"] == f"judge: {judge}")
    assert (found["items"], found["unique"]) == (2139, 1831)
    shares = [found[name][2] for name in ("accuracy", "accuracy_decisive", "votes")]
    kappas = [found[name]["value"] for name in ("kappa", "kappa_decisive")]
    assert [shares[0], kappas[0], shares[1], kappas[1], shares[2]] == pytest.approx(expected, abs=5e-5)


def test_the_command_prints_the_same_table_of_judges(analysis: dict[str, Any], published: Path) -> None:
    arguments = ["analyse", "--by", "member", "--json", "--db", str(published)]
    printed = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert [each["judge"] for each in printed["judges"]] == ["judge: gpt3", "judge: gpt4"]
    assert printed["judges"] == analysis["judges"]
