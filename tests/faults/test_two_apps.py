"""Two processes of the app on one file, from its first moment: both get on, and neither loses what the other stores."""

from multiprocessing.context import ForkServerContext
from pathlib import Path

from fusion_ui.inspection.index import Index
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import open_store
from storage.ratings import RaterRow
from tests.faults.children import Point, work_and_die, work_together
from tests.faults.soundness import Said, assert_sound, heard, lost
from tests.faults.work import bundle, finished_run

ROUNDS = 4


def test_two_apps_that_start_together_on_a_fresh_file_store_everything(
    tmp_path: Path, processes: ForkServerContext
) -> None:
    path, ready, lines = tmp_path / "two.db", processes.Barrier(2), [processes.Pipe() for _ in range(2)]
    bundles = [bundle(tmp_path, seed=700)]  # the same bundle comes to both
    apps = [
        processes.Process(target=work_together, args=(path, seed, ROUNDS, bundles, ready, theirs))
        for seed, (_, theirs) in enumerate(lines, 1)
    ]
    said: list[Said] = []
    for app, (_, theirs) in zip(apps, lines, strict=True):
        app.start()
        theirs.close()
    for app, (ours, _) in zip(apps, lines, strict=True):
        said += heard(ours)
        app.join()
    assert [app.exitcode for app in apps] == [0, 0]
    kinds = [kind for kind, _ in said]
    assert (kinds.count("outcome"), kinds.count("rating"), kinds.count("recording")) == (8, 24, 8)
    assert kinds.count("run") == 9  # of the bundle's run one copy is kept
    assert lost(path, said) == []
    assert_sound(path)


def test_one_app_is_killed_and_the_other_does_not_notice(tmp_path: Path, processes: ForkServerContext) -> None:
    path, ready, (ours, theirs), (other, others) = (
        tmp_path / "two.db", processes.Barrier(1), processes.Pipe(), processes.Pipe(),
    )  # fmt: skip
    bundles = [bundle(tmp_path, seed=700)]
    killed = processes.Process(target=work_and_die, args=(path, 1, Point(400, 0.002), bundles, theirs))
    living = processes.Process(target=work_together, args=(path, 2, ROUNDS, bundles, ready, others))
    for app, line in ((killed, theirs), (living, others)):
        app.start()
        line.close()
    said = heard(ours) + heard(other)
    for app in (killed, living):
        app.join()
    assert living.exitcode == 0
    assert killed.exitcode != 0
    assert lost(path, said) == []
    assert_sound(path)
    with open_store(path) as store, store.reading() as reader:
        assert "rater 2" in {rater.name for rater in reader.rows(RaterRow)}


def test_what_one_app_stores_the_other_finds_by_searching(tmp_path: Path) -> None:
    path, taxonomy = tmp_path / "two.db", load_taxonomy(None)
    with open_store(path) as one, open_store(path) as two:
        mine, theirs = Index(one, taxonomy=taxonomy), Index(two, taxonomy=taxonomy)
        run_id = finished_run(one, seed=1)
        assert theirs.refresh(at_most_s=30.0).done == 1
        assert mine.refresh(at_most_s=30.0) == (0, 0)
        assert [case.row.run_id for case in mine.cases([run_id])] == [run_id]
