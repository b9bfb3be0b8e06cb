"""Bundles of this app, taken in whole: whatever the rows say is read back as what it means before any of it is kept."""

from collections.abc import Iterator

from pydantic import ValidationError

from fusion_ui.annotation.shelf import read_study
from fusion_ui.exchange.bundle_files import HEAD, read_bundle
from fusion_ui.exchange.entries import RecordedFile, holder_of, records_of
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.replay import read_run
from storage.bundle_reading import BundleError
from storage.bundles import Put, put_bundle
from storage.connection import Store
from storage.rows import Writer


class _NotMeantError(Exception):
    """Ends a transaction that was only to see what would come of it."""

    def __init__(self, put: Put) -> None:
        self.put = put


def tried_bundle(store: Store, file: RecordedFile) -> Put:
    """What would become of the bundle, of which nothing is kept. Raises ImportRefusedError."""
    try:
        with store.writing() as writer:
            raise _NotMeantError(_put(writer, file))
    except _NotMeantError as tried:
        return tried.put


def stored_bundle(store: Store, file: RecordedFile) -> Put:
    """What became of the bundle. Raises ImportRefusedError, and nothing of it is there."""
    with store.writing() as writer:
        return _put(writer, file)


def _put(writer: Writer, file: RecordedFile) -> Put:
    try:
        put = put_bundle(writer, _lines(file))
        for study_id in put.new_studies:
            read_study(writer, study_id)
        for run_id in put.new_runs:
            read_run(writer, run_id)
    except BundleError as error:
        raise ImportRefusedError(f"{file.label}: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise ImportRefusedError(
            f"{file.label} holds a study or a run that cannot be read back ({problem['msg']}). Nothing was stored."
        ) from None
    return put


def _lines(file: RecordedFile) -> Iterator[str]:
    """The lines of the bundle. Parquet is read where it can do no harm."""
    holder = holder_of(file)
    if holder != "parquet":
        yield from read_bundle(file.path, "csv" if holder == "csv" else "jsonl")
        return
    for fields in records_of(file, holder):
        table, row = str(fields.by_name.get("table")), str(fields.by_name.get("row"))
        yield row if table == HEAD else f'{{"table":"{table}","row":{row}}}'
