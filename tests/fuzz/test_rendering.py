"""Any text as a page shows it: nothing but what is allowed, and never an exception."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.ui.markdown import clean, render, shown
from fusion_ui.ui.maths import mathml
from tests.fuzz.spoiling import real_texts, spoilt
from tests.ui.test_markdown import violations

TEXTS = (
    "# A\n\n- **b** `c`\n  1. $x^2$\n\n| a | b |\n|---|:-:|\n| <b> | \\(y\\) |\n\n```html\n<script>\n```\n[l](http://a.b)",
    "> quote\n>> deeper\n\n$$\n\\begin{matrix} a & b \\\\ c & d \\end{matrix}\n$$\n\n![i](data:x) <https://a.b>",
    "&lt;img src=x onerror=alert(1)&gt; &#x3C;b&#x3E; \\<a\\>",
)
FORMULAS = (
    "\\frac{1}{2}",
    "\\sum_{i=1}^{n} x_i",
    "\\begin{cases} a & b \\\\ c \\end{cases}",
    "\\text{a $b$}",
    "\\left( x",
    "x^",
)


@given(spoilt(TEXTS))
def test_odd_markdown_leaves_nothing_but_what_is_allowed(text: str) -> None:
    drawn = render(text)
    assert violations(drawn) == []
    assert clean(drawn) == drawn


@given(data=st.data())
def test_published_candidates_made_odd_are_drawn_as_safely(shared_data: Path, data: st.DataObject) -> None:
    assert violations(render(data.draw(spoilt(real_texts(shared_data))))) == []


@given(spoilt(FORMULAS, most=600), st.booleans())
def test_a_formula_is_drawn_or_shown_as_written(tex: str, is_block: bool) -> None:
    assert violations(clean(mathml(shown(tex), is_block=is_block))) == []
