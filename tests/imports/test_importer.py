"""What is brought in: understood before it is stored, known when it comes again, and never half there."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from fusion_ui.annotation.shelf import read_study
from fusion_ui.engine.values import FusionError
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.imports.importer import Import, Imports
from fusion_ui.imports.understood import Brought, Understood
from fusion_ui.replay import load_run
from fusion_ui.studies.protocol import definition_sha256
from storage.connection import Store, open_store
from storage.guards import guards, laid_guards
from storage.judgements import judgements
from storage.rows import Reader
from storage.studies import is_closed

TABLES = "studies study_units contenders raters joinings trials trial_ratings prompts runs outputs recordings".split()
VOTES = "question_id,model_a,model_b,rater,winner\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "i.db") as store:
        yield store


class Desk:
    """Brings files of given content in."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self._folder = store, folder

    def wanted(self, *contents: str | bytes, names: tuple[str, ...] = ("votes.csv",), **rest: Any) -> Import:
        files = []
        for place, content in enumerate(contents):
            name = names[place] if place < len(names) else f"{place}.jsonl"
            path = self._folder / f"{place} upload"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            files.append(RecordedFile(path=path, name=name))
        return Import(files=tuple(files), **rest)

    def understand(self, *contents: str | bytes, **rest: Any) -> Understood:
        return Imports(self.store).understand(self.wanted(*contents, **rest))

    def bring(self, *contents: str | bytes, **rest: Any) -> Brought:
        return asyncio.run(Imports(self.store).bring(self.wanted(*contents, **rest)))

    def counts(self) -> dict[str, int]:
        with self.store.reading() as reader:
            return {table: reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}

    def said(self, study_id: str) -> list[tuple[Any, ...]]:
        sql = """SELECT raters.name, said.kind, verdict, member, shown_order FROM trial_ratings AS said
            JOIN trials ON trials.id = trial_id JOIN raters ON raters.id = said.rater_id
            LEFT JOIN contenders ON contenders.study_id = said.study_id
            AND contenders.unit_place = said.unit_place AND contenders.output_id = said.output_id
            WHERE said.study_id = ? ORDER BY said.rowid"""
        with self.store.reading() as reader:
            return reader.execute(sql, study_id).fetchall()


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


def lines(*objects: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


def test_votes_are_told_and_nothing_is_stored(desk: Desk) -> None:
    before = desk.counts()
    found = desk.understand(VOTES + "q1,b,a,ann,model_a\nq1,b,a,bob,tie\nq2,a,c,ann,nobody\n")
    assert (found.format, found.prompts, found.judgements, found.raters, found.members) == (
        "votes",
        1,
        2,
        2,
        ("b", "a"),
    )
    assert [(each.file, each.line) for each in found.problems] == [("votes.csv", 4)]
    assert "2 judgements by 2 raters" in found.words
    assert desk.counts() == before


def test_votes_become_a_closed_study_of_imported_units(desk: Desk) -> None:
    (study_id,) = desk.bring(VOTES + "q1,b,a,ann,model_a\nq1,a,b,bob,tie (bothbad)\nq2,a,c,ann,model_b\n").studies
    assert desk.said(study_id) == [
        ("ann", "main", "output", "b", "[0,1]"),
        ("bob", "main", "all_bad", None, "[1,0]"),
        ("ann", "main", "output", "c", "[0,1]"),
    ]
    with desk.store.reading() as reader:
        study = read_study(reader, study_id)
        assert is_closed(reader, study_id)
        assert len(judgements(reader, study_id)) == 3
    assert [(unit.prompt, unit.run_id) for unit in study.units] == [("Question q1", ""), ("Question q2", "")]
    assert study.protocol.title == "votes"


def test_an_item_keeps_the_order_in_which_it_was_first_told_also_for_what_comes_later(desk: Desk) -> None:
    content = VOTES + "q1,b,a,ann,model_a\n"
    (study_id,) = desk.bring(content).studies
    desk.bring(content + "q1,a,b,bob,model_a\nq1,b,a,cy,model_a\n")
    with desk.store.reading() as reader:
        assert [each.member for each in read_study(reader, study_id).units[0].contenders] == ["b", "a"]
    assert [(said[0], said[3], said[4]) for said in desk.said(study_id)] == [
        ("ann", "b", "[0,1]"), ("bob", "a", "[1,0]"), ("cy", "b", "[0,1]")
    ]  # fmt: skip


def test_whoever_is_named_first_the_item_is_the_same(desk: Desk) -> None:
    desk.bring(VOTES + "q1,b,a,ann,model_a\n")
    assert desk.understand(VOTES + "q1,a,b,ann,model_b\n").already == 1


def test_who_comes_again_goes_on_with_the_trials_that_are_there(desk: Desk) -> None:
    content = VOTES + "q1,a,b,ann,model_a\nq2,a,b,bob,tie\n"
    (study_id,) = desk.bring(content).studies
    desk.bring(content + "q2,a,b,ann,tie\nq1,b,a,ann,model_a\nq1,a,b,cy,tie\n")
    sql = """SELECT name, unit_place, kind, position, repeat_of IS NOT NULL FROM trials
        JOIN raters ON raters.id = rater_id WHERE study_id = ? ORDER BY name, position"""
    with desk.store.reading() as reader:
        assert reader.execute(sql, study_id).fetchall() == [
            ("ann", 0, "main", 0, 0), ("ann", 1, "main", 1, 0), ("ann", 0, "repeat", 2, 1),
            ("bob", 1, "main", 0, 0), ("cy", 0, "main", 0, 0),
        ]  # fmt: skip
        joined = reader.execute("SELECT seq, name FROM joinings JOIN raters ON raters.id = rater_id ORDER BY seq")
        assert joined.fetchall() == [(1, "ann"), (2, "bob"), (3, "cy")]


def test_the_hash_of_the_definition_is_the_one_that_exports_name(desk: Desk) -> None:
    rows = [
        {"prompt": f"p{place} é", "model_a": "x", "model_b": "y", "winner": "tie", "text_a": "1", "language": "fr"}
        for place in range(3)
    ]
    (study_id,) = desk.bring(lines(*rows)).studies
    with desk.store.reading() as reader:
        study = read_study(reader, study_id)
        (stored,) = reader.execute("SELECT definition_sha256 FROM studies WHERE id = ?", study_id).fetchone()
    assert stored == definition_sha256(study.protocol, study.units)


@pytest.mark.parametrize("name", ["votes.csv", "renamed.csv"])
def test_the_same_file_again_changes_nothing(desk: Desk, name: str) -> None:
    content = VOTES + "q1,b,a,ann,model_a\nq1,b,a,bob,tie\n"
    desk.bring(content)
    before = desk.counts()
    again = desk.bring(content, names=(name,))
    assert (again.understood.already, again.studies, again.judgements) == (2, (), 0)
    assert desk.counts() == before


def test_a_file_that_grew_adds_what_is_new_and_keeps_items_together(desk: Desk) -> None:
    content = VOTES + "q1,a,b,ann,model_a\n"
    (first,) = desk.bring(content).studies
    grown = desk.bring(content + "q1,a,b,bob,model_b\nq2,a,b,ann,tie\n")
    (second,) = grown.studies
    assert (grown.judgements, grown.understood.already) == (2, 1)
    assert [said[0] for said in desk.said(first)] == ["ann", "bob"]
    assert [said[2] for said in desk.said(second)] == ["tie"]
    assert desk.bring(content + "q1,a,b,bob,model_b\nq2,a,b,ann,tie\n").judgements == 0


def test_a_judgement_that_changed_is_named_and_the_stored_one_stands(desk: Desk) -> None:
    (study_id,) = desk.bring(VOTES + "q1,a,b,ann,model_a\n").studies
    again = desk.bring(VOTES + "q1,a,b,ann,model_b\n")
    assert again.judgements == 0
    assert "otherwise" in again.understood.problems[0].message
    assert desk.said(study_id)[0][3] == "a"


def test_the_guards_lie_again_after_an_import(desk: Desk) -> None:
    desk.bring(VOTES + "q1,a,b,ann,model_a\n")
    database = Database(str(desk.store.path))
    assert laid_guards(database) == guards(database)
    assert {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'stale_t%'")} >= {
        "stale_trial_ratings"
    }


def test_a_judge_named_by_the_caller_is_kept_apart_from_people(desk: Desk) -> None:
    content = VOTES + "q1,a,b,gpt,model_a\nq1,a,b,,model_b\nq1,a,b,ann,tie\n"
    (study_id,) = desk.bring(content, judge="gpt").studies
    assert [said[:2] for said in desk.said(study_id)] == [
        ("judge: gpt", "main"), ("judge: gpt (2)", "main"), ("ann", "main")
    ]  # fmt: skip


def test_votes_by_nobody_are_each_somebody_elses(desk: Desk) -> None:
    content = "prompt,model_a,model_b,winner\np,a,b,tie\np,a,b,tie\nr,a,b,tie\n"
    (study_id,) = desk.bring(content).studies
    assert [said[0] for said in desk.said(study_id)] == ["unnamed rater", "unnamed rater (2)", "unnamed rater"]


def test_one_person_asked_in_both_orders_judged_twice(desk: Desk) -> None:
    found = desk.bring(VOTES + "q1,a,b,ann,model_a\nq1,b,a,ann,model_a\nq1,a,b,ann,tie\nq1,a,b,ann,model_a\n")
    assert [(said[1], said[4]) for said in desk.said(found.studies[0])] == [("main", "[0,1]"), ("repeat", "[1,0]")]
    assert [each.line for each in found.understood.problems] == [4, 5]


def test_the_judge_of_llm_comparator_is_asked_in_both_orders(desk: Desk, shared_data: Path) -> None:
    content = (shared_data / "open" / "llm_comparator_example_tiny.json").read_bytes()
    brought = desk.bring(content, names=("tiny.json",), judge="gemini")
    said = desk.said(brought.studies[0])
    assert (brought.understood.format, brought.understood.members) == ("llm_comparator", ("ABC v0.6", "ABC v0.5"))
    assert {each[0] for each in said} == {"judge: gemini", "judge: gemini (2)"}
    assert [each[1:4] for each in said[:4]] == [
        ("main", "output", "ABC v0.6"), ("main", "output", "ABC v0.6"),
        ("repeat", "output", "ABC v0.5"), ("repeat", "tie", None),
    ]  # fmt: skip


def test_published_votes_are_counted_as_published(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "open" / "llmfao_crowd_votes.csv"
    found = Imports(desk.store).understand(Import(files=(RecordedFile(path=path, name=path.name),)))
    assert (found.judgements, found.raters, found.prompts, len(found.members)) == (8931, 124, 13, 59)
    assert (found.problem_count, "GPT 4" in found.members) == (0, True)


def test_a_pool_becomes_a_whole_run_with_a_pick_and_a_fusion(desk: Desk) -> None:
    pool = {"prompt": "1+1?", "reference": "2", "candidates": [{"member": m, "text": f"It is {m}"} for m in "223"]}
    brought = desk.bring(lines(pool), names=("pools.jsonl",))
    run = load_run(desk.store, brought.runs[0])
    assert run is not None
    assert (run.rows.run.origin, run.view.ended, len(run.rows.candidates)) == ("recorded", "completed", 3)
    assert run.rows.selection is not None
    assert run.rows.fusion is not None


def test_a_pool_is_stored_once_and_an_import_goes_on_where_it_was_left(desk: Desk) -> None:
    pools = [{"prompt": f"p{n}", "candidates": [{"member": "m", "text": "t"}]} for n in range(6)]
    assert len(desk.bring(lines(*pools[:2], pools[0]), names=("p.jsonl",)).runs) == 2
    again = desk.bring(lines(*pools), names=("p.jsonl",))
    assert (len(again.runs), again.understood.already) == (4, 2)
    assert desk.counts()["runs"] == 6


def test_an_import_that_is_cut_short_leaves_whole_runs_only(desk: Desk) -> None:
    pools = [{"prompt": f"p{n}", "candidates": [{"member": "m", "text": "t"}]} for n in range(6)]
    wanted = desk.wanted(lines(*pools), names=("p.jsonl",))

    def killed(number: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(Imports(desk.store).bring(wanted, on_run=killed))
    with desk.store.reading() as reader:
        runs, whole = reader.execute("SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM outcomes)").fetchone()
    assert (runs, whole) == (3, 3)
    assert len(asyncio.run(Imports(desk.store).bring(wanted)).runs) == 3


def test_a_line_of_megabytes_before_others_is_read(desk: Desk) -> None:
    pool = {"prompt": "p", "more": "x" * 3_000_000, "candidates": [{"text": "t"}]}
    assert desk.understand(lines(pool, pool | {"prompt": "q"}), names=("p.jsonl",)).prompts == 2


def test_files_given_together_make_one_pool_a_prompt(desk: Desk) -> None:
    def outputs(generator: str) -> str:
        return json.dumps([{"instruction": i, "output": f"{generator} {i}", "generator": generator} for i in "xy"])

    brought = desk.bring(outputs("g"), outputs("h"), names=("g.json", "h.json"))
    assert (brought.understood.format, brought.understood.members) == ("alpaca_eval", ("g", "h"))
    runs = [load_run(desk.store, run_id) for run_id in brought.runs]
    assert [[each.text for each in run.rows.candidates] for run in runs if run] == [["g x", "h x"], ["g y", "h y"]]


def test_recorded_answers_go_to_the_lab_once(desk: Desk) -> None:
    content = lines({"question": "q", "member": "m", "answers": ["1", "1", "2"]})
    assert len(desk.bring(content, names=("a.jsonl",)).recordings) == 1
    assert desk.understand(content, names=("a.jsonl",)).already == 1
    assert desk.bring(content, names=("a.jsonl",)).recordings == ()


def test_files_of_different_kinds_are_refused_together(desk: Desk) -> None:
    with pytest.raises(FusionError, match="different places"):
        desk.bring(VOTES + "q1,a,b,ann,tie\n", lines({"question": "q", "member": "m", "answer": "1"}))


HOPELESS = {
    "empty": b"",
    "blank": b" \n\n",
    "utf-16": VOTES.encode("utf-16"),
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "gzip": gzip.compress(b"0" * 10_000_000),
    "binary": bytes(range(256)),
    "header only": VOTES.encode(),
    "no votes": VOTES.encode() + b"q,a,b,r,nobody\n",
    "prose": b"Dear all,\n\nsee below.\n",
    "parquet": b"PAR1" + b"\x15\x04" * 50 + b"\xff\xff\xff\x7fPAR1",
    "broken list": b'[{"instruction": "a", "output": "b"}, {"instr',
    "deep": b'{"a":' * 50_000,
    "nan": b'{"prompt": NaN, "candidates": Infinity}\n',
}


@pytest.mark.parametrize("content", HOPELESS.values(), ids=HOPELESS)
def test_what_holds_nothing_of_use_is_refused_in_words_and_leaves_nothing(desk: Desk, content: bytes) -> None:
    before = desk.counts()
    with pytest.raises(FusionError, match=r"some\.csv"):
        desk.bring(content, names=("some.csv",))
    assert desk.counts() == before


def test_a_mark_carriage_returns_extra_and_missing_fields_do_no_harm(desk: Desk) -> None:
    content = "\ufeff" + (VOTES.strip() + ",more\r\nq1,a,b,ann,tie,1\r\nq1,a,b,bob\r\n\r\nq1,a,b,,tie,\r\n")
    found = desk.understand(content)
    assert (found.judgements, [each.line for each in found.problems]) == (2, [3])


def test_trouble_in_the_middle_of_storing_leaves_nothing(desk: Desk) -> None:
    wanted = desk.wanted(VOTES + "q1,a,b,ann,tie\nq1,a,b,bob,tie\n")
    before = desk.counts()
    with desk.store.writing() as writer:
        writer.execute(
            "CREATE TRIGGER full BEFORE INSERT ON trial_ratings WHEN EXISTS (SELECT 1 FROM trial_ratings) "
            "BEGIN SELECT RAISE(ABORT, 'no more'); END"
        )
    with pytest.raises(Exception, match="no more"):
        asyncio.run(Imports(desk.store).bring(wanted))
    assert desk.counts() == before


def test_readers_see_whole_studies_or_none(desk: Desk) -> None:
    def studies(reader: Reader) -> int:
        return int(reader.execute("SELECT count(*) FROM studies").fetchone()[0])

    with desk.store.reading() as reader:
        assert studies(reader) == 0
    desk.bring(VOTES + "q1,a,b,ann,tie\n")
    with desk.store.reading() as reader:
        assert studies(reader) == 1
