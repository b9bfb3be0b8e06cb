"""The board as a Gradio component: a constant template, a script of our own, and the id of a run as its value.

What the board shows comes from the server-sent events of that run. Model text never passes through the template,
which Gradio evaluates as JavaScript.
"""

from pathlib import Path

import gradio as gr

STATIC = Path(__file__).parent / "static"
_TEMPLATE = '<div class="fx"></div>'


def board_script() -> str:
    """The parts of the board's script in the order in which they build on one another."""
    parts = sorted((STATIC / "board").glob("*.js"))
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def board_island(value: dict[str, str] | None = None, *, elem_id: str) -> gr.HTML:
    """The island that shows a run: its value is `{"run": id}`, or `{}` for none.

    A function and not a subclass: Gradio writes a stub file beside every module that subclasses a component.
    """
    return gr.HTML(
        value or {},
        html_template=_TEMPLATE,
        js_on_load=board_script(),
        apply_default_css=False,
        elem_id=elem_id,
    )
