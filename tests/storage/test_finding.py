"""Runs by a filter, what there is to filter by, and what lists and boards say of studies."""

import pytest

from storage.catalogue import put_prompt, put_recipe
from storage.connection import Store
from storage.details import judged_trials, last_judged, models_of, study_trials, trials_by_id
from storage.finding import Counted, RunFilter, found_runs, runs_offered, unknown_runs
from storage.overviews import (
    activity,
    definitions,
    invitations_of,
    overview,
    overviews,
    rater_names,
    study_with_definition,
)
from storage.people import add_user, put_invitation, use_invitation
from storage.ratings import rater_named
from storage.rows import Writer
from storage.runs import RunRow
from storage.studies import NewContender, NewUnit, put_study
from tests.storage.samples import start_run, whole_run
from tests.storage.study_samples import flaw, opened, saved, study_of, unit


def tagged(writer: Writer, *tags: str, language: str | None = None) -> str:
    """The id of a run of a prompt with these tags."""
    prompt_id = put_prompt(writer, text=f"about {tags} in {language}", language=language, tags=tags)
    run = RunRow(
        id=writer.identity.new_id(),
        prompt_id=prompt_id,
        recipe_id=put_recipe(writer, {}),
        seed=0,
        origin="scripted",
        app_version="t",
        started_at=writer.identity.now(),
    )
    writer.insert(run)
    return run.id


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (RunFilter(tags=("b",)), [0, 1]),
        (RunFilter(tags=("a", "c")), [0, 2]),
        (RunFilter(language="de"), [1]),
        (RunFilter(tags=("b",), language="en"), [0]),
        (RunFilter(tags=("b",), limit=1), [1]),
        (RunFilter(tags=("b",), limit=-5), []),
        (RunFilter(tags=("a' OR 1=1 --",)), []),
        (RunFilter(since="9999"), []),
        (RunFilter(ids=()), []),
    ],
)
def test_a_filter_leaves_what_fits_all_of_it_as_it_began(store: Store, wanted: RunFilter, found: list[int]) -> None:
    with store.writing() as writer:
        asked = (("a", "b"), "en"), (("b",), "de"), (("c",), None)
        ids = [tagged(writer, *tags, language=language) for tags, language in asked]
        assert [run.id for run in found_runs(writer, wanted)] == [ids[place] for place in found]


def test_ids_are_found_in_the_order_of_their_runs_and_others_named(store: Store) -> None:
    with store.writing() as writer:
        ids = [tagged(writer, str(at)) for at in range(3)]
        assert [run.id for run in found_runs(writer, RunFilter(ids=(ids[2], ids[0], "x")))] == [ids[0], ids[2]]
        assert unknown_runs(writer, (ids[0], "x", "y")) == ("x", "y")


def test_a_run_without_an_outcome_may_still_change(store: Store) -> None:
    with store.writing() as writer:
        whole_run(writer)
        start_run(writer)
        assert [run.is_ended for run in found_runs(writer, RunFilter())] == [True, False]


def test_what_is_offered_is_counted_by_run(store: Store) -> None:
    with store.writing() as writer:
        assert runs_offered(writer).first_at is None
        whole_run(writer)
        for _ in range(2):
            tagged(writer, "a", "b", language="de")
        offered = runs_offered(writer)
    assert offered.tags == (Counted("a", 2), Counted("b", 2), Counted("maths", 1))
    assert offered.languages == (Counted("de", 2), Counted("en", 1))
    assert dict(offered.roles)["fusion"] == dict(offered.roles)["best"] == dict(offered.roles)["single"] == 1
    assert offered.first_at is not None


def test_an_overview_counts_what_is_shown_and_when_it_was_judged(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(
            writer, units=2, more=[unit(2, is_identical=True), unit(3, same_as=0), unit(4, phase="training")]
        )
        assert overview(writer, study.id).frozen_at is None
        row = saved(writer, opened(writer, study)).row
        later = study_of(writer, supersedes=study.id)
        seen = overview(writer, study.id)
        assert overviews(writer) == {study.id: seen, later.id: overview(writer, later.id)}
        assert definitions(writer)[study.id] == study.definition
        assert study_with_definition(writer, study.definition_sha256) == study.id
        assert study_with_definition(writer, "0" * 64) is None
    assert (seen.units, seen.raters, seen.superseded_by) == (2, 1, later.id)
    assert seen.frozen_at == seen.last_at == row.created_at


def test_activity_tells_who_is_at_a_trial_until_it_is_judged_or_lost(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer)
        trial = opened(writer, study)
        opened(writer, study, place=1, rater="Ben", lease_s=0.0)
        now = writer.identity.now()
        assert activity(writer, study.id, now=now).open_by == (trial.rater_id,)
        first = saved(writer, trial)
        saved(writer, trial, key="again", verdict="tie", supersedes=first.row.id)
        seen = activity(writer, study.id, now=now)
    assert (seen.judgements, seen.revisions, seen.trials, seen.open_by) == (2, 1, 2, ())


def test_invitations_are_told_without_what_opens_them(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer)
        for token, name in (("a", None), ("b", "Ben")):
            put_invitation(writer, token_sha256=token * 64, role="rater", valid_s=60, study_id=study.id, name=name)
        user = add_user(writer, name="Ben", role="rater")
        use_invitation(writer, token_sha256="b" * 64, user_id=user.id)
        used, unused = invitations_of(writer, study.id)
        assert "Ben" in rater_names(writer).values()
    assert (used.name, used.used_by, unused.name, unused.used_by, unused.used_at) == ("Ben", "Ben", None, None, None)


def test_names_are_those_of_everybody_or_of_who_is_asked_for(store: Store) -> None:
    with store.writing() as writer:
        bo, ada = (rater_named(writer, name).id for name in ("Bo", "Ada"))
        assert list(rater_names(writer).items()) == [(ada, "Ada"), (bo, "Bo")]
        assert rater_names(writer, (bo, bo, "nobody")) == {bo: "Bo"}
        assert rater_names(writer, ()) == {}


def test_judged_trials_are_those_of_a_rater_or_a_unit_with_what_stands(store: Store) -> None:
    with store.writing() as writer:
        study = study_of(writer, overlap=2)
        ada, ben = (opened(writer, study, rater=name) for name in ("Ada", "Ben"))
        first = saved(writer, ada, key="a")
        saved(writer, ada, key="b", verdict="tie", supersedes=first.row.id, output_id=None, role=None)
        saved(writer, ben, key="c", flaws=[flaw(ben)])
        of_unit = judged_trials(writer, study.id, unit_place=0)
        of_ada = judged_trials(writer, study.id, rater_id=ada.rater_id)
        assert judged_trials(writer, study.id, rater_id=ada.rater_id, unit_place=1) == ()
        assert study_trials(writer, study.id) == {ada.id: ada, ben.id: ben}
        assert trials_by_id(writer, [ben.id, "x"]) == {ben.id: ben}
        assert last_judged(writer, study.id)[ben.rater_id] == of_unit[0].judgement.row.created_at
    assert [each.trial for each in of_unit] == [ben, ada]
    assert len(of_unit[0].judgement.flaws) == 1
    assert [each.judgement.row.verdict for each in of_ada] == ["tie"]


def test_the_model_of_an_output_is_told_where_it_came_from_a_run(store: Store) -> None:
    with store.writing() as writer:
        run, outputs = whole_run(writer)
        contenders = [
            NewContender(role="best", output_id=outputs[0].id, text="a"),
            NewContender(role="single", output_id=outputs[1].id, text="b"),
        ]
        study = put_study(
            writer,
            title="T",
            definition={},
            definition_sha256="a" * 64,
            overlap=1,
            units=[NewUnit(place=0, prompt="q", contenders=contenders, run_id=run.id), unit(1)],
        )
        assert models_of(writer, study.id) == {each.id: each.model for each in outputs[:2]}
