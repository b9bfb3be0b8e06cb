"""Whatever people do, in whatever order: the database says what was acknowledged, and boards count it.

Raters, owners and rows of Compare and Inspect act at random on a real file; a model in memory keeps what each was told.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import Any, TypeVar

import anyio
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, none, sampled_from

from fusion_ui.annotation.saying import Said, lettered
from fusion_ui.annotation.sessions import Circumstances, Sessions
from fusion_ui.annotation.studies import Studies
from fusion_ui.engine.pipeline import run
from fusion_ui.inspection.cases import Author, Cases
from fusion_ui.inspection.correcting import Grouping
from fusion_ui.inspection.flaws import Flaws
from fusion_ui.inspection.marking import FlawError, Mark
from fusion_ui.ratings import RatingError, Submission, save_rating, standing_rating, undo_rating
from fusion_ui.recording import begin_run, recorded
from fusion_ui.replay import stored_run
from fusion_ui.studies.protocol import StudyError
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store, open_store
from storage.corrections import corrections
from storage.errors import ConflictError
from storage.flaws import ChangedError
from storage.identity import Identity
from storage.judgements import StaleError, judgements
from storage.progress import Progress, progress
from storage.ratings import StaleRatingError, known_rater, rating_history
from storage.rows import Writer
from storage.studies import set_closed, study_rows
from storage.trials import TakenError, draft_of
from tests.annotation.judging import Clock
from tests.annotation.support import stored, unit
from tests.engine.pools import PROMPT, fixed, saying
from tests.storage.lasting_model import Marked, Model, Rated, StudyModel, Trial

RATERS = ("ann", "bob", "cyd")
PICKS = integers(0, 7)
CATEGORIES = sampled_from(["reasoning", "answer", "correct", "nonsense"])
SPANS = sampled_from([(None, None), (0, 2), (3, 5), (4, 900)])
Found = TypeVar("Found")


class Lasting(RuleBasedStateMachine):
    """People at work on one file that begins with two runs in it."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "s.db"
        copyfile(template, self._path)
        self.clock = Clock()
        self.model = Model()
        self._presses = 0
        self._last: Callable[[], Any] | None = None
        self._told: Any = None
        self._open()
        with self.store.reading() as reader:
            self.runs = [run_id for (run_id,) in reader.execute("SELECT id FROM runs ORDER BY id")]

    def teardown(self) -> None:
        self.store.close()
        self._folder.cleanup()

    # Studies and those who judge in them.

    @initialize(overlap=integers(1, 2))
    def there_is_a_study(self, overlap: int) -> None:
        self.somebody_makes_a_study(units=1, overlap=overlap, trains=False, revises=False)

    @rule(units=integers(1, 3), overlap=integers(1, 2), trains=booleans(), revises=booleans())
    def somebody_makes_a_study(self, units: int, overlap: int, trains: bool, revises: bool) -> None:
        earlier = next(iter(self.model.studies), None) if revises else None
        made = [unit(at, phase="training", gold=0) if trains and at == 0 else unit(at) for at in range(units)]
        try:
            study_id = stored(self.store, *made, supersedes=earlier, overlap=overlap, title=f"{self._key()}")
        except ConflictError:
            assert earlier in self.model.superseded
            return
        assert earlier not in self.model.superseded
        places = tuple(each.place for each in made if each.phase == "main")
        version = self.model.studies[earlier].version + 1 if earlier else 1
        self.model.studies[study_id] = StudyModel(overlap=overlap, places=places, version=version)
        self.model.superseded |= {earlier} if earlier else set()

    @precondition(lambda self: self.model.studies)
    @rule(pick=PICKS, rater=sampled_from(RATERS), ahead=booleans())
    def a_rater_asks_for_a_trial(self, pick: int, rater: str, ahead: bool) -> None:
        study_id = self._picked(list(self.model.studies), pick)
        own = {trial_id: each for trial_id, each in self.model.of(study_id).items() if each.rater == rater}
        held = [trial_id for trial_id, each in own.items() if each.is_open] if ahead else []
        sheet = self.sessions.next(study_id, rater, held=held).sheet
        if sheet is None:
            return
        if sheet.trial_id in own:
            assert own[sheet.trial_id].is_open
            assert sheet.trial_id not in held
            return
        assert not self.model.studies[study_id].is_closed
        assert sheet.unit.place not in {each.unit for each in own.values()}
        kind = "training" if sheet.is_training else "main"
        self.model.trials[sheet.trial_id] = Trial(study_id, sheet.unit.place, rater, kind)

    @rule(pick=PICKS, first=sampled_from(RATERS), second=sampled_from(RATERS), minutes=sampled_from([31, 1]))
    def two_raters_want_the_same(self, pick: int, first: str, second: str, minutes: int) -> None:
        self.a_rater_asks_for_a_trial(pick, first, ahead=False)
        self.time_passes(minutes)
        self.a_rater_asks_for_a_trial(pick, second, ahead=False)
        self.a_rater_asks_for_a_trial(pick, first, ahead=False)

    @precondition(lambda self: self.model.trials)
    @rule(pick=PICKS, verdict=sampled_from(["A", "B", "tie", "all_bad", "skip", "both"]), is_stale=booleans())
    def a_rater_judges_or_revises(self, pick: int, verdict: str, is_stale: bool) -> None:
        trial_id, trial = self._picked(list(self.model.trials.items()), pick)
        standing = trial.said[-1][0] if trial.said else None
        seen = ("01JD" if standing is None else None) if is_stale else standing
        how = Circumstances(key=self._key(), shown={}, supersedes=seen)
        said = Said(verdict=verdict, skip_reason="unclear" if verdict == "skip" else None)
        press = lambda: self.sessions.judge(trial_id, trial.rater, said, how)  # noqa: E731 - the same press, twice
        try:
            saved = self._does(press)
        except StudyError:
            assert verdict == "both"
        except StaleError:
            assert is_stale
        except TakenError:
            self._is_taken(trial)
        else:
            assert (verdict, is_stale) != ("both", True)
            shown = lettered(self.sessions.sheet(trial_id, trial.rater).shown)
            trial.said.append((saved.id, shown[verdict].output_id if verdict in shown else verdict))
            trial.draft = None
            assert saved.revision == len(trial.said)

    @precondition(lambda self: self.model.trials)
    @rule(pick=PICKS)
    def a_rater_takes_back(self, pick: int) -> None:
        trial_id, trial = self._picked(list(self.model.trials.items()), pick)
        key = self._key()
        try:
            saved = self._does(lambda: self.sessions.undo(trial_id, trial.rater, key=key))
        except StudyError:
            assert trial.is_open
        except TakenError:
            self._is_taken(trial)
        else:
            assert not trial.is_open
            trial.said.append((saved.id, "withdrawn"))
            trial.draft = None

    @precondition(lambda self: self.model.trials)
    @rule(pick=PICKS, note=integers(0, 3))
    def a_rater_leaves_a_draft(self, pick: int, note: int) -> None:
        trial_id, trial = self._picked(list(self.model.trials.items()), pick)
        self.sessions.keep_draft(trial_id, trial.rater, {"note": note})
        trial.draft = note

    @precondition(lambda self: self.model.trials)
    @rule(pick=PICKS, is_excluded=booleans(), of_rater=booleans())
    def the_owner_leaves_something_out_or_takes_it_in(self, pick: int, is_excluded: bool, of_rater: bool) -> None:
        trial_id, trial = self._picked(list(self.model.trials.items()), pick)
        target = {"rater": trial.rater} if of_rater else {"trial_id": trial_id}
        self.studies.exclude(trial.study_id, reason="a look", is_excluded=is_excluded, **target)
        study = self.model.studies[trial.study_id]
        name = trial.rater if of_rater else trial_id
        study.took_back_in |= study.out.get(name, False) and not is_excluded
        study.out[name] = is_excluded
        study.exclusions += 1

    @precondition(lambda self: self.model.studies)
    @rule(pick=PICKS, is_closed=booleans())
    def the_owner_closes_or_opens(self, pick: int, is_closed: bool) -> None:
        study_id = self._picked(list(self.model.studies), pick)
        self.studies.set_closed(study_id, is_closed=is_closed)
        self.model.studies[study_id].is_closed = is_closed

    @rule(minutes=sampled_from([31, 1]))
    def time_passes(self, minutes: int) -> None:
        self.clock.passes(60 * minutes)

    # Compare and Inspect.

    @rule(
        pick=PICKS, rater=sampled_from(RATERS), preferred=sampled_from(["best", "vote", "tie", ""]), is_stale=booleans()
    )
    def somebody_rates_a_run(self, pick: int, rater: str, preferred: str, is_stale: bool) -> None:
        run_id = self._picked(self.runs, pick)
        rated = self.model.rated.setdefault((run_id, rater), Rated())
        standing = rated.ids[-1] if rated.ids else None
        seen = ("01JD" if standing is None else None) if is_stale else standing
        given = Submission(key=self._key(), rater=rater, preferred=preferred, supersedes=seen)
        try:
            saved = self._does(lambda: save_rating(self.store, self._run(run_id), given))
        except StaleRatingError:
            assert is_stale
        except RatingError:
            assert preferred == ""
        else:
            rated.ids.append(saved.id)
            rated.kept.append(preferred)

    @precondition(lambda self: self.model.rated)
    @rule(pick=PICKS)
    def somebody_takes_a_rating_back(self, pick: int) -> None:
        (run_id, rater), rated = self._picked(list(self.model.rated.items()), pick)
        key = self._key()
        try:
            saved = self._does(lambda: undo_rating(self.store, self._run(run_id), key=key, rater=rater))
        except RatingError:
            assert not rated.kept
        else:
            rated.ids.append(saved.id)
            rated.kept.pop()

    @rule(pick=PICKS, rater=sampled_from(RATERS), category=CATEGORIES, span=SPANS)
    def somebody_marks_a_flaw(self, pick: int, rater: str, category: str, span: tuple[int | None, int | None]) -> None:
        run_id = self._picked(self.runs, pick)
        marked = self.model.marked.setdefault((run_id, rater), Marked())
        mark = Mark(output_id=self._output(run_id), category=category, severity="major", start=span[0], end=span[1])
        key = self._key()
        before = dict(marked.standing)
        try:
            kept = self._does(lambda: self.flaws.mark(run_id, rater, mark, key=key))
        except FlawError:
            is_odd = category == "nonsense" or span[1] == 900 or (category == "correct" and span[0] is not None)
            assert is_odd or any(before.values())
        else:
            marked.does(len(marked.standing), (mark.output_id, category, *span), kept.id)

    @precondition(lambda self: any(each.heads for each in self.model.marked.values()))
    @rule(pick=PICKS, other=PICKS, category=none() | CATEGORIES)
    def somebody_changes_or_removes_a_flaw(self, pick: int, other: int, category: str | None) -> None:
        (run_id, rater), marked = self._picked([each for each in self.model.marked.items() if each[1].heads], pick)
        chain = self._picked(list(marked.heads), other)
        flaw, head, key = marked.standing[chain], marked.heads[chain], self._key()
        changes = {"is_removed": True} if category is None else {"category": category}
        try:
            kept = self._does(lambda: self.flaws.change(run_id, head, rater, changes, key=key))
        except ChangedError:
            assert flaw is None
        except FlawError:
            assert category is not None
        else:
            assert flaw is not None
            marked.does(chain, (flaw[0], category, *flaw[2:]) if category else None, kept.id)

    @precondition(lambda self: self.model.marked)
    @rule(pick=PICKS)
    def somebody_takes_a_flaw_back(self, pick: int) -> None:
        (run_id, rater), marked = self._picked(list(self.model.marked.items()), pick)
        key = self._key()
        try:
            kept = self._does(lambda: self.flaws.undo(run_id, rater, key=key))
        except FlawError:
            assert not marked.acts
        else:
            marked.undoes(kept.id)

    @rule(pick=PICKS, rater=sampled_from(RATERS), counted_as=sampled_from(["41", "42", "7"]), is_stale=booleans())
    def somebody_groups_answers(self, pick: int, rater: str, counted_as: str, is_stale: bool) -> None:
        run_id = self._picked(self.runs, pick)
        made = self.model.groupings.setdefault(run_id, [])
        author = Author(rater=rater, key=self._key())
        grouping = Grouping(aliases={"41": counted_as})
        seen = len(made) + is_stale
        try:
            self._does(lambda: Cases(self.store).regroup(run_id, grouping, author, seen=seen).run.rows.run.id)
        except ConflictError:
            assert is_stale
        else:
            assert not is_stale
            made.append((rater, counted_as))

    # What may happen to any of it.

    @precondition(lambda self: self._last is not None)
    @rule()
    def the_last_press_arrives_again(self) -> None:
        assert self._last is not None
        assert self._last() == self._told

    @precondition(lambda self: self.model.studies)
    @rule(pick=PICKS)
    def a_transaction_fails_half_way(self, pick: int) -> None:
        study_id = self._picked(list(self.model.studies), pick)
        with pytest.raises(ZeroDivisionError), self.store.writing() as writer:
            _break_off(writer, study_id)

    @rule()
    def the_app_starts_again(self) -> None:
        self.store.close()
        self._open()
        self._last = None  # who made a study is remembered by the app alone; all else must come from the file

    # What holds after each of them.

    @invariant()
    def the_file_is_sound(self) -> None:
        connection = sqlite3.connect(self._path)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            connection.close()

    @invariant()
    def every_judgement_acknowledged_is_there_and_one_stands(self) -> None:
        for study_id, study in self.model.studies.items():
            with self.store.reading() as reader:
                found = judgements(reader, study_id)
                rows = study_rows(reader, study_id)
                drafts = {each: draft_of(reader, each) for each in self.model.of(study_id)}
            assert rows is not None
            assert (rows.study.version, rows.closed_at is not None) == (study.version, study.is_closed)
            said = {trial_id: each.said for trial_id, each in self.model.of(study_id).items() if each.said}
            assert {trial: [(each.row.id, _told(each.row)) for each in made] for trial, made in found.items()} == said
            for made in found.values():
                assert [each.row.supersedes for each in made] == [None, *(each.row.id for each in made[:-1])]
            for trial_id, draft in drafts.items():
                assert (draft and draft.body) == (
                    {"note": n} if (n := self.model.trials[trial_id].draft) is not None else None
                )

    @invariant()
    def no_item_is_taken_more_often_than_asked_for(self) -> None:
        for study_id, study in self.model.studies.items():
            found = self._taken(study_id)
            assert found.judged == self.model.judged_by(study_id)
            for place in study.places:
                takers = found.judged.get(place, frozenset()) | found.leased.get(place, frozenset())
                assert len(takers) <= study.overlap or study.took_back_in

    @invariant()
    def boards_count_what_was_said(self) -> None:
        for study_id, study in self.model.studies.items():
            board = self.studies.board(study_id)
            counts = self.model.counts(study_id)
            assert {name: board["counts"][name] for name in counts} == counts
            done = {each["name"]: each["done"] for each in board["raters"] if each["done"]}
            assert done == self.model.done_by(study_id)
            judged = self.model.judged_by(study_id)
            assert [each["done"] for each in board["units"] if each["place"] in study.places] == [
                len(judged.get(place, ())) for place in study.places
            ]
            assert (board["is_closed"], len(board["exclusions"])) == (study.is_closed, study.exclusions)

    @invariant()
    def every_rating_is_there_and_one_stands(self) -> None:
        for (run_id, rater), rated in self.model.rated.items():
            with self.store.reading() as reader:
                person = known_rater(reader, rater)
                rows = rating_history(reader, run_id=run_id, rater_id=person.id) if person else ()
            assert [each.row.id for each in rows] == rated.ids
            standing = standing_rating(self.store, self._run(run_id), rater=rater)
            told = None if standing is None else None if standing.is_withdrawn else standing.preferred
            assert told == (rated.kept[-1] if rated.kept else None)

    @invariant()
    def every_flaw_stands_as_it_was_left(self) -> None:
        for run_id in self.runs:
            found = self.flaws.panel(run_id).flaws
            for rater in RATERS:
                marked = self.model.marked.get((run_id, rater), Marked())
                own = [(each.output_id, each.category, each.start, each.end) for each in found if each.rater == rater]
                assert sorted(own, key=repr) == sorted(filter(None, marked.standing.values()), key=repr)
                assert len(set(own)) == len(own)

    @invariant()
    def every_grouping_is_there_and_the_last_holds(self) -> None:
        for run_id, made in self.model.groupings.items():
            with self.store.reading() as reader:
                found = corrections(reader, run_id)
            assert [found.names[each.rater_id] for each in found.regroupings] == [rater for rater, _ in made]
            aliases = {} if not made or made[-1][1] == "41" else {"41": made[-1][1]}
            assert (found.grouping or {"aliases": {}})["aliases"] == aliases  # type: ignore[index,call-overload]

    def _open(self) -> None:
        chance = Random(f"ids {self.clock.moment}")
        self.store: Store = open_store(self._path, identity=Identity(clock=self.clock, chance=chance.randbytes))
        self.sessions = Sessions(self.store, taxonomy=load_taxonomy())
        self.studies = Studies(self.store)
        self.flaws = Flaws(self.store, taxonomy=load_taxonomy())

    def _does(self, press: Callable[[], Found]) -> Found:
        """What the press was answered; it may arrive again later."""
        self._last = None
        told = press()
        self._last, self._told = press, told
        return told

    def _key(self) -> str:
        self._presses += 1
        return f"press-{self._presses:04d}"

    def _picked(self, choices: list[Found], pick: int) -> Found:
        return choices[pick % len(choices)]

    def _run(self, run_id: str) -> Any:
        return stored_run(self.store, run_id)

    def _output(self, run_id: str) -> str:
        return str(self._run(run_id).rows.candidates[0].id)

    def _taken(self, study_id: str) -> Progress:
        with self.store.reading() as reader:
            return progress(reader, study_id, now=self.store.identity.now())

    def _is_taken(self, trial: Trial) -> None:
        """A refusal is just: others hold every place of the unit."""
        found = self._taken(trial.study_id)
        takers = found.judged.get(trial.unit, frozenset()) | found.leased.get(trial.unit, frozenset())
        others = takers - {trial.rater}
        assert len(others) >= self.model.studies[trial.study_id].overlap


def _break_off(writer: Writer, study_id: str) -> None:
    set_closed(writer, study_id, is_closed=True, decided_by="nobody")
    writer.execute("DELETE FROM drafts")
    raise ZeroDivisionError


def _told(row: Any) -> str:
    return str(row.output_id or row.verdict)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with two finished runs in it."""
    path = tmp_path_factory.mktemp("lasting") / "s.db"

    async def finish(store: Store) -> None:
        run_id = begin_run(store, PROMPT, fixed(3), origin="scripted", app_version="test")
        sampler = saying("It is 42.\n\nAnswer: 42", "It is 42.\n\nAnswer: 42", "Answer: 41")
        async for _ in recorded(run(PROMPT, fixed(3), sampler, Random(1)), store, run_id):
            pass

    with open_store(path) as store:
        anyio.run(finish, store)
        anyio.run(finish, store)
    return path


def test_the_database_says_what_was_acknowledged(template: Path) -> None:
    run_state_machine_as_test(partial(Lasting, template), settings=settings(max_examples=15, stateful_step_count=25))


@pytest.mark.slow
def test_the_database_says_what_was_acknowledged_over_long_histories(template: Path) -> None:
    run_state_machine_as_test(partial(Lasting, template), settings=settings(max_examples=200, stateful_step_count=80))
