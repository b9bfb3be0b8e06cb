"""`python -m fusion_ui …`: the same services without a screen. Progress goes to stderr, results to stdout."""

import typer

from fusion_ui.cli import lab, study, user
from fusion_ui.cli.analyse import analyse
from fusion_ui.cli.batch import batch
from fusion_ui.cli.compare import compare
from fusion_ui.cli.copies import backup, restore_copy
from fusion_ui.cli.doctor import doctor
from fusion_ui.cli.exports import export
from fusion_ui.cli.imports import bring_in

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(compare)
app.command()(batch)
app.command()(doctor)
app.command()(backup)
app.command(name="restore")(restore_copy)
app.command()(analyse)
app.command(name="import")(bring_in)
app.command()(export)
app.add_typer(lab.app, name="lab")
app.add_typer(study.app, name="study")
app.add_typer(user.app, name="user")


@app.callback()
def main() -> None:
    """Compare picking the best of N answers with fusing them."""
