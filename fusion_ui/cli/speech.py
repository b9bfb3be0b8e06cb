"""How commands work and speak: the services opened, files read and written, expected trouble told in plain words.

Progress and refusals go to stderr; whatever the caller can mend ends the command with exit code 2.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from fusion_ui.composition import composed
from fusion_ui.engine.values import FusionError
from fusion_ui.services import Services
from fusion_ui.settings import SettingsError, load_settings
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
def opened(db: Path | None, config: Path | None) -> Iterator[Services]:
    """The services on this database; expected trouble is told."""
    with plain_refusals(), composed(load_settings(config=config, db=db)) as services:
        yield services


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Tells trouble with reading this file."""
    try:
        yield
    except OSError as error:
        quit_with(f"{file} cannot be read: {error.strerror}. Check the file's name.")
    except UnicodeDecodeError:
        quit_with(f"{file} is not UTF-8 text. Save it as UTF-8.")


def write_out(file: Path, content: bytes) -> None:
    """Write what `--out` asks for."""
    try:
        file.write_bytes(content)
    except OSError as error:
        quit_with(f"--out {file} cannot be written: {error.strerror}.")


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
