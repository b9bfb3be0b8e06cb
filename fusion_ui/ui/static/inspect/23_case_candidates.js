/* All candidates of a case: as columns to read across, as a grid, or as a table; sorted; one pinned; some left out of
   the next fusion. What is pinned and left out belongs to the case, how they are shown to the person. */

const CASE_VIEWS = [["columns", "Columns"], ["grid", "Grid"], ["table", "Table"]];
const CASE_SORTS = [["position", "Position"], ["score", "Score"], ["vote", "Vote"], ["member", "Member"], ["length", "Length"]];
const CASE_LOOK = "fx-case-look";

/* Smaller comes first; whoever has no value comes last. */
function caseOrder(sort) {
  const last = Number.MAX_VALUE;
  const compare = {
    position: () => 0,
    score: (one, other) => (other.score?.value ?? -last) - (one.score?.value ?? -last),
    vote: (one, other) => (one.rank ?? last) - (other.rank ?? last),
    member: (one, other) => one.member.localeCompare(other.member),
    length: (one, other) => (other.chars || 0) - (one.chars || 0),
  }[sort];
  return ({ candidate: one }, { candidate: other }) => compare(one, other) || one.position - other.position;
}

class CaseCandidates {
  constructor(caseView) {
    this.caseView = caseView;
    const { view, sort } = memory.get(CASE_LOOK) || {};
    this.view = CASE_VIEWS.some(([key]) => key === view) ? view : "columns";
    this.sort = CASE_SORTS.some(([key]) => key === sort) ? sort : "position";
    this.cards = new Map();
    this.pinned = null;
    this.leftOut = new Set();
    this.count = el("span", { class: "fx-hint" });
    this.sorter = select(CASE_SORTS.map(([key, words]) => [words, key]), this.sort, (sort_) => this.look({ sort: sort_ }), { "aria-label": "Sort candidates by" });
    this.length = button("Full length", "tall", () => this.toggleLength(), { class: "fx-btn fx-quiet case-length", "aria-pressed": "false" });
    this.row = el("div", { class: "case-row" });
    this.table = new CaseTable(this);
    this.next = el("div", { class: "case-out", role: "status", hidden: true });
    this.node = el("section", { class: "case-candidates", "aria-label": "Candidates" },
      el("div", { class: "fx-sec case-sec" }, el("h2", { class: "fx-h", text: "Candidates" }), this.count, el("span", { class: "case-space" }),
        this.length, el("label", { class: "case-sort" }, el("span", { text: "Sort" }), this.sorter), this.viewChoice()),
      this.next, this.row, this.table.node);
  }

  viewChoice() {
    const name = newId();
    const inputs = CASE_VIEWS.map(([key]) => el("input", { type: "radio", name, value: key, change: () => this.look({ view: key }) }));
    inputs.find(({ value }) => value === this.view).checked = true;
    return el("fieldset", { class: "case-views" }, el("legend", { class: "fx-sr", text: "Show candidates as" }),
      el("div", { class: "fx-segments" }, ...inputs.map((input, at) => el("label", {}, input, el("span", { text: CASE_VIEWS[at][1] })))));
  }

  /* Another way to look at them, kept for the next case. */
  look(changes) {
    Object.assign(this, changes);
    memory.set(CASE_LOOK, { view: this.view, sort: this.sort });
    this.arrange();
  }

  /* A fresh case, or the same one told again: then what is pinned and left out stays. */
  give(case_, isOther) {
    if (isOther) {
      this.pinned = null;
      this.leftOut.clear();
    }
    this.cards = new Map(case_.candidates.map((candidate) => [candidate.position, new CaseCandidate(this.caseView, candidate)]));
    this.votes = new Map(case_.groups.flatMap(({ count, positions }) => positions.map((position) => [position, count])));
    write(this.count, case_.run.progress || counted(this.cards.size, "candidate"));
    this.arrange();
    for (const card of this.cards.values()) if (card.column) this.caseView.sight.watch(card.node, card.column);
  }

  get sorted() {
    const cards = [...this.cards.values()].sort(caseOrder(this.sort));
    const first = cards.filter(({ position }) => position === this.pinned);
    return [...first, ...cards.filter(({ position }) => position !== this.pinned)];
  }

  arrange() {
    const held = this.node.contains(document.activeElement) ? document.activeElement : null;
    const isTable = this.view === "table";
    show(this.row, !isTable);
    show(this.table.node, isTable);
    show(this.length, !isTable);
    this.row.dataset.view = this.view;
    const cards = this.sorted;
    if (cards.some(({ node }, at) => this.row.children[at] !== node) || cards.length !== this.row.children.length) this.row.replaceChildren(...cards.map(({ node }) => node));
    if (isTable) this.table.draw(cards.map(({ candidate }) => candidate));
    this.mark();
    if (held && held.isConnected && held !== document.activeElement) held.focus({ preventScroll: true });
  }

  mark() {
    const { fusion } = this.caseView.case;
    const isFused = fusion.state === "finished";
    for (const card of this.cards.values()) {
      const { position, candidate } = card;
      card.drawBadges({ isPinned: position === this.pinned, isLeftOut: this.leftOut.has(position),
        isUnread: isFused && candidate.state === "done" && !fusion.order.includes(position) });
    }
    this.drawNext();
  }

  /* What the next fusion would do without. */
  drawNext() {
    const without = [...this.leftOut].sort((one, other) => one - other);
    show(this.next, without.length);
    if (!without.length) return;
    const again = command(`Fuse again without ${without.join(", ")}`, "merge", () => this.caseView.actions.refuse(without), { class: "fx-btn fx-primary" });
    again.control.append(this.caseView.cap("case-refuse"));
    this.again = again.control;
    this.next.replaceChildren(el("span", { text: "Picks and fuses anew from the others; this run stays as it is." }), again.node,
      button("Keep all", "cross", () => this.leaveOut(null), { class: "fx-btn fx-quiet" }));
  }

  pin(position) {
    this.pinned = this.pinned === position ? null : position;
    this.caseView.say(this.pinned === null ? "Nothing is pinned." : `Candidate ${position} is pinned.`);
    this.arrange();
  }

  /* Null takes all of them in again. */
  leaveOut(position) {
    const card = this.cards.get(position);
    if (position === null) this.leftOut.clear();
    else if (!card || card.candidate.state !== "done") return this.caseView.say("Only a candidate that finished can be left out.");
    else if (!this.leftOut.delete(position)) this.leftOut.add(position);
    return this.mark();
  }

  toggleLength() {
    this.length.setAttribute("aria-pressed", String(this.node.classList.toggle("is-full")));
  }

  /* The candidate that holds the focus. */
  get here() {
    const card = document.activeElement && document.activeElement.closest("[data-position]");
    return card && this.node.contains(card) ? Number(card.dataset.position) : null;
  }

  focus(position) {
    const card = this.cards.get(position);
    if (!card) return false;
    const node = this.view === "table" ? this.table.rowOf(position) : card.node;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.caseView.noteCandidate(position);
    return true;
  }

  step(by) {
    const positions = this.sorted.map(({ position }) => position);
    const at = positions.indexOf(this.here);
    return this.focus(positions[at < 0 ? 0 : Math.min(Math.max(at + by, 0), positions.length - 1)]);
  }

  /* A passage of a candidate, in code points of its text. */
  light(position, passage) {
    const card = this.cards.get(position);
    if (!card || !card.column) return;
    if (this.view === "table") this.turnTo("columns");
    this.focus(position);
    card.column.light(passage).catch((error) => this.caseView.tell(error.message));
  }

  turnTo(view) {
    this.look({ view });
    for (const input of this.node.querySelectorAll(".case-views input")) input.checked = input.value === view;
  }
}

/* The candidates as rows: what the columns say above their text, to be compared at a glance. */
class CaseTable {
  constructor(candidates) {
    this.candidates = candidates;
    this.node = el("div", { class: "case-table", hidden: true });
  }

  draw(list) {
    const heads = ["Candidate", "Answer", "Votes", "Score", "Length", "Time", "Cost", "State", "Begins"];
    const { votes } = this.candidates;
    this.node.replaceChildren(table("Candidates, one a row", heads, list.map((each) => [
      this.opener(each),
      each.answer === null ? "–" : el("span", {}, foreign(each.answer, "fx-key"), each.right ? badge("ok", "check", "right") : null),
      votes.get(each.position) || "–", each.score ? each.score.words : "–", plain(each.chars || 0),
      each.seconds === null ? "–" : `${plain(each.seconds)} s`, each.cost_usd === null ? "–" : money(each.cost_usd),
      each.failure ? el("span", { class: "case-failed", text: each.failure.cause }) : each.state,
      el("span", { class: "case-begins", dir: "auto", text: clipped((each.text || "").trim(), 140) }),
    ]), { className: "case-rows" }));
    [...this.node.querySelectorAll("tbody tr")].forEach((row, at) => {
      row.tabIndex = -1;
      row.dataset.position = list[at].position;
    });
  }

  opener({ position, member }) {
    return el("button", { type: "button", class: "lab-open", click: () => {
      this.candidates.turnTo("columns");
      this.candidates.focus(position);
    } }, el("span", { class: `fx-av ${hue(position)}`, text: String(position) }), foreign(member));
  }

  rowOf(position) {
    return this.node.querySelector(`tr[data-position="${Number(position)}"]`);
  }
}
