"""Sources of fused sentences: what people say lies over what the program found, and can be taken off again."""

import pytest

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.view import RunView
from fusion_ui.inspection.sources import Line, SourceError, check_passage, source_record
from storage.corrections import SourceCorrectionRow
from tests.ui.boards import view_of, whole_run

TEXTS = {
    "The train covers 80 km in two hours. Wear a hat and gloves.": "40",
    "Trains are loud, as all agree. Wear a hat and gloves.": "40",
}
FUSED = "The train covers 80 km in two hours. A horse is slower."
FIRST, SECOND = Span(start=0, end=36), Span(start=37, end=55)


@pytest.fixture(scope="module")
def view() -> RunView:
    return view_of(whole_run(TEXTS, fused_text=FUSED))


def said(span: Span, position: int, is_source: bool | None, seq: int = 1) -> SourceCorrectionRow:
    return SourceCorrectionRow(
        run_id="r",
        seq=seq,
        rater_id="ada",
        span_start=span.start,
        span_end=span.end,
        position=position,
        is_source=is_source,
        request_key=f"press-{seq}",
        created_at="2026-01-01T00:00:00Z",
    )


def lines(view: RunView, *rows: SourceCorrectionRow) -> tuple[Line, ...]:
    record = source_record(view, rows)
    assert record is not None
    return record.lines


def sources(line: Line) -> list[int]:
    return [cell.position for cell in line.cells if cell.is_source]


def test_without_corrections_it_is_what_the_program_found(view: RunView) -> None:
    first, second = lines(view)
    assert (sources(first), first.text, first.span) == ([1], "The train covers 80 km in two hours.", FIRST)
    assert (second.cells, second.is_new) == ((), True)


def test_a_person_may_add_a_source_and_take_one_away(view: RunView) -> None:
    first, second = lines(view, said(FIRST, 1, False), said(SECOND, 2, True))
    assert (sources(first), first.is_new) == ([], True)
    assert (sources(second), second.is_new) == ([2], False)
    assert first.cells[0].support is not None  # what the program found is still told


def test_the_latest_of_a_cell_holds(view: RunView) -> None:
    first, _ = lines(view, said(FIRST, 2, True, 1), said(FIRST, 1, False, 2), said(FIRST, 2, False, 3))
    assert [(cell.position, cell.is_source) for cell in first.cells] == [(1, False), (2, False)]


def test_a_correction_taken_off_leaves_what_the_program_found(view: RunView) -> None:
    taken_off = lines(view, said(FIRST, 1, False, 1), said(FIRST, 1, None, 2), said(SECOND, 2, True, 3))
    assert taken_off[0] == lines(view)[0]
    assert lines(view, said(SECOND, 2, True, 1), said(SECOND, 2, None, 2)) == lines(view)


def test_a_dropped_sentence_is_found_where_it_was_said(view: RunView) -> None:
    record = source_record(view, ())
    assert record is not None
    [lost] = record.lost
    assert lost.span is not None
    assert view.slots[lost.dropped.positions[0] - 1].text[lost.span.start : lost.span.end] == lost.dropped.text


@pytest.mark.parametrize(
    ("span", "position", "words"),
    [
        (Span(start=0, end=35), 1, "no such sentence"),
        (Span(start=0, end=0), 1, "no such sentence"),
        (FIRST, 3, "never saw candidate 3"),
    ],
)
def test_a_correction_must_fit_a_sentence_and_a_candidate(view: RunView, span: Span, position: int, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        check_passage(view.fusion.fusion, span, position)


def test_where_nothing_was_fused_there_is_nothing_to_correct() -> None:
    assert source_record(RunView(), ()) is None
    with pytest.raises(SourceError, match="Nothing was fused"):
        check_passage(None, FIRST, 1)
