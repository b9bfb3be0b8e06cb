/* The path of the evidence, draw by draw, with the threshold and the stop: as wide as its box, all text as text nodes. */

const CHART_PX = { height: 230, left: 62, right: 14, top: 26, bottom: 40 };

function svg(tag, props, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, typeof value === "number" ? String(Math.round(value * 10) / 10) : value);
  if (text !== undefined) node.textContent = text;
  return node;
}

class PathChart {
  constructor() {
    this.svg = svg("svg", { class: "fx-chart", role: "img" });
    this.node = el("div", { class: "fx-chart-box" }, this.svg);
    new ResizeObserver(([{ contentRect }]) => {
      if (Math.abs(contentRect.width - (this.width || 0)) < 1) return;
      this.width = contentRect.width;
      if (this.drawn) this.draw(this.drawn);
    }).observe(this.node);
  }

  draw(drawn) {
    this.drawn = drawn;
    if (!this.width) return;
    const { path, rule, threshold, stop } = drawn;
    const { height, left, right, top, bottom } = CHART_PX;
    const gauge = STOP_RULES[rule];
    const highest = Math.max(gauge.top, gauge.height(threshold) + 0.2);
    const x = (position) => left + ((position - 0.5) / path.steps.length) * (this.width - left - right);
    const y = (level) => {
      const high = level ? Math.min(highest, Math.max(gauge.bottom, gauge.height(level))) : gauge.bottom;
      return height - bottom - ((high - gauge.bottom) / (highest - gauge.bottom)) * (height - top - bottom);
    };
    for (const [name, value] of Object.entries({ width: this.width, height, viewBox: `0 0 ${this.width} ${height}`, "aria-label": this.told(drawn) })) this.svg.setAttribute(name, value);
    this.svg.replaceChildren(...this.frame(gauge, path, x, y), ...this.saved(path, stop, x), ...this.evidence(gauge, path, stop, x, y),
      ...this.line(gauge, threshold, y));
  }

  /* What the picture shows, for those who hear it. */
  told({ path, rule, threshold, stop }) {
    const { axis, level, tick, words } = STOP_RULES[rule];
    const last = level(path.steps[path.steps.length - 1]);
    const end = last ? `, ${tick(Number(last.toPrecision(3)))} after the last` : "";
    return `${axis} after each of ${counted(path.steps.length, "draw")}${end}. ${words(threshold)} is ${stop ? `passed at draw ${stop.position}` : "not passed"}.`;
  }

  frame(gauge, path, x, y) {
    const { height, left, right, bottom } = CHART_PX;
    const most = Math.max(2, Math.floor((this.width - left - right) / 34));
    const every = [1, 2, 5, 10, 20, 50].find((size) => path.steps.length / size <= most) || 100;
    const draws = path.steps.map(({ position }) => position).filter((position) => position === 1 || position % every === 0);
    return [
      ...gauge.ticks.flatMap((level) => [
        svg("line", { class: "fx-chart-grid", x1: left, x2: this.width - right, y1: y(level), y2: y(level) }),
        svg("text", { class: "fx-chart-tick", x: left - 8, y: y(level) + 4, "text-anchor": "end" }, gauge.tick(level)),
      ]),
      ...draws.map((position) => svg("text", { class: "fx-chart-tick", x: x(position), y: height - bottom + 18, "text-anchor": "middle" }, String(position))),
      svg("text", { class: "fx-chart-name", x: 0, y: 12 }, gauge.axis),
      svg("text", { class: "fx-chart-name", x: this.width - right, y: height - 6, "text-anchor": "end" }, "Draw"),
    ];
  }

  /* The stretch that would not have been asked for. */
  saved({ steps }, stop, x) {
    if (!stop || stop.position === steps.length) return [];
    const { height, right, top, bottom } = CHART_PX;
    const from = (x(stop.position) + x(stop.position + 1)) / 2;
    const width = this.width - right - from;
    return [svg("rect", { class: "fx-chart-saved", x: from, y: top, width, height: height - top - bottom }),
      ...(width > 60 ? [svg("text", { class: "fx-chart-tick", x: from + width / 2, y: height - bottom - 8, "text-anchor": "middle" }, "saved")] : [])];
  }

  evidence(gauge, { steps }, stop, x, y) {
    const points = steps.map((step) => `${x(step.position).toFixed(1)},${y(gauge.level(step)).toFixed(1)}`).join(" ");
    const size = steps.length > 40 ? 3 : 5;
    const dots = steps.map((step) => svg("circle", { class: `fx-chart-dot ${rankClass(step.rank)}`, cx: x(step.position), cy: y(gauge.level(step)), r: size }));
    if (stop) dots.push(svg("circle", { class: "fx-chart-stop", cx: x(stop.position), cy: y(gauge.level(stop)), r: size + 4 }));
    return [svg("polyline", { class: "fx-chart-path", points }), ...dots];
  }

  line(gauge, threshold, y) {
    const { left, right } = CHART_PX;
    const at = y(threshold);
    return [svg("line", { class: "fx-chart-threshold", x1: left, x2: this.width - right, y1: at, y2: at }),
      svg("text", { class: "fx-chart-words", x: left + 6, y: at - 6 }, gauge.words(threshold))];
  }
}
