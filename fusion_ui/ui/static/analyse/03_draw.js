/* Estimates as dots on a line, counts as bars, and cards with their files. */

/* A dot with its interval on a line from `from` to `to`; `middle` is where nothing differs. What lies outside ends at
   the edge with an arrow. */
function dotLine(estimate, { from = 0, to = 1, middle = 0.5, className = "" } = {}) {
  const at = (value) => Math.max(0, Math.min(100, (100 * (value - from)) / (to - from)));
  const node = el("span", { class: `an-line ${className}`, "aria-hidden": "true" });
  if (middle !== null) node.append(placed("u", { insetInlineStart: `${at(middle)}%` }));
  if (!has(estimate)) return node;
  if (hasRange(estimate)) {
    const bar = placed("i", { insetInlineStart: `${at(estimate.low)}%`, inlineSize: `${at(estimate.high) - at(estimate.low)}%` });
    bar.classList.toggle("is-cut-low", estimate.low < from - 1e-9);
    bar.classList.toggle("is-cut-high", estimate.high > to + 1e-9);
    node.append(bar);
  }
  const dot = placed("b", { insetInlineStart: `${at(estimate.value)}%` });
  dot.classList.toggle("is-hollow", !hasRange(estimate));
  node.append(dot);
  return node;
}

function placed(tag, style) {
  const node = document.createElement(tag);
  Object.assign(node.style, style);
  return node;
}

function axis(ticks, { from = 0, to = 1 } = {}) {
  return el("span", { class: "an-axis", "aria-hidden": "true" }, ...ticks.map(([value, words]) => {
    const at = (100 * (value - from)) / (to - from);
    const node = el("span", { class: at < 2 ? "is-start" : at > 98 ? "is-end" : null, text: words });
    node.style.insetInlineStart = `${at}%`;
    return node;
  }));
}

const SHARE_TICKS = [[0, "0 %"], [0.25, "25 %"], [0.5, "50 %"], [0.75, "75 %"], [1, "100 %"]];

/* A round span that holds all these estimates, even about the middle. */
function reach(estimates, { middle = 0, least = 0.2, most = Infinity } = {}) {
  const ends = estimates.filter(has).flatMap((each) => [each.value, each.low, each.high]).filter((each) => typeof each === "number").map((each) => Math.abs(each - middle));
  const far = Math.min(most, Math.max(least, ...ends) * 1.05);
  return { from: middle - far, to: middle + far, middle };
}

function ticksOf({ from, to }, told, most = 5) {
  return linearTicks(from, to, most).map((value) => [value, told(value)]);
}

/* Round numbers of points, which lie on a scale of natural logarithms. */
const ELO = 400 / Math.LN10;
const pointsOf = (score) => 1000 + ELO * score;
const pointWords = (score) => plain(pointsOf(score), 0);

function pointTicks({ from, to }) {
  return linearTicks(pointsOf(from), pointsOf(to), 4).map((value) => [(value - 1000) / ELO, plain(value, 0)]);
}

/* Wins, ties, both bad and losses as one bar, and the same in words beside it. */
function outcomeBar({ first, second, wins, ties, both_bad: bad, losses }) {
  const parts = [[shortName(first), wins, "is-win"], ["Tie", ties, "is-tie"], ["Both bad", bad, "is-bad"], [shortName(second), losses, "is-loss"]];
  const shown = parts.filter(([, number]) => number > 0);
  const bar = el("span", { class: "an-split", "aria-hidden": "true" }, ...shown.map(([, number, kind]) => {
    const part = el("i", { class: kind });
    part.style.flexGrow = number;
    return part;
  }));
  return el("span", { class: "an-outcomes" }, bar, el("span", { class: "an-outcome-words" }, ...parts.map(([words, number, kind]) => el("span", { class: kind }, el("i", { "aria-hidden": "true" }), foreign(words), el("b", { text: plain(number) })))));
}

/* A bar of parts of one whole, named below. */
function wholeBar(parts) {
  const bar = el("span", { class: "an-split", "aria-hidden": "true" }, ...parts.map(({ share, hue: own }) => {
    const part = el("i", { class: own });
    part.style.flexGrow = Math.max(share, 0);
    return part;
  }));
  return el("span", { class: "an-outcomes" }, bar, el("span", { class: "an-outcome-words" }, ...parts.map(({ words, share, hue: own }) => el("span", { class: own }, el("i", { "aria-hidden": "true" }), words, el("b", { text: whole(share) })))));
}

/* Files of a section: the table as CSV, the chart as pictures; each asks what the page asks. */
function files(page, title, { table: name, figure }) {
  const query = page.address.query();
  const links = [name && ["CSV", `tables/${name}.csv`], ...(figure ? ["svg", "png", "pdf"].map((kind) => [kind.toUpperCase(), `figures/${figure}.${kind}`]) : [])].filter(Boolean);
  return el("span", { class: "lab-downloads", role: "group", "aria-label": `Files: ${title}` }, ...links.map(([words, path]) => el("a", { href: `${ANALYSE}/${path}${query}`, download: true, text: words })));
}

/* A card of the page. `draw(facts)` gives its content, or null where there is nothing to say and the card is not shown. */
class Card {
  constructor(page, { title, hint, id, files: offered, draw }) {
    Object.assign(this, section(title, hint, id), { page, offered, draw });
    this.node.classList.add("an-card");
  }

  give(facts) {
    const content = this.draw(facts, this);
    show(this.node, content);
    this.body.replaceChildren(...(content ? [content].flat().filter(Boolean) : []));
    this.aside.replaceChildren(...(content && this.offered ? [files(this.page, this.heading.textContent, this.offered)] : []));
  }
}

/* Rows with a line in each, all on one axis; the line, which a row has last, stands beside its name, where a phone
   shows it too. */
function lined(caption, heads, rows, ticks, span, { className = "" } = {}) {
  const [name, ...rest] = heads;
  const turned = rows.map((row) => [row[0], row[row.length - 1], ...row.slice(1, -1)]);
  const scaled = el("span", {}, el("span", { class: "fx-sr", text: "Drawn" }), axis(ticks, span));
  return table(caption, [name, scaled, ...rest], turned, { className: `an-lined ${className}` });
}

function hint(words, props) {
  return words ? el("p", { class: "fx-hint", dir: "auto", ...props, text: words }) : null;
}

function withRange(estimate, told = whole) {
  return el("span", { class: "an-value" }, el("strong", { text: has(estimate) ? told(estimate.value) : "–" }), el("span", { class: "fx-hint", text: has(estimate) ? range(estimate, told) : "" }));
}

/* Every different reason once. */
function notes(...words) {
  return [...new Set(words.flat().filter(Boolean))].map((each) => hint(each, { class: "fx-hint an-note" }));
}
