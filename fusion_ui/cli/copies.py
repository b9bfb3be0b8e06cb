"""`python -m fusion_ui backup` and `restore`: a database copied while the app runs, and put back when it does not."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fusion_ui.cli.speech import ConfigOption, DbOption, plain_refusals, quit_with, tell
from fusion_ui.settings import load_settings
from storage.backups import back_up, backup_name, restore, thin_out
from storage.connection import open_store
from storage.identity import utc_now


def backup(
    file: Annotated[Path | None, typer.Argument(help="The copy, or a folder for it [default: beside it].")] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="Keep only so many copies in the folder.")] = None,
    force: Annotated[bool, typer.Option(help="Replace FILE if it is there.")] = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Copy the database, whole and checked, while the app runs. Prints the name of the copy."""
    with plain_refusals():
        database = load_settings(config=config, db=db).db
        target = _target(file, database, moment=utc_now())
        if keep is not None and target == file:
            quit_with("--keep counts copies with names of its own: give a folder, or no FILE at all.")
        back_up(database, target, is_forced=force)
        tell(f"{target.stat().st_size / 2**20:,.1f} MB, whole and sound. Put it back with: restore {target}")
        for removed in thin_out(database, target.parent, keep=keep) if keep is not None else ():
            tell(f"{removed.name} was one too many and is gone.")
    typer.echo(target)


def restore_copy(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` made.")],
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Put a checked copy in the place of the database, which is kept. Not while the app runs."""
    with plain_refusals():
        database = load_settings(config=config, db=db).db
        restored = restore(file, database, moment=utc_now())
        open_store(database).close()  # an older copy is brought up to date, and its guards are laid
    tell(f"{database} is {file} again: {restored.rows:,} rows, each compared.")
    if restored.kept is not None:
        tell(f"What was there before is in {restored.kept}.")


def _target(file: Path | None, database: Path, *, moment: datetime) -> Path:
    if file is not None and not file.is_dir():
        return file
    return (file or database.parent) / backup_name(database, moment=moment)
