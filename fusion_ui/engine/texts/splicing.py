"""Puts a text together again after sentences were left out, replaced or added, without breaking its Markdown.

It decides which cuts the structure bears: a list keeps its introduction and its count, a heading needs a section, and
what leads up to code, maths or a table stays with it. Which sentences deserve a place is decided elsewhere.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fusion_ui.engine.texts import phrasing
from fusion_ui.engine.texts.sentences import CJK, units

_FIXED = ("code", "maths", "row")
_MARKER = re.compile(r"(?P<lead>[\s>]*)(?:[-*+•‣·▪◦–]\s+|(?P<open>\(?)(?P<number>\d{1,3})(?P<close>[.)）、．]\s*))")
_PAIRS = (
    ("(", ")"),
    ("[", "]"),
    ("“", "”"),
    ("«", "»"),
    ("「", "」"),
    ("『", "』"),
    ("（", "）"),
    ("\\begin", "\\end"),
)
_HASHES = re.compile(r"[\s>]*(#{1,6})\s")
_BOLD_LEVEL = 7
_COLON = re.compile(r"[:：][*_]*$")
_ENDED = re.compile(r"[.!?…。！？؟۔।:：;][\"'»”’)\]）」』*_`]*$")
_CJK_ENDED = re.compile(rf"[{CJK}。！？][」』）”]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A sentence to be put after (or before) a unit; beside a list item it becomes an item."""

    text: str
    beside: int
    is_before: bool = False


@dataclass(slots=True)
class _Part:
    body: str
    gap: str
    listing: int | None = None
    is_new: bool = False


class _Item(NamedTuple):
    listing: int
    first: int
    last: int


def ends_sentence(text: str) -> bool:
    """Whether a text ends in a mark that ends a sentence or announces something."""
    return _ENDED.search(text) is not None


def announces(text: str) -> bool:
    """Whether a sentence ends in a colon, so that it means nothing without what follows."""
    return _COLON.search(text) is not None


def is_balanced(text: str) -> bool:
    """Whether a sentence closes every quotation, bracket and emphasis that it opens."""
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS) and not any(
        text.count(mark) % 2 for mark in ('"', "**", "`", "$", "$$")
    )


class Markdown:
    """A text as units with its lists found, to be put together anew with some units changed."""

    def __init__(self, text: str) -> None:
        self.units = units(text)
        raw = [text[unit.span.start : unit.span.end] for unit in self.units]
        self.bodies = [some.rstrip() for some in raw]
        self._gaps = [some[len(body) :] for some, body in zip(raw, self.bodies, strict=True)]
        self._lists = list(self._find_lists())
        self._item_by_unit = {
            at: _Item(number, item[0], item[-1])
            for number, items in enumerate(self._lists)
            for item in items
            for at in item
        }

    def is_item(self, at: int) -> bool:
        """Whether a unit belongs to a list item."""
        return at in self._item_by_unit

    def _find_lists(self) -> Iterator[list[list[int]]]:
        """Each outermost list as its items, each item as its units: its head, what follows it, and items under it."""
        items: list[list[int]] = []
        for at, unit in enumerate(self.units):
            is_deeper = bool(items) and self._indent(at) > self._indent(items[0][0])
            if unit.kind == "item" and not is_deeper:
                items.append([at])
            elif is_deeper or (items and unit.block == self.units[at - 1].block):
                items[-1].append(at)
            elif items:
                yield items
                items = []
        if items:
            yield items

    def _indent(self, at: int) -> int:
        body = self.bodies[at].lstrip("\n")
        return len(body) - len(body.lstrip())

    def safe_cuts(self, cuts: Collection[int]) -> frozenset[int]:
        """The cuts that leave no list, introduction or table broken, and the headings that they leave empty."""
        everything = frozenset(range(len(self.units)))
        kept = {at for at in everything if at not in cuts or not is_balanced(self._bare(at))}
        for items in self._lists:
            self._mend_list(items, kept)
        for at in range(len(self.units) - 2, -1, -1):
            if at + 1 in kept and (announces(self.bodies[at]) or self.units[at + 1].kind in _FIXED):
                kept.add(at)
            elif at in kept and self.units[at].kind == "maths" and self.bodies[at + 1].lstrip()[:1].islower():
                kept.add(at + 1)
        emptied = self._headings_with_content(everything) - self._headings_with_content(kept)
        return everything - kept | emptied

    def _mend_list(self, items: Sequence[Sequence[int]], kept: set[int]) -> None:
        """Keep the head of an item with its rest, and all of a list that would end up single, miscounted or missing
        although it was announced."""
        left = [item for item in items if not kept.isdisjoint(item)]
        for item in left:
            has_items_under_it = any(self.units[at].kind == "item" for at in item[1:])
            kept.update(item if has_items_under_it else item[:1])
        before = items[0][0] - 1
        intro = self.bodies[before] if before in kept else ""
        is_counted = len(items) in phrasing.numbers(phrasing.key(intro))
        if len(left) < len(items) and (len(left) == 1 or is_counted or (not left and announces(intro))):
            kept.update(at for item in items for at in item)

    def _headings_with_content(self, kept: Collection[int]) -> frozenset[int]:
        found: set[int] = set()
        seen_below = 0  # headings of a smaller level than this have something kept under them
        for at in range(len(self.units) - 1, -1, -1):
            if at not in kept or self.units[at].kind == "mark":
                continue
            if self.units[at].kind != "heading":
                seen_below = _BOLD_LEVEL + 1
                continue
            hashes = _HASHES.match(self.bodies[at])
            level = len(hashes[1]) if hashes else _BOLD_LEVEL
            if level < seen_below:
                found.add(at)
            seen_below = min(seen_below, level)
        return frozenset(found)

    def spliced(self, *, cuts: Collection[int], replaced: Mapping[int, str], added: Sequence[Addition]) -> str:
        """The text without the cut units, with new wordings for some and with sentences added beside others."""
        parts: list[_Part] = []
        for at, gap in enumerate(self._gaps):
            if at not in cuts:
                parts.extend(self._around(at, replaced, added))
            elif parts:
                parts[-1].gap = max(parts[-1].gap, gap, key=lambda some: some.count("\n"))
        touched = {self._item_by_unit[at].listing for at in cuts if at in self._item_by_unit}
        touched |= {part.listing for part in parts if part.listing is not None and part.is_new}
        self._renumber(parts, touched)
        return "".join(part.body + part.gap for part in parts).strip()

    def _around(self, at: int, replaced: Mapping[int, str], added: Sequence[Addition]) -> list[_Part]:
        """A unit with what is added before and after it."""
        item = self._item_by_unit.get(at)
        body = self._lead(at) + replaced[at] if at in replaced else self.bodies[at]
        parts = [_Part(body, self._gaps[at], item.listing if item and item.first == at else None)]
        for addition in added:
            if self._place(addition) != at:
                continue
            new = _Part(self._styled(addition), self._joint(at), item.listing if item else None, is_new=True)
            if addition.is_before:
                parts.insert(-1, new)
            else:
                new.gap, parts[-1].gap = parts[-1].gap, new.gap
                parts.append(new)
        return parts

    def _place(self, addition: Addition) -> int:
        """The unit next to which an addition stands: for an item, the first or last unit of the whole item."""
        item = self._item_by_unit.get(addition.beside)
        if item is None:
            return addition.beside
        return item.first if addition.is_before else item.last

    def _styled(self, addition: Addition) -> str:
        item = self._item_by_unit.get(addition.beside)
        return self._lead(item.first) + addition.text if item else addition.text

    def _lead(self, at: int) -> str:
        """What stands before the words of a unit: its indent and, for the head of an item, its marker."""
        marker = _MARKER.match(self.bodies[at]) if self.units[at].kind == "item" else None
        return marker.group() if marker else self.bodies[at][: self._indent(at)]

    def _bare(self, at: int) -> str:
        return self.bodies[at][len(self._lead(at)) :]

    def _joint(self, at: int) -> str:
        """What separates a unit from a new neighbour: what separates units hereabouts, else what the script asks."""
        if at in self._item_by_unit:
            return "\n"
        inside = [one for one in range(len(self.units) - 1) if self._is_inside_paragraph(one)]
        near = [one for one in (at, at - 1) if one in inside]
        if near:
            return self._gaps[near[0]]
        breaks = [gap for gap in self._gaps[max(0, at - 1) : at + 1] if "\n" in gap]
        if not inside and breaks:
            return breaks[-1]
        if _CJK_ENDED.search(self.bodies[at]):
            return ""
        return " " if ends_sentence(self.bodies[at]) else "\n"

    def _is_inside_paragraph(self, at: int) -> bool:
        return self.units[at].block == self.units[at + 1].block and self.units[at].kind == "prose"

    def _renumber(self, parts: Sequence[_Part], touched: Collection[int]) -> None:
        """Count the items of the lists that changed anew, where they were counted before."""
        following = {number: self._first_number(self._lists[number]) for number in touched}
        for part in parts:
            marker = _MARKER.match(part.body)
            if part.listing is None or not marker or not (number := following.get(part.listing)):
                continue
            part.body = f"{marker['lead']}{marker['open']}{number}{marker['close']}{part.body[marker.end() :]}"
            following[part.listing] = number + 1

    def _first_number(self, items: Sequence[Sequence[int]]) -> int | None:
        """The number of the first item of a list that is counted up by one; None for any other list."""
        markers = [_MARKER.match(self.bodies[item[0]]) for item in items]
        numbers = [int(marker["number"]) for marker in markers if marker and marker["number"]]
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(items))):
            return None
        return numbers[0]


def without_marker(text: str) -> str:
    """A sentence without its list marker."""
    marker = _MARKER.match(text)
    return text[marker.end() :] if marker else text.lstrip()
