"""Model text as safe HTML: Markdown is parsed without raw HTML, then cleaned by an allow-list.

Whatever this module returns may go into innerHTML; nothing else that a model wrote may. Images become their alt text,
links lead to http(s) or mail only, headings start below the page's own, and nothing can load, run, overlay or collect.
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from fusion_ui.ui.maths import formula, maths_plugin

LIMIT = 100_000
_TOO_LONG = "\n\n*Only the first {:,} characters are shown here.*\n"

# Characters that draw nothing or turn the text around them (U+202D, U+202E), and those Unicode keeps for programs'
# own use, which mark sentences in `sources`. Single surrogates cannot be written as UTF-8 at all.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_DEEPEST_EMPHASIS = 30
_UNSPACED = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff60]")

_LANGUAGES = frozenset(
    "bash c cpp csharp css diff go html ini java javascript js json kotlin latex lua markdown perl php powershell py"
    " python r ruby rust scala sh sql swift toml ts typescript xml yaml".split()
)
_LONGEST_CODE = 20_000

_TAGS = frozenset(
    "p br hr h4 h5 h6 ul ol li blockquote pre code span em strong s a table thead tbody tr th td div".split()
)
_MATHML = frozenset(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot munder mover munderover mmultiscripts"
    " mprescripts mtable mtr mtd mstyle menclose mpadded mphantom".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"class"},
    "math": {"display", "xmlns"},
    "menclose": {"notation"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "form", "separator", "minsize", "maxsize"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class"},
}
_SOURCE_ATTRIBUTES = {**_ATTRIBUTES, "span": {"class", "data-s"}, "tr": {"class", "data-s"}}
_OFFSET_ATTRIBUTES = {
    **_ATTRIBUTES,
    "span": {"class", "data-o", "data-e"},
    "div": {"class", "data-o", "data-e"},
    "code": {"class", "data-o", "data-e"},
}
_DIRECTED = {
    tag: {"dir": "auto"} for tag in ("p", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "table", "th", "td")
}
_FIXED = {**_DIRECTED, "a": {"target": "_blank"}, "pre": {"dir": "ltr"}}
_CLASS = re.compile(r"hl-[a-z0-9]{1,4}|language-[a-z]{1,12}|math|math-source|fx-(?:image|table|mark|marks|said)")
_SMALL = re.compile(r"-?\d{1,2}(\.\d+)?(em|ex|px|pt)?( -?\d{1,2}(\.\d+)?(em|ex|px|pt)?)?")
# Whole ones: a browser reads "https:x" as "/x" of the page that it is on, or as "https://x".
_ADDRESS = re.compile("https?://[^/?#]|mailto:", re.IGNORECASE)
_PLACES = frozenset({"data-s", "data-o", "data-e"})
_SIZES = frozenset({"width", "minsize", "maxsize", "rowspacing", "columnspacing"})


def shown(text: str) -> str:
    """The text with every character replaced that must not reach a screen; offsets stay as they are."""
    return _UNSHOWABLE.sub("\ufffd", text.replace("\r\n", " \n").replace("\r", "\n"))


@lru_cache(512)
def render(text: str) -> str:
    """A whole text, or a finished block of one, as clean HTML."""
    return clean(parser().render(clipped(shown(text)), {}))


def clipped(text: str) -> str:
    """The text as far as it is drawn, with a notice where something was left out."""
    return text if len(text) <= LIMIT else text[:LIMIT] + _TOO_LONG.format(LIMIT)


def clean(markup: str, *, has_sources: bool = False, has_offsets: bool = False) -> str:
    """Markup reduced to the tags, attributes, classes and addresses that are allowed."""
    if has_offsets:
        return _offset_cleaner().clean(markup)
    return (_source_cleaner() if has_sources else _cleaner()).clean(markup)


@lru_cache(1)
def parser() -> MarkdownIt:
    """The one configured parser; parsing leaves no trace in it."""
    md = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted, "maxNesting": 20})
    md.enable(["table", "strikethrough"])
    md.normalizeLink = _whole_address  # type: ignore[assignment, method-assign]
    md.inline.ruler.at("emphasis", _emphasis)
    maths_plugin(md)
    md.core.ruler.push("shallow", _make_shallow)
    md.core.ruler.push("headings", _shift_headings)
    for kind in ("math_inline", "math_inline_double", "math_block"):
        md.add_render_rule(kind, lambda _self, tokens, at, _options, env: formula(tokens[at], env))
    md.add_render_rule("image", _alt_text)
    md.add_render_rule("table_open", lambda *_: '<div class="fx-table"><table>\n')
    md.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return md


def _whole_address(address: str) -> str:
    """The address as it is linked to, none if it is not whole."""
    written = normalizeLink(address)
    return written if _ADDRESS.match(written) else ""


@lru_cache(1)
def _cleaner() -> nh3.Cleaner:
    return _cleaner_for(_ATTRIBUTES)


@lru_cache(1)
def _source_cleaner() -> nh3.Cleaner:
    return _cleaner_for(_SOURCE_ATTRIBUTES)


@lru_cache(1)
def _offset_cleaner() -> nh3.Cleaner:
    return _cleaner_for(_OFFSET_ATTRIBUTES)


def _cleaner_for(attributes: dict[str, set[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS | _MATHML),
        attributes=attributes,
        attribute_filter=_kept,
        set_tag_attribute_values=_FIXED,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow ugc",
    )


def _kept(_tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(word for word in value.split() if _CLASS.fullmatch(word)) or None
    if name in _SIZES:
        return value if _SMALL.fullmatch(value) else None
    if name in _PLACES:
        return value if re.fullmatch(r"\d{1,6}", value) else None
    return value


def _highlighted(code: str, language: str, _attributes: str) -> str:
    if language.lower() not in _LANGUAGES or len(code) > _LONGEST_CODE:
        return html.escape(code)
    formatter = HtmlFormatter(nowrap=True, classprefix="hl-")
    return str(highlight(code, get_lexer_by_name(language.lower(), stripnl=False), formatter))


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's emphasis, which also opens and closes beside scripts that put no space between words.

    By the letter of the standard `**重要。**次` is not bold, as the second `**` follows a full stop and meets a letter.
    """
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
    for delimiter in state.delimiters[known:] if state.src[start] == "*" else ():
        delimiter.close |= bool(_UNSPACED.match(after)) and not before.isspace()
        delimiter.open |= bool(_UNSPACED.match(before)) and bool(after) and not after.isspace()
    return True


def _alt_text(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    """An image's description: to fetch it would tell a stranger's server who is reading."""
    described = tokens[at].content.strip() or "no description"
    return f'<span class="fx-image">[image: {html.escape(described)}]</span>'


def _make_shallow(state: StateCore) -> None:
    """Show a paragraph plainly when its emphasis nests deeper than anybody writes: browsers give up at 512 levels."""
    for token in state.tokens:
        if token.children and max(child.level for child in token.children) > _DEEPEST_EMPHASIS:
            token.children = [Token("text", "", 0, content=token.content)]


def _shift_headings(state: StateCore) -> None:
    """Let a text's headings begin at h4 and never skip a level, so that the page keeps one outline."""
    level = 3
    ranks = sorted({token.tag for token in state.tokens if token.type == "heading_open"})
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(4 + ranks.index(token.tag), level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
