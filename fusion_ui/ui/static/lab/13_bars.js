/* Weights as bars: dragged, moved by arrow keys or written down; the others shrink or grow so that all sum to one. */

/* One weight set, the others rescaled in proportion; equal shares where they had nothing. */
function rescaled(weights, place, wanted) {
  if (weights.length === 1) return [1];
  const weight = Math.max(0, Math.min(1, wanted));
  const rest = weights.reduce((sum, each, at) => (at === place ? sum : sum + each), 0);
  return weights.map((each, at) => (at === place ? weight : rest > 1e-12 ? (each * (1 - weight)) / rest : (1 - weight) / (weights.length - 1)));
}

function normalised(weights) {
  const sum = weights.reduce((total, each) => total + each, 0);
  return sum > 1e-12 ? weights.map((each) => each / sum) : weights.map(() => 1 / weights.length);
}

class Bars {
  constructor(change) {
    this.change = change; // (weights, isSettled): on every move, and once more when the hand is taken off
    this.weights = [];
    this.node = el("div", { class: "lab-bars" });
  }

  build(members, weights) {
    this.weights = weights;
    this.rows = members.map((member, place) => this.row(member, place));
    this.node.replaceChildren(...this.rows.map(({ node }) => node));
    this.draw();
  }

  row(member, place) {
    const filled = el("i");
    const track = el("div", { class: "lab-track", role: "slider", tabindex: "0", "aria-label": `Weight of ${member}`, "aria-valuemin": "0", "aria-valuemax": "100",
      pointerdown: (event) => this.grab(event, place), pointermove: (event) => this.drag(event, place), pointerup: () => this.drop(), pointercancel: () => this.drop(), keydown: (event) => this.key(event, place) }, filled);
    const exact = el("input", { class: "fx-input", type: "number", min: "0", max: "100", step: "any", inputmode: "decimal", "aria-label": `Weight of ${member} in percent`,
      change: () => this.move(place, Number(exact.value) / 100, true) });
    const node = el("div", { class: `lab-bar ${hue(place + 1)}` }, foreign(member, "lab-bar-name"), track, el("span", { class: "lab-exactly" }, exact, el("span", { class: "fx-hint", text: "%" })));
    return { node, track, filled, exact };
  }

  set(weights) {
    this.weights = weights;
    this.draw();
    this.change(weights, true);
  }

  move(place, weight, isSettled = false) {
    this.weights = rescaled(this.weights, place, Number.isFinite(weight) ? weight : this.weights[place]);
    this.draw();
    this.change(this.weights, isSettled);
  }

  draw() {
    this.rows.forEach(({ track, filled, exact }, place) => {
      const share = 100 * this.weights[place];
      filled.style.inlineSize = `${share}%`;
      track.setAttribute("aria-valuenow", share.toFixed(1));
      track.setAttribute("aria-valuetext", `${share.toFixed(1)} %`);
      const words = String(Number(share.toFixed(2)));
      if (exact.value !== words) exact.value = words;
    });
  }

  grab(event, place) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.held = place;
    this.drag(event, place);
  }

  drag(event, place) {
    if (this.held !== place) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const isMirrored = getComputedStyle(event.currentTarget).direction === "rtl";
    const share = (event.clientX - left) / width;
    this.move(place, isMirrored ? 1 - share : share);
  }

  drop() {
    if (this.held === undefined) return;
    this.held = undefined;
    this.change(this.weights, true);
  }

  key(event, place) {
    const steps = { ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.move(place, Math.round((this.weights[place] + steps[event.key]) * 1e4) / 1e4, true);
  }
}
