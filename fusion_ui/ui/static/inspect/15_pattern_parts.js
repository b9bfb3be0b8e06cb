/* Parts of the patterns: shares as dots with their intervals on one scale, counts as bars, and links that open the cases
   behind a number. Coordinates are shares of the width, so that a drawing is as wide as its cell. */

const SCALES = [0.05, 0.1, 0.25, 0.5, 1];
const scaleOf = (rows) => SCALES.find((end) => rows.every(({ rate, high }) => (high ?? rate ?? 0) <= end)) || 1;
const across = (share, scale) => `${Math.min(100, (100 * share) / scale).toFixed(2)}%`;

function drawing(className, height) {
  return svg("svg", { class: className, width: "100%", height, "aria-hidden": "true", focusable: "false" });
}

/* The table beside it says the same in figures, so the drawing is for the eye only. */
function dotOf({ rate, low, high }, scale) {
  const node = drawing("in-dot", 24);
  for (const share of [0, 0.5, 1]) node.append(svg("line", { class: "in-grid", x1: `${100 * share}%`, x2: `${100 * share}%`, y1: 0, y2: 24 }));
  if (low !== null && low !== undefined) node.append(svg("line", { class: "in-interval", x1: across(low, scale), x2: across(high, scale), y1: 12, y2: 12 }));
  if (rate !== null && rate !== undefined) node.append(svg("circle", { class: "in-point", cx: across(rate, scale), cy: 12, r: 6 }));
  return node;
}

function scaleHead(scale) {
  return el("span", { class: "in-scale" }, ...[0, scale / 2, scale].map((share) => el("span", { text: inPercent(share) })));
}

function barOf(count, most) {
  const node = drawing("in-bar", 12);
  node.append(svg("rect", { class: "in-filled", x: 0, y: 0, width: across(count, most || 1), height: 12, rx: 3 }));
  return node;
}

/* The share with its interval, or why there is none. */
function shareWords({ rate, low, high, words }) {
  if (rate === null || rate === undefined) return el("span", { class: "fx-hint", text: words || "–" });
  const interval = low === null || low === undefined ? words : `${percent(low)} to ${percent(high)}`;
  return el("span", { class: "in-share" }, el("strong", { text: percent(rate) }), ...[interval, words && interval !== words ? words : ""].filter(Boolean).flatMap((each) => [" ", el("span", { class: "fx-hint", text: each })]));
}

/* Turns filters of the server into the list's address: each name replaces its own values, the others stay. */
function casesHref(address, filter) {
  const named = Object.entries(filter).map(([name, values]) => [name === "run" ? "ids" : name, [values].flat()]);
  const rest = address.filters.filter(([name]) => !named.some(([each]) => each === name));
  return { ...NO_PLACE, filters: [...rest, ...named.flatMap(([name, values]) => values.map((value) => [name, value]))] };
}

class PatternLinks {
  constructor(screen) {
    this.screen = screen;
  }

  /* A number or a name that opens its cases; plain words where there are none. */
  to(filter, words, label) {
    const content = words instanceof Node ? words : foreign(String(words));
    if (!filter) return content;
    const changes = casesHref(this.screen.address, filter);
    return stepTo(this.screen.address.href(changes), () => this.screen.go(changes), { class: "lab-open in-cases", "aria-label": label }, content);
  }
}
