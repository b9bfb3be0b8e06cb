/* What the bars would solve, at once: the count, a square for every question, and the questions that flip. */

const STATES = { solved: "solved", gained: "gained", lost: "lost", open: "not solved" };
const MOST_FLIPS = 60;

class Live {
  constructor(lab) {
    this.lab = lab;
    this.against = "uniform";
    this.references = { uniform: (pool) => pool.uniform, single: (pool) => pool.single(pool.bestSingle()) };
    this.compare = new Choices("Compared with", [["Solved", "solved"], ["Uniform", "uniform"], ["Best single", "single"]], "uniform", (key) => this.turn(key));
    this.compare.offer("solved", false);
    this.count = el("p", { class: "lab-count" });
    this.said = el("p", { class: "fx-sr", role: "status" });
    this.map = el("div", { class: "lab-map", "aria-hidden": "true" });
    this.key = el("p", { class: "lab-map-key", "aria-hidden": "true" }, ...Object.entries(STATES).map(([state, words]) => el("span", {}, el("i", { class: `is-${state}` }), words)));
    this.flips = el("ul", { class: "lab-flips", "aria-label": "Questions that flip" });
    this.node = el("div", { class: "lab-live" }, this.compare.node, this.count, this.said, this.map, this.key, this.flips);
  }

  give(pool) {
    this.pool = pool;
    this.cells = pool.golden.map((place) => el("i", { title: called(pool.questions[place]) }));
    this.map.replaceChildren(...this.cells);
    this.forget();
  }

  /* Solved weights are something to compare with only where they were solved on these members. */
  learn(weights) {
    this.references.solved = () => weights;
    this.compare.offer("solved", true);
    this.turn("solved");
  }

  forget() {
    delete this.references.solved;
    this.compare.offer("solved", false);
    this.turn(this.against === "solved" ? "uniform" : this.against);
  }

  turn(key) {
    this.against = key;
    this.compare.set(key);
    if (this.pool) {
      this.before = this.pool.solved(this.references[key](this.pool));
      if (this.weights) this.draw(this.weights);
    }
  }

  /* One drawing a frame, however fast the hand is. */
  follow(weights) {
    this.weights = weights;
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw(this.weights);
    });
  }

  draw(weights) {
    if (weights.length !== this.pool.members.length) return;
    const now = this.pool.solved(weights);
    const flips = [];
    now.forEach((isSolved, at) => {
      const state = isSolved ? (this.before[at] ? "solved" : "gained") : this.before[at] ? "lost" : "open";
      if (this.cells[at].className !== `is-${state}`) this.cells[at].className = `is-${state}`;
      if (state === "gained" || state === "lost") flips.push({ place: this.pool.golden[at], state });
    });
    const solved = now.reduce((sum, one) => sum + one, 0);
    const before = this.before.reduce((sum, one) => sum + one, 0);
    const words = `${solved} of ${counted(now.length, "question")} solved in the limit`;
    const beside = { solved: "the solved weights", uniform: "uniform weights", single: `${this.pool.members[this.pool.bestSingle()]} alone` }[this.against];
    const told = solved === before ? `as many as ${beside}` : `${Math.abs(solved - before)} ${solved > before ? "more" : "fewer"} than ${beside}`;
    this.count.replaceChildren(el("strong", { text: String(solved) }), el("span", { text: ` of ${counted(now.length, "question")} solved in the limit, ${told}` }));
    this.flips.replaceChildren(...this.listed(flips, weights));
    clearTimeout(this.saying);
    this.saying = setTimeout(() => write(this.said, `${words}, ${told}; ${counted(flips.length, "question")} ${flips.length === 1 ? "flips" : "flip"}.`), 600);
  }

  listed(flips, weights) {
    if (!flips.length) return [el("li", { class: "fx-hint", text: "No question flips." })];
    const rows = flips.slice(0, MOST_FLIPS).map(({ place, state }) => {
      const question = this.pool.questions[place];
      const { answers, gold } = question;
      const winners = this.pool.winners(place, weights);
      const now = winners.length === 0 ? ["nobody answers"] : winners.length > 1 ? ["a tie of ", ...winners.slice(0, 3).flatMap((answer, at) => [at ? ", " : "", foreign(answer, "fx-key")])] : [foreign(winners[0], "fx-key"), " wins now"];
      const golden = state === "lost" ? [", gold is ", foreign(answers[gold], "fx-key")] : [", the gold answer"];
      return el("li", { class: `is-${state}` }, badge(state === "gained" ? "ok" : "warn", null, state), el("button", { type: "button", class: "lab-open", click: () => this.lab.openQuestion(question.name) }, foreign(called(question))), el("span", {}, ...now, ...golden));
    });
    return flips.length > MOST_FLIPS ? [...rows, el("li", { class: "fx-hint", text: `and ${flips.length - MOST_FLIPS} more` })] : rows;
  }
}
