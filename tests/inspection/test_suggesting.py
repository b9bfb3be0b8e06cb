"""What a model suggests: asked once a press, stored with its cost, told when it fails, and taken over by people."""

import asyncio
import json

import pytest

from fusion_ui.engine.prompts import wording
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Failure, Member
from fusion_ui.inspection.flaws import Flaws, Panel
from fusion_ui.inspection.marking import FlawError, Mark, NoFlawError
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.replay import NoRunError, StoredRun
from storage.connection import Store
from tests.inspection.casework import Ear, ran
from tests.inspection.flawwork import TAXONOMY

pytestmark = pytest.mark.anyio
FOUND = {"quote": "Answer: 40", "class": "answer/wrong", "severity": "major", "note": "It is 41."}
REPLY = json.dumps({"flaws": [FOUND]})
JUDGES = (Member(name="judge", model="m/judge"), Member(name="second", model="m/second"))


class Model(ScriptedSampler):
    """Says what it is told to, and remembers what it was asked."""

    def __init__(self, *scripts: Script) -> None:
        super().__init__(self._say, speed=0.0)
        self._scripts = scripts
        self.heard: list[Request] = []
        self.asked = asyncio.Event()

    def _say(self, request: Request) -> Script:
        self.heard.append(request)
        self.asked.set()
        return self._scripts[min(len(self.heard), len(self._scripts)) - 1]


@pytest.fixture
async def run(store: Store) -> StoredRun:
    return await ran(store, Ear())


def with_model(store: Store, *scripts: Script) -> tuple[Flaws, Model]:
    model = Model(*scripts)
    return Flaws(store, taxonomy=TAXONOMY, sampler=model, judges=JUDGES), model


async def asked(store: Store, run: StoredRun, *scripts: Script, presses: int = 1) -> Panel:
    """The panel after so many presses, each with a key of its own."""
    flaws, _ = with_model(store, *scripts)
    for press in range(presses):
        await flaws.suggest(run.rows.run.id, run.rows.candidates[0].id, key=f"press-{press:03d}")
    return flaws.panel(run.rows.run.id)


async def test_a_suggestion_is_stored_with_its_place_and_what_it_cost(store: Store, run: StoredRun) -> None:
    (asking,) = (await asked(store, run, Script(text=REPLY, cost_usd=0.02))).asked
    text = run.rows.candidates[0].text
    row = asking.suggestions[0].row
    assert text[row.span_start : row.span_end] == "Answer: 40"
    assert (row.category, row.severity, row.note) == ("answer/wrong", "major", "It is 41.")
    assert (asking.row.member, asking.row.model, asking.row.cost_usd) == ("judge", "m/judge", 0.02)
    assert (asking.row.prompt_version, asking.row.text) == (wording("flaws").version, REPLY)


async def test_the_model_is_shown_the_prompt_its_reference_and_the_stored_text(store: Store, run: StoredRun) -> None:
    flaws, model = with_model(store, Script(text=REPLY))
    await flaws.suggest(run.rows.run.id, run.rows.candidates[0].id, key="press-001")
    content = model.heard[0].messages[0].content
    assert all(words in content for words in (run.prompt.text, "40 km/h", run.rows.candidates[0].text))


async def test_a_fused_answer_may_be_asked_about(store: Store, run: StoredRun) -> None:
    flaws, _ = with_model(store, Script(text='{"flaws": []}'))
    assert run.rows.fusion is not None
    await flaws.suggest(run.rows.run.id, run.rows.fusion.id, key="press-001")
    assert flaws.panel(run.rows.run.id).asked[0].is_latest


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Script(text="All is well."), "malformed"),
        (Script(failure=Failure(stage="sampling", kind="rate", message="Wait.", is_retryable=True)), "rate"),
    ],
)
async def test_a_reply_that_is_no_list_is_a_failure_and_not_no_flaws(
    store: Store, run: StoredRun, script: Script, kind: str
) -> None:
    (asking,) = (await asked(store, run, script)).asked
    assert isinstance(asking.row.failure, dict)
    assert (asking.row.failure["kind"], asking.suggestions, asking.is_latest) == (kind, (), False)


async def test_the_latest_answer_of_a_model_is_what_it_sees_now(store: Store, run: StoredRun) -> None:
    scripts = (Script(text=REPLY), Script(text='{"flaws": []}'), Script(text="oops"))
    panel = await asked(store, run, *scripts, presses=3)
    assert [asking.is_latest for asking in panel.asked] == [False, True, False]


async def test_the_same_press_asks_once_while_the_model_thinks_and_after(store: Store, run: StoredRun) -> None:
    flaws, model = with_model(store, Script(text=REPLY, first_token_ms=1.0))
    place = (run.rows.run.id, run.rows.candidates[0].id)
    first, second = await asyncio.gather(*(flaws.suggest(*place, key="press-001") for _ in range(2)))
    assert first == second == await flaws.suggest(*place, key="press-001")
    assert len(model.heard) == 1


async def test_who_leaves_does_not_throw_away_what_was_asked(store: Store, run: StoredRun) -> None:
    flaws, model = with_model(store, Script(text=REPLY, first_token_ms=1.0))
    place = (run.rows.run.id, run.rows.candidates[0].id)
    leaving = asyncio.ensure_future(flaws.suggest(*place, key="press-001"))
    await model.asked.wait()
    leaving.cancel()
    await flaws.suggest(*place, key="press-001")
    assert len(model.heard) == len(flaws.panel(run.rows.run.id).asked) == 1


async def test_a_key_of_another_question_is_refused(store: Store, run: StoredRun) -> None:
    flaws, _ = with_model(store, Script(text=REPLY))
    first, second = run.rows.candidates[:2]
    await flaws.suggest(run.rows.run.id, first.id, key="press-001")
    with pytest.raises(FlawError, match="belongs to another question"):
        await flaws.suggest(run.rows.run.id, second.id, key="press-001")


async def test_the_model_to_ask_may_be_named(store: Store, run: StoredRun) -> None:
    flaws, model = with_model(store, Script(text=REPLY))
    await flaws.suggest(run.rows.run.id, run.rows.candidates[0].id, member="second", key="press-001")
    assert model.heard[0].member.name == "second"


async def test_what_cannot_be_asked_is_said(store: Store, run: StoredRun) -> None:
    flaws, _ = with_model(store, Script(text=REPLY))
    output = run.rows.candidates[0].id
    with pytest.raises(FlawError, match=r"No model 'stranger' can be asked .* judge, second"):
        await flaws.suggest(run.rows.run.id, output, member="stranger", key="press-001")
    with pytest.raises(NoFlawError, match="no such output"):
        await flaws.suggest(run.rows.run.id, "nothing", key="press-002")
    with pytest.raises(NoRunError):
        await flaws.suggest("nowhere", output, key="press-003")
    with pytest.raises(FlawError, match="add a model"):
        await Flaws(store, taxonomy=TAXONOMY).suggest(run.rows.run.id, output, key="press-004")


async def test_a_person_takes_a_suggestion_over(store: Store, run: StoredRun) -> None:
    panel = await asked(store, run, Script(text=REPLY))
    suggested = panel.asked[0].suggestions[0].row
    flaws = Flaws(store, taxonomy=TAXONOMY)
    mark = Mark(
        output_id=run.rows.candidates[0].id,
        category=suggested.category,
        severity="minor",
        start=suggested.span_start,
        end=suggested.span_end,
        suggestion_id=suggested.id,
    )
    kept = flaws.mark(run.rows.run.id, "Ada", mark, key="press-101")
    panel = flaws.panel(run.rows.run.id)
    assert (panel.flaws[0].id, panel.flaws[0].suggestion_id) == (kept.id, suggested.id)
    assert panel.asked[0].suggestions[0].taken_by == ("Ada",)


async def test_suggestions_are_no_flaws_of_people(store: Store, run: StoredRun) -> None:
    assert (await asked(store, run, Script(text=REPLY))).flaws == ()
