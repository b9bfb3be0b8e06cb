"""Islands: what Gradio evaluates as JavaScript holds nothing but our own words."""

from fusion_ui.ui.pages.compare import SCRIPTS
from fusion_ui.ui.shell import STATIC, island, script_text


def test_no_data_ever_stands_in_the_template() -> None:
    board = island({"run": "${window.pwned=1} {{window.pwned=1}}"}, script=SCRIPTS, elem_id="board")
    assert board.html_template == '<div class="fx"></div>'
    assert board.css_template == ""
    assert "pwned" not in str(board.js_on_load)


def test_the_script_is_whole_and_its_mount_comes_last() -> None:
    parts = [STATIC / "dom.js", *sorted((STATIC / "board").glob("*.js"))]
    assert script_text(*SCRIPTS) == "\n".join(part.read_text(encoding="utf-8") for part in parts)
    assert parts[-1].name == "board.js"
    assert script_text(*SCRIPTS).startswith('"use strict";')


def test_only_html_that_was_cleaned_on_the_server_is_drawn_as_html() -> None:
    lines = [line.strip() for line in script_text(*SCRIPTS).splitlines()]
    drawn = [line for line in lines if "innerHTML" in line or "insertAdjacentHTML" in line]
    assert len(drawn) == 3
    assert all(line.endswith("// sanitised on the server") for line in drawn)
    assert not [line for line in lines if "document.write" in line or "outerHTML" in line or "eval(" in line]
