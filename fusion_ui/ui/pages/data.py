"""The Data page: what others recorded comes in, what is stored goes out; all by our endpoints."""

import gradio as gr

from fusion_ui.ui.shell import island, top_bar

# Forms and their parts are those of the Lab and of Studies.
SCRIPTS = (
    "dom.js",
    "lab/01_words.js",
    "lab/03_forms.js",
    "studies/01_words.js",
    "studies/02_parts.js",
    "sending.js",
    "data",
)


def build() -> None:
    """Lay the page out."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Data")
        island({}, script=SCRIPTS, elem_id="data")
