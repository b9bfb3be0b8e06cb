/* Charts of our own as SVG, as wide as their box: scales, frame, marks that tell their values, labels that do not collide.
   Colours are classes, so that a chart follows the theme. */

const TEXT_PX = 6.5; // a character of 12 px text, about

function svg(tag, props, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

const scale = (from, to, [start, end], shape = (value) => value) => {
  const [low, high] = [shape(from), shape(to)];
  return (value) => start + ((shape(value) - low) / (high - low || 1)) * (end - start);
};

function linearTicks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

function logTicks(low, high, most) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const factor of [1, 2, 3, 5]) if (factor * 10 ** power >= low * 0.999 && factor * 10 ** power <= high * 1.001) ticks.push({ at: factor * 10 ** power, factor });
  }
  for (const kept of [[1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
    const few = ticks.filter(({ factor }) => kept.includes(factor)).map(({ at }) => at);
    if (few.length <= most || kept.length === 1) return few.filter((_, place) => place % Math.ceil(few.length / most) === 0);
  }
}

const MARKS = {
  circle: (x, y) => svg("circle", { cx: x, cy: y, r: 4.5 }),
  square: (x, y) => svg("rect", { x: x - 4, y: y - 4, width: 8, height: 8 }),
  diamond: (x, y) => svg("path", { d: `M${x} ${y - 6}l6 6-6 6-6-6z` }),
  triangle: (x, y) => svg("path", { d: `M${x} ${y - 6}l6 10.5h-12z` }),
};

class Plot {
  constructor(label, { height = 340, draw, isReady }) {
    Object.assign(this, { height, draw, isReady, width: 0 });
    this.svg = svg("svg", { class: "lab-svg", role: "group", "aria-label": label });
    this.tip = el("div", { class: "lab-tip", hidden: true, "aria-hidden": "true" });
    this.node = el("div", { class: "lab-plot" }, this.svg, this.tip);
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && show(this.tip, false));
    new ResizeObserver(([{ contentRect }]) => {
      if (Math.abs(contentRect.width - this.width) < 1) return;
      this.width = contentRect.width;
      this.redraw();
    }).observe(this.node);
  }

  /* Nothing to draw yet: a box may have a width before its first result, while stylesheets are still on their way. */
  redraw() {
    if (!this.width || !this.isReady()) return;
    this.svg.replaceChildren();
    this.taken = [];
    show(this.tip, false);
    for (const [name, value] of Object.entries({ width: this.width, height: this.height, viewBox: `0 0 ${this.width} ${this.height}` })) this.svg.setAttribute(name, value);
    this.draw(this);
  }

  /* The axes: ticks with their words, the name of each axis, and light lines across. */
  frame({ x, y, xTicks, yTicks, xWords, yWords, xName, yName, box }) {
    const { left, right, top, bottom } = box;
    const lines = svg("g", { class: "lab-grid", "aria-hidden": "true" });
    const words = svg("g", { class: "lab-axis", "aria-hidden": "true" });
    for (const tick of yTicks) {
      lines.append(svg("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }));
      words.append(svg("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end", text: yWords(tick) }));
    }
    for (const tick of xTicks) {
      lines.append(svg("line", { x1: x(tick), x2: x(tick), y1: top, y2: bottom, class: "lab-faint" }));
      words.append(svg("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle", text: xWords(tick) }));
    }
    words.append(svg("text", { x: right, y: bottom + 36, "text-anchor": "end", class: "lab-axis-name", text: xName }));
    words.append(svg("text", { x: 0, y: 12, class: "lab-axis-name", text: yName }));
    this.box = box;
    this.svg.append(lines, words);
  }

  /* Something with a value: pointing at it or reaching it by keyboard shows the words. */
  mark(shape, lines, { x, y, hue }) {
    const node = svg("g", { class: `lab-mark ${hue}`, tabindex: "0", role: "img", "aria-label": lines.join(", ") },
      svg("circle", { cx: x, cy: y, r: 13, class: "lab-reach" }), MARKS[shape](x, y));
    for (const kind of ["pointerenter", "focus"]) node.addEventListener(kind, () => this.tell(lines, x, y));
    for (const kind of ["pointerleave", "blur"]) node.addEventListener(kind, () => show(this.tip, false));
    this.svg.append(node);
    this.taken.push({ x: x - 6, y: y - 6, width: 12, height: 12 });
  }

  tell([first, ...rest], x, y) {
    this.tip.replaceChildren(el("strong", { text: first }), ...rest.map((line) => el("span", { text: line })));
    show(this.tip, true);
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    this.tip.style.left = `${Math.max(0, Math.min(x - width / 2, this.width - width))}px`;
    this.tip.style.top = `${y - height - 14 < 0 ? y + 16 : y - height - 14}px`;
  }

  /* Words beside the first of these points that has room for them: they hide no mark, no line and no other words. Where
     there is no room, words that are not needed are left out. */
  label(words, points, { hue = "", isNeeded = false, isStrong = false }) {
    const free = points.map(([x, y]) => this.room(words, x, y, isStrong)).find(Boolean);
    const box = free || (isNeeded ? { x: Math.max(this.box.left, points[0][0] - words.length * TEXT_PX - 14), y: points[0][1] - 22 } : null);
    if (!box) return;
    this.taken.push({ width: words.length * TEXT_PX, height: 15, ...box });
    this.svg.append(svg("text", { x: box.x + 2, y: box.y + 12, class: `lab-label ${hue} ${isStrong ? "is-strong" : ""}`, "aria-hidden": "true", text: words }));
  }

  room(words, x, y, isStrong) {
    const width = words.length * TEXT_PX * (isStrong ? 1.1 : 1) + 4;
    const beside = [[8, -8], [6, -22], [6, 7], [-width / 2, -24], [-width / 2, 9], [-width - 8, -8], [-width - 6, -22], [-width - 6, 7], [-width / 2, -38], [-width / 2, 24], [12, -38], [12, 22], [-width - 12, -38], [-width - 12, 22], [-width / 2, 42], [-width / 2, -56], [14, 42], [-width - 14, 42]];
    const boxes = beside.map(([right, down]) => ({ x: x + right, y: y + down, width, height: 15 }));
    const { left, right, top, bottom } = this.box;
    const fits = (box) => box.x >= left && box.x + box.width <= right + 4 && box.y >= top - 6 && box.y + 15 <= bottom &&
      !this.taken.some((other) => box.x < other.x + other.width && other.x < box.x + box.width && box.y < other.y + other.height && other.y < box.y + box.height);
    return boxes.find(fits);
  }

  line(points, { hue = "", kind = "lab-line" }) {
    this.svg.append(svg("polyline", { points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "), class: `${kind} ${hue}`, "aria-hidden": "true" }));
    points.slice(1).forEach((to, place) => this.keepClear(points[place], to));
  }

  /* Labels stay off this stretch. */
  keepClear([x1, y1], [x2, y2]) {
    const pieces = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 8));
    for (let at = 0; at <= pieces; at++) this.taken.push({ x: x1 + ((x2 - x1) * at) / pieces - 1.5, y: y1 + ((y2 - y1) * at) / pieces - 1.5, width: 3, height: 3 });
  }
}
