"""What all pages share: the head with our stylesheets, the theme, the top bar, and the way to make an island.

An island is a `gr.HTML` with a constant template and a script of ours. Its value travels as JSON and is drawn with
text nodes: a template is evaluated as JavaScript in the page, so no data ever stands in one.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import gradio as gr

STATIC = Path(__file__).parent / "static"
PAGES = {
    "Compare": "/",
    "Inspect": "/inspect",
    "Studies": "/studies",
    "Analyse": "/analyse",
    "Lab": "/lab",
    "Data": "/data",
    "Setup": "/setup",
}
QUIET: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
_SYSTEM_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO_FONTS = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

# The default primary button is white on indigo-500, 4.47 : 1; on 600 it is 6.3 : 1.
THEME = gr.themes.Base(
    primary_hue="indigo", neutral_hue="slate", radius_size="lg", font=_SYSTEM_FONTS, font_mono=_MONO_FONTS
).set(
    button_primary_background_fill="*primary_600",
    button_primary_background_fill_hover="*primary_700",
    button_primary_background_fill_dark="*primary_600",
    button_primary_background_fill_hover_dark="*primary_700",
)


def _linked(*names: str) -> str:
    """Stylesheet links that change with their content. Gradio's own `css` argument drops rules it does not know."""
    return "".join(
        f'<link rel="stylesheet" href="/fx/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:10]}">'
        for name in names
    )


def head(*sheets: str) -> str:
    """What the head of pages holds that are drawn with these stylesheets besides the ones that all pages share."""
    return '<meta name="color-scheme" content="light dark">' + _linked("shell.css", "fusion.css", *sheets, "forced.css")


@cache
def script_text(*names: str) -> str:
    """Scripts of ours as one text; the parts of a folder build on one another in the order of their names."""
    paths = [STATIC / name for name in names]
    parts = [part for path in paths for part in (sorted(path.glob("*.js")) if path.is_dir() else [path])]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def island(value: Any, *, script: str | tuple[str, ...], elem_id: str) -> gr.HTML:
    """A part of the page drawn by a script of ours: files of `static/`, or folders of parts joined by name.

    A function and not a subclass: Gradio writes a stub file beside every module that subclasses a component.
    """
    return gr.HTML(
        value,
        html_template='<div class="fx"></div>',
        js_on_load=script_text(*((script,) if isinstance(script, str) else script)),
        apply_default_css=False,
        elem_id=elem_id,
    )


def top_bar(current: str, *, is_alone: bool = False) -> None:
    """The brand, the pages and the theme switch; the page's one h1. Where it is alone no other page is named."""
    links = [{"label": label, "href": href} for label, href in PAGES.items() if not is_alone or label == current]
    island({"current": current, "links": links}, script=("dom.js", "topbar.js"), elem_id="topbar")
