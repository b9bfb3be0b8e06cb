"""Figures of reports: every kind in every format, the same bytes, any name, any thread, and nothing loaded early."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import matplotlib
import pytest
from PIL import Image

from fusion_ui.figures.figure import FigureFormat, figure_of
from fusion_ui.figures.labels import labels_of, together
from tests import lab_reports as by_hand
from tests.test_house import ROOT, loaded_by

FORMATS: tuple[FigureFormat, ...] = get_args(FigureFormat)
BEGINNINGS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
HOSTILE = [
    "a$b$_{x}%<&\\frac{1}{0}",
    "$\\undefined$",
    "_hidden",
    "%s %d {0}",
    "نموذج عربي",
    "模型",
    "x" * 500,
    "\u202eevil\u0000\ud800😀",
    "two\n\nlines",
    "",
]


def words_in(report: dict[str, Any]) -> str:
    """The texts of a figure, which matplotlib keeps as comments beside their outlines."""
    drawn = figure_of(report, format="svg").decode()
    return "\n".join(re.findall(r"<!-- (.*?) -->", drawn, re.DOTALL))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", by_hand.ALL)
def test_every_kind_is_drawn_in_every_format_with_the_same_bytes_again(kind: str, format: FigureFormat) -> None:
    drawn = figure_of(by_hand.ALL[kind], format=format)
    assert drawn.startswith(BEGINNINGS[format])
    assert figure_of(by_hand.ALL[kind], format=format) == drawn


@pytest.mark.parametrize("kind", by_hand.ALL)
def test_a_png_is_one_column_wide_at_300_dots_an_inch(kind: str) -> None:
    image = Image.open(BytesIO(figure_of(by_hand.ALL[kind], format="png")))
    assert image.width == 990
    assert [round(dots) for dots in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("format", FORMATS)
def test_a_figure_tells_no_date_and_no_version(format: FigureFormat) -> None:
    drawn = figure_of(by_hand.replay(), format=format)
    assert not re.search(rb"20\d\d-\d\d-\d\d|D:20\d\d|atplotlib v?\d", drawn)


def test_a_pdf_embeds_no_type_3_font() -> None:
    drawn = figure_of(by_hand.replay(), format="pdf")
    assert b"/Type0" in drawn
    assert b"/Type3" not in drawn


@pytest.mark.parametrize("format", FORMATS)
def test_no_name_breaks_a_figure(format: FigureFormat) -> None:
    assert figure_of(by_hand.weights(HOSTILE), format=format).startswith(BEGINNINGS[format])


def test_a_name_is_drawn_as_it_stands_and_not_set_as_mathematics() -> None:
    assert "$x_1$ 50%" in words_in(by_hand.replay(members=["$x_1$ 50%"]))


def test_an_svg_with_hostile_names_is_well_formed_and_holds_no_element_of_theirs() -> None:
    drawn = figure_of(by_hand.weights(["<script>alert(1)</script>", "--><script>", "]]>", *HOSTILE]), format="svg")
    assert not [node for node in ElementTree.fromstring(drawn).iter() if "script" in str(node.tag)]


def test_long_names_keep_their_ends_and_are_told_apart() -> None:
    assert labels_of(["Qwen3-30B-A3B-Thinking-2507", "gpt-oss-20b"]) == ["Qwen3-30B-A3…Thinking-2507", "gpt-oss-20b"]
    assert labels_of(["x" * 100, "x" * 101]) == ["xxxxxxxxxxxx…xxxxxxxxxxxxx (1)", "xxxxxxxxxxxx…xxxxxxxxxxxxx (2)"]


def test_what_the_font_cannot_write_is_marked_and_what_steers_a_text_is_dropped() -> None:
    assert labels_of(["模型-7B", "\u202eevil\ud800", "a\n b", "\u200b"]) == ["▯▯-7B", "evil▯", "a b", "▯"]


def test_many_members_are_counted() -> None:
    assert together(["a", "b"]) == "a + b"
    assert together(["a", "b", "c"]) == "3 members"


def test_a_replay_names_its_thresholds_and_its_limit() -> None:
    rows = [by_hand.row("bayes", 10, 4.7, 0.88), by_hand.row("bayes", 100, 16, 0.9), by_hand.row("asc", 0.95, 12, 0.89)]
    words = words_in(by_hand.replay(rows)).splitlines()
    assert {"10", "100", "Limit 0.900", "ASC-Beta, p = 0.95", "Accuracy, 95 % over trials"} <= set(words)


def test_thresholds_too_close_to_each_other_are_not_printed_over_each_other() -> None:
    rows = [by_hand.row("bayes", 7000 + place, 50 + place / 10, 0.9) for place in range(30)]
    words = words_in(by_hand.replay([*rows, by_hand.row("fixed", 1, 1, 0.8)]))
    assert re.findall(r"^70\d\d$", words, re.MULTILINE) == ["7000"]


@pytest.mark.parametrize(
    ("draws", "ticks"), [((1, 100), {"1", "2", "50"}), ((3.1, 5.2), {"4", "5"}), ((12.34, 15), {"12.3"})]
)
def test_the_axis_of_draws_has_numbers_however_narrow_it_is(draws: tuple[float, float], ticks: set[str]) -> None:
    rows = [by_hand.row("fixed", mean, mean, 0.9) for mean in draws]
    assert ticks <= set(words_in(by_hand.replay(rows)).splitlines())


def test_without_gold_a_replay_shows_agreement_with_the_mode() -> None:
    words = words_in(by_hand.replay([by_hand.row("bayes", 10, 4.7, None)], limit_accuracy=None, judged=0))
    assert "Agreement with the mode" in words
    assert "Limit" not in words


def test_a_single_trial_is_drawn_without_an_interval() -> None:
    unsure = dict.fromkeys(["accuracy_low", "accuracy_high", "draws_low", "draws_high"])
    rows = [by_hand.row("bayes", 10, 4.7, 0.88) | unsure, by_hand.row("bayes", 30, 9.3, 0.9) | unsure]
    assert "30" in words_in(by_hand.replay(rows)).splitlines()


def test_an_interval_that_a_rounding_error_put_beside_its_point_is_drawn() -> None:
    assert figure_of(by_hand.replay([by_hand.row("fixed", 1, 1, 1.0, accuracy_high=1 - 1e-16)]), format="svg")


def test_sizes_of_a_curve_that_stand_close_are_not_printed_over_each_other() -> None:
    report = by_hand.curve(3)
    for point, size in zip(report["result"]["points"], (4, 128, 158), strict=True):
        point["questions"] = size
    words = words_in(report).splitlines()
    assert ("128" in words, "158" in words) == (True, False)


def test_a_curve_of_one_point_is_drawn() -> None:
    assert "5" in words_in(by_hand.curve(1)).splitlines()


def test_only_the_heaviest_of_many_members_are_drawn() -> None:
    assert "Weight, the 30 heaviest of 200" in words_in(by_hand.weights([f"m{place}" for place in range(200)]))


def test_subsets_are_counted_against_each_baseline() -> None:
    # Best single on train 26, on test 27, uniform 25: two better, one the same; and so on.
    words = words_in(by_hand.subsets((26, 27, 28))).splitlines()
    assert [word for word in words if word in {"1", "2", "3"}].count("1") >= 4
    assert "3 subsets of 2, judged on test" in words


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (by_hand.curve(0), "Too few questions for a learning curve."),
        (by_hand.replay([]), "No rule was replayed."),
        (by_hand.subsets(()), "No subset of this size."),
        (by_hand.weights(total=0), "No question has a known answer: nothing to solve."),
        (by_hand.transfer(test=by_hand.score(0, there=0, here=0, total=0)), "One of the sets has no question"),
    ],
)
def test_a_figure_with_nothing_to_show_says_why(report: dict[str, Any], words: str) -> None:
    assert words in words_in(report)


def test_weights_that_could_not_be_validated_are_drawn_without() -> None:
    report = by_hand.weights()
    report["result"]["validation"] = None
    assert figure_of(report, format="svg").startswith(b"<?xml")


def test_threads_that_draw_at_once_draw_what_one_draws_alone_and_leave_the_settings_as_they_were() -> None:
    before = dict(matplotlib.rcParams)
    orders = [(by_hand.ALL[kind], format) for kind in by_hand.ALL for format in FORMATS]
    alone = [figure_of(report, format=format) for report, format in orders]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda order: figure_of(order[0], format=order[1]), orders))
    assert together == alone
    assert dict(matplotlib.rcParams) == before


def drawn_elsewhere(folder: Path, **environ: str) -> bytes:
    """What a fresh interpreter draws in another folder."""
    code = (
        "import sys; from fusion_ui.figures.figure import figure_of; from tests import lab_reports;"
        "sys.stdout.buffer.write(figure_of(lab_reports.replay(), format='svg'))"
    )
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=told, capture_output=True, check=True).stdout


def test_a_home_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    assert drawn_elsewhere(tmp_path, HOME="/dev/null") == figure_of(by_hand.replay(), format="svg")


def test_the_matplotlibrc_of_a_machine_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\naxes.facecolor: red\nfont.size: 30\n")
    assert drawn_elsewhere(tmp_path, HOME=str(tmp_path)) == figure_of(by_hand.replay(), format="svg")


def test_drawing_needs_no_screen_and_no_pyplot() -> None:
    assert not loaded_by("import fusion_ui.figures.figure") & {"gradio", "tkinter", "pandas", "fusion_ui.services"}
    code = "import sys, fusion_ui.figures.figure; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_app_starts_without_matplotlib() -> None:
    assert "matplotlib" not in loaded_by("import fusion_ui.composition")
