/* The sentences of the fused text against the candidates: a grid that the arrows walk, in which every cell says in words
   and by sign whether the sentence stands there, and how alike. */

const LEDGER_KINDS = {
  copied: { words: "copied", sign: "=" },
  reworded: { words: "reworded", sign: "≈" },
  person: { words: "linked by hand", sign: "✓" },
  against: { words: "contradicts it", sign: "≠" },
  none: { words: "not in it", sign: "" },
};
const ledgerAlike = (similarity) => (similarity === null || similarity === undefined ? "" : similarity >= 0.995 ? "word for word" : similarity >= 0.85 ? "nearly the same" : similarity >= 0.6 ? "much alike" : "somewhat alike");

class LedgerGrid {
  /* `opened(line, position)`: a cell was chosen; `flipped(line, position)`: its link was turned over. */
  constructor({ links, opened, flipped }) {
    Object.assign(this, { links, opened, flipped });
    this.at = [0, 0];
    this.opposed = [];
    this.lines = [];
    this.head = el("tr", {});
    this.body = el("tbody", {});
    this.table = el("table", { class: "ct-ledger", role: "grid", "aria-label": "Sentences of the fused answer by candidate", keydown: (event) => this.hear(event) },
      el("thead", {}, this.head), this.body);
    this.node = el("div", { class: "ct-ledger-box" }, this.table);
  }

  /* What the sentence is, over all candidates. */
  stateOf(line) {
    const cells = this.positions.map((position) => [position, this.links.cell(line, position)]).filter(([, cell]) => cell && cell.is_source);
    if (this.against(line).length) return "contested";
    if (!cells.length) return "new";
    return cells.some(([, { kind }]) => kind === "copied") ? "copied" : cells.some(([, { kind }]) => kind) ? "reworded" : "linked";
  }

  against(line) {
    return this.opposed[this.lines.indexOf(line)] || [];
  }

  kindOf(line, position) {
    const cell = this.links.cell(line, position);
    if (cell && cell.is_source) return cell.kind || "person";
    return this.against(line).some((each) => each.position === position) ? "against" : "none";
  }

  draw(lines, positions) {
    const held = this.table.contains(document.activeElement);
    this.lines = lines;
    this.positions = positions;
    this.at = [Math.min(this.at[0], lines.length - 1), Math.min(this.at[1], positions.length - 1)];
    this.head.replaceChildren(el("th", { scope: "col", text: "Sentence" }), ...positions.map((position) => el("th", { scope: "col" }, el("span", { class: "fx-sr", text: "Candidate " }), el("span", { class: `fx-av ${hue(position)}`, text: String(position) }))));
    this.body.replaceChildren(...lines.map((line, row) => this.row(line, row)));
    if (held) this.focus();
  }

  row(line, row) {
    const state = this.stateOf(line);
    return el("tr", { class: `is-${state}` }, el("th", { scope: "row" }, el("span", { class: `ct-state is-${state}`, text: state }), el("span", { class: "ct-sentence", dir: "auto", text: line.text })),
      ...this.positions.map((position, column) => this.cell(line, position, [row, column])));
  }

  cell(line, position, [row, column]) {
    const cell = this.links.cell(line, position);
    const kind = this.kindOf(line, position);
    const { words, sign } = LEDGER_KINDS[kind];
    const alike = kind === "none" || !cell ? "" : ledgerAlike(cell.similarity);
    const who = cell && cell.correction ? `, ${cell.correction.is_source ? "linked" : "unlinked"} by ${cell.correction.rater}` : "";
    const isHere = row === this.at[0] && column === this.at[1];
    const told = `Sentence ${row + 1}, candidate ${position}: ${words}${alike ? `, ${alike}` : ""}${who}`;
    const node = el("td", { class: `is-${kind}${cell && cell.correction ? " is-corrected" : ""}${cell && cell.isPending ? " is-pending" : ""}`, role: "gridcell", tabindex: isHere ? "0" : "-1", "aria-label": told, title: told,
      click: () => { this.go([row, column]); this.opened(line, position); } },
    el("span", { class: "ct-sign", "aria-hidden": "true", text: sign || (cell && cell.correction ? "×" : "·") }), alike ? el("span", { class: "ct-alike", "aria-hidden": "true", text: alike }) : null,
    cell && cell.correction ? el("span", { class: "ct-by", "aria-hidden": "true" }, foreign(cell.correction.rater)) : null);
    return node;
  }

  nodeAt([row, column]) {
    return this.body.children[row]?.children[column + 1];
  }

  go(at) {
    const before = this.nodeAt(this.at);
    if (before) before.tabIndex = -1;
    this.at = at;
    this.focus();
  }

  focus() {
    const node = this.nodeAt(this.at);
    if (!node) return;
    node.tabIndex = 0;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  hear(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.lines.length) return;
    const [row, column] = this.at;
    const [rows, columns] = [this.lines.length, this.positions.length];
    const sideways = getComputedStyle(this.table).direction === "rtl" ? -1 : 1;
    const to = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + sideways], ArrowLeft: [row, column - sideways],
      Home: [row, 0], End: [row, columns - 1], PageUp: [0, column], PageDown: [rows - 1, column],
    }[event.key];
    if (to) this.go([Math.max(0, Math.min(rows - 1, to[0])), Math.max(0, Math.min(columns - 1, to[1]))]);
    else if (event.key === "Enter") this.opened(this.lines[row], this.positions[column]);
    else if (event.key === " " && !event.repeat) this.flipped(this.lines[row], this.positions[column]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
