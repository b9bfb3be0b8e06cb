"""Tables of text: any delimiter and any header; a row that does not fit is named and the next one is read."""

import pytest

from fusion_ui.exchange.answer_fields import Fields
from fusion_ui.exchange.answer_lines import lines_of
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.exchange.tables import table_fields


def rows(content: bytes) -> list[Fields]:
    return list(table_fields(lines_of([content], name="x.csv"), name="x.csv"))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_header(mark: str) -> None:
    content = mark.join(("Prompt", "Member", "text")) + "\n" + mark.join(("p", "m", "t"))
    assert rows(content.encode()) == [Fields(2, {"prompt": "p", "member": "m", "text": "t"})]


def test_quotes_within_quotes_and_over_lines_are_one_cell() -> None:
    (row,) = rows(b'a,b\r\n"say ""hi"", now","two\r\nlines"\r\n')
    assert row.by_name == {"a": 'say "hi", now', "b": "two\nlines"}


def test_a_row_of_another_width_is_named_and_the_next_one_read() -> None:
    found = rows(b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert [(row.line, bool(row.problem)) for row in found] == [(2, False), (3, True), (4, True), (5, False)]


def test_an_empty_cell_is_no_field() -> None:
    assert rows(b"a,b\n1,\n")[0].by_name == {"a": "1"}


def test_latin1_is_named_by_its_row_with_a_cure() -> None:
    found = rows("a,b\n1,2\né,4\n".encode("latin-1"))
    assert (found[1].line, found[1].problem) == (3, "is not UTF-8. Save the file as UTF-8")


def test_a_quote_left_open_is_named() -> None:
    assert "quote" in rows(b'a,b\n1,"2\n3,4\n')[-1].problem


def test_a_cell_of_ten_megabytes_is_named_and_the_next_row_read() -> None:
    found = rows(b"a,b\n1," + b"x" * 10_000_000 + b"\n3,4\n")
    assert [bool(row.problem) for row in found] == [True, False]


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(ImportRefusedError, match="twice"):
        rows(b"a,A\n1,2\n")
