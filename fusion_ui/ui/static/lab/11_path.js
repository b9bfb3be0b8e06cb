/* How evidence grows along one path of draws, and where a threshold would have stopped it. Everything here is reckoned
   in the page from the steps; moving a threshold asks nobody. */

/* Each rule's evidence as a height that grows, its thresholds as positions of a slider, and both in words. */
const GAUGES = {
  bayes: {
    name: "Bayes factor", words: brief, from: 2, to: 1e4, usual: 10, ticks: [1, 10, 100, 1e3, 1e4, 1e5, 1e6],
    passes: (step, threshold) => step.bayes_factor >= threshold,
    of: (step) => Math.log10(step.bayes_factor),
    at: Math.log10,
    back: (height) => 10 ** height,
  },
  asc: {
    name: "Pr[Beta > ½]", words: (share) => String(Number(share.toPrecision(6))), from: 0.6, to: 0.9999, usual: 0.95, ticks: [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999],
    passes: (step, threshold) => step.asc !== null && step.asc >= threshold,
    of: (step) => (step.asc === null ? -Infinity : -Math.log10(Math.max(1e-12, 1 - step.asc))),
    at: (share) => -Math.log10(1 - share),
    back: (height) => 1 - 10 ** -height,
  },
  certificate: {
    name: "Error bound δ", words: (bound) => String(Number(bound.toPrecision(2))), from: 0.5, to: 1e-4, usual: 0.05, ticks: [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5],
    passes: (step, threshold) => step.certificate !== null && step.certificate <= threshold,
    of: (step) => (step.certificate === null ? -Infinity : -Math.log10(step.certificate)),
    at: (bound) => -Math.log10(bound),
    back: (height) => 10 ** -height,
  },
};

/* The draw at which the rule would have stopped; null if it never would. */
function stopOf(steps, rule, threshold) {
  let votes = 0;
  for (const step of steps) {
    if (step.answer !== null) votes += 1;
    if (votes >= MINIMUM && GAUGES[rule].passes(step, threshold)) return step;
  }
  return null;
}

/* Answers by how often they were drawn: the colour of each. */
function ranksOf(steps) {
  const counts = new Map();
  for (const { answer } of steps) if (answer !== null) counts.set(answer, (counts.get(answer) || 0) + 1);
  return new Map([...counts].sort(([, one], [, other]) => other - one).map(([answer], rank) => [answer, rank]));
}

const rankClass = (rank) => (rank === undefined ? "is-none" : rank < 5 ? `fx-r${rank + 1}` : "fx-r6");

class PathPlot {
  constructor(point) {
    this.point = point;
    this.plot = new Plot("Evidence draw by draw; the list of draws holds the same", { height: 250, draw: (plot) => this.draw(plot), isReady: () => this.path && this.path.steps.length });
    this.node = this.plot.node;
    this.node.addEventListener("pointermove", (event) => this.follow(event));
    this.node.addEventListener("pointerleave", () => this.point(null));
  }

  show(path) {
    this.path = path;
    this.plot.redraw();
  }

  draw(plot) {
    const { steps, ranks, rule } = this.path;
    const gauge = GAUGES[rule];
    const box = { left: 58, right: plot.width - 12, top: 26, bottom: plot.height - 42 };
    const low = Math.min(0, gauge.at(gauge.ticks[0]));
    const top = Math.max(gauge.at(gauge.to) + 0.3, Math.min(gauge.at(gauge.ticks.at(-1)), Math.max(...steps.map(gauge.of))));
    this.x = scale(0.5, steps.length + 0.5, [box.left, box.right]);
    this.y = scale(low, top, [box.bottom, box.top]);
    const height = (step) => this.y(Math.max(low, Math.min(top, gauge.of(step))));
    const each = Math.max(1, Math.ceil(steps.length / (plot.width / 60)));
    const ticks = linearTicks(1, steps.length, steps.length / each).filter(Number.isInteger);
    plot.frame({ x: this.x, y: (tick) => this.y(gauge.at(tick)), box, xTicks: ticks, yTicks: gauge.ticks.filter((tick) => gauge.at(tick) <= top), xWords: (tick) => plain(tick, 0), yWords: (tick) => `${gauge.at(tick) > top - 0.01 ? "≥ " : ""}${gauge.words(tick)}`, xName: "Draw", yName: `${gauge.name}, log scale` });
    this.before = svg("rect", { class: "lab-before", "aria-hidden": "true", y: box.top, height: box.bottom - box.top, x: box.left });
    plot.svg.append(this.before);
    plot.line(steps.map((step) => [this.x(step.position), height(step)]), { kind: "lab-line is-thin" });
    plot.svg.append(...steps.map((step) => svg("circle", { cx: this.x(step.position), cy: height(step), r: steps.length > 60 ? 3 : 4, class: `lab-dot ${rankClass(step.leader === null ? undefined : ranks.get(step.leader))}`, "aria-hidden": "true" })));
    this.line = svg("line", { x1: box.left, x2: box.right, class: "lab-limit", "aria-hidden": "true" });
    this.lineWords = svg("text", { x: box.right - 4, "text-anchor": "end", class: "lab-label is-strong", "aria-hidden": "true" });
    this.stop = svg("line", { y1: box.top, y2: box.bottom, class: "lab-stop", "aria-hidden": "true" });
    this.cursor = svg("line", { y1: box.top, y2: box.bottom, class: "lab-cursor", "aria-hidden": "true", visibility: "hidden" });
    plot.svg.append(this.line, this.lineWords, this.stop, this.cursor);
    this.move(this.threshold, this.stopped);
  }

  /* The threshold moves; nothing else is drawn again. */
  move(threshold, stopped) {
    Object.assign(this, { threshold, stopped });
    if (!this.line || threshold === undefined) return;
    const { box } = this.plot;
    const y = this.y(GAUGES[this.path.rule].at(threshold));
    for (const end of ["y1", "y2"]) this.line.setAttribute(end, String(y));
    this.lineWords.setAttribute("y", String(y - 6));
    write(this.lineWords, RULES[this.path.rule].of(threshold));
    const x = stopped ? this.x(stopped.position) : box.right;
    for (const end of ["x1", "x2"]) this.stop.setAttribute(end, String(x));
    this.stop.setAttribute("visibility", stopped ? "visible" : "hidden");
    this.before.setAttribute("width", String(x - box.left));
  }

  follow(event) {
    if (!this.x || !this.path) return;
    const { left } = this.plot.svg.getBoundingClientRect();
    const step = (this.plot.box.right - this.plot.box.left) / this.path.steps.length;
    const place = Math.round((event.clientX - left - this.x(1)) / step);
    this.point(place >= 0 && place < this.path.steps.length ? place : null);
  }

  cursorAt(place) {
    if (!this.cursor) return;
    this.cursor.setAttribute("visibility", place === null ? "hidden" : "visible");
    if (place !== null) for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, String(this.x(this.path.steps[place].position)));
  }
}
