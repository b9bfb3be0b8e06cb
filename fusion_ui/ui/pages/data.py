"""The Data page: what others recorded comes in, what is stored goes out; all by our endpoints."""

import gradio as gr

from fusion_ui.ui.shell import island, top_bar

SCRIPTS = ("dom.js", "parts", "lab/01_words.js", "sending.js", "data")


def build() -> None:
    """Lay the page out."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Data")
        island({}, script=SCRIPTS, elem_id="data")
