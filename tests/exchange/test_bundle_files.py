"""Bundles as files: through every format they come back as the same lines, and into a store as the same rows."""

from pathlib import Path

import pytest

from fusion_ui.exchange.bundle_files import BundleFileError, read_bundle, write_bundle
from fusion_ui.exchange.table_files import Format
from storage.bundle_tables import everything
from storage.bundles import bundle_lines, put_bundle
from storage.connection import Store, open_store
from tests.storage.samples import rating, sample_store, whole_run

HOSTILE = "=cmd|'/C calc'!A0\r\n\u2028'<b>\"x\";\x0b" + "long " * 40_000
FORMATS: list[Format] = ["jsonl", "csv", "parquet"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = sample_store(tmp_path)
    with opened.writing() as writer:
        run, _ = whole_run(writer)
        writer.insert(rating(writer, run, note=HOSTILE))
    return opened


def lines_of(store: Store) -> list[str]:
    with store.reading() as reader:
        return list(bundle_lines(reader, everything(reader)))


@pytest.mark.parametrize("kind", FORMATS)
def test_export_import_export_gives_the_same_bytes(kind: Format, store: Store, tmp_path: Path) -> None:
    lines = lines_of(store)
    assert write_bundle(tmp_path / "out", iter(lines), kind) == len(lines) - 1
    with open_store(tmp_path / "fresh.db") as fresh:
        with fresh.writing() as writer:
            put_bundle(writer, read_bundle(tmp_path / "out", kind))
        again = lines_of(fresh)
    write_bundle(tmp_path / "again", iter(again), "jsonl")
    write_bundle(tmp_path / "first", iter(lines), "jsonl")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "first").read_bytes()


def test_lines_that_went_through_another_system_are_read_all_the_same(store: Store, tmp_path: Path) -> None:
    lines = lines_of(store)
    (tmp_path / "crlf").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    assert list(read_bundle(tmp_path / "crlf", "jsonl")) == lines


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("jsonl", b"\xff\xfe\x00"),
        ("csv", b"\xff\xfe\x00"),
        ("csv", b"a,b\r\n1,2\r\n"),
        ("csv", b'table,row\r\n"x"y,2\r\n'),
    ],
)
def test_what_is_no_bundle_is_refused_in_words(kind: Format, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BundleFileError, match=r"bundle"):
        list(read_bundle(tmp_path / "file", kind))
