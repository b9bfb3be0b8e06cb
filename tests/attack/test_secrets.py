"""Keys in the environment and in the settings, vendors that repeat them in every way, and then a search for them in all
that is left behind: database, output, exports, and what child processes were called with.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from fusion_ui.cli import app
from tests.providers.fault_server import FaultServer, Play, Wire

ROOT = Path(__file__).resolve().parents[2]
OWN = "mark-own-Zq8/fLx+7=pV"
HOUSE = {
    "OPENAI_API_KEY": "mark-house-openai-4TzR", "ANTHROPIC_API_KEY": "mark-house-anthropic-9LpQ",
    "HF_TOKEN": "mark-house-hub-2XcV", "AWS_SECRET_ACCESS_KEY": "mark-house-cloud-6NbM",
    "DATABASE_PASSWORD": "mark-house-database-8KjH",
}  # fmt: skip
NOTED = """
import sys
def note(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        with open(r"{log}", "a") as log:
            print(event, *map(repr, arguments), file=log)
sys.addaudithook(note)
"""
CONFIG = """
[[members]]
name = "own"
model = "openai/scripted"
api_base = "{base}"
api_key_env = "OWN_KEY"

[[members]]
name = "house"
model = "hosted_vllm/scripted"
api_base = "{base}"
api_key_env = "HF_TOKEN"

[judge]
member = "own"

[fusor]
member = "own"
"""


def repeating(status: int, body: str, **headers: str) -> Play:
    """A vendor that says the key again in its error, as it came and as an address would have it."""

    async def play(wire: Wire) -> None:
        key = wire.seen.headers.get("authorization", "")
        said = body.replace("KEY", key).replace("QUOTED", quote(key.removeprefix("Bearer "), safe=""))
        await wire.respond(status, said, **{name: text.replace("KEY", key) for name, text in headers.items()})

    return play


async def breaking(wire: Wire) -> None:
    """A vendor whose stream ends in an error that holds the key."""
    await wire.begin()
    await wire.say("It is ")
    await wire.event({"error": {"message": f"upstream refused {wire.seen.headers.get('authorization')}", "code": 502}})
    await wire.end()


async def dying(wire: Wire) -> None:
    """A vendor that ends with something that is no JSON, and holds the key."""
    await wire.begin()
    await wire.event(f"Traceback: key={wire.seen.headers.get('authorization')}")
    await wire.reset()


async def saying(wire: Wire) -> None:
    """A vendor, or a proxy before it, whose very answer repeats the key."""
    await wire.begin()
    for piece in ("Your header: ", *wire.seen.headers.get("authorization", "").partition("8")):
        await wire.say(reasoning_content=piece)
        await wire.say(piece)
    await wire.say(finish="stop")
    await wire.end()


PLAYS: dict[str, Play] = {
    "json": repeating(401, json.dumps({"error": {"message": "Incorrect API key provided: KEY"}})),
    "html": repeating(403, "<html><body>denied for KEY<!-- QUOTED --></body></html>", x_debug="KEY"),
    "address": repeating(404, json.dumps({"error": "no such page: /v1?api_key=QUOTED"})),
    "text": repeating(400, "bad request by KEY"),
    "breaking": breaking,
    "dying": dying,
    "saying": saying,
    "You": repeating(401, "judge denied: KEY"),
    "Several": repeating(401, "fusor denied: KEY"),
}  # fmt: skip


class Left(NamedTuple):
    """What a batch leaves behind."""

    folder: Path
    output: str
    called: str


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the command line is given; the processes that it starts are written down."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "sitecustomize.py").write_text(NOTED.replace("{log}", str(folder / "called.txt")))
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": f"{folder}:{ROOT}", "OWN_KEY": OWN,
        "FUSION_UI_DB": str(folder / "s.db"), "FUSION_UI_CONFIG": str(folder / "c.toml"), **HOUSE,
    }  # fmt: skip


@pytest.fixture(scope="module")
def left(environ: dict[str, str]) -> Left:
    folder = Path(environ["HOME"])
    with FaultServer(PLAYS) as server:
        (folder / "c.toml").write_text(CONFIG.format(base=server.base))
        (folder / "prompts.txt").write_text("".join(f"{name} x\n" for name in (*PLAYS, "good")))
        how = ("--preset", "fixed", "--n", "4", "--selector", "judge-pairs", "--fusor", "own", "--json")
        command = [sys.executable, "-m", "fusion_ui", "batch", "prompts.txt", *how]
        ended = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False
        )
        assert len(server.seen) > 2 * len(PLAYS), ended.stderr[-2000:]
        assert any(OWN in one.headers.get("authorization", "") for one in server.seen)
    return Left(folder, ended.stdout + ended.stderr, (folder / "called.txt").read_text())


def secrets_in(text: str) -> list[str]:
    """The secrets that can be found here, as they are or as an address would have them."""
    known = (OWN, *HOUSE.values())
    return [secret for secret in known if secret in text or quote(secret, safe="") in text]


def test_no_secret_is_in_the_database(left: Left) -> None:
    files = list(left.folder.glob("s.db*"))
    written = b"".join(file.read_bytes() for file in files).decode("latin-1")
    assert "Incorrect API key" in written
    assert "Your header: Bearer [key]" in written
    assert secrets_in(written) == []


def test_no_secret_is_in_what_was_printed(left: Left) -> None:
    assert left.output
    assert secrets_in(left.output) == []


def test_no_secret_is_in_the_list_of_processes(left: Left) -> None:
    assert secrets_in(left.called) == []


@pytest.mark.parametrize(
    ("what", "kind"), [("runs", "jsonl"), ("runs", "csv"), ("bundle", "jsonl"), ("datasette", "db")]
)
def test_no_secret_is_exported(left: Left, environ: dict[str, str], what: str, kind: str) -> None:
    file = left.folder / f"out-{what}.{kind}"
    ended = CliRunner().invoke(
        app, ["export", what, "--all", "--format", kind, "--out", str(file)], env=environ, catch_exceptions=False
    )
    assert ended.exit_code == 0, ended.output
    written = b"".join(each.read_bytes() for each in left.folder.glob(f"{file.stem}*"))
    assert len(written) > 1000
    assert secrets_in(written.decode("latin-1") + ended.output) == []


@pytest.mark.usefixtures("left")
def test_no_secret_is_told_by_doctor(environ: dict[str, str]) -> None:
    ended = CliRunner().invoke(app, ["doctor"], env=environ, catch_exceptions=False)
    assert "OWN_KEY" in ended.output or "s.db" in ended.output
    assert secrets_in(ended.output) == []
