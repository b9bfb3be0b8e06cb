"""What indexes in a process of its own, to be raced or killed."""

from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from fusion_ui.inspection.index import Index
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import open_store


def index_all(path: Path, ready: Barrier, report: Connection) -> None:
    """Indexes until nothing is left, beginning when others do, and tells how many runs it indexed."""
    with open_store(path) as store:
        index, done = Index(store, taxonomy=load_taxonomy()), 0
        ready.wait()
        while True:
            progress = index.refresh(at_most_s=0.02)
            done += progress.done
            if not progress.left:
                break
        report.send(done)


def index_slowly(path: Path, report: Connection) -> None:
    """Indexes run by run, and tells of each."""
    with open_store(path) as store:
        index = Index(store, taxonomy=load_taxonomy())
        while index.refresh(at_most_s=0.0).left:
            report.send("one more")
