"""The Analyse page: what people prefer and how sure that is; all by our endpoints."""

import gradio as gr

from fusion_ui.ui.shell import island, top_bar

SCRIPTS = (
    "dom.js",
    "parts",
    "lab/01_words.js",
    "lab/04_plot.js",
    "studies/01_words.js",
    "studies/02_parts.js",
    "analyse",
)  # words and plots of the Lab and of Studies serve here too


def build() -> None:
    """Lay the page out; its address says what it shows."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Analyse")
        island({}, script=SCRIPTS, elem_id="analyse")
