"""An address typed by a person never receives anything secret of the environment, and nobody else is ever called."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fusion_ui.providers.calls import NO_KEY, OWN_ADDRESS_ROUTES
from fusion_ui.providers.litellm import LiteLLMSampler
from tests.providers.conftest import OWN_KEY, Ask, replies_to
from tests.providers.fault_server import FaultServer, Seen

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
# What LiteLLM 1.106 and the OpenAI client look up, besides one NAME_API_KEY for each route.
VARIABLES = sorted(
    {f"{route.upper()}_API_KEY" for route in OWN_ADDRESS_ROUTES}
    | {
        "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_TOKEN", "OPENAI_ORGANIZATION", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID",
        "OPENAI_ADMIN_KEY", "OPENAI_WEBHOOK_SECRET", "OPENAI_LIKE_API_KEY", "OR_API_KEY", "GOOGLE_API_KEY",
        "VERTEX_API_KEY", "TOGETHER_API_KEY", "TOGETHERAI_API_KEY", "TOGETHER_AI_TOKEN", "FIREWORKSAI_API_KEY",
        "FIREWORKS_API_KEY", "FIREWORKS_AI_TOKEN", "PERPLEXITYAI_API_KEY", "DEEPINFRA_TOKEN", "NVIDIA_API_KEY",
        "HF_TOKEN", "HUGGINGFACE_API_KEY", "AZURE_API_KEY", "AZURE_AD_TOKEN", "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "WATSONX_TOKEN", "DATABRICKS_TOKEN", "LITELLM_API_KEY",
        "LITELLM_PROXY_API_KEY", "SAMBANOVA_TOKEN", "DASHSCOPE_TOKEN", "XAI_TOKEN",
    }
)  # fmt: skip


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment full of keys."""
    values = {name: f"fake-{name.lower()}-value" for name in VARIABLES}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


def received(seen: list[Seen]) -> str:
    """All the server was told, logins decoded."""
    logins = [text.split()[1] for one in seen for text in one.headers.values() if text.lower().startswith("basic ")]
    return repr(seen) + "".join(base64.b64decode(login).decode("latin-1") for login in logins)


@pytest.mark.parametrize("is_streamed", [True, False])
@pytest.mark.parametrize("route", sorted(OWN_ADDRESS_ROUTES))
async def test_a_typed_address_gets_no_key_of_the_environment(
    make_sampler: Callable[..., LiteLLMSampler],
    server: FaultServer,
    ask: Ask,
    fakes: dict[str, str],
    *,
    route: str,
    is_streamed: bool,
) -> None:
    await replies_to(make_sampler(os.environ), ask("x y", route=route, is_streamed=is_streamed))
    told = received(server.seen)
    assert server.seen
    assert [name for name, value in fakes.items() if value in told] == []


@pytest.mark.parametrize(
    ("route", "header"),
    [
        ("openai", "authorization"),
        ("hosted_vllm", "authorization"),
        ("anthropic", "x-api-key"),
        ("gemini", "x-goog-api-key"),
    ],
)
@pytest.mark.parametrize(("variable", "key"), [(None, NO_KEY), ("OWN_KEY", OWN_KEY)])
@pytest.mark.usefixtures("fakes")
async def test_a_typed_address_gets_its_own_key_or_none(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, *, route: str, header: str, variable: str | None, key: str
) -> None:
    await replies_to(sampler, ask("x y", route=route, api_key_env=variable))
    assert server.seen[0].headers[header].removeprefix("Bearer ") == key


@pytest.mark.parametrize("route", ["openai", "anthropic", "ollama_chat"])
async def test_no_login_of_a_netrc_file_is_sent(
    sampler: LiteLLMSampler, server: FaultServer, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, route: str
) -> None:
    (tmp_path / ".netrc").write_text("default login someone password netrc-password\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    await replies_to(sampler, ask("x y", route=route))
    assert server.seen
    assert "netrc-password" not in received(server.seen)


ALONE = """
import asyncio, os, sys

reached = []

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        reached.append(arguments[1][0])
    if event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "localhost", None):
        reached.append(arguments[0])

sys.addaudithook(watch)
from fusion_ui.engine.sampling import Message, Request, reply_of
from fusion_ui.engine.values import Completion, Member
from fusion_ui.providers.litellm import LiteLLMSampler

async def main():
    sampler = LiteLLMSampler(environ=os.environ)
    await sampler.warm_up()
    schema = {"name": "s", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    extra = {"response_format": {"type": "json_schema", "json_schema": schema}}
    for model in ("openai/x", "hosted_vllm/meta-llama/llama-3-8b", "anthropic/claude-sonnet-4-5", "ollama/llama-2"):
        member = Member(name="m", model=model, api_base=sys.argv[1], extra=extra)
        await reply_of(sampler, Request(member=member, messages=(Message(role="user", content="x y"),)))
    sampler.close()

asyncio.run(main())
assert "litellm" in sys.modules
assert set(reached) <= {"127.0.0.1"}, set(reached)
assert "FROM_DOTENV" not in os.environ
assert reached, "nothing was called, so nothing was tested"
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A working folder with a .env file that nobody may read."""
    (tmp_path / ".env").write_text("FROM_DOTENV=1\n")
    return tmp_path


def run_alone(script: str, *arguments: str, folder: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error::SyntaxWarning", "-c", script, *arguments]
    ended = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout == ""


def test_import_warm_up_and_calls_reach_loopback_only(server: FaultServer, elsewhere: Path) -> None:
    run_alone(ALONE, server.base, folder=elsewhere)


def test_importing_our_modules_imports_no_litellm(tmp_path: Path) -> None:
    modules = (
        "fusion_ui.engine.pipeline", "fusion_ui.providers.faults", "fusion_ui.providers.redaction",
        "fusion_ui.providers.calls", "fusion_ui.providers.reception", "fusion_ui.providers.worker",
        "fusion_ui.providers.litellm", "fusion_ui.composition",
    )  # fmt: skip
    code = f"import sys, {', '.join(modules)}"
    run_alone(f"{code}\nassert not {{'litellm', 'openai', 'aiohttp'}} & sys.modules.keys()", folder=tmp_path)


def test_only_one_module_of_ours_names_litellm_in_an_import() -> None:
    lines = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "fusion_ui").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("import litellm", "from litellm"))
    }
    assert lines == {"fusion_ui/providers/litellm.py"}
