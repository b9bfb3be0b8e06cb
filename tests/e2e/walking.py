"""A walk through a page with nothing but the Tab key, and what a person with a keyboard or a screen reader meets."""

from typing import NamedTuple

from playwright.sync_api import Locator, Page

from tests.e2e.conftest import until

MOST_STOPS = 400
# A box that nobody sees lies over the words that people see: those are looked at then.
_WALK = """() => {
  const words = (node) => (node.ariaLabel || node.textContent).trim().slice(0, 40);
  const told = (node) => `${node.tagName} ${String(node.className)} ${words(node)}`;
  const around = (node) => [node, node.nextElementSibling, node.closest("label"), node.closest(".wrap-inner")];
  const isMarked = (node) => around(node).filter(Boolean).some((each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow.includes("0px 0px 0px 3px");
  });
  const isSeen = (node) => {
    const isHidden = getComputedStyle(node).opacity === "0";
    const box = (isHidden ? node.closest("label") || node.parentElement : node).getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    return right > left && bottom > top && [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
      const hit = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
      return hit && (node.contains(hit) || hit.contains(node) || hit.closest("label")?.contains(node));
    });
  };
  const walk = window.walk = { stops: new Set(), first: null, isRound: false, unmarked: [], unseen: [] };
  document.addEventListener("focusin", ({ target }) => {
    if (target === walk.first) walk.isRound = true;
    walk.first ||= target;
    if (walk.stops.has(target)) return;
    walk.stops.add(target);
    if (!isMarked(target)) walk.unmarked.push(told(target));
    requestAnimationFrame(() => {
      if (document.activeElement === target && !isSeen(target)) walk.unseen.push(told(target));
    });
  });
  walk.missed = () => {
    const groups = new Set([...walk.stops].filter((each) => each.type === "radio").map((each) => each.name));
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
      .filter((each) => each.tabIndex >= 0 && !each.matches(":disabled"))
      .filter((each) => each.checkVisibility({ visibilityProperty: true }))
      .filter((each) => !walk.stops.has(each) && !(each.type === "radio" && groups.has(each.name))).map(told);
  };
}"""
_LISTEN = """() => {
  window.spoken = [];
  const said = new WeakMap();
  const regionOf = ({ target }) => {
    const node = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    return node?.closest("[role=status], [role=alert], [aria-live=polite]");
  };
  new MutationObserver((changes) => {
    for (const region of new Set(changes.map(regionOf).filter(Boolean))) {
      const words = region.checkVisibility() ? region.innerText.trim() : "";
      if (words && said.get(region) !== words) spoken.push(words);
      said.set(region, words);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
_FOCUSED = "document.activeElement !== document.body"


class Walk(NamedTuple):
    """What a walk met: where focus could not be seen, what could not be reached, and whether it came round."""

    is_round: bool
    unmarked: list[str]
    unseen: list[str]
    missed: list[str]


UNTROUBLED = Walk(is_round=True, unmarked=[], unseen=[], missed=[])


def walked(page: Page) -> Walk:
    """The walk from the top of the page until it comes to where it began."""
    page.evaluate(_WALK)
    for _ in range(MOST_STOPS // 10):
        for _ in range(10):
            page.keyboard.press("Tab")
        if page.evaluate("walk.isRound"):
            break
    found = page.evaluate("[walk.isRound, walk.unmarked, walk.unseen, walk.missed()]")
    return Walk(*found)


def tab_to(target: Locator) -> None:
    """Press Tab until this has focus."""
    page = target.page
    for _ in range(MOST_STOPS):
        if target.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never came to it")


def has_focus(page: Page) -> bool:
    """Whether focus is somewhere, and not thrown back to the top of the page."""
    return bool(page.evaluate(_FOCUSED))


def listening(page: Page) -> None:
    """From now on every word of the live regions is written down."""
    page.evaluate(_LISTEN)


def spoken(page: Page, *, last: str) -> list[str]:
    """What was spoken until these words."""

    def words() -> list[str]:
        return list(page.evaluate("spoken"))

    until(lambda: any(each.startswith(last) for each in words()), page)
    return words()
