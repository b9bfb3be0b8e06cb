/* Accuracy against what it costs, rule by rule; and accuracy against the number of questions weights were solved on. */

const MEASURES = {
  accuracy: { name: "Accuracy", low: "accuracy_low", high: "accuracy_high" },
  mode_agreement: { name: "Agreement with the pool’s mode" },
};
const COSTS = { draws: "Mean draws a question", tokens: "Mean tokens a question" };

class ReplayPlot {
  constructor() {
    this.x = "draws";
    this.y = "accuracy";
    this.plot = new Plot("Chart of the replay; the table below holds the same numbers", { height: 380, draw: (plot) => this.draw(plot), isReady: () => this.result });
    this.across = new Choices("Across", [["Draws", "draws"], ["Tokens", "tokens"]], "draws", (key) => this.turn("x", key));
    this.up = new Choices("Up", [["Accuracy", "accuracy"], ["Mode agreement", "mode_agreement"]], "accuracy", (key) => this.turn("y", key));
    this.node = el("div", {}, el("div", { class: "lab-turns" }, this.across.node, this.up.node), this.plot.node);
  }

  turn(axis, key) {
    this[axis] = key;
    (axis === "x" ? this.across : this.up).set(key);
    this.plot.redraw();
  }

  show(result) {
    this.result = result;
    const hasTokens = result.rows.some(({ tokens }) => tokens !== null);
    this.across.offer("tokens", hasTokens);
    this.up.offer("accuracy", result.judged);
    if (!hasTokens) this.turn("x", "draws");
    this.turn("y", result.judged ? this.y : "mode_agreement");
  }

  draw(plot) {
    const { low, high } = MEASURES[this.y];
    const rows = this.result.rows.filter((row) => row[this.x] > 0 && row[this.y] !== null);
    if (!rows.length) return;
    const limit = this.y === "accuracy" ? this.result.limit_accuracy : 1;
    const ends = rows.flatMap((row) => [row[this.y], low && row[low], high && row[high]]).concat(limit).filter((each) => typeof each === "number");
    const [bottom, top] = padded(Math.min(...ends), Math.max(...ends));
    const costs = rows.map((row) => row[this.x]);
    const [first, last] = [Math.min(...costs) / 1.25, Math.max(...costs) * 1.35];
    const box = { left: 50, right: plot.width - 10, top: 26, bottom: plot.height - 42 };
    const x = scale(first, last, [box.left, box.right], Math.log);
    const y = scale(bottom, top, [box.bottom, box.top]);
    plot.frame({ x, y, box, xTicks: logTicks(first, last, plot.width / 70), yTicks: linearTicks(bottom, top, 6), xWords: (tick) => plain(tick, 0), yWords: (tick) => percent(tick, top - bottom < 0.05 ? 1 : 0), xName: `${COSTS[this.x]}, log scale`, yName: MEASURES[this.y].name });
    if (limit !== null) this.drawLimit(plot, y(limit));
    const series = Object.entries(RULES).map(([rule, how]) => ({ how, rows: rows.filter((row) => row.rule === rule).sort((one, other) => one[this.x] - other[this.x]) }));
    for (const { how, rows: own } of series) plot.line(own.map((row) => [x(row[this.x]), y(row[this.y])]), how);
    for (const { how, rows: own } of series) for (const row of own) this.point(plot, row, how, { x: x(row[this.x]), y: y(row[this.y]), y1: low && row[low] !== null ? y(row[low]) : null, y2: high && row[high] !== null ? y(row[high]) : null });
    if (limit !== null) plot.label(this.limitWords(limit, plot.width), [0, 0.2, 0.4, 0.6, 0.8].map((part) => [box.left + part * (box.right - box.left), y(limit)]), { isNeeded: true, isStrong: true });
    for (const { how, rows: own } of series) if (own.length > 1) plot.label(how.label, own.map((row) => [x(row[this.x]), y(row[this.y])]).toReversed(), { hue: how.hue, isNeeded: true, isStrong: true });
    const pointed = series.flatMap(({ how, rows: own }) => own.map((row) => ({ how, row, isNeeded: own.length === 1 }))).sort((one, other) => other.isNeeded - one.isNeeded);
    for (const { how, row, isNeeded } of pointed) plot.label(isNeeded ? `${how.label} ${brief(row.threshold)}` : how.of(row.threshold), [[x(row[this.x]), y(row[this.y])]], { hue: how.hue, isNeeded });
  }

  limitWords(limit, width) {
    if (this.y !== "accuracy") return "always the mode";
    return `${width < 600 ? "limit" : "limit of endless draws"} ${percent(limit)}`;
  }

  drawLimit(plot, at) {
    const { left, right } = plot.box;
    plot.svg.append(svg("line", { x1: left, x2: right, y1: at, y2: at, class: "lab-limit", "aria-hidden": "true" }));
    plot.keepClear([left, at], [right, at]);
  }

  point(plot, row, how, { x, y, y1, y2 }) {
    const { name, low, high } = MEASURES[this.y];
    if (y1 !== null && y2 !== null) {
      plot.svg.append(svg("path", { d: `M${x} ${y1}V${y2}M${x - 4} ${y1}h8M${x - 4} ${y2}h8`, class: `lab-error ${how.hue}`, "aria-hidden": "true" }));
      plot.keepClear([x, y1], [x, y2]);
    }
    const lines = [ruleName(row), `${name} ${percent(row[this.y])}${low ? `, 95 %: ${span(row[low], row[high])}` : ""}`, `${plain(row.draws)} draws${row.tokens === null ? "" : `, ${plain(row.tokens, 0)} tokens`}`];
    plot.mark(how.mark, lines, { x, y, hue: how.hue });
  }
}

function padded(low, high) {
  const room = Math.max(0.01, (high - low) * 0.08);
  return [Math.max(0, low - room), Math.min(1, high + room) + (high >= 0.999 ? 0.0001 : 0)];
}

const CURVES = [
  { key: "accuracy", label: "Solved weights", hue: "fx-c1", mark: "circle" },
  { key: "uniform", label: "Uniform weights", hue: "fx-c3", mark: "square" },
  { key: "best_single", label: "Best single", hue: "fx-c2", mark: "diamond" },
];

class LearningPlot {
  constructor() {
    this.plot = new Plot("Chart of the learning curve; the table below holds the same numbers", { height: 320, draw: (plot) => this.draw(plot), isReady: () => this.points && this.points.length });
    this.node = this.plot.node;
  }

  show(result) {
    this.points = result.points;
    this.plot.redraw();
  }

  draw(plot) {
    const { points } = this;
    const ends = points.flatMap((point) => [point.low, point.high, ...CURVES.map(({ key }) => point[key])]).filter((each) => typeof each === "number");
    const [bottom, top] = padded(Math.min(...ends), Math.max(...ends));
    const sizes = points.map(({ questions }) => questions);
    const box = { left: 50, right: plot.width - 14, top: 26, bottom: plot.height - 42 };
    const x = scale(Math.min(...sizes) - 0.5, Math.max(...sizes) + Math.max(0.5, Math.max(...sizes) * 0.02), [box.left + 8, box.right - 8]);
    const y = scale(bottom, top, [box.bottom, box.top]);
    plot.frame({ x, y, box, xTicks: sizes.filter((_, place) => place % Math.ceil((sizes.length * 40) / plot.width) === 0), yTicks: linearTicks(bottom, top, 5), xWords: (tick) => plain(tick, 0), yWords: (tick) => percent(tick, top - bottom < 0.05 ? 1 : 0), xName: "Questions solved on", yName: "Accuracy on the other questions" });
    const band = [...points.map((point) => [x(point.questions), y(point.low)]), ...points.toReversed().map((point) => [x(point.questions), y(point.high)])];
    plot.svg.append(svg("polygon", { points: band.map((pair) => pair.join(",")).join(" "), class: "lab-band fx-c1", "aria-hidden": "true" }));
    for (const { key, hue: own } of CURVES) plot.line(points.map((point) => [x(point.questions), y(point[key])]), { hue: own });
    for (const curve of CURVES) for (const point of points) plot.mark(curve.mark, this.told(curve, point), { x: x(point.questions), y: y(point[curve.key]), hue: curve.hue });
    for (const curve of CURVES) plot.label(curve.label, points.map((point) => [x(point.questions), y(point[curve.key])]).toReversed(), { hue: curve.hue, isNeeded: true, isStrong: true });
  }

  told({ key, label }, point) {
    return [`${label}, solved on ${counted(point.questions, "question")}`, `${percent(point[key])} of the other questions${key === "accuracy" ? `, 95 %: ${span(point.low, point.high)}` : ""}`];
  }
}
