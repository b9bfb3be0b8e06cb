"""Formulas of model texts as MathML, which browsers draw by themselves: no script, no fonts, no network.

TeX is untrusted: a formula that is too long, defines macros or cannot be read is shown as its source.
"""

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import tostring

from latex2mathml import exceptions
from latex2mathml.converter import Converter
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

LONGEST_FORMULA = 2_000
MOST_FORMULAS = 1_000
_MOST_LINES = 60  # of one formula: the end is looked for no further, or hostile text would take quadratic time

# A macro may call another twice, which calls a third twice ...: nobody waits for 2^100 symbols.
_MACRO = re.compile(r"\\(?:re)?newcommand")
_UNREADABLE: tuple[type[Exception], ...] = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)),
)


@lru_cache(2048)
def mathml(tex: str, *, is_block: bool) -> str:
    """One formula as MathML markup; as `<code>` where it cannot be drawn."""
    source = f'<code class="math-source">{html.escape(tex)}</code>'
    if len(tex) > LONGEST_FORMULA or _MACRO.search(tex):
        return source
    try:
        tree = Converter(display="block" if is_block else "inline").convert_to_element(tex)
        for node in tree.iter():
            # The library writes symbols as entities and leaves unescaping to its own, unsafe, string conversion.
            node.text = html.unescape(node.text) if node.text else None
        return tostring(tree, encoding="unicode")
    except _UNREADABLE:
        return source


def maths_plugin(md: MarkdownIt) -> None:
    """Teach a parser `$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`."""
    dollarmath_plugin(
        md, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False, double_inline=True
    )
    md.inline.ruler.before("escape", "math_bracket", _bracket_inline)
    md.block.ruler.before(
        "fence", "math_bracket_block", _bracket_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def formula(token: Token, env: dict[str, int]) -> str:
    """The markup of one maths token; a text with very many formulas shows the last ones as source."""
    env["formulas"] = env.get("formulas", 0) + 1
    tex, is_block = token.content.strip(), token.type != "math_inline"
    if env["formulas"] > MOST_FORMULAS:
        return f'<code class="math-source">{html.escape(tex)}</code>'
    markup = mathml(tex, is_block=is_block)
    return f'<div class="math">{markup}</div>\n' if token.block else f'<span class="math">{markup}</span>'


def _bracket_inline(state: StateInline, silent: bool) -> bool:
    opening = state.src[state.pos : state.pos + 2]
    if opening not in (r"\(", r"\["):
        return False
    furthest = min(state.posMax, state.pos + LONGEST_FORMULA)
    end = state.src.find(r"\)" if opening == r"\(" else r"\]", state.pos + 2, furthest)
    content = state.src[state.pos + 2 : end] if end > 0 else ""
    if not content.strip():
        return False
    if not silent:
        token = state.push("math_inline" if opening == r"\(" else "math_inline_double", "math", 0)
        token.content, token.markup = content, opening
    state.pos = end + 2
    return True


def _bracket_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block that begins with `\\[` and ends with the line that closes it, as models like to write."""
    if state.is_code_block(start) or not _line(state, start).startswith(r"\["):
        return False
    lines: list[str] = []
    for at in range(start, min(end, start + _MOST_LINES)):
        lines.append(_line(state, at))
        _, closing, after = lines[-1].partition(r"\]")
        if not lines[-1] or after or state.sCount[at] < state.blkIndent:
            return False
        if closing:
            content = "\n".join(lines)[2:-2]
            if content.strip() and not silent:
                _push_block(state, start, at + 1, content)
            return bool(content.strip())
    return False


def _line(state: StateBlock, at: int) -> str:
    return state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]].strip()


def _push_block(state: StateBlock, start: int, after: int, content: str) -> None:
    token = state.push("math_block", "math", 0)
    token.block, token.content, token.markup, token.map = True, content, r"\[", [start, after]
    state.line = after
