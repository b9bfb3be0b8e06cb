"""The Setup page: who is configured, whether keys are there, a test for each member, and where the data is."""

import gradio as gr

from fusion_ui.services import Services
from fusion_ui.ui.setup_card import setup_card
from fusion_ui.ui.shell import island, top_bar


def build(services: Services) -> None:
    """Lay the page out; its tests go by our own endpoint."""
    with gr.Column(elem_classes="fx-page"):
        top_bar("Setup")
        island(setup_card(services), script=("dom.js", "setup.js"), elem_id="setup")
