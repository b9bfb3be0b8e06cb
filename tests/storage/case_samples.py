"""Cases for the tests of storage."""

from storage.case_words import Note
from storage.cases import Label, NewCase, Wording, put_case
from storage.rows import Writer

WORDING = Wording(prompt="what is 6 x 7", answers="it is 42 all say")


def case_of(run_id: str, **given: object) -> NewCase:
    """A case of this run, of one label."""
    wanted = {
        "run_id": run_id, "started_ms": 1_767_355_200_000, "draws": 2, "failures": 0, "length": 9, "prompt_length": 14,
        "ratings": 0, "flaws": 0, "flaw_weight": 0.0, "stability": 0.9, "cost_usd": None,
        "labels": (Label("member", "m"),), **given,
    }  # fmt: skip
    return NewCase(**wanted)  # type: ignore[arg-type]


def fill_case_tables(writer: Writer, run_id: str) -> None:
    """At least one row in each table of the index; the marks of the run stay."""
    put_case(writer, case_of(run_id), wording=WORDING, notes=[Note("a rating", "wrong carry")])
