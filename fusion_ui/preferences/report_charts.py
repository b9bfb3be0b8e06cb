"""A chart's SVG file made fit to stand within a page: ids of its own, no style element, no style attribute.

Styles become attributes, so that the page's policy may forbid inline styles and its sheet may turn colours in the dark.
"""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from fusion_ui.preferences.report_markup import Markup

_DROPPED = frozenset({"metadata", "style", "title", "script"})
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline_svg(drawing: bytes, *, key: str, words: str) -> Markup:
    """The chart as an element for people who see it, and as `words` for those who do not; `key` sets its ids apart."""
    root = ElementTree.fromstring(drawing)
    _plain(root, key)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib |= {"role": "img", "aria-label": words, "preserveAspectRatio": "xMinYMin meet"}
    return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=False))


def _plain(node: Element, key: str) -> None:
    node.tag = _local(node.tag)
    node.attrib = {
        name: _own(name, value, key) for name, value in _attributes(node).items() if not name.startswith("xmlns")
    }
    node.text = node.tail = None
    for child in list(node):
        if _local(child.tag) in _DROPPED:
            node.remove(child)
        else:
            _plain(child, key)


def _attributes(node: Element) -> dict[str, str]:
    """Those of the node, its style's among them; a link is a plain `href`."""
    told = {_local(name): value for name, value in node.attrib.items()}
    for rule in told.pop("style", "").split(";"):
        name, _, value = rule.partition(":")
        if value:
            told[name.strip()] = value.strip()
    return told


def _own(name: str, value: str, key: str) -> str:
    if name == "id":
        return f"{key}-{value}"
    if name == "href" and value.startswith("#"):
        return f"#{key}-{value[1:]}"
    return _REFERENCE.sub(rf"url(#{key}-\1)", value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
