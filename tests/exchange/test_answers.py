"""Recorded answers in: each format as it is written, told apart by content, with bad lines named and good ones read."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from fusion_ui.exchange.answers import AnswerFile, RecordedAnswer, read_answers

GOOD = '{"question": "1", "member": "m", "answer": "18"}'


def read(*lines: object, name: str = "file.jsonl") -> AnswerFile:
    """A file of these lines; what is no text is written as JSON."""
    content = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return read_answers([content.encode()], name=name)


def only(file: AnswerFile) -> RecordedAnswer:
    """The one row of a file without problems."""
    assert file.problems == ()
    (row,) = file.rows
    return row


def problems(file: AnswerFile) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in file.problems]


def test_a_published_count_file_is_read_with_set_and_member_of_its_name(shared_data: Path) -> None:
    path = shared_data / "boinf" / "analysis_gpqa_diamond_Phi-4-reasoning.jsonl"
    file = read_answers([path.read_bytes()], name=path.name)
    assert (file.format, file.problem_count, len(file.rows)) == ("counts", 0, 198)
    assert file.sha256 == sha256(path.read_bytes()).hexdigest()
    first = file.rows[0]
    assert (first.set, first.member, first.question, first.gold) == ("gpqa_diamond", "Phi-4-reasoning", "0", "D")
    assert len(first.answers) == 160
    assert first.tokens is not None
    assert (first.answers[0], first.tokens[0]) == ("D", 6191)


def test_every_published_file_is_read_without_a_problem(shared_data: Path) -> None:
    paths = sorted((shared_data / "boinf").glob("*.jsonl"))
    files = [read_answers([path.read_bytes()], name=path.name) for path in paths]
    assert [file.name for file in files if file.problem_count] == []
    assert sum(len(row.answers) for file in files for row in file.rows) == 169_680


def test_counts_without_answers_are_enough() -> None:
    line = {"problem_num": 3, "answer_counts": {"7": 2, "": 1}, "gold_answer": "7"}
    row = only(read(line))
    assert row == RecordedAnswer(question="3", member="file", gold="7", answers=("7", "7", None))


def test_where_counts_and_answers_disagree_the_answers_are_used_and_it_is_said() -> None:
    file = read({"problem_num": 0, "all_answers": [["7", 5], ["8", 6]], "answer_counts": {"7": 2}})
    assert (file.rows[0].answers, file.rows[0].tokens) == (("7", "8"), (5, 6))
    assert problems(file) == [(1, "`answer_counts` does not agree with `all_answers`; `all_answers` is used")]


def test_counts_agree_however_blanks_are_written() -> None:
    line = {"problem_num": 0, "all_answers": [["7", 5], [None, 6], ["", 1]], "answer_counts": {"7": 1, "": 1}}
    assert only(read(line)).answers == ("7", None, None)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("analysis_aime2025_Qwen3-4B.jsonl", ("aime2025", "Qwen3-4B")),
        ("runs/analysis_gpqa_diamond_a.b.jsonl", ("gpqa_diamond", "a.b")),
        ("C:\\counts\\Qwen3.jsonl", ("", "Qwen3")),
        ("analysis_alone.jsonl", ("", "analysis_alone")),
        ("my_file.csv", ("", "my_file")),
        ("", ("", "recorded")),
    ],
)
def test_the_name_says_set_and_member_where_the_lines_do_not(name: str, place: tuple[str, str]) -> None:
    row = only(read({"problem_num": 1, "answer_counts": {"7": 1}}, name=name))
    assert (row.set, row.member) == place


def test_a_line_may_carry_its_own_set_and_member() -> None:
    line = {"problem_num": 1, "answer_counts": {"7": 1}, "set": "s", "member": "n"}
    row = only(read(line, name="analysis_aime_m.jsonl"))
    assert (row.set, row.member) == ("s", "n")


def test_one_answer_a_line_is_put_together_by_question_and_member() -> None:
    lines = [
        {"question": question, "member": member, "answer": answer, "tokens": tokens, "gold": 18, "set": "s"}
        for question, member, answer, tokens in [("a", "m", "18", 5), ("a", "n", 17, 6), ("a", "m", "", 7.5)]
    ]
    file = read(*lines)
    assert (file.format, file.problems) == ("jsonl", ())
    assert [(row.set, row.member, row.gold, row.answers, row.tokens) for row in file.rows] == [
        ("s", "m", "18", ("18", None), (5, 7.5)),
        ("s", "n", "18", ("17",), (6,)),
    ]


def test_a_text_is_read_for_its_answer_and_a_written_answer_goes_before_it() -> None:
    file = read(
        {"question": "1", "member": "m", "text": "2 x 9 = 18.\nThe answer is 18.", "prompt": "What is 2 x 9?"},
        {"question": "1", "member": "m", "text": "I would rather talk about the weather, which is fine."},
        {"question": "1", "member": "m", "text": "The answer is 18.", "answer": "19"},
    )
    assert only(file).answers == ("18", None, "19")
    assert only(file).text == "What is 2 x 9?"


def test_answers_may_be_a_list_with_or_without_tokens() -> None:
    row = only(read({"question": "1", "member": "m", "answers": ["18", ["17", 5], None, ["", 4]]}))
    assert (row.answers, row.tokens) == (("18", "17", None, None), (None, 5, None, 4))


def test_numbers_and_truth_are_answers_as_people_write_them() -> None:
    row = only(read({"question": 1, "member": "m", "answers": [18, 0.5, True, False, -3, 1e-7]}))
    assert list(row.answers) == ["18", "0.5", "true", "false", "-3", "1e-07"]


def test_bad_lines_are_named_and_the_good_ones_load() -> None:
    file = read(GOOD, "nonsense", "", "[1]", '{"question": "1", "member": "m"}', {"member": "m", "answer": 1}, GOOD)
    assert file.rows[0].answers == ("18", "18")
    assert problems(file) == [
        (2, "is not JSON (Expecting value at column 1). Write one object a line"),
        (4, "is no JSON object. Write one object a line"),
        (5, "holds no answer: `answer`, `text` or `answers` is missing"),
        (6, "names no question: `question` (or `problem_num`) is missing or blank"),
    ]
    assert {problem.file for problem in file.problems} == {"file.jsonl"}


def test_a_question_that_comes_twice_in_lists_is_put_together_and_said() -> None:
    line = {"problem_num": 1, "answer_counts": {"7": 2}}
    file = read(line, line)
    assert len(file.rows[0].answers) == 4
    assert problems(file) == [(2, "question '1' of file stands above already; both are used")]


def test_two_golds_of_one_question_are_kept_apart() -> None:
    file = read(*({"question": "1", "member": "m", "answer": "18", "gold": gold} for gold in ("18", "19")))
    assert [row.gold for row in file.rows] == ["18", "19"]


def test_a_gold_answer_that_states_nothing_is_told_once() -> None:
    line = {"question": "1", "member": "m", "answer": "18", "gold": "as " * 60}
    file = read(line, line)
    assert [line for line, _ in problems(file)] == [1]
    assert "no short answer can be read from the gold answer" in file.problems[0].message


def test_only_the_first_hundred_problems_are_kept_and_all_are_counted() -> None:
    file = read(GOOD, *["nonsense"] * 250)
    assert (len(file.problems), file.problem_count) == (100, 250)


def test_csv_is_read_with_its_quotes_delimiter_mark_and_line_ends() -> None:
    rows = [
        "\ufeffQuestion;Member;Answer;Tokens;Gold",
        '"a ""x""',
        'y";m;1,5;5;1.5',
        '"a ""x"" y";m;;6.5;1.5',
        "",
        "b;n;B;;",
    ]
    table = "\r\n".join(rows)
    file = read(table, name="t.jsonl")
    assert (file.format, file.problems) == ("csv", ())
    assert [(row.question, row.member, row.gold, row.answers, row.tokens) for row in file.rows] == [
        ('a "x" y', "m", "1.5", ("1,5", None), (5, 6.5)),
        ("b", "n", None, ("B",), None),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_of_csv_is_found(mark: str) -> None:
    file = read(mark.join(("question", "member", "text")), mark.join(("1", "m", "The answer is 18.")))
    assert only(file).answers == ("18",)


def test_bad_rows_of_csv_are_named_by_their_first_line() -> None:
    file = read("question,member,answer,tokens", '"1\n1",m,18,5', "2,m,18,many", "3,m", ",m,18,", '4,m,"1"8,')
    assert len(file.rows) == 1
    assert problems(file) == [
        (4, "tokens: 'many' is no number from 0 to 1,000,000,000,000"),
        (5, "has 2 cells, the header has 4"),
        (6, "names no question: `question` (or `problem_num`) is missing or blank"),
        (7, "is no row of CSV (',' expected after '\"'). A quote may be left open"),
    ]


def test_a_file_is_the_same_in_whatever_pieces_it_arrives() -> None:
    content = f'\ufeff{GOOD}\r\n\r\n{{"question": "ö", "answer": "½"}}'.encode()
    whole = read_answers([content], name="x")
    assert read_answers((bytes([byte]) for byte in content), name="x") == whole
    assert [row.question for row in whole.rows] == ["1", "ö"]
