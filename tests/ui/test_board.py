"""The board as a component: what Gradio evaluates as JavaScript holds nothing but our own words."""

from fusion_ui.ui.board import STATIC, board_island, board_script


def test_no_data_ever_stands_in_the_template() -> None:
    island = board_island({"run": "${window.pwned=1} {{window.pwned=1}}"}, elem_id="board")
    assert island.html_template == '<div class="fx"></div>'
    assert island.css_template == ""
    assert "pwned" not in str(island.js_on_load)


def test_the_script_is_whole_and_its_mount_comes_last() -> None:
    parts = sorted((STATIC / "board").glob("*.js"))
    assert board_script() == "\n".join(part.read_text(encoding="utf-8") for part in parts)
    assert parts[-1].name == "board.js"
    assert board_script().startswith('"use strict";')


def test_only_html_that_was_cleaned_on_the_server_is_drawn_as_html() -> None:
    lines = [line.strip() for line in board_script().splitlines()]
    drawn = [line for line in lines if "innerHTML" in line or "insertAdjacentHTML" in line]
    assert len(drawn) == 3
    assert all(line.endswith("// sanitised on the server") for line in drawn)
    assert not [line for line in lines if "document.write" in line or "outerHTML" in line or "eval(" in line]
