"""A demo whose every member fails, at an inner address and with words of its own: all that a visitor can read of it,
searched for what is set up behind it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fusion_ui.composition import composed
from fusion_ui.replay import load_run
from fusion_ui.settings import load_settings
from fusion_ui.ui.visiting import VISITOR_COOKIE
from storage.connection import open_store
from tests.providers.fault_server import FaultServer, Wire
from tests.ui.test_access import blocks_of

INNER = "vllm-7.intern.example:8000"
VARIABLE = "ZEBRA_HOUSE_VARIABLE"
COOKIE = {"cookie": f"{VISITOR_COOKIE}={'v' * 43}"}


async def refusing(wire: Wire) -> None:
    """A vendor that names the machine behind it."""
    await wire.respond(401, json.dumps({"error": {"message": f"Incorrect API key: upstream http://{INNER} said no"}}))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path, list[str]]]:
    """The demo, its database, and the words that no visitor may read."""
    from fusion_ui.ui.server import build_app  # seconds of Gradio

    folder = tmp_path_factory.mktemp("zebra-folder")
    with FaultServer({"Why": refusing}) as server, pytest.MonkeyPatch.context() as environ:
        environ.setenv(VARIABLE, "mark-of-a-key")
        member = {"name": "gpt", "model": "openai/x", "api_base": server.base, "api_key_env": VARIABLE}
        roles = {"members": [member], "judge": {"member": "gpt"}, "fusor": {"member": "gpt"}}
        with composed(load_settings(db=folder / "z.db", demo_speed=0, public=True, **roles)) as services:
            app = build_app(services)
            with TestClient(app, base_url="http://127.0.0.1") as client:
                yield client, folder / "z.db", [INNER, VARIABLE, server.base, folder.name, "fusion_ui.toml", "Setup"]


def begun(client: TestClient, **changes: object) -> dict[str, object]:
    """What a press of Compare brings, sent as the page sends it."""
    blocks = blocks_of(client.app, "")  # type: ignore[arg-type]
    number, function = next((n, each) for n, each in blocks.fns.items() if each.fn is not None and len(each.inputs) > 5)
    values = [
        next(
            (change for name, change in changes.items() if str(each.label).startswith(name)),
            getattr(each, "value", None),
        )
        for each in function.inputs
    ]
    body = {"data": values, "fn_index": number, "session_hash": "abc", "event_data": None, "trigger_id": None}
    assert client.post("/gradio_api/queue/join", json=body, headers=COOKIE).status_code == 200
    reply = client.get("/gradio_api/queue/data", params={"session_hash": "abc"}, headers=COOKIE)
    messages = [json.loads(line[6:]) for line in reply.text.splitlines() if line.startswith("data: ")]
    done = next(each for each in messages if each["msg"] == "process_completed")
    assert done["success"], done
    return {
        key: value for each in done["output"]["data"] for key, value in (each or {}).get("value", each or {}).items()
    }


def test_a_run_of_failures_tells_a_visitor_nothing_of_what_is_behind(
    demo: tuple[TestClient, Path, list[str]],
) -> None:
    client, db, hidden = demo
    run_id = str(begun(client, Prompt="Why is it so?")["run"])
    told = client.get(f"/api/runs/{run_id}/events", headers=COOKIE).text
    assert "tell whoever runs this demo" in told
    assert [word for word in hidden if word in told] == []
    with open_store(db) as store:
        run = load_run(store, run_id)
    assert run is not None
    kept = str(run.view)
    assert INNER in kept
    assert VARIABLE in kept


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/info", "/api/session", "/api/runs/nope/events", "/setup"]
)
def test_nothing_that_a_visitor_opens_names_files_addresses_or_variables(
    demo: tuple[TestClient, Path, list[str]], path: str
) -> None:
    client, _, hidden = demo
    told = client.get(path, params={"w": "ghost 1"}, headers=COOKIE).text
    assert [word for word in hidden if word in told] == []


@pytest.mark.parametrize("changes", [{"Prompt": "What?", "Members": ["Plain"]}, {"Prompt": ""}, {"Weights": "ghost 1"}])
def test_no_refusal_of_a_comparison_speaks_of_the_set_up(
    demo: tuple[TestClient, Path, list[str]], changes: dict[str, object]
) -> None:
    client, _, hidden = demo
    told = json.dumps(begun(client, **changes))
    assert "text" in told
    assert [word for word in hidden if word in told] == []
