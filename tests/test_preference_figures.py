"""Figures of preferences: every one in every format, the same bytes, any name, and words where nothing can be drawn."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from PIL import Image

from fusion_ui.analysis.preference.estimates import Share, share_of
from fusion_ui.figures.figure import FigureFormat, figure_of
from fusion_ui.figures.preference_words import share_in, system_words
from fusion_ui.figures.preferences import FIGURES, NoFigureError, preference_figure
from tests import lab_reports
from tests import preference_analyses as by_hand
from tests.test_house import ROOT, loaded_by

FORMATS: tuple[FigureFormat, ...] = get_args(FigureFormat)
BEGINNINGS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
MANY = tuple(f"provider/model-{number}-instruct" for number in range(40))
A4_IN = 11.7


def words_in(analysis: dict[str, Any], name: str) -> list[str]:
    """The lines of text in a figure, which matplotlib keeps as comments beside their outlines."""
    drawn = preference_figure(analysis, name, "svg").decode()
    return "\n".join(re.findall(r"<!-- (.*?) -->", drawn, re.DOTALL)).splitlines()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_in_every_format_with_the_same_bytes_again(name: str, kind: FigureFormat) -> None:
    drawn = preference_figure(by_hand.analysis(), name, kind)
    assert drawn.startswith(BEGINNINGS[kind])
    assert preference_figure(by_hand.analysis(), name, kind) == drawn


@pytest.mark.parametrize("name", FIGURES)
def test_many_systems_with_long_names_stay_on_one_page_and_in_one_column(name: str) -> None:
    crowd = [by_hand.rater(f"rater {number}") for number in range(300)]
    analysis = by_hand.analysis(MANY, by="member", raters=crowd)
    image = Image.open(BytesIO(preference_figure(analysis, name, "png")))
    assert image.width == 990
    assert image.height <= 300 * A4_IN


@pytest.mark.parametrize("name", FIGURES)
def test_a_drawing_is_all_lines_and_holds_no_picture(name: str) -> None:
    assert b"<image" not in preference_figure(by_hand.analysis(), name, "svg")


@pytest.mark.parametrize("name", FIGURES)
def test_hostile_names_leave_a_figure_well_formed_without_an_element_of_theirs(name: str) -> None:
    analysis = by_hand.analysis(by_hand.HOSTILE, by="member", raters=[by_hand.rater(each) for each in by_hand.HOSTILE])
    drawn = preference_figure(analysis, name, "svg")
    assert not [node for node in ElementTree.fromstring(drawn).iter() if "script" in str(node.tag)]
    assert preference_figure(analysis, name, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("contrasts", "Nothing was compared yet."),
        ("ladder", "A ladder needs three systems or more."),
        ("matrix", "Nothing was compared yet."),
        ("effects", "Neither sides nor lengths of answers are known."),
        ("raters", "Nobody has judged yet."),
        ("rubric", "No criterion was scored."),
        ("worth", "Neither price nor time is known of what was compared."),
    ],
)
def test_a_figure_with_nothing_to_show_says_why(name: str, words: str) -> None:
    assert words_in(by_hand.empty(), name) == [words]


def test_a_matrix_that_was_not_made_is_an_empty_one() -> None:
    assert words_in(by_hand.analysis(matrix=None), "matrix") == ["Nothing was compared yet."]


@pytest.mark.parametrize(("name", "kind"), [("pie", "svg"), ("../contrasts", "png"), ("contrasts", "gif")])
def test_a_figure_that_nobody_draws_is_refused_with_those_there_are(name: str, kind: Any) -> None:
    with pytest.raises(NoFigureError, match="choose from contrasts, ladder, matrix, effects, raters, rubric, worth"):
        preference_figure(by_hand.analysis(), name, kind)


def test_a_contrast_tells_its_counts_and_its_systems_in_words() -> None:
    words = words_in(by_hand.analysis(), "contrasts")
    assert {"Fused answer", "over Best-of-N pick", "68–20–30", "2 both bad", "Win rate, 95 % interval"} <= set(words)


def test_the_level_that_was_asked_for_is_on_the_axis() -> None:
    analysis = by_hand.analysis()
    analysis["asked"]["level"] = 0.9
    assert "Win rate, 90 % interval" in words_in(analysis, "contrasts")


@pytest.mark.parametrize(
    "weak", [{"rate": by_hand.votes_only(0.6)}, {"is_preliminary": True}, {"rate": by_hand.estimate(0.6, None)}]
)
def test_what_describes_these_votes_only_is_drawn_hollow_and_explained(weak: dict[str, Any]) -> None:
    hollow = "describes these votes only, or preliminary"
    assert hollow in words_in(by_hand.analysis(contrasts=[by_hand.contrast("fusion", "best", **weak)]), "contrasts")
    assert hollow not in words_in(by_hand.analysis(), "contrasts")


def test_an_undefined_rate_is_a_word_and_not_a_point() -> None:
    words = words_in(by_hand.analysis(contrasts=[by_hand.contrast("fusion", "best", None)]), "contrasts")
    assert "undefined" in words


def test_the_two_models_stand_under_their_own_names() -> None:
    words = words_in(by_hand.analysis(), "ladder")
    assert [word for word in words if "ties" in word] == ["Bradley-Terry: ties as half", "Davidson: ties modelled"]


def test_systems_that_nothing_joins_stand_apart_and_say_so() -> None:
    ladder = by_hand.ladder("bradley_terry", by_hand.ROLES)
    ladder["rungs"][2]["component"] = 1
    ladder["components"] = [["fusion", "best"], ["vote"]]
    assert "No comparison across a line" in words_in(by_hand.analysis(ladders=[ladder]), "ladder")


def test_a_rank_is_told_with_its_interval_or_alone() -> None:
    ladder = by_hand.ladder("bradley_terry", by_hand.ROLES)
    ladder["rungs"][0] |= {"rank_low": None, "rank_high": None}
    words = words_in(by_hand.analysis(ladders=[ladder]), "ladder")
    assert {"1", "2 (1–3)"} <= set(words)


def test_counts_are_in_a_small_matrix_and_left_out_of_a_large_one() -> None:
    assert "13–4–7" in words_in(by_hand.analysis(), "matrix")
    assert not [word for word in words_in(by_hand.analysis(MANY[:9], by="member"), "matrix") if "–" in word]


def test_a_pair_that_was_never_compared_is_a_dash() -> None:
    analysis = by_hand.analysis()
    analysis["matrix"]["rates"][0][1] = None
    assert "–" in words_in(analysis, "matrix")


def test_raters_stand_beside_the_ceiling_and_those_to_look_at_are_explained() -> None:
    words = words_in(by_hand.analysis(), "raters")
    assert "Dashed: one person with most of the others, 62 %" in words
    assert "to be looked at: see the table of raters" in words


def test_without_agreement_raters_are_drawn_without_a_ceiling() -> None:
    words = words_in(by_hand.analysis(agreement=[], raters=[by_hand.rater("anna")]), "raters")
    assert not [word for word in words if "Dashed" in word or "looked at" in word]


def test_scales_that_differ_are_drawn_as_shares_of_themselves() -> None:
    means = by_hand.means(by_hand.ROLES, ["Clarity"]) + by_hand.means(by_hand.ROLES, ["Grade"], top=10)
    words = words_in(by_hand.analysis(rubric={"means": means, "differences": []}), "rubric")
    assert "Mean score, 0 lowest and 1 highest, 95 %" in words


def test_a_mean_that_is_undefined_leaves_the_others_drawn() -> None:
    means = by_hand.means(by_hand.ROLES, ["Clarity"])
    means[0]["mean"] = by_hand.estimate(None)
    assert "Clarity" in words_in(by_hand.analysis(rubric={"means": means, "differences": []}), "rubric")


def test_a_mean_of_these_votes_only_is_explained() -> None:
    means = by_hand.means(by_hand.ROLES, ["Clarity"])
    told = words_in(by_hand.analysis(rubric={"means": means, "differences": []}), "rubric")
    means[0]["mean"] = by_hand.votes_only(3.0)
    weak = words_in(by_hand.analysis(rubric={"means": means, "differences": []}), "rubric")
    assert set(weak) - set(told) == {"these votes only"}


def test_what_a_page_has_no_room_for_is_counted() -> None:
    analysis = by_hand.analysis(MANY, by="member")
    assert "The first 12 of 40 systems" in words_in(analysis, "rubric")
    assert "The first 14 of 40" in words_in(analysis, "worth")
    assert "The 28 most judged contrasts" in words_in(analysis, "contrasts")
    assert "The first 24 of 40" in words_in(analysis, "matrix")
    assert "The first 40 of 40" not in words_in(analysis, "effects")


def test_of_many_contrasts_those_that_were_judged_most_are_drawn() -> None:
    contrasts = [by_hand.contrast(f"first {place}", "other", judgements=place) for place in range(30)]
    words = words_in(by_hand.analysis(by="member", contrasts=contrasts), "contrasts")
    assert [word for word in words if word.startswith("first")] == [f"first {place}" for place in range(2, 30)]


def test_where_nobody_called_both_bad_no_row_says_so() -> None:
    words = words_in(by_hand.analysis(contrasts=[by_hand.contrast("fusion", "best", both_bad=0)]), "contrasts")
    assert "68–20–30" in words
    assert not [word for word in words if "both bad" in word]


def test_the_matrix_stands_in_the_order_of_ranks() -> None:
    analysis = by_hand.analysis(ladders=[by_hand.ladder("bradley_terry", by_hand.ROLES[::-1])])
    assert [word for word in words_in(analysis, "matrix") if word[-1] in "123" and word[0] in "FBV"] == [
        "Vote  1", "Best-of-N pick  2", "Fused answer  3",
    ]  # fmt: skip


def test_shares_of_sides_and_lengths_stand_over_scores_without_them() -> None:
    words = words_in(by_hand.analysis(), "effects")
    assert {"Left one won", "Longer one won", "120", "118", "plain", "Hollow: of these votes only"} <= set(words)
    assert "Share of decisive votes, 95 % interval" in words


@pytest.mark.parametrize(
    ("unknown", "missing"),
    [
        ({"position": None}, "Left one won"),
        ({"length": None}, "Longer one won"),
        ({"adjusted": []}, "plain"),
        ({"position": None, "length": None}, "Share of decisive votes, 95 % interval"),
    ],
)
def test_an_effect_that_is_not_known_leaves_the_others_drawn(unknown: dict[str, Any], missing: str) -> None:
    assert missing not in words_in(by_hand.analysis(**unknown), "effects")


def test_where_all_is_free_only_time_is_drawn() -> None:
    words = words_in(by_hand.analysis(worth=[by_hand.worth(role, 0.5, 0.0, 3.0) for role in by_hand.ROLES]), "worth")
    assert "Mean seconds an answer" in words
    assert "Mean US dollars an answer" not in words


def test_a_price_that_is_not_known_is_counted_and_not_drawn() -> None:
    worths = [by_hand.worth("fusion", 0.6, 0.02, None), by_hand.worth("best", 0.4, None, None)]
    words = words_in(by_hand.analysis(worth=worths), "worth")
    assert "Mean US dollars an answer; unknown of 1" in words
    assert "Mean seconds an answer" not in words


@pytest.mark.parametrize("costs", [(0.0, 0.0), (1e-9, 900.0), (0.01, 0.01), (0.01, 0.3), (0.01, 4.0)])
def test_prices_of_any_size_have_labels(costs: tuple[float, float]) -> None:
    worths = [by_hand.worth(role, 0.5, cost, None) for role, cost in zip(by_hand.ROLES, costs, strict=False)]
    assert len([word for word in words_in(by_hand.analysis(worth=worths), "worth") if re.match(r"[\d.e-]+$", word)]) > 1


def test_a_share_is_read_as_a_list_by_name_and_as_nothing() -> None:
    share = share_of(3, 4)
    assert share_in(list(share)) == share_in(share._asdict()) == share
    assert share_in(None) == Share(0, 0, None, None, None)


def test_roles_are_told_in_words_and_members_by_their_names() -> None:
    assert system_words(by_hand.analysis(), "best") == "Best-of-N pick"
    assert system_words(by_hand.analysis(), "candidate 2") == "Candidate 2"
    assert system_words(by_hand.analysis(), "best of friends") == "best of friends"
    assert system_words(by_hand.analysis(by="member"), "best") == "best"


def test_threads_draw_reports_and_preferences_at_once_as_one_draws_them_alone() -> None:
    def drawn(name: str) -> bytes:
        if name in lab_reports.ALL:
            return figure_of(lab_reports.ALL[name], format="svg")
        return preference_figure(by_hand.analysis(), name, "svg")

    names = [*FIGURES, *lab_reports.ALL]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(drawn, names)) == [drawn(name) for name in names]


def test_words_that_reports_share_load_no_matplotlib_and_drawing_no_pyplot() -> None:
    assert "matplotlib" not in loaded_by("import fusion_ui.figures.preference_words")
    code = "import sys, fusion_ui.figures.preferences; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
