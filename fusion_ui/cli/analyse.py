"""`python -m fusion_ui analyse`: what people prefer and how sure that is, as text, JSON, CSV or a figure."""

import json
from pathlib import Path
from typing import Annotated, get_args

import typer

from fusion_ui.cli.analysis_words import in_words
from fusion_ui.cli.speech import ConfigOption, DbOption, opened, quit_with, tell, write_out
from fusion_ui.exchange.spreadsheets import csv_text
from fusion_ui.preferences.question import RULES, By, Question, Rule
from fusion_ui.preferences.reports import FigureKind

_USUAL = Question()


def analyse(
    study: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this study ('compare': the Compare page); repeatable.")
    ] = None,
    by: Annotated[By, typer.Option(help="Compare roles (fusion, best, …) or members.")] = _USUAL.by,
    is_open: Annotated[bool, typer.Option("--open", help="Count judgements with names in sight, too.")] = False,
    language: Annotated[list[str] | None, typer.Option(help="Only prompts in this language; repeatable.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only prompts with this tag; repeatable.")] = None,
    length: Annotated[list[str] | None, typer.Option(help="Only prompts of this length; repeatable.")] = None,
    rater: Annotated[list[str] | None, typer.Option(help="Only what this person said; repeatable.")] = None,
    leave_out: Annotated[
        str, typer.Option(help=f"Rules by which judgements do not count: {','.join(RULES)}, or none.")
    ] = ",".join(_USUAL.leave_out),
    seed: Annotated[int, typer.Option(help="Decides what is drawn at random.")] = _USUAL.seed,
    level: Annotated[float, typer.Option(help="The level of intervals.")] = _USUAL.level,
    width: Annotated[float, typer.Option(help="The half-width of a win rate that a plan shall reach.")] = _USUAL.width,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole analysis as JSON.")] = False,
    csv: Annotated[str | None, typer.Option(metavar="NAME", help="Print one table: contrasts, ladder, …")] = None,
    figure: Annotated[
        Path | None, typer.Option(metavar="NAME.svg", help="Write a figure: contrasts, ladder, …; .svg, .png or .pdf.")
    ] = None,
    report: Annotated[str | None, typer.Option(metavar="ID", help="Print the page of a study, for a paper.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Name people in the report, not number them.")] = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """What people prefer, and how sure that is."""
    with opened(db, config) as services:
        if report is not None:
            typer.echo(services.analyses.report(report, names=names).encode(), nl=False)
            return
        question = Question(
            studies=tuple(study or ()),
            open=is_open,
            by=by,
            language=tuple(language or ()),
            tags=tuple(tag or ()),
            lengths=tuple(length or ()),
            raters=tuple(rater or ()),
            leave_out=_rules(leave_out),
            seed=seed,
            level=level,
            width=width,
        )
        if figure is not None:
            kind = _figure_kind(figure)
            write_out(figure, services.analyses.figure(services.analyses.analysis(question), figure.stem, kind))
            tell(f"written: {figure}")
        elif csv is not None:
            columns, rows = services.analyses.table(question, csv)
            typer.echo(csv_text(rows, columns=columns).encode(), nl=False)
        else:
            found = services.analyses.analysis(question)
            typer.echo(json.dumps(found, ensure_ascii=False) if as_json else in_words(found))


def _rules(text: str) -> tuple[Rule, ...]:
    """The rules that are named; which of them there are is the question's to say."""
    words = (word.strip() for word in text.split(","))
    return tuple(word for word in words if word and word != "none")  # type: ignore[misc]


def _figure_kind(figure: Path) -> FigureKind:
    for kind in get_args(FigureKind):
        if figure.suffix.lower() == f".{kind}":
            return kind  # type: ignore[no-any-return]
    quit_with(f"--figure {figure}: a figure is written as {', '.join(get_args(FigureKind))}; name it so.")
    return None
