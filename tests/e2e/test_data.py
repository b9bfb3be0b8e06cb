"""The Data page: files are understood before they are stored, and what is stored can be had as a file."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, violations, violations_in_both_themes
from tests.e2e.test_compare import PageMaker

pytestmark = pytest.mark.browser


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    """Votes that no other test brings in."""
    rater = tmp_path.name
    lines = [f"{rater}1,a,b,{rater},model_a", f"{rater}2,b,a,{rater},model_b", f"{rater}3,a,b,bob,hardly"]
    file = tmp_path / f"<b>{rater}.csv"
    file.write_text("\n".join(["question_id,model_a,model_b,rater,winner", *lines]), encoding="utf-8")
    return file


def opened(new_page: PageMaker, app: Served, **how: object) -> Page:
    page = new_page(**how)
    page.goto(f"{app.url}/data")
    expect(page.get_by_role("heading", name="Bring in")).to_be_visible()
    return page


def chosen(page: Page, *files: Path) -> Page:
    page.get_by_label("Files to bring in").set_input_files(files)
    return page


def test_a_file_is_told_before_it_is_stored_and_then_analysed(
    instant_app: Served, new_page: PageMaker, votes: Path
) -> None:
    page = chosen(opened(new_page, instant_app), votes)
    said = page.get_by_role("status").filter(has_text="Votes, one a line")
    expect(said).to_contain_text("2 judgements")
    expect(said).to_contain_text("line 4: ")
    assert violations_in_both_themes(page) == []
    page.get_by_label("Title of the study").fill("Ours")
    page.get_by_label("Title of the study").press("Tab")
    expect(said).to_contain_text("Ours")
    page.get_by_role("button", name="Store it").click()
    expect(page.get_by_text("2 judgements stored.")).to_be_visible()
    page.get_by_role("link", name="Analyse it").click()
    expect(page.get_by_text("preferred").first).to_be_visible()


def test_what_is_no_file_of_ours_is_refused_in_plain_words(
    instant_app: Served, new_page: PageMaker, tmp_path: Path
) -> None:
    file = tmp_path / "song.mp3"
    file.write_bytes(b"ID3\x00\xff\xfe")
    page = chosen(opened(new_page, instant_app), file)
    expect(page.get_by_role("alert").filter(has_text="Not understood: song.mp3")).to_be_visible()
    expect(page.get_by_role("button", name="Store it")).to_be_hidden()


def test_ratings_come_as_a_file(instant_app: Served, new_page: PageMaker, votes: Path) -> None:
    page = chosen(opened(new_page, instant_app, width=390), votes)
    page.get_by_role("button", name="Store it").click()
    expect(page.get_by_role("status").filter(has_text="stored")).to_be_visible()
    page.reload()
    page.get_by_role("checkbox", name=votes.stem).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    assert download.value.suggested_filename == "ratings.jsonl"
    rows = [json.loads(line) for line in download.value.path().read_text(encoding="utf-8").splitlines()]
    assert {row["rater"] for row in rows} == {votes.parent.name}
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_cannot_be_made_says_why(instant_app: Served, new_page: PageMaker, votes: Path) -> None:
    page = chosen(opened(new_page, instant_app), votes)
    page.get_by_role("button", name="Store it").click()
    expect(page.get_by_role("status").filter(has_text="stored")).to_be_visible()
    page.get_by_label("What", exact=True).select_option("comparator")
    page.route("**/api/exports/**", lambda route: route.fulfill(status=400, json={"error": "Choose one contrast."}))
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("alert").filter(has_text="Choose one contrast.")).to_be_visible()
