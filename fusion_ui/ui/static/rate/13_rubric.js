/* Scores on criteria: a grid of criteria by answers, filled with arrows and digits. What a value means stands below. */

class Rubric {
  constructor(screen, letters, trial) {
    this.screen = screen;
    this.letters = letters;
    this.criteria = trial.criteria;
    this.at = [0, 0];
    this.cells = this.criteria.map((criterion, row) => letters.map((letter, column) => this.cell(criterion, letter, [row, column])));
    this.anchors = el("div", { class: "rate-anchors", "aria-live": "off" });
    const table = el("table", { class: "rate-grid", role: "grid", "aria-label": "Scores" },
      el("thead", {}, el("tr", { role: "row" }, el("th", { scope: "col", role: "columnheader", text: "Criterion" }), ...letters.map((letter) => el("th", { scope: "col", role: "columnheader", text: letter })))),
      el("tbody", {}, ...this.criteria.map(({ label }, row) => el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader", text: label }), ...this.cells[row].map(({ node }) => node)))));
    this.node = el("div", { class: "rate-rubric" }, el("div", { class: "rate-grid-box" }, table), this.anchors);
  }

  static keys(screen, letters, trial) {
    const most = Math.max(...trial.criteria.map(({ anchors }) => anchors.length), 1);
    const digits = Array.from({ length: Math.min(most, 9) }, (_, at) => ({ id: `score-${at + 1}`, chord: String(at + 1), words: `Score ${at + 1}`, act: () => screen.task.score(at + 1) }));
    const move = (id, chord, words, down, right) => ({ id, chord, words, act: () => screen.task.move(down, right) });
    return [...digits, move("down", "arrowdown", "Next criterion", 1, 0), move("up", "arrowup", "Previous criterion", -1, 0),
      move("over", "arrowright", "Next answer", 0, 1), move("back", "arrowleft", "Previous answer", 0, -1)];
  }

  toolsOf() {
    return [];
  }

  cell(criterion, letter, [row, column]) {
    const values = criterion.anchors.map((anchor, at) => el("button", { type: "button", tabindex: "-1", class: "rate-score", title: anchor, text: String(at + 1), "aria-label": `${at + 1}: ${anchor}`,
      click: () => { this.go(row, column); this.set(at + 1); } }));
    const node = el("td", { role: "gridcell", tabindex: "-1", class: "rate-cell", focus: () => this.point(row, column) }, el("span", { class: "rate-scores" }, ...values));
    return { node, values, criterion, letter };
  }

  get here() {
    return this.cells[this.at[0]][this.at[1]];
  }

  /* `focus` on a cell points at it; this keeps the pointed cell the one that Tab reaches. */
  point(row, column) {
    this.at = [row, column];
    for (const cell of this.cells.flat()) cell.node.tabIndex = cell === this.here ? 0 : -1;
    for (const cell of this.cells.flat()) cell.node.classList.toggle("is-here", cell === this.here);
    this.drawAnchors();
  }

  go(row, column) {
    this.point(row, column);
    this.here.node.focus({ preventScroll: false });
  }

  move(down, right) {
    const row = this.at[0] + down;
    const column = this.at[1] + right;
    if (this.cells[row] && this.cells[row][column]) this.go(row, column);
    else this.go(...this.at);
  }

  set(value) {
    const { criterion, letter } = this.here;
    const { scores } = this.screen.judgement;
    const own = { ...scores[letter] };
    if (own[criterion.key] === value) delete own[criterion.key];
    else own[criterion.key] = value;
    if (Object.keys(own).length) scores[letter] = own;
    else delete scores[letter];
    this.screen.judgement.verdict = this.missing(this.screen.judgement) ? null : "scores";
    this.screen.changed();
  }

  /* A digit fills the cell and goes on: down the criteria of an answer, then to the next answer. */
  score(value) {
    if (value > this.here.criterion.anchors.length) return;
    const before = (this.screen.judgement.scores[this.here.letter] || {})[this.here.criterion.key];
    if (before !== value) this.set(value);
    const [row, column] = this.at;
    if (row + 1 < this.criteria.length) this.go(row + 1, column);
    else if (column + 1 < this.letters.length) this.go(0, column + 1);
    else this.go(row, column);
  }

  missing(judgement) {
    return this.cells.flat().filter(({ letter, criterion }) => !(judgement.scores[letter] || {})[criterion.key]).length;
  }

  drawAnchors() {
    const { criterion, letter } = this.here;
    const given = (this.screen.judgement.scores[letter] || {})[criterion.key];
    this.anchors.replaceChildren(el("p", { class: "rate-anchor-head", text: `${criterion.label}, answer ${letter}` }),
      el("ol", {}, ...criterion.anchors.map((anchor, at) => el("li", { class: given === at + 1 ? "is-given" : "", text: anchor, dir: "auto" }))));
  }

  draw(judgement) {
    for (const { node, values, criterion, letter } of this.cells.flat()) {
      const given = (judgement.scores[letter] || {})[criterion.key];
      for (const [at, value] of values.entries()) value.classList.toggle("is-given", given === at + 1);
      node.setAttribute("aria-label", `${criterion.label}, answer ${letter}: ${given ? `${given}, ${criterion.anchors[given - 1]}` : "no score yet"}`);
      node.classList.toggle("is-filled", Boolean(given));
    }
    if (!this.cells.flat().some(({ node }) => node.tabIndex === 0)) this.point(0, 0);
    this.drawAnchors();
  }

  isChosen(judgement) {
    return judgement.verdict === "scores";
  }

  problem(judgement) {
    const missing = this.missing(judgement);
    return missing ? `${counted(missing, "score is", "scores are")} missing.` : null;
  }
}
