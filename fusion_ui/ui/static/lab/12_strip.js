/* One question: its draws in order, how settled the vote is after each, and a threshold to move. */

class Strip {
  constructor(lab) {
    this.lab = lab;
    const { address } = lab;
    Object.assign(this, section("One question", "Draws in order, and how settled the vote is after each. Move the threshold: the stop follows at once.", "question"));
    this.names = el("select", { class: "fx-input lab-names", change: () => lab.openQuestion(this.names.value, { isQuiet: true }) });
    this.steps = [];
    this.at = null;
    const rule = GAUGES[address.stop] ? address.stop : "bayes";
    this.rule = rule;
    this.threshold = this.clamped(Number(address.at));
    this.rules = new Choices("Stopping rule", [["Best-of-infinity", "bayes"], ["ASC-Beta", "asc"], ["Certificate", "certificate"]], rule, (key) => this.turn(key), { isQuiet: true });
    this.slider = el("input", { type: "range", class: "lab-slider", min: "0", max: "1000", step: "1", input: () => this.slide() });
    this.exact = el("output", { class: "lab-exact" });
    this.sliderField = field("Threshold", this.slider);
    this.sliderField.querySelector("label").append(" ", this.exact);
    this.seed = numberInput(address.draw, { min: 0, max: 2 ** 31 - 1, change: () => this.reseed(Number(this.seed.value)) });
    const turnSeed = (words, by, sign) => button(sign, null, () => this.reseed(Number(this.seed.value) + by), { class: "fx-btn lab-step", "aria-label": words });
    this.seeds = el("div", { class: "lab-seeds" }, turnSeed("Previous draws", -1, "‹"), field("Seed of the draws", this.seed), turnSeed("Other draws", 1, "›"));
    this.text = el("p", { class: "lab-asked-full", dir: "auto" });
    this.told = el("p", { class: "lab-verdict" });
    this.more = el("p", { class: "fx-hint" });
    this.chips = el("ol", { class: "fx-strip lab-strip", "aria-label": "Draws in order", keydown: (event) => this.walk(event), focusin: (event) => this.reach(event), pointerover: (event) => this.reach(event), pointerleave: () => this.point(null) });
    this.readout = el("p", { class: "lab-readout" });
    this.path = new PathPlot((place) => this.point(place));
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.shown = el("div", { class: "lab-result", hidden: true }, this.told, this.more, this.chips, this.readout, this.path.node,
      el("p", { class: "fx-hint", text: "A dot has the colour of the answer that leads at that draw; a hollow one has no single leader. ✓ marks draws of the gold answer." }));
    this.body.append(
      el("div", { class: "lab-settings" }, field("Question", this.names), this.seeds),
      this.text, el("div", { class: "lab-settings" }, this.rules.node, this.sliderField), this.trouble, this.shown);
    this.place();
    write(this.exact, RULES[rule].of(this.threshold));
  }

  clamped(threshold) {
    const { from, to, usual } = GAUGES[this.rule];
    return threshold >= Math.min(from, to) && threshold <= Math.max(from, to) ? threshold : usual;
  }

  give(pool) {
    if (!pool) return;
    const wanted = this.lab.address.question;
    this.names.replaceChildren(...pool.questions.map((question) => el("option", { value: question.name, text: called(question), selected: question.name === wanted })));
    const isKnown = pool.places.has(wanted);
    this.open(isKnown ? wanted : pool.questions[0].name);
  }

  open(name) {
    this.lab.address.set({ question: name === this.lab.pool.questions[0].name ? "" : name });
    this.names.value = name;
    const { text } = this.lab.pool.question(name);
    write(this.text, text || "");
    show(this.text, text);
    return this.draw();
  }

  /* Draws anew from the server; an answer that comes after a later question was asked is dropped. */
  async draw() {
    const asked = Symbol("asked");
    this.asked = asked;
    const { address } = this.lab;
    try {
      const { steps } = await post(`${LAB}/path`, { selection: address.selection, weights: this.lab.asked(), question: this.names.value, seed: Number(address.draw), cap: Number(address.cap) });
      if (this.asked !== asked) return;
      this.trouble.replaceChildren();
      this.take(steps);
    } catch (error) {
      if (this.asked !== asked) return;
      this.trouble.replaceChildren(complaint(error.message));
      show(this.shown, false);
    }
  }

  take(steps) {
    const { pool } = this.lab;
    const place = pool.places.get(this.names.value);
    const { answers, gold } = pool.questions[place];
    const modes = pool.winners(place, this.lab.mixture());
    Object.assign(this, { steps, ranks: ranksOf(steps), gold: gold === null ? null : answers[gold], mode: modes.length === 1 ? modes[0] : null });
    show(this.shown, true);
    this.chips.replaceChildren(...steps.map((step, place) => this.chip(step, place)));
    this.at = null;
    this.path.show({ steps, ranks: this.ranks, rule: this.rule });
    this.stop();
    this.point(null);
  }

  chip({ position, answer, member }, place) {
    const words = answer === null ? "blank" : answer;
    const isGold = answer !== null && answer === this.gold;
    return el("li", { class: `fx-cell ${rankClass(answer === null ? undefined : this.ranks.get(answer))}${isGold ? " is-gold" : ""}`, "data-place": String(place), tabindex: place === 0 ? "0" : "-1", title: `Draw ${position}: ${words}, by ${member}` },
      el("span", { class: "fx-cell-no", text: String(position) }), foreign(words, "fx-cell-key"), isGold ? el("span", { class: "fx-sr", text: ", the gold answer" }) : null);
  }

  turn(rule) {
    this.rule = rule;
    this.threshold = GAUGES[rule].usual;
    this.place();
    this.path.show({ steps: this.steps, ranks: this.ranks, rule });
    this.stop();
  }

  /* The slider stands where the threshold is. */
  place() {
    const { at, from, to } = GAUGES[this.rule];
    this.slider.value = String(Math.round((1000 * (at(this.threshold) - at(from))) / (at(to) - at(from))));
    this.lab.address.set({ stop: this.rule, at: String(this.threshold) });
  }

  slide() {
    const { at, back, from, to } = GAUGES[this.rule];
    const exact = back(at(from) + (Number(this.slider.value) / 1000) * (at(to) - at(from)));
    this.threshold = rounded(exact, this.rule);
    this.lab.address.set({ stop: this.rule, at: String(this.threshold) });
    this.stop();
  }

  stop() {
    const stopped = stopOf(this.steps, this.rule, this.threshold);
    const words = RULES[this.rule].of(this.threshold);
    write(this.exact, words);
    const told = this.steps.length ? this.sentence(words, stopped) : "";
    this.slider.setAttribute("aria-valuetext", told || words);
    write(this.told, told);
    write(this.more, this.cost(stopped));
    const last = stopped ? stopped.position : Infinity;
    [...this.chips.children].forEach((chip, place) => {
      const { position } = this.steps[place];
      chip.classList.toggle("is-after", position > last);
      chip.classList.toggle("is-stop", position === last);
    });
    this.path.move(this.threshold, stopped);
  }

  sentence(words, stopped) {
    const step = stopped || this.steps.at(-1);
    const start = stopped ? `${words} stops at draw ${step.position}` : `${words} does not stop within ${counted(this.steps.length, "draw")}: it ends unsettled`;
    if (step.leader === null) return `${start} with ${this.ranks.size ? "a tie" : "no answer at all"}.`;
    const right = this.gold === null ? "; no gold answer is known" : step.leader === this.gold ? ", which is the gold answer" : `, which is not the gold answer, ${this.gold}`;
    return `${start} with ${step.leader}${right}.`;
  }

  cost(stopped) {
    if (!this.steps.length) return "";
    const limit = this.mode === null ? "Endless draws of this mixture would end in a tie or without an answer." : `Endless draws of this mixture would end with ${this.mode}.`;
    if (this.steps.some(({ tokens }) => tokens === null)) return limit;
    const spent = (steps) => steps.reduce((sum, { tokens }) => sum + tokens, 0);
    const [used, whole] = [spent(this.steps.slice(0, stopped ? stopped.position : undefined)), spent(this.steps)];
    return `${plain(used, 0)} tokens${stopped ? `, ${percent(1 - used / whole, 0)} less than going on to the cap of ${this.steps.length}` : ""}. ${limit}`;
  }

  reseed(seed) {
    const taken = Math.max(0, Math.min(2 ** 31 - 1, Math.round(seed) || 0));
    this.seed.value = String(taken);
    this.lab.address.set({ draw: String(taken) });
    return this.draw();
  }

  /* One draw under the pointer or the keyboard, in the list and on the path alike. */
  point(place) {
    if (place === this.at && place !== null) return;
    this.chips.querySelector(".is-pointed")?.classList.remove("is-pointed");
    this.at = place;
    this.path.cursorAt(place);
    if (place === null) {
      write(this.readout, "Point at a draw, or walk along them with the arrow keys.");
      return;
    }
    this.chips.children[place].classList.add("is-pointed");
    const { position, answer, member, leader, probability, bayes_factor: factor } = this.steps[place];
    write(this.readout, `Draw ${position}: ${answer === null ? "no answer" : answer}, by ${member}. ${leader === null ? "No single leader" : `${leader} leads`}; the mode with probability ${probability > 0.9995 ? "over 99.9 %" : percent(probability)}, Bayes factor ${brief(Number(factor.toPrecision(3)))}.`);
  }

  reach(event) {
    const chip = event.target.closest("li");
    if (chip) this.point(Number(chip.dataset.place));
  }

  walk(event) {
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -Infinity, End: Infinity };
    const chip = event.target.closest("li");
    if (!chip || !(event.key in moves)) return;
    event.preventDefault();
    const place = Math.max(0, Math.min(this.steps.length - 1, Number(chip.dataset.place) + moves[event.key]));
    chip.tabIndex = -1;
    this.chips.children[place].tabIndex = 0;
    this.chips.children[place].focus();
  }
}

/* Three figures that can be read, and never a hair beyond the ends of the slider. */
function rounded(threshold, rule) {
  if (rule === "asc") return Number((1 - Number((1 - threshold).toPrecision(2))).toPrecision(6));
  return Number(threshold.toPrecision(2));
}
