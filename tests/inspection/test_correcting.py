"""A person's grouping: what is stored of it, what it does to a run, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.regrouping import FUSION, Regrouping, RegroupingError, regrouped
from fusion_ui.engine.view import RunView
from fusion_ui.engine.voting import leader
from fusion_ui.inspection.correcting import MOST_ALIASES, Grouping, body_of, regrouping_in
from fusion_ui.replay import StoredRun
from storage.connection import open_store
from storage.rows import Json
from tests.inspection.casework import Ear, ran


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredRun]:
    """Four candidates that say 40, 40, 45 and forty; the fusion says 40."""
    path: Path = tmp_path_factory.mktemp("correcting") / "c.db"
    with open_store(path) as store:
        yield anyio.run(ran, store, Ear())


def corrected(run: StoredRun, body: Json) -> RunView:
    return regrouped(run.view, regrouping_in(run.rows, body))


def ids(run: StoredRun) -> list[str]:
    return [row.id for row in run.rows.candidates]


def test_without_a_body_the_run_is_as_it_was(run: StoredRun) -> None:
    assert corrected(run, None) == corrected(run, {"aliases": {}, "answers": {}}) == run.view


def test_a_stored_body_counts_the_run_anew(run: StoredRun) -> None:
    body = body_of(run, Grouping(aliases={"forty": "45"}, answers={ids(run)[0]: "45", ids(run)[1]: None}))
    view = corrected(run, body)
    assert [each.answer for each in view.candidates] == ["45", None, "45", "45"]
    assert leader(view.tally) == "45"
    assert view.fusion.fusion is not None
    assert view.fusion.fusion.contradicts_vote


def test_the_fused_text_may_be_corrected_too(run: StoredRun) -> None:
    assert run.rows.fusion is not None
    body = body_of(run, Grouping(answers={run.rows.fusion.id: "45"}))
    assert regrouping_in(run.rows, body) == Regrouping(answers={FUSION: "45"})


@pytest.mark.parametrize(
    ("typed", "key"),
    [(" 40 ", "40"), ("40.0", "40"), ("$40", "40"), ("Forty  One", "forty one"), ("n/a", "n/a"), ("\x0041", "41")],
)
def test_a_typed_answer_becomes_the_key_it_reads_as(run: StoredRun, typed: str, key: str) -> None:
    assert body_of(run, Grouping(answers={ids(run)[2]: typed}))["answers"] == {ids(run)[2]: key}


def test_what_holds_anyway_is_not_stored(run: StoredRun) -> None:
    grouping = Grouping(aliases={"forty": " forty "}, answers={ids(run)[0]: "40"})
    assert body_of(run, grouping) == {"aliases": {}, "answers": {}}


@pytest.mark.parametrize(
    ("grouping", "words"),
    [
        (Grouping(aliases={"a": "b", "b": "a"}), "in a circle"),
        (Grouping(answers={"0" * 26: "40"}), "no output"),
        (Grouping(aliases={"40": "  "}), "empty"),
        (Grouping(aliases={"": "40"}), "empty"),
        (Grouping(aliases={"40": "x" * 201}), "201 characters"),
        (Grouping(aliases={str(at): "0" for at in range(1, MOST_ALIASES + 2)}), "too many"),
    ],
)
def test_a_grouping_that_cannot_be_is_refused(run: StoredRun, grouping: Grouping, words: str) -> None:
    with pytest.raises(RegroupingError, match=words):
        body_of(run, grouping)


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=5))
def test_whatever_is_typed_is_stored_for_good_or_refused(run: StoredRun, aliases: dict[str, str]) -> None:
    try:
        body = body_of(run, Grouping(aliases=aliases))
    except RegroupingError:
        return
    assert body_of(run, Grouping(**body)) == body  # type: ignore[arg-type]
    assert corrected(run, body).tally.votes == run.view.tally.votes
