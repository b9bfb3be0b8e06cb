"""The page of a report: whole in itself, harmless whatever texts say, and never a number without its reason."""

import re
from base64 import b64decode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.annotation.shelf import read_study
from fusion_ui.preferences.report_charts import inline_svg
from fusion_ui.preferences.report_facts import StudyFacts, study_facts
from fusion_ui.preferences.report_markup import Markup, element, fragment, table
from fusion_ui.preferences.report_page import report_html
from fusion_ui.preferences.report_words import chance, count, dollars, estimated, per_cent, plural, shared
from storage.connection import Store, open_store
from storage.identity import Identity
from storage.studies import study_rows
from tests import preference_analyses as by_hand
from tests.annotation.judging import Clock, Room
from tests.annotation.support import stored, unit
from tests.preferences.reporting import HARM, judged, reports


class Seen(NamedTuple):
    tag: str
    attributes: dict[str, str | None]


class Reading(HTMLParser):
    """Every element of a page; one that is closed out of turn is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[Seen] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Seen(tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[Seen]:
        return [each for each in self.elements if each.tag == tag]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report with every part, of texts that mean harm."""
    clock = Clock()
    path = tmp_path_factory.mktemp("report") / "s.db"
    with open_store(path, identity=Identity(clock=clock)) as store:
        study_id = judged(store, Room(store, clock), title="<i>Fused</i> or picked", instructions=HARM)
        return reports(store, by_hand.analysis()).report(study_id)


@pytest.fixture
def facts(store: Store) -> StudyFacts:
    study_id = stored(store, unit(0))
    with store.reading() as reader:
        rows = study_rows(reader, study_id)
        assert rows is not None
        return study_facts(reader, rows, read_study(reader, study_id))


def text_of(page: str) -> str:
    return " ".join(" ".join(Reading(page).words).split())


def test_a_page_holds_nothing_that_runs_and_names_no_other_place(page: str) -> None:
    elements = Reading(page).elements
    forbidden = {"script", "img", "image", "iframe", "object", "embed", "link", "form", "base", "i"}
    assert not forbidden & {each.tag for each in elements}
    names = {name for each in elements for name in each.attributes}
    assert not [name for name in names if name.startswith("on") or name in ("style", "src", "srcset", "action")]
    links = {value for each in elements for name, value in each.attributes.items() if name.endswith("href")}
    assert all(link and link.startswith("#") for link in links)
    assert not re.search(r"(?i)(?:https?:)?//\w|@import|url\((?!#)", page)


def test_texts_of_models_and_people_are_there_as_they_were_written(page: str) -> None:
    words = "".join(Reading(page).words)
    assert "<script>alert(1)</script><img src=x onerror=alert(1)> **bold**\n\n  indented" in words
    assert "<b>note</b> on 0" in words
    assert "<i>Fused</i> or picked" in words


def test_the_policy_allows_nothing_but_the_sheet_of_the_page(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    (sheet,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert "default-src &#x27;none&#x27;" in policy
    assert "unsafe" not in policy
    (digest,) = re.findall(r"sha256-([\w+/=]+)", policy)
    assert b64decode(digest) == sha256(sheet.encode()).digest()


def test_a_page_fits_into_a_mail(page: str) -> None:
    assert len(page.encode()) < 1_000_000


def test_parts_stand_in_the_order_of_a_paper(page: str) -> None:
    titles = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert titles[:5] == ["In short", "What was asked", "Who rated", "What was left out", "What people preferred"]
    assert titles[-3:] == ["Examples", "Methods", "How to reproduce"]
    assert len(titles) == 16


def test_headings_skip_no_level_and_every_link_leads_to_a_part(page: str) -> None:
    seen = Reading(page)
    levels = [int(each.tag[1]) for each in seen.elements if re.fullmatch(r"h[1-6]", each.tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [each.attributes["id"] for each in seen.elements if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    assert {str(each.attributes["href"])[1:] for each in seen.all("a")} <= set(map(str, ids))


def test_every_table_has_a_caption_and_heads_of_columns_and_rows(page: str) -> None:
    seen = Reading(page)
    assert len(seen.all("caption")) == len(seen.all("table")) > 15
    assert {each.attributes.get("scope") for each in seen.all("th")} == {"row", "col"}


def test_charts_are_told_in_words_numbered_and_apart(page: str) -> None:
    charts = Reading(page).all("svg")
    assert [each.attributes["role"] for each in charts] == ["img"] * 7
    assert all("tables below" in str(each.attributes["aria-label"]) for each in charts)
    assert re.findall(r"<b>Figure (\d)\. </b>", page) == list("1234567")


@pytest.mark.parametrize(
    "words",
    [
        "Fused answer was preferred to Best-of-N pick in 62.0 % of comparisons",
        "95 % interval 54.0 % to 70.0 %; speaks of prompts and raters",
        "Settled: the evidence passed the bound",
        "About 187 more judgements on new prompts",
        "Faster than the study's limit 4 2 yes",
        "Davidson, by the lower bound of the score",
        "Ties have the strength 0.42",
        "like chance; fast",
        "Scores at equal length and side: a diagnostic, not a result",
        "What people said, by what judge: gpt-oss-20b said",
        "Most contested: Fused answer or Best-of-N pick",
        "Cameron, Gelbach and Miller 2011",
        "python -m fusion_ui analyse --report",
        "Chance comes from the seed 7 alone",
    ],
)
def test_a_page_tells(page: str, words: str) -> None:
    assert words in text_of(page).replace("\xa0", " ")


def test_a_study_that_nobody_judged_says_so_and_draws_nothing(facts: StudyFacts) -> None:
    page = report_html(by_hand.empty(), facts, {}, ())
    told = text_of(page)
    assert "Nothing was compared yet, so there is no result to tell." in told
    assert "Nobody has judged yet." in told
    assert "Not computable: it takes items that two people judged." in told
    assert "<svg" not in page
    assert "NaN" not in page
    assert "None" not in told


@pytest.mark.parametrize(
    "rate", [None, by_hand.estimate(None, note="No vote: ask people."), by_hand.estimate(0.5, None, note="No vote.")]
)
def test_what_is_undefined_says_why_instead_of_a_number(facts: StudyFacts, rate: Any) -> None:
    contrast = by_hand.contrast("fusion", "best", rate=rate, note="Nobody compared these.")
    told = text_of(report_html(by_hand.analysis(contrasts=[contrast]), facts, {}, ()))
    assert (rate["note"] if rate else "Nobody compared these.") in told


def test_parts_that_were_not_computed_are_left_out_without_trouble(facts: StudyFacts) -> None:
    contrast = by_hand.contrast("fusion", "best", verdict=None, plan=None, adjusted=None, groups={}, sign_p=None)
    nothing: dict[str, Any] = {
        "ladders": [],
        "matrix": None,
        "judges": [],
        "worth": [],
        "position": None,
        "length": None,
    }
    told = text_of(report_html(by_hand.analysis(contrasts=[contrast], **nothing), facts, {}, ()))
    assert "It is not known on which side answers stood." in told
    assert "Model judges" not in told


@pytest.mark.parametrize("by", ["role", "member"])
def test_systems_with_hostile_names_change_nothing_but_themselves(facts: StudyFacts, by: str) -> None:
    page = report_html(by_hand.analysis(by_hand.HOSTILE, by=by), facts, {}, ())
    page.encode()
    assert "script" not in {each.tag for each in Reading(page).elements}
    assert "<script>alert(1)</script>" in text_of(page)


def test_long_lists_are_cut_and_counted(facts: StudyFacts) -> None:
    groups = {"tag": [by_hand.group(f"tag {place}", 0.5) for place in range(40)]}
    contrasts = [by_hand.contrast(f"m{place}", "best", groups=groups) for place in range(70)]
    analysis = by_hand.analysis(contrasts=contrasts, raters=[by_hand.rater(f"r{place}") for place in range(300)])
    page = report_html(analysis, facts, {}, ())
    told = text_of(page)
    assert "The first 60 of 70 contrasts." in told
    assert "the first 15 of 40" in told
    assert "Raters, the first 100 of 300" in told
    assert len(page) < 2_000_000


def test_a_large_table_of_everyone_against_everyone_is_left_to_its_figure(facts: StudyFacts) -> None:
    caption = "Wins–ties–losses of the row against the column"
    for size, is_told in ((15, True), (16, False)):
        systems = [f"m{place}" for place in range(size)]
        few = by_hand.analysis(systems, by="member", contrasts=[])
        assert (caption in text_of(report_html(few, facts, {}, ()))) == is_told


def test_the_commands_ask_what_the_page_asked(facts: StudyFacts) -> None:
    analysis = by_hand.analysis(by="member")
    analysis["asked"]["open"] = True
    told = text_of(report_html(analysis, facts, {}, ()))
    assert f"analyse --study {facts.id} --by member --open --seed 7 --json" in told


def test_what_holds_of_several_contrasts_is_said_once(page: str) -> None:
    assert page.count("The sign test takes every vote for independent") == 1


@given(st.text())
def test_any_text_in_any_place_stays_text(words: str) -> None:
    made = element("p", words, title=words)
    made.encode()
    (seen,) = Reading(made).elements
    assert set(seen.attributes) == {"title"}


def test_markup_is_kept_and_everything_else_escaped() -> None:
    assert fragment(Markup("<b>"), "<b>", None, ["&", [element("br")]]) == "<b>&lt;b&gt;&amp;<br>"


def test_lines_end_alike_and_what_no_page_can_carry_is_marked() -> None:
    assert fragment("a\r\nb\rc\x00\ud800") == "a\nb\nc\ufffd\ufffd"


def test_a_wide_table_is_set_closer() -> None:
    assert 'class="wide dense"' in table("Wide", list("abcdefghij"), [])
    assert 'class="wide"' in table("Narrow", list("abc"), [["<", "2", None]])


def test_a_chart_keeps_its_lines_and_loses_its_styles_and_notes() -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" height="9pt">'
        b"<title>t</title><!-- <script> --><style>*{}</style><script>x</script><defs><path id='a' d='M0 0'/></defs>"
        b"<g style='fill: #fff; stroke-width: 2' clip-path='url(#a)'><use xlink:href='#a'/>words</g></svg>"
    )
    assert inline_svg(drawing, key="k", words='"words"') == (
        '<svg role="img" aria-label="&quot;words&quot;" preserveAspectRatio="xMinYMin meet"><defs>'
        '<path id="k-a" d="M0 0"></path></defs><g clip-path="url(#k-a)" fill="#fff" stroke-width="2">'
        '<use href="#k-a"></use></g></svg>'
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (per_cent(None), "–"),
        (per_cent(0.1234), "12.3\xa0%"),
        (chance(None), "–"),
        (chance(0.00001), "< 0.001"),
        (chance(0.0456), "0.046"),
        (dollars(None), "unknown"),
        (dollars(0), "$0"),
        (dollars(0.00321), "$0.00321"),
        (dollars(1234.5), "$1,234.50"),
        (count(1_000_000), "1,000,000"),
        (count(71.5), "71.5"),
        (plural(1, "prompt"), "1 prompt"),
        (plural(0, "prompt"), "0 prompts"),
        (shared([0, 0, None, None, None]), "–"),
        (shared(None), "–"),
        (fragment(estimated(None)), "undefined"),
    ],
)
def test_numbers_are_told_as_people_write_them(told: str, words: str) -> None:
    assert told == words
