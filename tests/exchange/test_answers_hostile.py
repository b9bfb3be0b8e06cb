"""Files that are no recorded answers, or too many of them: a clear word, in bounded memory and time."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from itertools import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.exchange.answers import AnswerFile, read_answers

GOOD = b'{"question": "1", "member": "m", "answer": "18"}\n'
MEGABYTE = 1_000_000


def read(*chunks: bytes) -> AnswerFile:
    return read_answers(chunks, name="file.jsonl")


def refusal(chunks: Iterable[bytes]) -> str:
    with pytest.raises(AnswersError) as caught:
        read_answers(chunks, name="file.jsonl")
    return str(caught.value)


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("answers.jsonl", GOOD)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \r\n\t\n", "is empty"),
        (gzip.compress(GOOD, mtime=0), "is compressed with gzip. Unpack it first"),
        (zipped(), "is a ZIP archive"),
        (GOOD.decode().encode("utf-16"), "is UTF-16. Save it as UTF-8"),
        (GOOD.decode().encode("utf-16-le"), r"is binary (or UTF-16), not UTF-8 text"),
        (bytes(range(256)) * 4, "is binary"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8"),
        (b"SQLite format 3\0", "is a SQLite database"),
        (b"Dear Sir,\nhello\n", "begins with 'Dear Sir,', which is neither JSON nor a header of CSV"),
        (b"question,member\n1,m\n", "begins with 'question,member'"),
        (b"question,question,answer\n1,1,1\n", "names the column question twice"),
        (b"question,answer\n", "has a header and no row"),
        (b'[{"question": "1", "answer": "2"}]', "line 1 is no JSON object. Write one object a line"),
        (b'[\n{"question": "1", "answer": "2"},\n]', "line 1 is not JSON (goes on below). Write one object a line"),
        (b'{\n"question": "1"\n}', "line 1 is not JSON (goes on below)"),
    ],
)
def test_what_is_no_file_of_answers_is_refused_in_plain_words(content: bytes, words: str) -> None:
    message = refusal([content])
    assert message.startswith("file.jsonl ")
    assert words in message


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('"answer": "18", "tokens": NaN', "tokens: 'nan' is no number"),
        ('"answer": "18", "tokens": -1', "tokens: '-1' is no number"),
        ('"answer": "18", "tokens": true', "tokens: 'True' is no number"),
        ('"answer": "18", "tokens": "5"', "tokens: '5' is no number"),
        (f'"answer": "18", "tokens": 1{"0" * 400}', "tokens: '1000"),
        (f'"answer": 1{"0" * 5000}', "holds a number of too many digits"),
        (f'"answer": {"[" * 100_000}', "is nested too deeply"),
        ('"answer": ["18", "19"]', "an answer is a list or an object"),
        ('"answers": {"18": 2}', "answers: is no list of answers"),
        ('"answers": []', "answers: is no list of answers, or an empty one"),
        ('"answers": [["18", 1, 2]]', "answers: an entry has 3 parts, not answer and tokens"),
        ('"answers": [["18", "many"]]', "answers: tokens: 'many' is no number"),
        ('"answers": [{}]', "answers: an answer is a list or an object"),
        ('"answers": ["18"], "tokens": 5', "write each answer as [answer, tokens]"),
        ('"text": 5', "text: is no text"),
        ('"answer": "18", "member": []', "member: is a list or an object"),
        (f'"answer": "18", "set": "{"s" * 201}"', "set: has 201 characters, more than 200"),
        ('"answer_counts": ["18"]', "answer_counts: is no object"),
        ('"answer_counts": {"18": 1.5}', "answer_counts: '18' was given '1.5' times"),
        ('"answer_counts": {"18": -1}', "answer_counts: '18' was given '-1' times"),
        ('"answer_counts": {"18": 1000000000000}', "adds up to more than 2,000,000 answers"),
        ('"answer_counts": {"18": 0}', "holds no answers"),
        ('"all_answers": []', "holds no answers"),
        ('"all_answers": "18"', "all_answers: is no list of answers"),
    ],
)
def test_a_field_of_another_kind_makes_the_line_bad_and_no_other(fields: str, words: str) -> None:
    file = read(f'{{"question": "1", {fields}}}\n'.encode(), GOOD)
    assert [row.answers for row in file.rows] == [("18",)]
    assert [problem.line for problem in file.problems] == [1]
    assert words in file.problems[0].message


def test_a_line_that_is_not_utf8_is_named() -> None:
    latin = '{"question": "Köln", "answer": "1"}\n'.encode("latin-1")
    assert read(GOOD, latin).problems[0][1:] == (2, "is not UTF-8. Save the file as UTF-8")
    table = read(b"question,answer\n1,2\nK\xf6ln,3\n")
    assert (len(table.rows), table.problems[0][1:]) == (1, (3, "is not UTF-8. Save the file as UTF-8"))


def test_text_is_made_fit_to_be_stored() -> None:
    (row,) = read(b'{"question": "a\\ud800\\u0000b", "member": "\\ud83d\\ude00", "answer": " x\\udfff "}').rows
    assert (row.question, row.member, row.answers) == ("a\ufffdb", "\U0001f600", ("x\ufffd",))


def test_the_name_of_a_file_is_made_fit_to_be_stored() -> None:
    file = read_answers([GOOD], name=" a\ud800\0" + "b" * 300)
    assert file.name == "a\ufffd" + "b" * 198
    assert read_answers([GOOD], name="\0").name == "recorded"


def test_an_answer_too_long_to_be_one_is_a_blank_draw() -> None:
    (row,) = read(json.dumps({"question": "1", "answers": ["x" * 5_000, float("nan"), 10**3000]}).encode()).rows
    assert row.answers == (None, None, None)


def test_a_line_that_is_too_long_is_named_and_the_next_one_read() -> None:
    file = read(GOOD, *repeat(b"x" * MEGABYTE, 9), b"\n", GOOD)
    assert len(file.rows[0].answers) == 2
    assert file.problems[0][1:] == (2, "is longer than 8 MB")


def test_a_row_of_csv_that_is_too_long_is_named() -> None:
    file = read(b"question,answer\n1,2\n", *repeat(b"x" * MEGABYTE, 9), b"\n3,4\n")
    assert [row.question for row in file.rows] == ["1", "3"]
    assert (3, "is longer than 8 MB") in [problem[1:] for problem in file.problems]


def test_a_quote_that_is_never_closed_costs_no_more_than_its_stretch() -> None:
    file = read(b'question,answer\n1,2\n2,"open\n', *repeat(b"3,4\n", 60_000))
    assert [row.question for row in file.rows] == ["1", "3"]
    assert file.problems[0].line == 3
    assert "A quote may be left open" in file.problems[0].message


def gigabyte_of(chunk: bytes) -> Iterator[bytes]:
    return repeat(chunk, 1_000 * MEGABYTE // len(chunk))


@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        (b"{" + b"a" * MEGABYTE, "is larger than 300 MB"),
        (b"nonsense, here\n" * 60_000, "begins with 'nonsense, here'"),
        (b'{"question": "1"}\n' * 60_000, "holds no answer that can be used: line 1 holds no answer"),
    ],
)
def test_a_gigabyte_is_refused_in_bounded_memory(chunk: bytes, words: str) -> None:
    tracemalloc.start()
    try:
        assert words in refusal(gigabyte_of(chunk))
        assert tracemalloc.get_traced_memory()[1] < 40 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_too_many_answers_are_refused() -> None:
    line = b'{"question": "1", "answers": [' + b"1," * 400_000 + b"1]}\n"
    assert "more than 2,000,000 answers" in refusal(gigabyte_of(line))


def test_too_many_lines_are_refused() -> None:
    assert "has more than 5,000,000 lines" in refusal(gigabyte_of(b"\n" * MEGABYTE))


def test_too_many_questions_are_refused() -> None:
    lines = (b'{"question": "%d", "answer": "1"}\n' % number for number in range(200_001))
    assert "answers to more than 200,000 questions" in refusal(lines)


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = "question problem_num member set gold gold_answer prompt text answer answers tokens all_answers answer_counts"
FIELDS = st.sampled_from(NAMES.split())


@settings(max_examples=300)
@given(st.dictionaries(FIELDS, JSONISH, min_size=1))
def test_whatever_a_line_holds_it_is_read_or_named(fields: dict[str, object]) -> None:
    file = read(GOOD, json.dumps(fields).encode())
    assert file.problem_count or sum(len(row.answers) for row in file.rows) > 1
    for row in file.rows:
        assert all(answer is None or answer.strip() for answer in row.answers)
        json.dumps([row.question, row.gold, row.answers, row.tokens], allow_nan=False, ensure_ascii=False).encode()


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,;\n\r\t aquestionswer1', max_size=200).map(str.encode))
def test_whatever_bytes_arrive_they_are_read_or_refused(content: bytes) -> None:
    try:
        file = read(content)
    except AnswersError as refused:
        message = str(refused)
    else:
        message = f"file.jsonl has {len(file.rows)} rows"
    assert message.startswith("file.jsonl ")
    assert not message.endswith(" 0 rows")
