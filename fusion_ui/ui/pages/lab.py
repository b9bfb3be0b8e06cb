"""The Lab page: recorded answers, the replay of stopping rules, and ensemble weights; all by our endpoints."""

import gradio as gr

from fusion_ui.ui.shell import island, top_bar

SCRIPTS = ("dom.js", "parts", "sending.js", "lab")


def build() -> None:
    """Lay the page out; its address says what it shows."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Lab")
        island({}, script=SCRIPTS, elem_id="lab")
