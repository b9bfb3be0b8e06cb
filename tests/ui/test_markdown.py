"""Model text becomes safe HTML: what is drawn, and what can never get through."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.ui.markdown import LIMIT, render, shown
from fusion_ui.ui.maths import MOST_FORMULAS
from tests.ui.attacks import ATTACKS

TAGS = set(
    "p br hr h4 h5 h6 ul ol li blockquote pre code span em strong s a table thead tbody tr th td div "
    "math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot munder mover munderover mmultiscripts "
    "mprescripts mtable mtr mtd mstyle menclose mpadded mphantom".split()
)
ATTRIBUTES = set(
    "class dir href title target rel start display xmlns notation mathvariant stretchy fence form separator minsize "
    "maxsize width displaystyle scriptlevel rowspacing columnspacing columnalign".split()
)
CLASSES = re.compile(r"(hl-\w+|language-\w+|math|math-source|fx-image|fx-table)( |$)")


class Read(HTMLParser):
    """The elements and words of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def violations(markup: str) -> list[str]:
    """Whatever stands in the HTML beside what is expected there."""
    found = []
    for tag, attributes in Read(markup).elements:
        found += [] if tag in TAGS else [tag]
        found += [f"{tag}[{name}]" for name in attributes if name not in ATTRIBUTES]
        if not re.match(r"https?://|mailto:", attributes.get("href") or "https://"):
            found.append(f"link to {attributes['href']}")
        if not CLASSES.fullmatch((attributes.get("class") or "math") + " ") and not all(
            CLASSES.match(word) for word in (attributes.get("class") or "math").split()
        ):
            found.append(f"class {attributes['class']}")
    return found


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_attack_leaves_more_than_text(attack: str) -> None:
    assert violations(render(attack)) == []


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_no_attack_gets_through_inside_other_markup(attack: str) -> None:
    line = attack.replace("\n", " ")
    assert (
        violations(render(f"> - **{line}** [{line}](http://a.b)\n\n1. `{line}`\n\n| {line} |\n|---|\n| {line} |")) == []
    )


@given(st.text(alphabet="<>&\"'`*_[]()!$\\{}#|-~:/ \n\tajsx.=0\u202e\ufdd0", max_size=120))
def test_no_text_leaves_more_than_text(text: str) -> None:
    assert violations(render(text)) == []


def test_a_script_is_shown_as_what_was_written() -> None:
    assert render("<script>alert(1)</script>").strip() == '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>'


def test_an_image_becomes_its_description() -> None:
    assert "[image: a chart]" in render("![a chart](https://evil.example/beacon.png)")
    assert "evil.example" not in render("![a chart](https://evil.example/beacon.png)")


def test_links_open_apart_and_tell_nobody_where_they_came_from() -> None:
    ((_, _paragraph), (_, link)) = Read(render("[site](https://example.org/a)")).elements
    assert link == {"href": "https://example.org/a", "target": "_blank", "rel": "noopener noreferrer nofollow ugc"}


@pytest.mark.parametrize("address", ["https:a/b", "https:/a/b", "https:///a", "HTTPS:a", "https:{//a.b", "/a"])
def test_an_address_that_is_not_whole_leads_nowhere(address: str) -> None:
    """On a page served over https it would be one of that page's own."""
    ((_, _paragraph), (_, link)) = Read(render(f"[site]({address})")).elements
    assert "href" not in link


@pytest.mark.parametrize("tex", ["$a<b$", r"\(a<b\)", "$$a<b$$", r"\[a<b\]", "\\[\na<b\n\\]", "$$\na<b\n$$"])
def test_every_way_to_write_a_formula_is_drawn(tex: str) -> None:
    assert "<math" in render(tex)
    assert "<mo>&lt;</mo>" in render(f"so {tex}" if "\n" not in tex else f"so\n\n{tex}")


APART = ["> \\[\n> a\n> \\]", "- \\[\n  a\n  \\]", "so\n\\[ a \\]\nthen", "- \\[\na\\]\n", "\\[\n" + "a\n" * 99 + "\\]"]


@pytest.mark.parametrize("text", APART)
def test_a_formula_of_its_own_stands_in_quotes_lists_and_between_lines(text: str) -> None:
    assert render(text).count('display="block"') == 1


def test_a_text_with_very_many_formulas_shows_the_last_as_source() -> None:
    words = render(" ".join(f"$a_{{{at}}}$" for at in range(MOST_FORMULAS + 1)))
    assert words.count("<math") == MOST_FORMULAS
    assert words.count("math-source") == 1


NO_FORMULAS = [
    "costs $5 and $10",
    r"\$5 and \$6",
    "a $ b $ c",
    r"\( \)",
    r"C:\[x",
    "```\n$a$\n```",
    "\\[\\]",
    "\\[\na\n\n\\]",
]


@pytest.mark.parametrize("text", [*NO_FORMULAS, "    \\[\n    a\n    \\]"])
def test_what_is_no_formula_stays_text(text: str) -> None:
    assert "<math" not in render(text)


@pytest.mark.parametrize("tex", [r"\frac", r"\left(", "x^", r"\newcommand{\a}{\a\a}\a", "x" * 3000])
def test_a_formula_that_cannot_be_drawn_is_shown_as_its_source(tex: str) -> None:
    assert Read(render(f"${tex}$")).words.strip() == tex


def test_a_formula_cannot_push_anything_out_of_sight() -> None:
    assert 'width="0.167em"' in render(r"$a\,b$")
    assert "999999" not in render(r"$a\hspace{999999px}b$")


def test_headings_start_below_the_page_and_skip_no_level() -> None:
    headings = [tag for tag, _ in Read(render("# A\n\n###### B\n\n### C\n\n#### D")).elements]
    assert headings == ["h4", "h5", "h5", "h6"]
    assert [tag for tag, _ in Read(render("##### only")).elements] == ["h4"]


def test_emphasis_works_in_scripts_without_spaces() -> None:
    assert "<strong>重要です。</strong>次" in render("これは**重要です。**次の文です。")
    assert "<strong>「引用」</strong>です" in render("**「引用」**です")
    assert "<strong>중요합니다.</strong>라고" in render("**중요합니다.**라고 했다")


def test_emphasis_stays_as_the_standard_has_it_elsewhere() -> None:
    assert Read(render("2 * 3 * 4 and a_b_c")).words.strip() == "2 * 3 * 4 and a_b_c"


def test_each_block_finds_its_own_direction_and_code_is_left_to_right() -> None:
    elements = Read(render("مرحبا\n\nhello\n\n```\nx\n```")).elements
    assert [(tag, attributes.get("dir")) for tag, attributes in elements if tag != "code"] == [
        ("p", "auto"),
        ("p", "auto"),
        ("pre", "ltr"),
    ]


def test_known_languages_are_coloured_and_others_are_not() -> None:
    assert 'class="hl-k"' in render("```python\ndef f(): pass\n```")
    assert "hl-" not in render("```brainfuck\n+++\n```")
    assert Read(render("```python\nif a < b: pass\n```")).words.strip() == "if a < b: pass"


def test_characters_that_hide_or_turn_text_are_made_visible_in_place() -> None:
    hidden = "a\u202eb\x00c\ufdd0d\ud800e\r\nf"
    assert shown(hidden) == "a\ufffdb\ufffdc\ufffdd\ufffde \nf"
    assert len(shown(hidden)) == len(hidden)


def test_a_mark_cannot_be_smuggled_in_as_an_entity() -> None:
    assert "\ufdd0" not in render("&#xFDD0;1&#64977;")


def test_a_text_beyond_the_limit_says_so() -> None:
    assert "Only the first 100,000 characters are shown" in render("a " * LIMIT)
    assert "Only the first" not in render("a" * LIMIT)


HOSTILE = {
    "[": "[", "![": "![", "![[](": "![[](", "*": "*", "*a **b ": "*a **b ", ">": ">", "$": "$", "$a": "$a ", "`": "`",
    "\\(": "\\(", "\\[": "\\[\n", "- ": "- ", "<": "<", "&": "&", "|": "|", "[a](": "[a](", "~~a": "~~a ", "\\$": "\\$",
    "_a": "_a", "$$": "$$\n", "[[]]": "[[]]", "refs": "[a]: x\n", "fences": "```\n\n", "tables": "|a|\n|-|\n|b|\n\n",
    "quoted lists": "> - ", "formulas": "$a_1$ ", "math lines": "\\[\nx\n\\]\n\n",
    "hair spaces": "\u200a", "#": "# a\n",
}  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    began = time.process_time()
    assert violations(render(text)) == []
    assert time.process_time() - began < 20  # seconds; the worst of these took 0.4 on one core


def test_nesting_ends_before_browsers_do() -> None:
    deepest = render("**" * 5_000 + "a" + "**" * 5_000).count("<strong>") + render("> " * 500 + "a").count(
        "<blockquote"
    )
    assert deepest <= 50
