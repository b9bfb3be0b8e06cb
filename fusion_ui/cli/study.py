"""`python -m fusion_ui study …`: studies made from runs or files, watched, closed and exported."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from fusion_ui.annotation.gathering import Earlier, Imported, Items
from fusion_ui.annotation.known import known_in, uses_of
from fusion_ui.annotation.making import Draft, Form
from fusion_ui.annotation.protocols import contrasts_in, criteria_in
from fusion_ui.annotation.studies import Listed
from fusion_ui.cli.exports import hand_out
from fusion_ui.cli.speech import ConfigOption, DbOption, opened, reading, tell
from fusion_ui.exchange.table_files import Format
from fusion_ui.exchange.texts import first_problem
from fusion_ui.exports.exports import Order
from fusion_ui.studies.protocol import Criterion, Protocol, StudyError, Task
from storage.finding import RunFilter

_MOST_LEFT_OUT = 10
_USUAL = Protocol(title="")
_CRITERIA = TypeAdapter(tuple[Criterion, ...])
app = typer.Typer(no_args_is_help=True, help="Ask people which answer is better.")

StudyId = Annotated[str, typer.Argument(metavar="ID")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Names = Annotated[str, typer.Option(help="Only these people may judge: a,b,c. Without it anybody may.")]


@app.command()
def create(
    more_runs: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    from_runs: Annotated[str | None, typer.Option(metavar="all|ID...", help="From all runs, or from these.")] = None,
    from_file: Annotated[Path | None, typer.Option(help="From JSON lines with the outputs of each role.")] = None,
    from_study: Annotated[str | None, typer.Option(metavar="ID", help="From the items of another study.")] = None,
    tags: Annotated[str, typer.Option(help="Of the runs those with any of these tags: a,b.")] = "",
    language: Annotated[str | None, typer.Option(help="Of the runs those in this language.")] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Of the runs those begun since.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Of the runs the newest so many.")] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="Roles of each item: fusion:best; several set apart by commas or given several times."),
    ] = None,
    task: Annotated[Task, typer.Option(help="What is asked of each item.")] = _USUAL.task,
    overlap: Annotated[int, typer.Option(help="How many people judge each item.")] = _USUAL.overlap,
    raters: Names = "",
    criteria: Annotated[str, typer.Option(help="Of a rubric: names set apart by commas, or a .json file.")] = "",
    title: Annotated[str | None, typer.Option(help="What the study is called.")] = None,
    instructions: Annotated[Path | None, typer.Option(help="A Markdown file for raters.")] = None,
    gold: Annotated[
        Path | None,
        typer.Option(
            help='Known items, to check raters by: lines of {"prompt": "…", "right": "best", "feedback": "…"}.'
        ),
    ] = None,
    training: Annotated[int, typer.Option(min=0, help="So many items train: the first of --gold, or of all.")] = 0,
    repeats: Annotated[float, typer.Option(help="The share of items that a rater sees again.")] = _USUAL.repeats,
    seed: Annotated[int, typer.Option(help="Decides orders and sides.")] = _USUAL.seed,
    is_open: Annotated[bool, typer.Option("--open", help="Not blind.")] = False,
    reveals: Annotated[bool, typer.Option("--reveal", help="Tell after each judgement who wrote what.")] = False,
    masks: Annotated[bool, typer.Option("--mask", help="Hide phrases by which answers name their author.")] = False,
    supersedes: Annotated[str | None, typer.Option(metavar="ID", help="As a new version of this study.")] = None,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be made.")] = False,
    as_json: AsJson = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """A new study. What it asks is frozen: a change makes a new version."""
    with opened(db, config) as services:
        contrasts = contrasts_in(compare or []) or _USUAL.contrasts
        runs = RunFilter(
            ids=_run_ids(from_runs, more_runs or []), tags=_listed(tags), language=language, since=since, limit=limit
        )
        protocol = replace(
            _USUAL,
            title=title or f"{task}: {', '.join(':'.join(contrast) for contrast in contrasts)}",
            task=task,
            contrasts=contrasts,
            criteria=_criteria(criteria),
            instructions=_text(instructions) if instructions else "",
            overlap=overlap,
            raters=_listed(raters),
            is_blind=not is_open,
            reveals=reveals,
            repeats=repeats,
            seed=seed,
            masks_names=masks,
        )
        items = _items(from_runs, from_file, from_study or (None if from_runs or from_file else supersedes), runs)
        form = Form(protocol=protocol, items=items, supersedes=supersedes)
        draft = services.studies.preview(form)
        if gold is not None or training:
            known = known_in(_text(gold), draft.units, name=str(gold)) if gold else {}
            form = replace(form, **uses_of(known, draft.units, training=training)._asdict())
            draft = services.studies.preview(form)
        _tell_lacking(draft)
        made: dict[str, Any] = {"items": len(draft.shown), "trials": draft.trials}
        if not is_dry:
            made = services.studies.create(form, units_sha256=draft.units_sha256)._asdict()
        typer.echo(json.dumps(made) if as_json else _made_words(made))


@app.command(name="list")
def list_studies(as_json: AsJson = False, db: DbOption = None, config: ConfigOption = None) -> None:
    """All studies, latest first."""
    with opened(db, config) as services:
        found = services.studies.studies()
        if as_json:
            typer.echo(json.dumps([_told(each) for each in found], ensure_ascii=False))
        for each in () if as_json else found:
            head = each.head
            state = "closed" if head.is_closed else "open"
            typer.echo(f"{head.id}  {head.created_at}  {state:6}  {head.done:,} of {head.wanted:,}  {head.title}")


@app.command()
def show(study_id: StudyId, as_json: AsJson = False, db: DbOption = None, config: ConfigOption = None) -> None:
    """How far a study is, and what its verdicts say so far."""
    with opened(db, config) as services:
        board = services.studies.board(study_id)
        typer.echo(json.dumps(board, ensure_ascii=False) if as_json else _board_words(board))


@app.command()
def close(study_id: StudyId, db: DbOption = None, config: ConfigOption = None) -> None:
    """Give out no more items; what was judged is kept."""
    with opened(db, config) as services:
        services.studies.set_closed(study_id, is_closed=True)
        typer.echo(f"closed: {study_id}")


@app.command()
def reopen(study_id: StudyId, db: DbOption = None, config: ConfigOption = None) -> None:
    """Give out items again."""
    with opened(db, config) as services:
        services.studies.set_closed(study_id, is_closed=False)
        typer.echo(f"open: {study_id}")


@app.command()
def export(
    study_id: StudyId,
    kind: Annotated[Format, typer.Option("--format", help="JSON lines, a table, or Parquet.")] = "jsonl",
    out: Annotated[Path | None, typer.Option(help="The file to write; without it, stdout.")] = None,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Every rating, a row each, revisions included."""
    with opened(db, config) as services:
        hand_out(services.exports, Order(what="ratings", ending=kind, studies=(study_id,)), out)


def _items(from_runs: str | None, from_file: Path | None, from_study: str | None, runs: RunFilter) -> Items:
    if sum(each is not None for each in (from_runs, from_file, from_study)) != 1:
        raise StudyError("Say where the items come from: --from-runs all, --from-file FILE or --from-study ID.")
    if from_file is not None:
        return Imported(text=_text(from_file))
    return Earlier(study_id=from_study) if from_study is not None else runs


def _run_ids(from_runs: str | None, more: Sequence[str]) -> tuple[str, ...] | None:
    """The ids named, None where all runs are meant."""
    if from_runs is None and more:
        raise StudyError(f"{more[0][:40]!r} is not understood here. `study create --help` shows what is.")
    words = [word for text in (from_runs or "", *more) for word in _listed(text)]
    return None if words in ([], ["all"]) else tuple(dict.fromkeys(words))


def _criteria(text: str) -> tuple[Criterion, ...]:
    if not text.endswith(".json"):
        return criteria_in(text)
    try:
        return _CRITERIA.validate_json(_text(Path(text)))
    except ValidationError as error:
        raise StudyError(f"--criteria {text}: {first_problem(error, whole='the file')}") from None


def _text(file: Path) -> str:
    with reading(file):
        return file.read_text(encoding="utf-8")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _tell_lacking(draft: Draft) -> None:
    for each in draft.lacking[:_MOST_LEFT_OUT]:
        tell(f"left out: {each.run_id or each.prompt[:60]}: {each.reason}")
    if len(draft.lacking) > _MOST_LEFT_OUT:
        tell(f"and {len(draft.lacking) - _MOST_LEFT_OUT:,} more")
    if identical := sum(not unit.is_shown for unit in draft.units):
        tell(f"identical answers, shown to nobody: {identical:,}")


def _made_words(made: dict[str, Any]) -> str:
    name = f"study {made['study_id']}" if "study_id" in made else "this would be"
    return f"{name}: {made['items']:,} items, {made['trials']:,} judgements wanted"


def _told(each: Listed) -> dict[str, Any]:
    return each.head._asdict() | {"task": each.definition["task"], "contrasts": each.definition["contrasts"]}


def _board_words(board: dict[str, Any]) -> str:
    counts = board["counts"]
    lines = [
        f"{board['title']} (version {board['version']}, {'closed' if board['is_closed'] else 'open'})",
        f"definition {board['definition_sha256']}",
        f"{counts['done']:,} of {counts['wanted']:,} judgements, {counts['units']:,} items",
    ]
    for rater in board["raters"]:
        out = f", left out: {rater['excluded']['reason']}" if rater["is_excluded"] else ""
        lines.append(f"  {rater['name']}: {rater['done']:,} of {rater['mine']:,}{out}")
    for each in board["contrasts"]:
        verdicts = ", ".join(f"{label} {count:,}" for label, count in each["counts"].items()) or "nothing judged yet"
        lines.append(f"{':'.join(each['roles'])}: {verdicts} ({each['state']})")
    return "\n".join(lines)
