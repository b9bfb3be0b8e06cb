"""A case of 32 candidates x 8 000 characters in a real browser: how soon it is painted, and how it scrolls.

Beside it the same texts as plain <pre> boxes, the least that a page could do with them, in one reply; then the diff of
two texts of 20 000 characters. The server renders each text when it is asked for.
`python -m tests.bench.bench_case_view`.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import Page, sync_playwright

from fusion_ui.ui.anchors import anchored
from tests.bench.streaming_app import PARAGRAPH
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.inspectcases import case, replies, run_of
from tests.e2e.inspectserver import Inspected, serving_inspect

CANDIDATES, CHARACTERS, DIFFED = 32, 8_000, 20_000
ROUNDS = 5
_PRE = """<!doctype html><meta charset="utf-8"><style>main { display: grid; gap: 14px;
grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)) } pre { block-size: 24rem; overflow: auto;
white-space: pre-wrap; margin: 0 }</style><main></main><script>
fetch("/api/inspect/texts").then((reply) => reply.json()).then((texts) => {
  for (const text of texts) document.querySelector("main").append(
    Object.assign(document.createElement("pre"), { textContent: text }));
  document.body.dataset.there = "1";
});</script>"""
_OBSERVE = """window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: "longtask" });"""
_PAINTED = """(there) => new Promise((done) => {
  const told = () => setTimeout(() => done(performance.now()));
  const look = () => requestAnimationFrame(Function(`return ${there}`)() ? told : look);
  look();
})"""
_STEP = """() => {
  history.pushState(null, "", "/inspect?run=BIG&tab=cost");
  dispatchEvent(new PopStateEvent("popstate"));
  return performance.now();
}"""
_READABLE = "document.querySelectorAll('.case-cand').length === 32"
_PRE_THERE = "document.body?.dataset.there"
_IN_SIGHT = """document.querySelectorAll(".case-cand").length === 32 && [...document.querySelectorAll(".case-cand")]
  .filter((card) => {
    const box = card.getBoundingClientRect();
    return box.left < innerWidth && box.top < innerHeight;
  }).every((card) => card.querySelector(".case-prose > p"))"""
_SCROLL = """([selector, axis]) => new Promise((done) => {
  const box = selector ? document.querySelector(selector) : document.scrollingElement;
  const [side, size, room] = axis === "x" ? ["scrollLeft", "scrollWidth", "clientWidth"]
    : ["scrollTop", "scrollHeight", "clientHeight"];
  const gaps = [];
  let last = performance.now();
  const frame = (now) => {
    gaps.push(now - last);
    last = now;
    box[side] += 60;
    if (box[side] + box[room] < box[size] - 1 && gaps.length < 2000) requestAnimationFrame(frame);
    else setTimeout(() => done(gaps.slice(1).sort((one, other) => one - other)), 300);
  };
  requestAnimationFrame(frame);
})"""


def text_of(number: int, characters: int) -> str:
    """A text with Markdown and formulas, unlike the others."""
    parts = [f"Step {at} of {number}. {PARAGRAPH}" for at in range(characters // len(PARAGRAPH) + 1)]
    return "".join(parts)[: characters - 20] + f"\n\nAnswer: {3366 + number % 2}"


def served() -> Inspected:
    """The case, its texts rendered when they are asked for, and the reference page."""
    texts = {text_of(number, CHARACTERS): str(3366 + number % 2) for number in range(CANDIDATES)}
    view = run_of(texts, fused=text_of(99, CHARACTERS), gold="3366")
    told = case(view, "BIG")
    held = replies(told, case(run_of({text_of(at, DIFFED): "1" for at in (1, 2)}, fused=""), "LONG"))
    for each in told["candidates"]:
        held[f"/runs/BIG/outputs/{each['output_id']}/html"] = partial(_rendered, each["text"])
    held["/texts"] = lambda _: Response(json.dumps(list(texts)), media_type="application/json")
    held["/pre"] = lambda _: HTMLResponse(_PRE)
    return Inspected(replies=held)


def _rendered(text: str, _: Any) -> dict[str, str]:
    anchored.cache_clear()
    return {"html": anchored(text)}


def opened(page: Page, address: str, there: str) -> float:
    """Milliseconds from the start of the navigation until this is there and painted."""
    page.goto(address, wait_until="commit")
    return float(page.evaluate(_PAINTED, there))


def stepped(page: Page, url: str, there: str) -> float:
    """Milliseconds from a step within the page, from the list to the case, until this is there and painted."""
    page.goto(f"{url}/inspect")
    page.get_by_role("heading", level=2).first.wait_for()
    page.evaluate("window.longTasks.length = 0")
    began = page.evaluate(_STEP)
    return float(page.evaluate(_PAINTED, there)) - float(began)


def scrolled(page: Page, selector: str, axis: str) -> str:
    """What scrolling from end to end was like."""
    page.evaluate("window.longTasks.length = 0")
    gaps = page.evaluate(_SCROLL, [selector, axis])
    longest = max([0, *page.evaluate("window.longTasks")])
    median, high = gaps[len(gaps) // 2], gaps[int(len(gaps) * 0.95)]
    return f"frames {len(gaps)}, median {median:.0f} ms, p95 {high:.0f} ms, longest task {longest:.0f} ms"


def main() -> None:
    with serving_inspect(served()) as held, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        case_at, pre_at = f"{held.url}/inspect?run=BIG&tab=cost", f"{held.url}/api/inspect/pre"

        def fresh() -> Page:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.add_init_script(_OBSERVE)
            return page

        _told("case view, readable after", fresh, lambda page: stepped(page, held.url, _READABLE))
        _told("case view, rendered after", fresh, lambda page: stepped(page, held.url, _IN_SIGHT))
        _told("case view, rendered after a fresh page load", fresh, lambda page: opened(page, case_at, _IN_SIGHT))
        _told("plain <pre>, readable after", fresh, lambda page: opened(page, pre_at, _PRE_THERE))
        page = fresh()
        opened(page, case_at, _IN_SIGHT)
        print("columns, sideways:", scrolled(page, ".case-row", "x"))
        page.locator(".case-views label", has_text="Grid").click()
        print("grid, down:", scrolled(page, "", "y"))
        page = fresh()
        opened(page, pre_at, _PRE_THERE)
        print("plain <pre>, down:", scrolled(page, "", "y"))
        _diff(fresh(), held)
        browser.close()


def _told(name: str, fresh: Callable[[], Page], measure: Callable[[Page], float]) -> None:
    taken, longest = [], []
    for _ in range(ROUNDS):
        page = fresh()
        taken.append(measure(page))
        longest.append(max([0, *page.evaluate("window.longTasks")]))
        page.close()
    median = sorted(taken)[ROUNDS // 2]
    print(
        f"{name}: {min(taken):.0f} ms, median {median:.0f}, worst {max(taken):.0f}; longest task {max(longest):.0f} ms"
    )


def _diff(page: Page, held: Inspected) -> None:
    opened(page, f"{held.url}/inspect?run=LONG&tab=cost", "document.querySelector('.case-cand p')")
    page.evaluate("window.longTasks.length = 0")
    began = page.evaluate(
        "() => { document.querySelector('.case-tab:nth-child(5)').click(); return performance.now(); }"
    )
    there = "document.querySelectorAll('.case-diff section').length === 2"
    print(f"diff of two {DIFFED:,}: painted after {page.evaluate(_PAINTED, there) - began:.0f} ms, ", end="")
    page.wait_for_timeout(500)
    print(f"longest task {max([0, *page.evaluate('window.longTasks')]):.0f} ms")


if __name__ == "__main__":
    main()
