"""`python -m fusion_ui export …`: what is stored, as files for other tools and other copies of this app."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

from fusion_ui.cli.speech import ConfigOption, DbOption, opened, quit_with, tell, write_out
from fusion_ui.exchange.training_lines import SupervisedForm
from fusion_ui.exports.datasette import METADATA
from fusion_ui.exports.exports import Ending, Exports, Order, What, Written
from fusion_ui.exports.training import Training
from fusion_ui.exports.votes import By
from fusion_ui.exports.winners import Filters

_USUAL = Filters()
Ids = Annotated[list[str] | None, typer.Option(metavar="ID", help="Give it several times for several.")]


def export(
    what: Annotated[What, typer.Argument(help="What is to be handed out.")],
    study: Ids = None,
    run: Ids = None,
    is_all: Annotated[bool, typer.Option("--all", help="Of all studies and runs.")] = False,
    kind: Annotated[Ending | None, typer.Option("--format", help="The format; without it, the usual one.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it, stdout.")] = None,
    report: Annotated[Path | None, typer.Option(help="dpo, sft: a file that says what was left out.")] = None,
    form: Annotated[SupervisedForm, typer.Option(help="dpo, sft: messages or plain text.")] = "conversational",
    answers: Annotated[Literal["preferred", "fused"], typer.Option(help="sft: whose answers.")] = "preferred",
    has_provenance: Annotated[bool, typer.Option("--provenance/--no-provenance", help="dpo, sft.")] = True,
    is_blind: Annotated[bool, typer.Option("--blind/--any", help="dpo, sft: only what was judged blind.")] = True,
    flaw_floor: Annotated[str | None, typer.Option(help="dpo, sft: no flaw of this severity or above.")] = None,
    agrees_with_vote: Annotated[bool, typer.Option(help="dpo, sft: only answers that the vote leads with.")] = False,
    judgements: Annotated[int, typer.Option(min=1, help="dpo, sft: at least so many.")] = _USUAL.judgements,
    share: Annotated[float, typer.Option(min=0, max=1, help="dpo, sft: at least this share.")] = _USUAL.share,
    has_no_ties: Annotated[bool, typer.Option("--no-ties", help="dpo, sft: nobody saw a tie.")] = False,
    is_one_a_prompt: Annotated[bool, typer.Option("--one-a-prompt", help="dpo, sft: the surest pair.")] = False,
    takes_too_fast: Annotated[bool, typer.Option("--too-fast", help="dpo, sft: also what was said too fast.")] = False,
    by: Annotated[By, typer.Option(help="battles, comparator: how systems are named.")] = "role",
    pair: Annotated[str | None, typer.Option(metavar="A:B", help="comparator: the two systems.")] = None,
    has_lab: Annotated[bool, typer.Option("--lab", help="bundle: with the lab's recordings and reports.")] = False,
    is_searchable: Annotated[bool, typer.Option("--search", help="datasette: with an index of words.")] = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Hand out ratings, runs, flaws, bundles, training data, battles, comparisons or a copy for Datasette."""
    if not (study or run or is_all or what == "datasette"):
        quit_with("Say of what: --study ID, --run ID (each several times, if need be) or --all.")
    if is_all and (study or run):
        quit_with("Name studies and runs, or say --all, not both.")
    filters = Filters(
        is_blind=is_blind,
        flaw_floor=flaw_floor,
        agrees_with_vote=agrees_with_vote,
        judgements=judgements,
        share=share,
        has_no_ties=has_no_ties,
        is_one_a_prompt=is_one_a_prompt,
        takes_too_fast=takes_too_fast,
    )
    order = Order(
        what=what,
        ending=kind,
        studies=tuple(study or ()),
        runs=tuple(run or ()),
        training=Training(form=form, answers=answers, has_provenance=has_provenance, filters=filters),
        by=by,
        pair=pair,
        has_lab=has_lab,
        is_searchable=is_searchable,
    )
    with opened(db, config) as services:
        written = hand_out(services.exports, order, out)
    _tell(written, report)


def hand_out(exports: Exports, order: Order, out: Path | None) -> Written:
    """Writes what is ordered to this file, or without one to stdout."""
    return _to_stdout(exports, order) if out is None else _to_file(exports, order, out)


def _to_file(exports: Exports, order: Order, out: Path) -> Written:
    """Writes beside the file first: what is there stays whole if the export is refused or cut off."""
    with _folder_beside(out) as folder:
        written = exports.write(order, folder / out.name)
        for made in sorted(folder.iterdir()):
            made.replace(out.with_name(made.name))
    tell(f"written: {out}")
    return written


@contextmanager
def _folder_beside(out: Path) -> Iterator[Path]:
    try:
        with TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
            yield Path(folder)
    except OSError as error:
        quit_with(f"--out {out} cannot be written: {error.strerror}.")


def _to_stdout(exports: Exports, order: Order) -> Written:
    if order.kind == "db":
        quit_with(f"Say where: --out FILE.db, and FILE.{METADATA} will lie beside it.")
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"export.{order.kind}"
        written = exports.write(order, file)
        with file.open("rb") as content:
            shutil.copyfileobj(content, sys.stdout.buffer)
        sys.stdout.flush()
    return written


def _tell(written: Written, report: Path | None) -> None:
    if written.rows:
        tell(f"rows: {written.rows:,}")
    if written.report is None:
        return
    for words, count in written.report["left_out"].items():
        tell(f"left out, {words}: {count:,}")
    if report is not None:
        write_out(report, (json.dumps(written.report, ensure_ascii=False, indent=2) + "\n").encode())
