"""`python -m fusion_ui user …`: who may come in. Passwords are asked for, read from stdin or made; never arguments."""

import sys
from typing import Annotated

import typer

from fusion_ui.cli.speech import ConfigOption, DbOption, opened, quit_with, tell
from fusion_ui.passwords import generated_password
from storage.people import UserRole

app = typer.Typer(no_args_is_help=True, help="Who may come in, where \\[auth] is enabled.")

Name = Annotated[str, typer.Argument(metavar="NAME")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it, once.")]


@app.command()
def add(
    name: Name,
    role: Annotated[UserRole, typer.Option(help="An owner may do everything, a rater only rate.")],
    password_stdin: FromStdin = False,
    generate: Generate = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Let somebody in. A name that has rated before keeps its ratings."""
    with opened(db, config) as services:
        password = _password(is_from_stdin=password_stdin, is_made=generate)
        services.people.add(name, role=role, password=password)
        _give(password if generate else None, f"{name} may come in as {role}.")


@app.command()
def passwd(
    name: Name,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    db: DbOption = None,
    config: ConfigOption = None,
) -> None:
    """Set a new password, and end every session of theirs."""
    with opened(db, config) as services:
        password = _password(is_from_stdin=password_stdin, is_made=generate)
        services.people.set_password(name, password)
        _give(password if generate else None, f"{name} has a new password and is logged out everywhere.")


@app.command()
def disable(name: Name, db: DbOption = None, config: ConfigOption = None) -> None:
    """Keep somebody out from now on; what they rated stays."""
    with opened(db, config) as services:
        services.people.set_disabled(name, is_disabled=True)
        tell(f"{name} is out.")
        if advice := services.people.advice():
            tell(advice)


@app.command()
def enable(name: Name, db: DbOption = None, config: ConfigOption = None) -> None:
    """Let somebody in again."""
    with opened(db, config) as services:
        services.people.set_disabled(name, is_disabled=False)
        tell(f"{name} may come in again.")


@app.command(name="list")
def list_users(db: DbOption = None, config: ConfigOption = None) -> None:
    """Everybody who may come in, or might again."""
    with opened(db, config) as services:
        for account in services.people.accounts():
            user, state = account.user, "disabled" if account.is_disabled else "enabled"
            typer.echo(f"{user.role:5}  {state:8}  {user.created_at}  {user.name}")


def _password(*, is_from_stdin: bool, is_made: bool) -> str:
    if is_from_stdin and is_made:
        quit_with("Give one of --password-stdin and --generate, not both.")
    if is_made:
        return generated_password()
    if is_from_stdin:
        return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        quit_with(
            "There is nobody to ask for a password: pipe it in with --password-stdin, or let --generate make one."
        )
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="Password again", err=True))


def _give(password: str | None, words: str) -> None:
    """Says what was done; a password that was made is the result of the command."""
    tell(words)
    if password is not None:
        typer.echo(password)
