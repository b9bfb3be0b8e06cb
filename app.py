"""Start Fusion UI in the browser: `python app.py`. Also the entry point of a Hugging Face Space."""

import socket
from pathlib import Path
from typing import Annotated

import typer

from fusion_ui import __version__
from fusion_ui.composition import composed
from fusion_ui.engine.values import FusionError
from fusion_ui.settings import Settings, SettingsError, load_settings
from storage.errors import StorageError


def main(
    host: Annotated[str | None, typer.Option(help="Address to serve on [default: 127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on [default: 7860].")] = None,
    db: Annotated[Path | None, typer.Option(help="Database file [default: fusion_ui.db].")] = None,
    config: Annotated[Path | None, typer.Option(help="Configuration file [default: fusion_ui.toml].")] = None,
    public: Annotated[bool | None, typer.Option("--public", help="A demo for strangers: own runs only.")] = None,
    demo_speed: Annotated[float | None, typer.Option(help="0 makes the scripted members instant.")] = None,
) -> None:
    """Serve the app until it is interrupted."""
    try:
        settings = load_settings(host=host, port=port, db=db, config=config, public=public, demo_speed=demo_speed)
        with composed(settings) as services:
            _check_port(settings)
            typer.echo(f"Fusion UI {__version__}: starting on http://{settings.host}:{settings.port}")
            typer.echo(f"Runs and ratings are in {services.database}. Ctrl-C ends the app.")
            if services.people.advice():
                typer.echo(services.people.advice())
            from fusion_ui.ui.server import serve  # seconds of Gradio: not before the settings are known to be sound

            serve(services)
    except (FusionError, SettingsError, StorageError) as error:
        typer.echo(f"Fusion UI cannot start: {error}", err=True)
        raise typer.Exit(2) from None


def _check_port(settings: Settings) -> None:
    """Raises SettingsError where the address cannot be served on, before seconds are spent on starting."""
    try:
        with socket.create_server((settings.host, settings.port)):
            pass
    except OSError as error:
        told = f"{settings.host}:{settings.port} cannot be served on ({error.strerror}). Choose another with --port."
        raise SettingsError(told) from None


if __name__ == "__main__":
    typer.run(main)
