"""Recorded answers as CSV: a header of our columns, one answer a row."""

from collections.abc import Iterator

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.exchange.answer_fields import NOT_UTF8, Fields
from fusion_ui.exchange.answer_lines import Line
from fusion_ui.exchange.csv_records import DELIMITERS, Decoded, heading_cells, is_utf8, records

_QUESTION, _ANSWER = ("question", "problem_num"), ("answer", "text")
_COLUMNS = {*_QUESTION, *_ANSWER, "member", "gold", "gold_answer", "tokens", "set", "prompt"}


def csv_fields(lines: Iterator[Line], *, name: str) -> Iterator[Fields]:
    """One record a row under the header; raises AnswersError where the header is none of ours."""
    source = Decoded(lines)
    heading = next(source).strip()
    delimiter = max(DELIMITERS, key=lambda mark: len(_COLUMNS & set(heading_cells(heading, mark))))
    header = heading_cells(heading, delimiter)
    if fault := _fault(heading, header):
        raise AnswersError(f"{name} {fault}")

    def fields_of(row: list[str]) -> dict[str, object]:
        fields: dict[str, object] = {name: cell for name, cell in zip(header, row, strict=True) if cell.strip()}
        fields.setdefault("answer", None)  # an empty cell is a blank answer
        if "tokens" in fields:
            fields["tokens"] = _number(str(fields["tokens"]))
        return fields

    yield from records(source, header, delimiter=delimiter, of=fields_of)


def _fault(heading: str, header: list[str]) -> str:
    """What keeps the first line of a file from being a header of ours."""
    if not is_utf8(heading):
        return NOT_UTF8
    if not set(_QUESTION) & set(header) or not set(_ANSWER) & set(header):
        return (
            f"begins with {heading[:60]!r}, which is neither JSON nor a header of CSV that names question and answer "
            "(or text)."
        )
    twice = sorted(column for column in _COLUMNS if header.count(column) > 1)
    return f"names the column {twice[0]} twice. Remove one." if twice else ""


def _number(cell: str) -> object:
    """The number in a cell, else the cell as it is, for the field to refuse."""
    try:
        return int(cell) if cell.isdecimal() else float(cell)
    except ValueError:
        return cell
