"""No recipe that came in with a bundle makes the app call an address, or send a key, that its owner did not set up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fusion_ui.composition import composed
from fusion_ui.demo.pack import load_pack
from fusion_ui.engine.values import Member, Recipe
from fusion_ui.recipes import ChoiceError, Choices
from fusion_ui.recording import begin_run
from fusion_ui.services import Services
from fusion_ui.settings import load_settings
from storage.connection import open_store
from tests.engine.pools import fixed
from tests.providers.fault_server import FaultServer

pytestmark = pytest.mark.anyio
EXAMPLE = load_pack().examples[0]


@pytest.fixture
def theirs() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.setenv("OPENAI_API_KEY", "mark-house-key-of-the-owner")
    with composed(load_settings(db=tmp_path / "f.db", demo_speed=0)) as services:
        yield services


def brought(services: Services, recipe: Recipe) -> str:
    """The id of a run with this recipe, stored as one that came in with a bundle."""
    with open_store(services.database) as store:
        return begin_run(store, EXAMPLE.prompt, recipe, origin="sampled", app_version="theirs")


def stranger(server: FaultServer, **changes: object) -> Member:
    fields = {"name": "gpt", "model": "openai/x", "api_base": server.base, "api_key_env": "OPENAI_API_KEY"}
    return Member(**fields | changes)  # type: ignore[arg-type]


async def again(services: Services, run_id: str, *, how: str) -> None:
    """Begin anew from this run, in one of the ways there are."""
    if how == "retry":
        await services.retry(run_id)
    elif how == "rerun":
        await services.rerun(run_id, Choices())
    else:
        services.batch([EXAMPLE.prompt], services.stored_run(run_id).recipe)


@pytest.mark.parametrize("role", ["members", "judge", "fusor"])
@pytest.mark.parametrize("how", ["retry", "rerun", "batch"])
async def test_a_recipe_that_came_in_calls_no_address_of_its_own(
    services: Services, theirs: FaultServer, role: str, how: str
) -> None:
    member, scripted = stranger(theirs), services.pack.members[:1]
    roles = {
        "members": {"members": (member,)},
        "judge": {"judge": member, "selector": "judge-pairs", "members": scripted},
        "fusor": {"fusor": member, "fusor_kind": "model", "members": scripted},
    }
    run_id = brought(services, fixed(1, **roles[role]))
    with pytest.raises(ChoiceError, match="not set up here"):
        await again(services, run_id, how=how)
    await services.close()
    assert theirs.seen == []


@pytest.mark.parametrize("changes", [{"api_base": None}, {"api_key_env": None}], ids=["its key", "its address"])
async def test_neither_a_key_nor_an_address_alone_comes_with_a_recipe(
    services: Services, theirs: FaultServer, changes: dict[str, None]
) -> None:
    run_id = brought(services, fixed(1, members=(stranger(theirs, **changes),)))
    with pytest.raises(ChoiceError, match="not set up here"):
        await services.retry(run_id)
    await services.close()


async def test_what_is_set_up_here_may_be_asked_again(tmp_path: Path, theirs: FaultServer) -> None:
    ours = {"name": "mine", "model": "openai/x", "api_base": theirs.base}
    with composed(load_settings(db=tmp_path / "f.db", members=[ours])) as services:
        member = replace(services.members[0], weight=2.0)
        retried = await services.retry(brought(services, fixed(1, members=(member,))))
        await services.desk.finished(retried)
        await services.close()
    assert len(theirs.seen) >= 1
