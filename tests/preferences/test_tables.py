"""Tables of an analysis for spreadsheets, and the analysis as JSON."""

import json
from math import inf, nan

import numpy as np
import pytest

from fusion_ui.analysis.preference.estimates import Estimate, share_of
from fusion_ui.preferences.plain import plain
from fusion_ui.preferences.question import Question, QuestionError
from fusion_ui.preferences.tables import TABLES
from storage.connection import Store
from tests.annotation.judging import Room
from tests.preferences.support import analyses, asked, judged_study


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_same_columns_in_every_row(store: Store, room: Room, name: str) -> None:
    judged_study(store, room)
    judged_study(store, room)
    table = analyses(store).table(Question(), name)
    assert all(row.keys() <= set(table.columns) for row in table.rows)
    assert all(not isinstance(cell, dict | list) for row in table.rows for cell in row.values())


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_nothing_has_columns(store: Store, name: str) -> None:
    columns, rows = analyses(store).table(Question(), name)
    assert columns
    assert not rows


def test_the_table_of_contrasts_tells_groups_below_each(store: Store, room: Room) -> None:
    judged_study(store, room)
    first, *groups = analyses(store).table(Question(), "contrasts").rows
    assert (first["first"], first["rate"], first["votes"]) == ("fusion", 0.625, 12 / 18)
    assert [(row["group"], row["value"]) for row in groups] == [("member", "model-best"), ("length", "under 100")]


def test_the_table_of_effects_tells_sides_lengths_and_adjusted_scores(store: Store, room: Room) -> None:
    judged_study(store, room)
    rows = analyses(store).table(Question(), "effects").rows
    told = {(row["effect"], row["system"]): row for row in rows}
    assert (told["left won", ""]["votes_of"], told["longer won", ""]["votes_hits"]) == (18, 6)
    assert {system for _, system in told} == {"", "fusion", "best"}
    assert told["score at equal side and length", "fusion"]["plain"] > 0


def test_the_table_of_raters_tells_where_each_judged(store: Store, room: Room) -> None:
    study_id = judged_study(store, room)
    judged_in = {row["rater"]: row["judged_in"] for row in analyses(store).table(Question(), "raters").rows}
    assert judged_in == dict.fromkeys(("Ada", "Bob", "Cem"), f"{study_id} 8")


def test_a_table_that_is_not_there_names_those_that_are(store: Store) -> None:
    with pytest.raises(QuestionError, match="contrasts, ladder"):
        analyses(store).table(Question(), "prices")


def test_a_figure_is_drawn_by_whoever_was_handed_in(store: Store, room: Room) -> None:
    judged_study(store, room)
    asking = analyses(store)
    assert asking.figure(asking.analysis(Question()), "ladder", "svg") == b"ladder.svg"


def test_an_analysis_is_json_that_browsers_read(store: Store, room: Room) -> None:
    judged_study(store, room)
    found = asked(store)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_plain_values_have_no_number_that_json_cannot_say() -> None:
    assert plain([nan, inf, np.float64(0.5), np.int64(3), True, None]) == [None, None, 0.5, 3, True, None]
    assert plain({1: share_of(0, 0)}) == {"1": [0, 0, None, None, None]}
    assert plain(Estimate(value=0.5, n=2))["low"] is None
