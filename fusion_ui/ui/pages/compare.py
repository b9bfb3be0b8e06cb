"""The Compare page: the composer above, the board below."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr
from fastapi import Request

from fusion_ui.engine.values import FusionError
from fusion_ui.exchange.candidates import pasted_pool
from fusion_ui.exchange.prompt_lines import MOST_PROMPT_CHARACTERS
from fusion_ui.people import Person
from fusion_ui.recipes import parse_weights
from fusion_ui.replay import NoRunError, StoredRun
from fusion_ui.services import Services
from fusion_ui.ui.forms import (
    STOP_HELP,
    STOP_LABELS,
    Entered,
    Offered,
    choices_of,
    entered_of,
    example_chips,
    fusor_options,
    member_options,
    offered,
    selector_options,
)
from fusion_ui.ui.requests import person_of, who_of
from fusion_ui.ui.shell import QUIET, island, top_bar
from fusion_ui.visitors import told
from storage.errors import StorageError

SCRIPTS = ("dom.js", "board")
NO_RUN = "There is no run at this address. It may be in another database."
MORE = "More: weights, candidates, reference, seed, budget"


def build(page: gr.Blocks, services: Services) -> None:
    """Lay the page out and connect it."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Compare", is_alone=services.settings.public)
        notice = island({}, script=("dom.js", "notice.js"), elem_id="notice")
        with gr.Column(elem_classes="fx-composer"):
            fields = _fields(services)
        board = island({}, script=SCRIPTS, elem_id="board")

    async def start(request: gr.Request, *values: Any) -> dict[gr.Component, Any]:
        try:
            return {board: {"run": await _begun(services, entered_of(values), _http(request))}, notice: {}}
        except (FusionError, StorageError) as error:
            return {notice: {"text": told(person_of(_http(request)), error)}}

    async def reopen(request: gr.Request) -> dict[gr.Component, Any]:
        run_id = request.query_params.get("run", "")
        run = await asyncio.to_thread(_own_run, services, run_id, person_of(_http(request))) if run_id else None
        weighed = await asyncio.to_thread(_offered, services, request.query_params)
        words = [NO_RUN] * bool(run_id and run is None) + [weighed.notice]
        shown: dict[gr.Component, Any] = {notice: {"text": "\n".join(filter(None, words))}}
        if run is not None:
            shown |= {board: {"run": run_id}, fields["prompt"]: run.rows.prompt.text}
        if weighed.weights:
            shown |= {fields["weights"]: weighed.weights, fields["members"]: weighed.members}
            shown |= {fields["more"]: gr.Accordion(open=True)}
        return shown

    inputs = [fields[name] for name in Entered.model_fields]
    fields["compare"].click(start, inputs, [board, notice], trigger_mode="once", **QUIET)
    filled = [fields[name] for name in ("prompt", "weights", "members", "more")]
    page.load(reopen, None, [board, *filled, notice], **QUIET)


def _http(request: gr.Request) -> Request:
    if request.request is None:
        raise RuntimeError("Gradio called a page's function without a request.")
    return request.request


async def _begun(services: Services, entered: Entered, request: Request) -> str:
    person, who = person_of(request), who_of(request)
    services.visitors.check_cookie(person)
    choices = choices_of(entered)
    prompt = services.prompt(entered.prompt, entered.reference.strip() or None)
    if entered.pasted.strip():
        pool = pasted_pool(prompt, entered.pasted)
        run_id = await services.compare_recorded(pool, replace(choices, n=None, preset=None), who=who)
    else:
        run_id = await services.compare(prompt, services.recipe(choices), who=who)
    await asyncio.to_thread(services.visitors.claim, run_id, person)
    return run_id


def _own_run(services: Services, run_id: str, person: Person) -> StoredRun | None:
    try:
        services.visitors.check_own(run_id, person)
    except NoRunError:
        return None
    return services.run(run_id)


def _offered(services: Services, asked: Mapping[str, str]) -> Offered:
    """The weights that the address asks for: those of a report of the lab, or those written in it."""
    report_id = None if services.settings.public else asked.get("weights")
    try:
        weights = services.lab.weights_of(report_id) if report_id else parse_weights(asked.get("w", ""))
        return offered(weights or {}, services)
    except (FusionError, StorageError) as error:
        return Offered(weights="", members=[], notice=str(error))


def _fields(services: Services) -> dict[str, Any]:
    run = services.settings.run
    first = services.pack.examples[0].prompt.text
    fields: dict[str, Any] = {}
    with gr.Row(elem_classes="fx-ask"):
        fields["prompt"] = gr.Textbox(
            first, label="Prompt", lines=3, max_lines=12, elem_id="prompt", max_length=MOST_PROMPT_CHARACTERS
        )
        with gr.Column(elem_classes="fx-go", scale=0, min_width=140):
            fields["compare"] = gr.Button("Compare", variant="primary", elem_id="compare")
            gr.Button("Stop", elem_id="stop")
    island({"examples": example_chips(services)}, script=("dom.js", "composer.js"), elem_id="examples")
    with gr.Row(elem_classes="fx-controls"):
        fields["members"] = gr.CheckboxGroup(
            member_options(services), value=list(services.default_members), label="Members", elem_classes="fx-checks"
        )
        fields["preset"] = gr.Radio(
            [(label, name) for name, label in STOP_LABELS.items()],
            value=run.preset,
            label="Stop sampling",
            elem_classes="fx-seg",
        )
    with gr.Row(elem_classes="fx-controls"):
        fields["n"] = gr.Number(
            run.n, label="N, at most", minimum=1, maximum=100, precision=0, min_width=90, elem_classes="fx-n"
        )
        fields["selector"] = gr.Dropdown(
            selector_options(services),
            value="judge-pairs" if services.settings.judge and not run.selector else run.selector or "vote",
            label="Best-of-N pick by",
            min_width=210,
        )
        fields["fusor"] = gr.Dropdown(
            fusor_options(services),
            value=services.settings.fusor.member if services.settings.fusor else "extractive",
            label="Fused by",
            min_width=210,
        )
    with gr.Accordion(MORE, open=False, elem_classes="fx-more") as fields["more"]:
        gr.Markdown(STOP_HELP)
        fields["weights"] = gr.Textbox(
            "",
            label="Weights of the members, such as: gpt 0.7, llama 0.3; empty for the configured ones",
            max_lines=2,
        )
        with gr.Row():
            fields["reference"] = gr.Textbox("", label="Reference answer, if known", max_lines=2)
            # Text, not `gr.Number`: that turns an empty field into 0 when the accordion opens.
            fields["seed"] = gr.Textbox("", label="Seed, empty for a new one", max_lines=2, scale=0, min_width=190)
            fields["budget_usd"] = gr.Textbox(
                f"{run.budget_usd:g}" if run.budget_usd else "",
                label="Budget in US$, empty for none",
                max_lines=2,
                scale=0,
                min_width=200,
            )
        fields["pasted"] = gr.Textbox(
            "",
            label="Recorded candidates to compare instead of sampling: texts set apart by lines of three dashes, "
            "or one JSONL line",
            lines=4,
            max_lines=16,
        )
    return fields
