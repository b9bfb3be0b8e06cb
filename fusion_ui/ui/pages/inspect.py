"""The Inspect page: stored runs found by what went wrong in them, one case at a time, and the patterns over all."""

import gradio as gr

from fusion_ui.ui.shell import island, top_bar

SCRIPTS = (
    "dom.js",
    "parts",
    "outbox.js",
    "board/2_prose.js",
    "board/5_best.js",
    "board/6_fusion.js",
    "board/7_vote.js",
    "board/75_path.js",
    "board/76_path_chart.js",
    "rate/05_keys.js",
    "rate/06_offsets.js",
    "rate/15_taxonomy.js",
    "inspect",
)  # building blocks of the board and of the rating screen serve here too


def build() -> None:
    """Lay the page out; its address says what it shows."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Inspect")
        island({}, script=SCRIPTS, elem_id="inspect")
