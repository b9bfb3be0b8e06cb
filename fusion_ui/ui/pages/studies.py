"""The Studies page: making studies and following them while people judge; all by our endpoints."""

import gradio as gr

from fusion_ui.ui.shell import island, top_bar

SCRIPTS = ("dom.js", "parts", "board/2_prose.js", "lab/01_words.js", "studies")


def build() -> None:
    """Lay the page out; its address says what it shows."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Studies")
        island({}, script=SCRIPTS, elem_id="studies")
