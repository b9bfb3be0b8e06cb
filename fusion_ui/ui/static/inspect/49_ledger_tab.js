/* Ledger: each sentence of the fused answer and the candidates it stands in; the passages side by side; links put right
   by people, with who said so; what most candidates say and the fusion dropped; and what none of them says. */

class LedgerTab {
  static name = "ledger";

  static label = "Ledger";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.person = new TabPerson(caseView);
    this.links = new LedgerLinks({ caseView, person: this.person, changed: () => this.changed(), refreshed: ({ ledger }) => { this.ledger = ledger; } });
    this.grid = new LedgerGrid({ links: this.links, opened: (line, position) => this.open(line, position), flipped: (line, position) => this.flip(line, position) });
    this.said = el("p", { class: "ct-lead" });
    this.undoing = button("Undo", "redo", () => this.undo());
    this.alert = el("div", { class: "fx-alert" });
    this.pair = el("section", { class: "ct-source", "aria-label": "Sentence and source", "aria-live": "polite", hidden: true });
    this.fresh = tabSection("New: no candidate says this");
    this.dropped = tabSection("Dropped: most candidates say this, the fused answer does not");
    this.log = el("ol", { class: "ct-log" });
    this.history = tabSection("Corrected links", this.log);
    this.hints = el("p", { class: "fx-hint ct-keys" }, el("kbd", { text: "←↑↓→" }), " walk the grid, ", el("kbd", { text: "Enter" }), " shows the passages, ", el("kbd", { text: "Space" }), " turns the link over");
    this.content = el("div", { class: "ct-tab-inner" }, el("div", { class: "ct-row" }, this.hints, this.legend(), this.undoing), this.alert, this.grid.node, this.pair, this.fresh, this.dropped, this.history);
    this.node = el("div", { class: "ct-tab" }, this.said, this.content);
  }

  legend() {
    return el("p", { class: "ct-legend" }, ...Object.entries(LEDGER_KINDS).filter(([, { sign }]) => sign).map(([kind, { words, sign }]) => el("span", {}, el("b", { class: `ct-sign is-${kind}`, "aria-hidden": "true", text: sign }), ` ${words}`)));
  }

  draw(case_) {
    if (this.run !== this.caseView.runId) {
      this.run = this.caseView.runId;
      this.links.forget();
      this.chosen = null;
      this.against = null;
      this.grid.opposed = [];
      this.grid.at = [0, 0];
    }
    this.case = case_;
    this.ledger = case_.ledger;
    show(this.content, this.ledger);
    if (!this.ledger) {
      write(this.said, "This run has no fused answer, so there is no ledger of its sentences.");
      return;
    }
    this.links.outbox.retryNow();
    this.changed();
    this.askAgainst();
  }

  /* Which candidates say the opposite takes a second look at their texts. */
  async askAgainst() {
    const { run } = this;
    try {
      const { against } = await this.caseView.call("/contested");
      if (run !== this.run) return;
      this.against = this.grid.opposed = against;
      this.changed();
    } catch {
      this.grid.opposed = []; // then nothing is called contested
    }
  }

  changed() {
    const { ledger } = this;
    if (!ledger || this.run !== this.caseView.runId) return;
    this.grid.draw(ledger.lines, [...ledger.order].sort((one, other) => one - other));
    write(this.said, this.sentence());
    show(this.undoing, this.links.past.length);
    this.alert.replaceChildren(...tabUnstored(this.links.outbox, this.run, ({ body }) => `the link to candidate ${body.position}`));
    this.drawPair();
    this.drawFresh();
    this.drawDropped();
    this.drawLog();
  }

  sentence() {
    const states = this.ledger.lines.map((line) => this.grid.stateOf(line));
    const tallied = ["copied", "reworded", "linked", "contested", "new"].map((state) => [states.filter((each) => each === state).length, state]).filter(([number]) => number);
    return states.length ? `${capital(counted(states.length, "sentence"))}: ${tallied.map(([number, state]) => `${number} ${state}`).join(", ")}.` : "The fused answer holds no sentence that could be traced.";
  }

  /* ---------- one sentence and one candidate ---------- */

  open(line, position) {
    this.chosen = { start: line.start, end: line.end, position };
    this.drawPair();
    this.pair.scrollIntoView({ block: "nearest" });
  }

  flip(line, position) {
    this.chosen = { start: line.start, end: line.end, position };
    this.links.flip(line, position);
  }

  drawPair() {
    const line = this.chosen && this.ledger.lines.find(({ start, end }) => start === this.chosen.start && end === this.chosen.end);
    show(this.pair, line);
    if (!line) return;
    const { position } = this.chosen;
    const cell = this.links.cell(line, position);
    const place = cell || this.grid.against(line).find((each) => each.position === position) || null;
    const kind = this.grid.kindOf(line, position);
    const alike = cell ? ledgerAlike(cell.similarity) : "";
    const held = this.pair.contains(document.activeElement) ? document.activeElement.dataset.say : null;
    this.pair.replaceChildren(
      el("div", { class: "ct-pair-head" }, el("h3", { class: "ct-h3" }, `Sentence ${this.ledger.lines.indexOf(line) + 1} and `, tabPointer(this.caseView, position, place && place.start !== null ? [place.start, place.end] : null)),
        el("span", { class: "ct-kind", text: `${capital(LEDGER_KINDS[kind].words)}${alike && kind !== "none" ? `, ${alike} (${percent(cell.similarity, 0)})` : ""}` }), this.correction(cell),
        el("button", { type: "button", class: "fx-clear", "aria-label": "Close the passages", click: () => { this.chosen = null; this.drawPair(); this.grid.focus(); } }, icon("cross"))),
      el("div", { class: "ct-orders" }, this.side("Fused answer", this.caseView.case.fusion.text, [line.start, line.end]), this.source(position, place)),
      el("div", { class: "ct-row", role: "group", "aria-label": `Does sentence rest on candidate ${position}?` }, el("span", { text: `Does it rest on candidate ${position}?` }),
        this.choice(line, position, true, "Yes", "check"), this.choice(line, position, false, "No", "cross"), this.choice(line, position, null, "As the program saw it", "redo")));
    if (held) this.pair.querySelector(`[data-say="${held}"]`)?.focus();
  }

  correction(cell) {
    if (!cell || !cell.correction) return null;
    const { is_source: isSource, rater, at } = cell.correction;
    return badge(isSource ? "ok" : "warn", "pen", el("span", {}, isSource ? "Linked by " : "Unlinked by ", foreign(rater), at ? `, ${moment(at)}` : ", saving"));
  }

  choice(line, position, isSource, words, name) {
    const isNow = this.links.saidOf(line, position) === isSource;
    return button(words, name, () => this.links.say(line, position, isSource), { "aria-pressed": String(isNow), "data-say": String(isSource) });
  }

  side(title, text, span) {
    return el("section", { class: "ct-order", "aria-label": title }, el("h4", { class: "ct-h4", text: title }), tabPassage(text, span));
  }

  source(position, cell) {
    const candidate = this.case.candidates.find((each) => each.position === position);
    const title = `Candidate ${position}${candidate ? `, ${candidate.member}` : ""}`;
    if (candidate && cell && cell.start !== null) return this.side(title, candidate.text, [cell.start, cell.end]);
    const words = cell && cell.is_source ? "Linked by hand: no passage was matched." : "No passage of this candidate was matched with the sentence.";
    return el("section", { class: "ct-order", "aria-label": title }, el("h4", { class: "ct-h4", dir: "auto", text: title }), el("p", { class: "fx-hint", text: words }),
      candidate && candidate.text ? disclosure("Its whole text", el("pre", { class: "fx-raw ct-raw", dir: "auto", tabindex: "0", text: candidate.text })) : null);
  }

  undo() {
    const step = this.links.undo();
    if (step) this.chosen = { start: step.line.start, end: step.line.end, position: step.position };
    this.changed();
  }

  /* ---------- what is new, what was dropped, who said what ---------- */

  drawFresh() {
    const fresh = this.ledger.lines.filter((line) => this.grid.stateOf(line) === "new");
    show(this.fresh, fresh.length);
    this.fresh.replaceChildren(this.fresh.firstChild, el("ul", { class: "fx-list" }, ...fresh.map((line) => el("li", {}, el("button", { type: "button", class: "ct-flaw-jump", dir: "auto", text: line.text, click: () => {
      this.grid.go([this.ledger.lines.indexOf(line), 0]);
    } })))));
  }

  drawDropped() {
    const { dropped } = this.ledger;
    show(this.dropped, dropped.length);
    this.dropped.replaceChildren(this.dropped.firstChild, el("ul", { class: "fx-list" }, ...dropped.map(({ text, positions }) => el("li", {}, el("span", { dir: "auto", text }),
      el("span", { class: "fx-said-by" }, ...positions.map((position) => this.caseView.pointer(position)))))));
  }

  drawLog() {
    const { log, lines } = this.ledger;
    const place = ({ start, end }) => lines.findIndex((line) => line.start === start && line.end === end) + 1;
    show(this.history, log.length);
    this.log.replaceChildren(...log.map((each) => el("li", {}, el("p", { class: "ct-who" }, foreign(each.rater, "ct-name"), el("span", { class: "fx-hint", text: moment(each.created_at) })),
      el("p", { text: `Sentence ${place(each)}, candidate ${each.position}: ${each.is_source === null ? "as the program saw it" : each.is_source ? "rests on it" : "does not rest on it"}` }))));
  }
}
