"""The Rate page."""

import gradio as gr

from fusion_ui.services import Services
from fusion_ui.ui.shell import top_bar


def build(_page: gr.Blocks, _services: Services) -> None:
    """Lay the page out."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Rate")
