/* "Replay the vote": where another threshold, or another order of the same draws, would have stopped this run.
   The server says how much each rule knew after each draw; a threshold is held against that here, at once. */

const MOST_SHUFFLES = 30;

/* Each rule: how it is said, what of a step it looks at, which thresholds it offers from loose to strict, and how high
   evidence is drawn, as a logarithm that grows with it. */
const STOP_RULES = {
  bayes: {
    label: "Best-of-infinity", axis: "Bayes factor", usual: 10,
    words: (threshold) => `B = ${threshold}`,
    level: (step) => step.bayes_factor,
    passes: (level, threshold) => level >= threshold,
    thresholds: [2, 2.5, 3, 4, 5, 6, 8, ...[10, 100, 1000].flatMap((ten) => [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8].map((by) => ten * by)), 10000],
    height: (level) => Math.log10(level), bottom: -0.3, top: 4.4, ticks: [1, 10, 100, 1000, 10000], tick: String,
  },
  asc: {
    label: "ASC-Beta", axis: "Leader ahead of the second", usual: 0.95,
    words: (threshold) => `ASC at ${inPercent(threshold)}`,
    level: (step) => step.asc,
    passes: (level, threshold) => level >= threshold,
    thresholds: [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998, 0.999],
    height: (level) => Math.log10(level / (1 - level)), bottom: -0.3, top: 3.3, ticks: [0.5, 0.9, 0.99, 0.999], tick: inPercent,
  },
  certificate: {
    label: "Certificate", axis: "Possible error", usual: 0.05,
    words: (threshold) => `A certificate at ${inPercent(threshold)}`,
    level: (step) => step.certificate,
    passes: (level, threshold) => level <= threshold,
    thresholds: [0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.005, 0.002, 0.001],
    height: (level) => -Math.log10(level), bottom: -0.7, top: 3.3, ticks: [1, 0.1, 0.01, 0.001], tick: inPercent,
  },
};

function inPercent(share) {
  return `${Number((100 * share).toPrecision(4))} %`;
}

/* The step at which a rule would have stopped; null where it would have wanted more draws. */
function stepOfStop({ steps, minimum }, rule, threshold) {
  const { level, passes } = STOP_RULES[rule];
  return steps.find((step) => step.votes >= Math.max(minimum, 1) && level(step) !== null && passes(level(step), threshold)) || null;
}

/* A rule's thresholds, the run's own among them, so that the slider can stand exactly on it. */
function thresholdsOf(path, rule) {
  const { thresholds, height } = STOP_RULES[rule];
  const own = path.rule === rule && !thresholds.includes(path.threshold) ? [path.threshold] : [];
  return [...thresholds, ...own].sort((one, other) => height(one) - height(other));
}

function rankClass(rank) {
  return rank === null ? "is-none" : rank < 5 ? `fx-r${rank + 1}` : "fx-r6";
}

class PathCard {
  constructor(board) {
    this.board = board;
    this.paths = new Map();
    this.said = el("p", { class: "fx-path-said", "aria-live": "polite" });
    this.trouble = el("div", { class: "fx-alert" });
    this.rules = el("fieldset", { class: "fx-path-rules" }, el("legend", { text: "Stopping rule" }),
      el("div", { class: "fx-segments" }, ...Object.entries(STOP_RULES).map(([name, rule]) => this.radio(name, rule))));
    this.threshold = this.slider("Threshold", () => this.draw());
    this.order = this.slider("Order of the draws", () => this.reorder());
    this.order.input.max = MOST_SHUFFLES;
    this.order.input.value = 0;
    this.orderHint = el("p", { class: "fx-hint", text: "A shuffle asks for the same draws in another order: how much of the stop was luck?" });
    this.minimum = el("p", { class: "fx-hint" });
    this.chart = new PathChart();
    this.strip = el("ol", { class: "fx-strip fx-path-strip", tabindex: "0" });
    this.content = el("div", { class: "fx-path-content", hidden: true }, this.said,
      el("div", { class: "fx-path-controls" }, this.rules, this.threshold.node, this.order.node, this.minimum, this.orderHint),
      this.chart.node, this.strip);
    this.node = el("details", { class: "fx-card fx-path", hidden: true, toggle: () => this.node.open && this.load(this.order.input.valueAsNumber) },
      el("summary", {}, el("h2", { class: "fx-h" }, icon("redo"), "Replay the vote"),
        el("span", { class: "fx-hint", text: "Where would another threshold have stopped?" })),
      this.trouble, this.content);
  }

  radio(name, rule) {
    const input = el("input", { type: "radio", name: "fx-path-rule", value: name, change: () => this.choose(name) });
    return el("label", {}, input, el("span", { text: rule.label }));
  }

  slider(label, moved) {
    const value = el("strong");
    const input = el("input", { type: "range", min: "0", step: "1", class: "fx-range", "aria-label": label, input: moved });
    return { input, value, node: el("div", { class: "fx-slider" }, el("p", { "aria-hidden": "true" }, el("span", { text: label }), value), input) };
  }

  /* Only the answer to the last question counts: orders may come back in another order than they were asked for. */
  async load(order) {
    const { run } = this.board;
    this.wanted = order;
    try {
      if (!this.paths.has(order)) this.paths.set(order, await get(`${API}${encodeURIComponent(run)}/path?order=${order}`));
      if (order === this.wanted) this.take(this.paths.get(order));
    } catch (error) {
      if (order === this.wanted) this.complain(error);
    }
  }

  complain(error) {
    this.trouble.replaceChildren(el("p", { role: "alert" }, icon("warn"), el("span", { text: `The replay could not be opened: ${error.message}` }),
      button("Try again", "redo", () => this.load(this.wanted))));
  }

  take(path) {
    const isFirst = !this.path;
    this.trouble.replaceChildren();
    this.path = path;
    show(this.content, true);
    if (isFirst) this.choose(path.rule in STOP_RULES ? path.rule : "bayes");
    else this.draw();
  }

  choose(rule) {
    this.rule = rule;
    for (const input of this.rules.querySelectorAll("input")) input.checked = input.value === rule;
    this.thresholds = thresholdsOf(this.path, rule);
    const start = this.path.rule === rule ? this.path.threshold : STOP_RULES[rule].usual;
    this.threshold.input.max = this.thresholds.length - 1;
    this.threshold.input.value = this.thresholds.indexOf(start);
    this.draw();
  }

  reorder() {
    const order = this.order.input.valueAsNumber;
    this.nameOrder(order);
    this.load(order);
  }

  nameOrder(order) {
    const words = order === 0 ? "as asked" : `shuffle ${order}`;
    write(this.order.value, words);
    this.order.input.setAttribute("aria-valuetext", words);
  }

  draw() {
    const { path, rule } = this;
    const threshold = this.thresholds[this.threshold.input.valueAsNumber];
    const stop = stepOfStop(path, rule, threshold);
    const words = STOP_RULES[rule].words(threshold);
    write(this.threshold.value, words);
    this.threshold.input.setAttribute("aria-valuetext", words);
    this.nameOrder(this.order.input.valueAsNumber);
    write(this.minimum, `At least ${counted(path.minimum, "vote")} ${path.minimum === 1 ? "is" : "are"} always taken, as in the run itself.${path.failed.length ? " Failed draws do not count." : ""}`);
    this.said.replaceChildren(...this.sentence(threshold, stop));
    this.chart.draw({ path, rule, threshold, stop });
    this.drawStrip(path, rule, stop);
  }

  sentence(threshold, stop) {
    const { path, rule } = this;
    const { steps } = path;
    const words = STOP_RULES[rule].words(threshold);
    const isOwn = path.rule === rule && path.threshold === threshold;
    const subject = [path.order ? "In this order " : "", isOwn ? `the run’s own rule, ${lowered(words)},` : path.order ? lowered(words) : words].join("");
    const opening = subject[0].toUpperCase() + subject.slice(1);
    if (!stop) return [`${opening} would have wanted more than ${steps.length === 1 ? "this 1 draw" : `these ${steps.length} draws`}.`];
    const verb = isOwn && !path.order ? "stopped" : "would have stopped";
    const saved = steps.length - stop.position;
    return [`${opening} ${verb} at draw ${stop.position} of ${steps.length} with `,
      stop.leader === null ? "a tie" : foreign(stop.leader, "fx-key"), ...this.whoLeads(stop),
      saved ? `, saving ${counted(saved, "draw")}${this.tokensAfter(stop)}.` : "."];
  }

  /* Whether stopping there would have given what the whole vote gives. */
  whoLeads(stop) {
    const { leaders } = this.path;
    if (stop.leader === null || stop.position === this.path.steps.length) return [];
    if (leaders.length > 1) return [" (all draws together end in a tie)"];
    if (leaders[0] === stop.leader) return [" (the vote’s leader here)"];
    return [" (all draws together are led by ", foreign(leaders[0], "fx-key"), ")"];
  }

  tokensAfter(stop) {
    const tokens = this.path.steps.slice(stop.position).map((step) => step.tokens);
    return tokens.includes(null) ? "" : ` and ${counted(tokens.reduce((sum, each) => sum + each, 0), "token")}`;
  }

  drawStrip(path, rule, stop) {
    const cells = path.steps.map((step) => this.cell(step, rule, stop));
    for (const { candidate, after } of [...path.failed].reverse()) cells.splice(after, 0, this.failedCell(candidate));
    this.strip.setAttribute("aria-label", path.order ? `Draws in the order of shuffle ${path.order}` : "Draws in the order of asking");
    this.strip.replaceChildren(...cells);
  }

  cell(step, rule, stop) {
    const answer = step.answer === null ? el("span", { class: "fx-cell-key", text: "none" }) : foreign(step.answer, "fx-cell-key");
    const isStop = stop !== null && step.position === stop.position;
    const isSaved = stop !== null && step.position > stop.position;
    const level = STOP_RULES[rule].level(step);
    const knew = level ? `${STOP_RULES[rule].axis} ${STOP_RULES[rule].tick(Number(level.toPrecision(3)))}` : "no votes yet";
    return el("li", { class: `fx-cell ${rankClass(step.rank)}${isStop ? " is-stop" : ""}${isSaved ? " is-saved" : ""}`,
      title: `Draw ${step.position}, candidate ${step.candidate} by ${step.member}: ${step.answer === null ? "no answer found" : step.answer}. ${knew}` },
      el("span", { class: "fx-cell-no", text: String(step.position) }), answer,
      isStop ? el("span", { class: "fx-sr", text: ", would have stopped here" }) : null);
  }

  failedCell(candidate) {
    return el("li", { class: "fx-cell is-failed", title: `Candidate ${candidate} failed: it does not count` },
      el("span", { class: "fx-cell-no", text: "–" }), el("span", { class: "fx-cell-key", text: "failed" }));
  }
}

function lowered(words) {
  return words.replace(/^A /, "a ");
}
