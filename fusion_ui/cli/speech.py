"""How commands speak: progress and refusals on stderr, expected trouble in plain words and with exit code 2."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from fusion_ui.engine.values import FusionError
from fusion_ui.settings import SettingsError
from storage.errors import StorageError

DbOption = Annotated[Path | None, typer.Option("--db", help="The database file.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The configuration file.")]


def tell(words: str) -> None:
    """One line about how it goes."""
    typer.echo(words, err=True)


def quit_with(words: str) -> NoReturn:
    """End the command because of what the caller can mend."""
    tell(words)
    raise typer.Exit(2)


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Turns expected trouble into its message and exit code 2."""
    try:
        yield
    except (FusionError, SettingsError, StorageError) as error:
        quit_with(str(error))


@contextmanager
def results_only() -> Iterator[None]:
    """Keeps stdout for results: what a library writes to the file descriptor meanwhile is dropped.

    HiGHS leaves lines of its own debugging there now and then.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)  # C has a buffer of its own, which would come out later
        os.dup2(kept, 1)
        os.close(kept)
