"""`python -m fusion_ui doctor`: looks at a database and an installation, changes nothing, and says what to do.

Exit code 0: all is fine; 1: there is something to do; 2: something could not be told.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from fusion_ui.cli.installation import check_installation, check_keys, check_port
from fusion_ui.cli.speech import ConfigOption, DbOption
from fusion_ui.laws import broken_laws
from fusion_ui.settings import Settings, SettingsError, load_settings
from storage.checking import Finding, State, check_file, check_inside, examining, is_current, is_open_elsewhere
from storage.errors import StorageError
from storage.rows import Reader

SAMPLED = 200
"""Runs that are replayed unless all are asked for: a second or two."""
_MARKS: dict[State, str] = {"fine": "fine ", "todo": "TO DO", "unknown": "  ?  "}
_MOST_TOLD = 5
# Evenly over the whole time: a fault of one version or one day is as likely to be met as one of today.
_SPREAD = """SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS runs FROM runs)
    WHERE ?1 < 0 OR runs <= ?1 OR place * ?1 / runs > (place - 1) * ?1 / runs"""


def doctor(
    db: DbOption = None,
    config: ConfigOption = None,
    check_all: Annotated[bool, typer.Option("--all", help=f"Replay every run, not {SAMPLED} of them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check a database and this installation, and say what to do."""
    findings = tuple(_findings(db, config, check_all=check_all))
    code = exit_code(findings)
    if as_json:
        told = {"exit_code": code, "findings": [finding._asdict() for finding in findings]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(in_words(findings)))
    raise typer.Exit(code)


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where there is something to do, else 2 where something could not be told, else 0."""
    states = {finding.state for finding in findings}
    return 1 if "todo" in states else 2 if "unknown" in states else 0


def in_words(findings: Sequence[Finding]) -> Iterator[str]:
    """The findings for a terminal: each with what to do, and a last line that sums up."""
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        yield f"{_MARKS[finding.state]}  {finding.subject.ljust(width)}  {finding.words}"
        if finding.advice:
            yield f"{' ' * (width + 9)}{finding.advice}"
    todo, unknown = (sum(finding.state == state for finding in findings) for state in ("todo", "unknown"))
    yield "All is fine." if not todo + unknown else f"{todo} to do, {unknown} that could not be told."


def check_laws(db: Path, *, most: int | None) -> Finding:
    """Whether stored runs replay and keep the laws of the stream: so many over the whole time, or (None) all."""
    with examining(db) as database:
        reader = Reader(database)
        run_ids = [str(run_id) for (run_id,) in reader.execute(_SPREAD, -1 if most is None else most)]
        runs = reader.execute("SELECT count(*) FROM runs").fetchone()[0]
        broken = {run_id: laws for run_id in run_ids if (laws := broken_laws(reader, run_id))}
    seen = f"{len(run_ids):,} of {runs:,} runs" if len(run_ids) < runs else f"All {runs:,} runs" if runs else "No runs"
    if not broken:
        return Finding("runs", "fine", f"{seen} were replayed, and keep the laws of the stream.")
    told = "; ".join(f"{run_id}: {laws[0]}" for run_id, laws in list(broken.items())[:_MOST_TOLD])
    words = f"{len(broken):,} of {len(run_ids):,} runs looked at break a law: {told}."
    return Finding("runs", "todo", words, "Keep the file; do not rely on these runs. Please report it with this text.")


def _findings(db: Path | None, config: Path | None, *, check_all: bool) -> Iterator[Finding]:
    yield from check_installation()
    try:
        settings = load_settings(config=config, db=db)
    except SettingsError as error:
        yield Finding("settings", "todo", str(error), "Correct the file, or name another with --config.")
        return
    yield Finding("settings", "fine", f"Read from {settings.config or 'nowhere: all as it comes'}.")
    yield check_keys(settings, os.environ)
    # Before the file is opened here: closing it would take the locks of connections of this process with it.
    is_running = _is_running(settings.db)
    yield check_port(settings.host, settings.port, is_app_running=is_running)
    yield from _of_database(settings, check_all=check_all)
    if is_running:
        yield Finding("use", "fine", "A program has the database open, perhaps the app.")


def _of_database(settings: Settings, *, check_all: bool) -> Iterator[Finding]:
    yield from check_file(settings.db)
    inside = check_inside(settings.db)
    yield from inside
    if not inside or not is_current(settings.db):
        return
    try:
        yield check_laws(settings.db, most=None if check_all else SAMPLED)
    except StorageError as error:
        yield Finding("runs", "unknown", f"The runs could not be read: {error}", "Restore the last backup.")


def _is_running(db: Path) -> bool:
    try:
        return db.is_file() and is_open_elsewhere(db)
    except OSError:  # said in full where the file is looked at
        return False
