"""`python -m fusion_ui lab …`: recorded answers replayed and weighed, without spending a token."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.cli.speech import ConfigOption, DbOption, opened, reading, results_only, tell, write_out
from fusion_ui.cli.tables import in_words
from fusion_ui.exchange.lab_tables import csv_of
from fusion_ui.lab import FIGURES, Lab, Report, Selection
from storage.lab import RecordingRow

_CHUNK = 1 << 20
_MOST_LEFT_OUT = 10
_RULES = "bayes:10,bayes:30,bayes:100,asc:0.95,certificate:0.05,fixed:1,fixed:10,fixed:30,fixed:100"
app = typer.Typer(no_args_is_help=True, help="Replay the vote and weigh the ensemble on recorded answers.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Published counts, JSONL or CSV; see README.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same result, byte for byte.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Out = Annotated[
    list[Path] | None,
    typer.Option("--out", help="Write the report to a .json, .csv, .svg, .png or .pdf; may be given several times."),
]


class SpreadCommand(TyperCommand):
    """A command whose options `--train` and `--test` take every word up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As `--train A B` were `--train A --train B`."""
        return super().parse_args(ctx, list(_spread(args, options=("--train", "--test"))))


@app.command()
def load(files: Files, db: DbOption = None, config: ConfigOption = None) -> None:
    """Take recorded answers in; bad lines are named, good ones are stored."""
    with opened(db, config) as services:
        for file in files:
            recording = _loaded(services.lab, file)
            typer.echo(f"{file}: {recording.answers:,} answers to {recording.questions:,} questions")


@app.command()
def replay(
    files: Files,
    weights: Annotated[str | None, typer.Option(help="Of the members in the order of the files: 0.2,0.8.")] = None,
    rules: Annotated[str, typer.Option(help="Rules with their thresholds, set apart by commas.")] = _RULES,
    trials: Annotated[int, typer.Option(min=1)] = 100,
    cap: Annotated[int, typer.Option(min=1, help="At most this many draws a question.")] = 100,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """What stopping rules would have cost and got; files given together are members of one mixture."""

    def make(lab: Lab) -> Report:
        selection = _selected(lab, files)
        named = _named_weights(weights, lab.answers(selection).members)
        return lab.replay(selection, rules=rules, weights=named, trials=trials, cap=cap, seed=seed)

    _give(make, as_json=as_json, out=out, db=db, config=config)


@app.command()
def weights(
    files: Files,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation, by question.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="How often the folds are shuffled anew.")] = 4,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """The weights that solve most questions, and whether they pay on questions they were not made for."""

    def make(lab: Lab) -> Report:
        return lab.weigh(_selected(lab, files), folds=folds, repeats=repeats, seed=seed)

    _give(make, as_json=as_json, out=out, db=db, config=config)


@app.command()
def curve(
    files: Files,
    trials: Annotated[int, typer.Option(min=1, help="Random choices of questions for each point.")] = 20,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """How many questions it takes to learn weights that hold on others."""

    def make(lab: Lab) -> Report:
        return lab.curve(_selected(lab, files), trials=trials, seed=seed)

    _give(make, as_json=as_json, out=out, db=db, config=config)


@app.command(cls=SpreadCommand)
def transfer(
    train: Annotated[list[Path], typer.Option(metavar="FILE...", help="What the weights are solved on.")],
    test: Annotated[list[Path], typer.Option(metavar="FILE...", help="What they are judged on: the same members.")],
    subsets: Annotated[
        int | None, typer.Option(min=1, help="Every choice of so many members, in place of all of them.")
    ] = None,
    as_json: AsJson = False,
    out: Out = None,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Weights solved on one set of questions and judged on another."""

    def make(lab: Lab) -> Report:
        return lab.transfer(_selected(lab, train), _selected(lab, test), size=subsets)

    _give(make, as_json=as_json, out=out, db=db, config=config)


@app.command(name="list")
def list_reports(db: DbOption = None, config: ConfigOption = None) -> None:
    """The reports stored so far, latest first."""
    with opened(db, config) as services:
        for head in services.lab.reports():
            typer.echo(f"{head.id}  {head.created_at}  {head.kind:9}  {head.title}")


@app.command()
def show(
    report_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    out: Out = None,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """A stored report again."""
    _give(lambda lab: lab.report(report_id), as_json=as_json, out=out, db=db, config=config)


def _selected(lab: Lab, files: Sequence[Path]) -> Selection:
    return Selection(recordings=tuple(dict.fromkeys(_loaded(lab, file).id for file in files)))


def _loaded(lab: Lab, file: Path) -> RecordingRow:
    """The file as stored, its bad lines named on stderr."""
    with reading(file), file.open("rb") as content:
        loaded = lab.load(iter(lambda: content.read(_CHUNK), b""), name=file.name)
    for problem in loaded.file.problems:
        tell(f"{problem.file}, line {problem.line}: {problem.message}")
    if loaded.file.problem_count > len(loaded.file.problems):
        tell(f"{file.name}: {loaded.file.problem_count - len(loaded.file.problems)} more lines like these")
    return loaded.recording


def _named_weights(text: str | None, members: Sequence[str]) -> dict[str, float] | None:
    if text is None:
        return None
    try:
        weights = [float(part) for part in text.split(",")]
    except ValueError:
        raise AnswersError(f"--weights {text!r} is no list of numbers: write 0.2,0.8.") from None
    if len(weights) != len(members):
        raise AnswersError(f"--weights gives {len(weights)} weights for {len(members)} members: {', '.join(members)}.")
    return dict(zip(members, weights, strict=True))


def _give(
    make: Callable[[Lab], Report],
    *,
    as_json: bool,
    out: Sequence[Path] | None,
    db: Path | None,
    config: Path | None,
) -> None:
    """Make a report, write it where it was asked for, print it, and say where it can be seen again."""
    with opened(db, config) as services:
        with results_only():
            report = make(services.lab)
        for file in out or ():
            _write(services.lab, report, file)
        for reason in report["result"].get("left_out", ())[:_MOST_LEFT_OUT]:
            tell(f"left out: {reason}")
        typer.echo(json.dumps(told(report), ensure_ascii=False) if as_json else in_words(report))
        tell(f"stored as report {report['id']}: `lab show {report['id']}`, and on the page Lab")


def told(report: Report) -> dict[str, Any]:
    """The report as one flat object that the same request always gives: no id and no time."""
    result: dict[str, Any] = report["result"]
    if report["kind"] == "weights":
        held_out = {"cross_validated": result["validation"]["cross_validated"]}
        result = result["weighting"] | held_out | {name: result[name] for name in ("validation", "verdict")}
    return result | {"inputs": report["inputs"], "seed": report["seed"]}


def _write(lab: Lab, report: Report, file: Path) -> None:
    kind = file.suffix.removeprefix(".").lower()
    if kind == "json":
        content = json.dumps(report, ensure_ascii=False, indent=1).encode()
    elif kind == "csv":
        content = csv_of(report).encode()
    elif figure := FIGURES.get(kind):
        content = lab.figure(report, figure)
    else:
        raise AnswersError(f"--out {file}: choose a name that ends in .json, .csv, .svg, .png or .pdf.")
    write_out(file, content)


def _spread(args: Sequence[str], *, options: tuple[str, ...]) -> Iterator[str]:
    option = None
    for arg in args:
        if arg.startswith("-"):
            option = arg if arg in options else None
            if option is None:
                yield arg
        elif option:
            yield from (option, arg)
        else:
            yield arg
