"""The lab's CSV: tidy, the same bytes each time, numbers as numbers, and nothing that a spreadsheet would run."""

import csv
from dataclasses import asdict
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.learning import learning_curve
from fusion_ui.analysis.replay import parse_rules, replay
from fusion_ui.analysis.transfer import transfer, transfer_subsets
from fusion_ui.analysis.validation import cross_validate
from fusion_ui.analysis.weights import solve
from fusion_ui.exchange.lab_tables import csv_of, questions_csv
from fusion_ui.exchange.spreadsheets import as_written
from tests import lab_reports as by_hand
from tests.analysis.support import answer_set


def read(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table, newline=""), strict=True))


def with_text(text: str) -> dict[str, Any]:
    report = by_hand.replay()
    report["result"]["by_question"][0]["text"] = text
    return report


def text_read(text: str) -> str:
    return read(questions_csv(with_text(text)))[0]["text"]


@pytest.mark.parametrize("kind", by_hand.ALL)
def test_every_kind_is_a_full_table_that_starts_and_ends_alike(kind: str) -> None:
    first, *rest = csv_of(by_hand.ALL[kind]).split("\r\n")
    assert (first.split(",")[0], first.split(",")[-1]) == ('"report"', '"seed"')
    assert rest[-1] == ""
    assert {row["report"] for row in read(csv_of(by_hand.ALL[kind]))} == {"01J"}


@pytest.mark.parametrize("kind", by_hand.ALL)
def test_no_cell_is_empty_where_everything_is_known(kind: str) -> None:
    assert all(cell for row in read(csv_of(by_hand.ALL[kind])) for cell in row.values())


def test_a_replay_is_a_row_a_rule() -> None:
    rows = read(csv_of(by_hand.replay()))
    assert [(row["rule"], row["threshold"], row["accuracy"]) for row in rows] == [
        ("bayes", "10", "0.881"),
        ("bayes", "30", "0.898"),
        ("fixed", "10", "0.876"),
    ]
    assert {row["limit_accuracy"] for row in rows} == {"0.9"}


def test_a_replay_by_question_is_a_row_a_question_and_rule() -> None:
    rows = read(questions_csv(by_hand.replay()))
    assert [(row["question"], row["rule"], row["draws"]) for row in rows] == [
        ("aime2025/7", "bayes", "4.7"),
        ("aime2025/7", "bayes", "9.3"),
        ("aime2025/7", "fixed", "10"),
    ]


def test_weights_are_a_row_a_member_with_what_it_solves_alone() -> None:
    rows = read(csv_of(by_hand.weights()))
    assert [(row["member"], row["weight"], row["solved_alone"]) for row in rows] == [
        ("gpt-oss-20b", "0.5", "27"),
        ("Phi-4-reasoning", "0.5", "26"),
    ]
    assert (rows[0]["uniform_solved"], rows[0]["cross_validated_uniform"]) == ("26", "26.0")


def test_weights_without_validation_leave_its_cells_empty() -> None:
    report = by_hand.weights()
    report["result"]["validation"] = None
    row = read(csv_of(report))[0]
    assert (row["solved"], row["cross_validated"], row["folds"]) == ("28", "", "")


def test_a_transfer_is_one_row_and_subsets_are_one_each() -> None:
    (row,) = read(csv_of(by_hand.transfer()))
    assert (row["members"], row["weights"]) == ("gpt-oss-20b + Phi-4-reasoning", "0.75 0.25")
    assert (row["train_solved"], row["test_solved"], row["test_best_single_here_solved"]) == ("29", "26", "27")
    assert [row["test_solved"] for row in read(csv_of(by_hand.subsets((25, 27))))] == ["25", "27"]


def test_a_curve_without_points_is_a_header() -> None:
    assert csv_of(by_hand.curve(0)).splitlines()[0].startswith('"report","members","questions"')
    assert read(csv_of(by_hand.curve(0))) == []


def keys_of(told: Any) -> Any:
    """The shape of a result: its keys, those of what it holds, and those of the first of several."""
    if isinstance(told, dict):
        return {name: keys_of(each) for name, each in told.items()}
    return keys_of(told[0]) if isinstance(told, list | tuple) and told and isinstance(told[0], dict) else None


def test_reports_made_by_hand_have_the_shape_of_real_ones() -> None:
    asked = answer_set([["1", "1", "2"], ["1", "3", "3"]], [["2", "2"], ["4", "2"]], gold=["1", "2"])
    weighting, validation = solve(asked), cross_validate(asked, folds=2, repeats=1)
    real = {
        "replay": replay(asked, rules=parse_rules("bayes:10,fixed:3"), trials=2),
        "weights": {"weighting": asdict(weighting), "validation": asdict(validation), "verdict": ""},
        "transfer": transfer(asked, asked),
        "subsets": transfer_subsets(asked, asked, size=2),
        "curve": learning_curve(asked, trials=2),
    }
    for kind, result in real.items():
        told = result if isinstance(result, dict) else asdict(result)
        assert keys_of(told) == keys_of(by_hand.ALL[kind]["result"]), kind


def test_what_is_not_known_is_an_empty_cell() -> None:
    (row,) = read(csv_of(by_hand.replay([by_hand.row("bayes", 10, 4.7, None)], limit_accuracy=None)))
    assert (row["accuracy"], row["limit_accuracy"], row["mode_agreement"]) == ("", "", "0.9")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "－", "\u00a0+"])
def test_a_spreadsheet_computes_no_text(start: str) -> None:
    assert text_read(f"{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("number", ["-3", "+1234", "-0.5", "-1,5"])
def test_a_text_that_is_a_plain_number_stays_one(number: str) -> None:
    assert text_read(number) == number


def test_numbers_are_not_quoted_and_a_negative_one_is_not_neutralised() -> None:
    assert ",0.25,-0.25,0.02," in questions_csv(by_hand.replay())


def test_a_text_with_another_locales_separator_stays_in_its_quotes() -> None:
    assert ',"a;=1+1",' in questions_csv(with_text("a;=1+1"))


@given(st.text())
def test_every_text_comes_back_from_a_reader_of_csv(text: str) -> None:
    came = text_read(text)
    came.encode()
    assert as_written(came) == text.replace("\0", "")


def test_half_a_surrogate_pair_can_be_written_to_a_file() -> None:
    assert text_read("a\ud800b") == "a\ufffdb"


def test_the_same_report_is_the_same_text() -> None:
    assert csv_of(by_hand.weights()) == csv_of(by_hand.weights())
