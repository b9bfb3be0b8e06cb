"""Rows for the tests of inspection: marks of people, what a model suggests, and corrections."""

from storage.corrections import RegroupingRow, SourceCorrectionRow
from storage.flaws import FlawAskingRow, RunFlawRow, Suggested, insert_asking, insert_flaw, suggestions
from storage.ratings import rater_named
from storage.rows import Writer
from storage.runs import OutputRow


def run_flaw(
    writer: Writer, output: OutputRow, *, rater: str = "Ada", key: str = "press-1", **given: object
) -> RunFlawRow:
    """A mistake in the first words of the output."""
    wanted = {
        "id": writer.identity.new_id(), "run_id": output.run_id, "output_id": output.id,
        "rater_id": rater_named(writer, rater).id, "span_start": 0, "span_end": 2, "category": "reasoning",
        "severity": "major", "taxonomy_id": "content-flaws", "taxonomy_version": "1", "request_key": key,
        "created_at": writer.identity.now(), **given,
    }  # fmt: skip
    return RunFlawRow(**wanted)  # type: ignore[arg-type]


def asking(writer: Writer, output: OutputRow, *, key: str = "ask-1", **given: object) -> FlawAskingRow:
    """A model that was asked about the output, and answered."""
    wanted = {
        "id": writer.identity.new_id(), "run_id": output.run_id, "output_id": output.id, "member": "m",
        "model": "scripted/m", "prompt_version": "flaws-1", "taxonomy_id": "content-flaws", "taxonomy_version": "1",
        "seed": 7, "text": '{"flaws": []}', "request_key": key, "created_at": writer.identity.now(), **given,
    }  # fmt: skip
    return FlawAskingRow(**wanted)  # type: ignore[arg-type]


def fill_inspection_tables(writer: Writer, output: OutputRow) -> None:
    """At least one row in each table of inspection."""
    asked = insert_asking(writer, asking(writer, output), [Suggested("answer", "major", 0, 2)])
    suggestion = suggestions(writer, output.run_id)[0]
    insert_flaw(writer, run_flaw(writer, output, suggestion_id=suggestion.id))
    rater_id, now = rater_named(writer, "Ada").id, writer.identity.now()
    writer.insert(
        RegroupingRow(
            run_id=asked.run_id, seq=1, rater_id=rater_id, body={"aliases": {}}, request_key="group-1", created_at=now
        )
    )
    writer.insert(
        SourceCorrectionRow(
            run_id=asked.run_id, seq=1, rater_id=rater_id, span_start=0, span_end=2, position=1, is_source=True,
            request_key="source-1", created_at=now,
        )
    )  # fmt: skip
