"""Whether the program itself is whole: Python, packages as locked, its own files, keys of members, the port."""

import re
import socket
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

import fusion_ui
from fusion_ui.settings import Settings
from storage.checking import Finding

_PYTHONS = ((3, 11), (3, 14))
_MOST_TOLD = 5
_INSTALL = "Run `pip install -r requirements.txt` in this environment."
_FILE_NAME = re.compile(r'"((?:[\w-]+/)*[\w-]+\.(?:js|css))"')
_MADE_UP = frozenset({"theme.css"})  # served by Gradio, no file of ours


def check_installation() -> tuple[Finding, ...]:
    """Python, the packages that the lock names, and the files that pages are made of."""
    root = Path(fusion_ui.__file__).parent
    return (_python(sys.version_info[:2]), check_packages(locked(root.parent)), check_static(root / "ui"))


def locked(folder: Path) -> tuple[Requirement, ...]:
    """What the lock beside the program asks for here; without one, what the installed package asks for."""
    lock = folder / "requirements.txt"
    try:
        lines = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else requires("fusion-ui") or []
    except PackageNotFoundError:
        return ()
    return tuple(wanted for line in lines if (wanted := _requirement(line)) and _applies(wanted))


def check_packages(wanted: tuple[Requirement, ...]) -> Finding:
    """Whether each package is there at a version that was asked for."""
    if not wanted:
        return Finding("packages", "unknown", "No lock tells which packages should be here.", _INSTALL)
    wrong = [words for each in wanted if (words := _wrong(each))]
    if not wrong:
        return Finding("packages", "fine", f"All {len(wanted)} packages are there at versions that the lock allows.")
    more = f" and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
    return Finding("packages", "todo", f"{'; '.join(wrong[:_MOST_TOLD])}{more}.", _INSTALL)


def check_static(folder: Path) -> Finding:
    """Whether every script and sheet that a page asks for by name is there, and none is empty."""
    files = [each for each in (folder / "static").rglob("*") if each.suffix in {".js", ".css"}]
    named = {name for module in folder.rglob("*.py") for name in _FILE_NAME.findall(module.read_text("utf-8"))}
    missing = sorted(
        name for name in named - _MADE_UP if not any(each.as_posix().endswith(f"/{name}") for each in files)
    )
    empty = sorted(each.name for each in files if each.stat().st_size == 0)
    if missing or empty or not files:
        words = (
            f"Files of the pages are missing or empty: {', '.join([*missing, *empty][:_MOST_TOLD]) or 'all of them'}."
        )
        return Finding("pages' files", "todo", words, "Get the program anew: part of it was not copied.")
    return Finding("pages' files", "fine", f"All {len(files)} scripts and sheets of the pages are there.")


def check_keys(settings: Settings, environ: Mapping[str, str]) -> Finding:
    """Whether the keys that configured members need are set; of a key only whether it is there."""
    missing = [
        f"{member.name} needs {member.api_key_env}"
        for member in settings.members
        if member.api_key_env and not environ.get(member.api_key_env)
    ]
    if missing:
        return Finding(
            "keys", "todo", f"Keys are not set: {', '.join(missing)}.", "Set these variables before the start."
        )
    told = f"The keys of {len(settings.members)} members are set." if settings.members else "No member needs a key."
    return Finding("keys", "fine", told)


def check_port(host: str, port: int, *, is_app_running: bool) -> Finding:
    """Whether the app could be served there; `is_app_running` says that the database is open, which explains a no."""
    place = f"{host}:{port}"
    try:
        with socket.create_server((host, port)):
            return Finding("port", "fine", f"{place} is free.")
    except OSError as error:
        if is_app_running:
            return Finding("port", "fine", f"{place} is taken, as it is while the app runs.")
        words = f"{place} cannot be served on ({error.strerror or error})."
        return Finding("port", "todo", words, "End the program that has it, or choose another with --port.")


def _python(running: tuple[int, ...]) -> Finding:
    least, beyond = _PYTHONS
    text = ".".join(map(str, running))
    if least <= running < beyond:
        return Finding("python", "fine", f"Python {text}.")
    return Finding(
        "python", "todo", f"Python {text} is not one of 3.11 to 3.13.", "Make an environment with one of these."
    )


def _requirement(line: str) -> Requirement | None:
    """The package of one line of a lock; hashes and comments are on lines of their own."""
    text = line.strip().removesuffix("\\").strip()
    if not text or text.startswith(("#", "-")):
        return None
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def _applies(wanted: Requirement) -> bool:
    return wanted.marker is None or wanted.marker.evaluate()


def _wrong(wanted: Requirement) -> str | None:
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    return (
        None
        if wanted.specifier.contains(found, prereleases=True)
        else f"{wanted.name} is {found}, not {wanted.specifier}"
    )
