"""The Rate page: judging without knowing whose answers they are. Its own small bar leads nowhere but to help."""

import gradio as gr

from fusion_ui.services import Services
from fusion_ui.ui.shell import island

SCRIPTS = ("dom.js", "outbox.js", "rate")


def build(_page: gr.Blocks, _services: Services) -> None:
    """Lay the page out; its address names the study, and everything else comes by our endpoints."""
    with gr.Column(elem_classes="fx-page rate-page"):
        island({}, script=SCRIPTS, elem_id="rate")
