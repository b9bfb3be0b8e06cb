"""Every schema that was ever released, with rows in every table, becomes the present one without losing a cell, but for
who asked, of which step 8 forgets what could be guessed.
"""

from pathlib import Path

import pytest

from fusion_ui.inspection.index import Index
from fusion_ui.replay import load_run
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.bundle_tables import everything
from storage.bundles import bundle_lines
from storage.checking import check_inside, faults_of
from storage.connection import open_store
from storage.migrations import scripts
from tests.faults.old_schemas import KEYED, contents, kept, old_database, version
from tests.faults.soundness import assert_sound
from tests.faults.work import WORKED, finished_run

STEPS = range(1, len(scripts()) + 1)


@pytest.mark.parametrize("step", STEPS)
def test_an_old_database_has_rows_in_every_table_and_keeps_them(tmp_path: Path, step: int) -> None:
    path = old_database(tmp_path, step=step)
    before = contents(path)
    assert version(path) == step
    assert {table for table, (_, rows) in before.items() if not rows} <= {"case_notes"}
    open_store(path).close()
    assert version(path) == len(scripts())
    assert contents(path, like=before) == kept(before, step=step)
    assert_sound(path)


def test_hashes_of_askers_without_a_key_are_not_even_left_in_the_bytes_of_the_file(tmp_path: Path) -> None:
    path = old_database(tmp_path, step=KEYED - 1)
    assert b"e" * 64 in path.read_bytes()
    open_store(path).close()
    assert b"e" * 64 not in b"".join(each.read_bytes() for each in tmp_path.glob(f"{path.name}*"))


@pytest.mark.parametrize("step", STEPS)
def test_an_old_database_is_used_as_any_other(tmp_path: Path, step: int) -> None:
    with open_store(old_database(tmp_path, step=step)) as store:
        with store.reading() as reader:
            old_run = reader.execute("SELECT id FROM runs WHERE app_version = ?", WORKED).fetchone()[0]
            assert len(list(bundle_lines(reader, everything(reader, has_lab=True)))) > 10
        run = load_run(store, old_run)
        assert run is not None
        assert run.view.ended == "completed"
        new_run = finished_run(store, seed=2)
        index = Index(store, taxonomy=load_taxonomy(None))
        index.refresh(at_most_s=30.0)
        assert {case.row.run_id for case in index.cases([old_run, new_run])} == {old_run, new_run}
    assert_sound(store.path)
    troubles = {finding.subject for finding in check_inside(store.path) if finding.state != "fine"}
    assert troubles <= {"search"}  # the samples of storage's own tests are no runs that could be read


@pytest.mark.parametrize("step", STEPS)
def test_looking_at_an_old_database_does_not_change_it(tmp_path: Path, step: int) -> None:
    path = old_database(tmp_path, step=step)
    before = path.read_bytes()
    check_inside(path)
    assert faults_of(path) == ()
    assert path.read_bytes() == before
