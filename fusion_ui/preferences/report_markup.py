"""HTML built from values: whatever is not Markup already is text, and text is escaped. There is no template to inject.

Texts of models and people come through here. What neither HTML nor UTF-8 can carry is marked instead of dropped.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeAlias

_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DENSE = 9  # columns, from which they are set closer
_EMPTY = frozenset({"meta", "link", "br", "hr", "col"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child: TypeAlias = "str | Markup | Iterable[Child] | None"


def text(words: str) -> Markup:
    """These words as HTML, safe in an attribute as well."""
    if isinstance(words, Markup):
        return words
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return Markup(escape(_UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", lines)))


def fragment(*children: Child) -> Markup:
    """The children one after the other."""
    return Markup("".join(_html(child) for child in children))


def element(tag: str, *children: Child, **attributes: str | None) -> Markup:
    """An element; attributes that are keywords of Python end in an underscore, others take one for a hyphen."""
    shown = "".join(f' {_attribute(name)}="{text(value)}"' for name, value in attributes.items() if value is not None)
    if tag in _EMPTY:
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{fragment(*children)}</{tag}>")


def named(name: str) -> Markup:
    """A name as it is, whose direction turns nothing around it."""
    return element("bdi", name)


def passage(words: str) -> Markup:
    """A text as it was written, blanks and lines kept, in its own direction."""
    return element("div", words, class_="text", dir="auto")


def table(caption: str, head: Sequence[Child], rows: Iterable[Sequence[Child]]) -> Markup:
    """A table whose first column names the rows; it scrolls in its own box where the page is narrow."""
    body = [
        element("tr", element("th", first, scope="row"), [element("td", cell) for cell in rest])
        for first, *rest in rows
    ]
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", [element("th", cell, scope="col") for cell in head])),
        element("tbody", body),
    )
    return element(
        "div",
        whole,
        class_="wide dense" if len(head) >= _DENSE else "wide",
        role="region",
        tabindex="0",
        aria_label=caption,
    )


def sentence(words: Child) -> Markup:
    """Words in a cell of a table, with room to be read."""
    return element("div", words, class_="sentence")


def listed(parts: Iterable[Child]) -> Markup | None:
    """A list of these parts, nothing for none."""
    points = [element("li", part) for part in parts]
    return element("ul", points) if points else None


def paragraphs(*parts: Child) -> Markup:
    """A paragraph for each part that says anything."""
    return fragment(element("p", part) for part in parts if part)


def _html(child: Child) -> str:
    if child is None:
        return ""
    return text(child) if isinstance(child, str) else fragment(*child)


def _attribute(name: str) -> str:
    return name.removesuffix("_").replace("_", "-")
