"""Bundles: what goes out comes in again as it was, comes twice as once, and comes whole or not at all."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from storage.bundle_reading import MOST_LINE, BundleError
from storage.bundle_tables import TABLES, chosen, everything
from storage.bundles import Put, bundle_lines, head_of, put_bundle
from storage.connection import Store, open_store
from storage.guards import GUARDED
from storage.ratings import rater_named
from tests.storage.samples import fill_every_table, rating, start_run, whole_run
from tests.storage.study_samples import opened, saved, study_of

SECRET = {
    "users", "passwords", "disablings", "invitations", "invitation_uses", "sessions", "session_ends", "login_attempts",
    "leases", "drafts", "run_visitors", "run_askers", "paid_elsewhere",
}  # fmt: skip
Lines = list[str]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """A bundle with at least one row of every table that goes into bundles."""
    with open_store(fill_every_table(tmp_path_factory.mktemp("full"))) as full:
        return exported(full)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "empty.db") as store:
        yield store


def exported(store: Store) -> Lines:
    with store.reading() as reader:
        return list(bundle_lines(reader, everything(reader, has_lab=True)))


def put(store: Store, lines: Sequence[str]) -> Put:
    with store.writing() as writer:
        return put_bundle(writer, lines)


def changed(lines: Lines, table: str, **values: Any) -> Lines:
    """The bundle with these values in the first row of the table."""
    at = next(number for number, line in enumerate(lines) if line.startswith(f'{{"table":"{table}"'))
    row = json.loads(lines[at])["row"] | values
    return [*lines[:at], json.dumps({"table": table, "row": row}), *lines[at + 1 :]]


def test_what_goes_out_comes_in_and_goes_out_as_the_same_bytes(lines: Lines, empty: Store) -> None:
    told = put(empty, lines)
    assert exported(empty) == lines
    assert told.stored == head_of(lines[0]).rows
    assert (len(told.new_runs), len(told.new_studies), told.known) == (1, 1, {})


def test_every_table_of_ours_is_in_bundles_but_secrets_and_what_is_under_way(lines: Lines) -> None:
    tables = {row_type.table for row_type in TABLES}
    assert head_of(lines[0]).rows.keys() == tables
    assert tables >= set(GUARDED) - SECRET
    assert not tables & SECRET


def test_the_same_bundle_comes_twice_as_once(lines: Lines, empty: Store) -> None:
    put(empty, lines)
    again = put(empty, lines)
    assert (again.stored, again.known) == ({}, head_of(lines[0]).rows)
    assert exported(empty) == lines


def test_other_content_under_a_key_that_is_there_is_refused_by_name(lines: Lines, empty: Store) -> None:
    put(empty, lines)
    with pytest.raises(BundleError, match=r"Line \d+: outputs has another row here under this key \(id "):
        put(empty, changed(lines, "outputs", text="It is 41."))
    assert exported(empty) == lines


def test_a_prompt_that_was_stored_at_another_time_is_the_same_prompt(store: Store, empty: Store) -> None:
    for each in (store, empty):
        with each.writing() as writer:
            whole_run(writer)
    told = put(empty, exported(store))
    assert (told.known, told.stored["runs"]) == ({"prompts": 1, "recipes": 1}, 1)


def test_raters_are_matched_by_name_and_their_rows_follow(lines: Lines, empty: Store) -> None:
    with empty.writing() as writer:
        ada = rater_named(writer, "Ada")
    told = put(empty, lines)
    assert told.known == {"raters": 1}
    with empty.reading() as reader:
        assert {
            row[0] for row in reader.execute("SELECT rater_id FROM trial_ratings UNION SELECT rater_id FROM ratings")
        } == {ada.id}
    assert put(empty, lines).stored == {}


def test_a_rater_whose_id_is_taken_gets_another(lines: Lines, empty: Store) -> None:
    taken = next(json.loads(line)["row"]["id"] for line in lines if line.startswith('{"table":"raters"'))
    with empty.writing() as writer:
        writer.execute("INSERT INTO raters VALUES (?, 'Eve', '2026-01-01T00:00:00Z')", taken)
    put(empty, lines)
    with empty.reading() as reader:
        names = dict(
            reader.execute("SELECT name, rater_id FROM joinings JOIN raters ON raters.id = rater_id").fetchall()
        )
    assert list(names) == ["Ada"]
    assert names["Ada"] != taken


def test_a_run_brings_those_it_came_from_and_a_study_its_runs_and_versions(store: Store) -> None:
    with store.writing() as writer:
        first, outputs = whole_run(writer)
        second, _ = whole_run(writer)
        child = start_run(writer, parent_run_id=first.id).id
        study = study_of(writer)
        later = study_of(writer, supersedes=study.id)
        assert chosen(writer, runs=[child]).runs == (first.id, child)
        assert chosen(writer, studies=[later.id]).studies == (study.id, later.id)
        assert second.id not in chosen(writer, runs=[child], studies=[later.id]).runs
        assert outputs[0].run_id == first.id


def test_a_chosen_study_goes_without_what_was_said_in_others(store: Store, empty: Store) -> None:
    with store.writing() as writer:
        one, other = study_of(writer), study_of(writer)
        for study, rater in ((one, "Ada"), (other, "Bob")):
            trial = opened(writer, study, rater=rater)
            saved(writer, trial, key=f"press {rater}")
        lines = list(bundle_lines(writer, chosen(writer, studies=[other.id])))
    put(empty, lines)
    with empty.reading() as reader:
        assert reader.execute("SELECT name FROM raters").fetchall() == [("Bob",)]
        assert reader.execute("SELECT DISTINCT study_id FROM trial_ratings").fetchall() == [(other.id,)]


def test_corrections_come_after_what_they_correct(store: Store, empty: Store) -> None:
    with store.writing() as writer:
        run, _ = whole_run(writer)
        first = rating(writer, run, key="press-1")
        writer.insert(first)
        writer.insert(rating(writer, run, key="press-2", supersedes=first.id, note="=1+1"))
    put(empty, exported(store))
    assert exported(empty) == exported(store)


def rater_of(lines: Lines) -> str:
    return next(line for line in lines if line.startswith('{"table":"raters"'))


def test_blank_lines_and_other_line_ends_do_no_harm(lines: Lines, empty: Store) -> None:
    put(empty, [lines[0] + "\r", "", *(line + "\r\n" for line in lines[1:]), "\n"])
    assert exported(empty) == lines


def without(lines: Lines, *tables: str) -> Lines:
    """The bundle as if there were no rows in these tables."""
    head = json.loads(lines[0])
    head["rows"] = {table: count for table, count in head["rows"].items() if table not in tables}
    return [json.dumps(head), *(line for line in lines[1:] if json.loads(line)["table"] not in tables)]


def test_a_run_that_was_under_way_can_be_brought_up_to_date(lines: Lines, empty: Store) -> None:
    put(empty, without(lines, "outcomes", "fusion_starts", "scores", "flaws"))
    assert set(put(empty, lines).stored) == {"outcomes", "fusion_starts", "scores", "flaws"}


@pytest.mark.parametrize("table", ["failures", "stops", "judgements", "selections", "fusion_starts"])
def test_a_run_that_has_ended_here_is_not_added_to(table: str, lines: Lines, empty: Store) -> None:
    put(empty, without(lines, table))
    with pytest.raises(BundleError, match="has ended here already, and without this row"):
        put(empty, lines)


def test_a_study_that_is_here_gets_no_further_items(lines: Lines, empty: Store) -> None:
    put(empty, lines)
    unit = next(json.loads(line)["row"] for line in lines if line.startswith('{"table":"study_units"'))
    more = json.dumps({"table": "study_units", "row": unit | {"place": 4}})
    with pytest.raises(BundleError, match="is here already, and without this row"):
        put(empty, [*lines, more])


def cut(lines: Lines) -> Lines:
    return lines[:-1]


def headless(lines: Lines) -> Lines:
    return lines[1:]


def head(**values: Any) -> Callable[[Lines], Lines]:
    return lambda lines: [json.dumps(json.loads(lines[0]) | values), *lines[1:]]


def row(table: str, **values: Any) -> Callable[[Lines], Lines]:
    return lambda lines: changed(lines, table, **values)


def line(text: str) -> Callable[[Lines], Lines]:
    return lambda lines: [*lines, text]


DEEP = "[" * 100_000
HOSTILE = {
    "nothing": (lambda _: [], "is empty"),
    "cut off": (cut, "cut off"),
    "no head": (headless, "no bundle of Fusion UI"),
    "a list for a head": (lambda lines: ["[]", *lines[1:]], "not a JSON object"),
    "a later version": (head(version=2), "version 2"),
    "a later schema": (head(schema=99), "newer version"),
    "counts that are words": (head(rows={"runs": "many"}), "how many rows"),
    "no JSON": (line("{"), "not JSON"),
    "a nest without an end": (line(f'{{"table":"runs","row":{DEEP}'), "not JSON"),
    "a secret table": (line('{"table":"passwords","row":{"user_id":"x"}}'), "known table"),
    "a table of SQLite": (line('{"table":"sqlite_master","row":{}}'), "known table"),
    "more than a row": (line('{"table":"runs","row":{},"also":1}'), "known table"),
    "an unknown column": (row("runs", evil=1), "no column 'evil'"),
    "SQL for a column": (row("runs", **{"id) VALUES (1); --": 1}), "no column"),
    "a word for a number": (row("runs", seed="7"), r"runs\.seed takes no str"),
    "a flag for a number": (row("draws", position=True), r"draws\.position takes no bool"),
    "a number for a flag": (row("draws", is_recorded=1), r"draws\.is_recorded takes no int"),
    "a list for a word": (row("outputs", text=["x"]), r"outputs\.text takes no list"),
    "null where there must be something": (row("outputs", text=None), r"outputs\.text takes no NoneType"),
    "a number without end": (row("outputs", cost_usd=10**400), "finite"),
    "no number in a document": (row("selections", body={"score": float("nan")}), "NaN is no number"),
    "a number beyond all": (
        lambda lines: [line.replace('"cost_usd":0.0001', '"cost_usd":1e999') for line in lines],
        "finite",
    ),
    "a column that is missing": (
        lambda lines: [line.replace('"model":"scripted/m",', "") for line in lines],
        "is missing",
    ),
    "tags that are no words": (row("prompts", tags=[1]), "no list of words"),
    "a rater who comes twice": (lambda lines: [*lines, rater_of(lines)], "a second time"),
    "a whole number too large": (row("runs", seed=2**70), "No column can hold"),
    "half a sign": (row("outputs", text="\ud800"), "cannot be stored"),
    "a wrong hash": (row("prompts", text="Another question"), "the hash is not"),
    "a wrong hash of a shown text": (row("contenders", text="x"), "the hash is not"),
    "no id": (row("runs", id="<script>"), "is no id"),
    "no time": (row("runs", started_at="2026-99-99T99:99Z"), "no time in UTC"),
    "a prompt that is nowhere": (row("runs", prompt_id="0" * 64), "FOREIGN KEY"),
    "a run that is nowhere": (row("draws", run_id="0" * 26), "FOREIGN KEY"),
    "a rater that is nowhere": (row("ratings", rater_id="0" * 26), "in no line before"),
    "a word that is not among those there are": (row("runs", origin="dreamt"), "CHECK"),
    "a name that is too long": (row("raters", name="x" * 201), "CHECK"),
    "an item that is missing": (row("study_units", place=17), "FOREIGN KEY|lacks items"),
    "an order of other answers": (row("trials", shown_order=[0, 5]), "lacks items"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_bundle_is_refused_and_nothing_of_it_is_stored(kind: str, lines: Lines, empty: Store) -> None:
    before = exported(empty)
    make, words = HOSTILE[kind]
    with pytest.raises(BundleError, match=words):
        put(empty, make(lines))
    assert exported(empty) == before


def test_a_refusal_names_the_line(lines: Lines, empty: Store) -> None:
    number = next(place for place, each in enumerate(lines, start=1) if each.startswith('{"table":"runs"'))
    with pytest.raises(BundleError, match=f"^Line {number}: runs has no column"):
        put(empty, changed(lines, "runs", evil=1))


def test_an_endless_line_is_not_read(lines: Lines, empty: Store) -> None:
    with pytest.raises(BundleError, match="at most 64,000,000 are read"):
        put(empty, [lines[0], "x" * (MOST_LINE + 1)])


def test_an_infinite_number_in_a_document_under_a_key_that_is_there_is_refused(lines: Lines, empty: Store) -> None:
    put(empty, lines)
    with pytest.raises(BundleError, match="another row"):
        put(empty, [each.replace('"comparison":"They agree."', '"comparison":1e999') for each in lines])


def test_runs_that_came_in_wait_to_be_indexed(lines: Lines, empty: Store) -> None:
    told = put(empty, lines)
    with empty.reading() as reader:
        assert set(told.new_runs) <= {run_id for (run_id,) in reader.execute("SELECT run_id FROM stale_runs")}
