/* Flaws: marked on the texts of the case by pointer or keyboard, with those of other people and of models beside them. */

const FLAW_SHOWN = "fx-inspect-marks";
const FLAW_LAYERS = { mine: "Yours", others: "Other people’s", model: "Suggested" };
const FLAW_ARROWS_ELSEWHERE = "[role=tab], [role=grid], [role=slider], [role=radio], summary";

class FlawsTab {
  static name = "flaws";

  static label = "Flaws";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.keys = caseView.screen.keys;
    this.isShown = false;
    this.person = new TabPerson(caseView);
    this.store = new FlawStore({ caseView, person: this.person, changed: () => this.changed() });
    this.aim = new FlawAim({ caseView, aimed: (aimed) => { if (this.store.told) this.bar.aim(aimed); } });
    this.bar = new FlawBar(this);
    this.parts = [new FlawsOfMine(this), new FlawsOfOthers(this), new FlawSuggestions(this)];
    this.alert = el("div", { class: "fx-alert" });
    this.agreement = el("div", { class: "ct-agreement" });
    this.undoing = button("Undo", "redo", () => this.undo(), { class: "fx-btn" });
    this.content = el("div", { class: "ct-flaw-lists", hidden: true }, ...this.parts.map(({ node }) => node));
    this.node = el("div", { class: "ct-tab", tabindex: "-1" },
      el("div", { class: "ct-row" }, el("p", { class: "ct-lead" }, "Select words in a text of this case", el("span", { class: "ct-by-keys" }, ", or walk them with ", el("kbd", { text: "←" }), " ", el("kbd", { text: "→" })),
        ". Then say what is wrong with them, and how bad it is: by a letter and a digit, or in the bar that opens."), el("span", { class: "ct-row" },
        button("Mark a whole text", "tall", () => this.bar.aimWhole(this.aim.column), { class: "fx-btn" }), this.undoing)),
      this.alert, this.switches(), this.agreement, this.content);
    this.hear = (event) => this.heard(event);
    this.look = () => { if (!document.hidden) this.load(); };
  }

  switches() {
    this.isOn = { mine: true, others: true, model: true, ...memory.get(FLAW_SHOWN) };
    const boxes = Object.entries(FLAW_LAYERS).map(([layer, words]) => {
      const box = el("input", { type: "checkbox", change: () => {
        this.isOn[layer] = box.checked;
        memory.set(FLAW_SHOWN, this.isOn);
        this.drawMarks();
      } });
      box.checked = this.isOn[layer];
      return el("label", { class: `fx-check ct-check is-${layer}` }, box, el("span", { text: words }));
    });
    return el("fieldset", { class: "ct-switches" }, el("legend", { text: "Shown in the texts" }), ...boxes);
  }

  /* ---------- coming and going ---------- */

  draw() {
    const run = this.caseView.runId;
    if (this.run !== run) {
      this.run = run;
      this.store.forget();
      this.bar.close();
      show(this.content, false);
    }
    this.load();
  }

  shown(isShown) {
    if (isShown) this.enter();
    else this.leave();
  }

  enter() {
    if (this.isShown) return;
    this.isShown = true;
    this.caseView.node.append(this.bar.node);
    this.aim.listen();
    document.addEventListener("keydown", this.hear, true);
    document.addEventListener("visibilitychange", this.look);
    this.caseView.isMarking = true;
    this.store.outbox.retryNow();
    this.changed();
  }

  leave() {
    if (!this.isShown) return;
    this.isShown = false;
    this.bar.close();
    this.bar.node.remove();
    this.aim.leave();
    document.removeEventListener("keydown", this.hear, true);
    document.removeEventListener("visibilitychange", this.look);
    for (const column of this.caseView.columns) column.setMarks([]);
    this.caseView.isMarking = false;
  }

  async load() {
    try {
      await this.store.load();
      this.alert.replaceChildren();
    } catch (error) {
      if (this.isShown) this.alert.replaceChildren(tabNotice(`The flaws of this case could not be opened: ${error.message}`, button("Try again", "redo", () => this.load())));
    }
  }

  changed() {
    const { store } = this;
    if (!this.isShown || !store.told || this.run !== this.caseView.runId) return;
    this.person.mine = store.told.mine;
    this.addKeys();
    this.bar.build();
    const { flaws } = store;
    const [mine, others, suggestions] = this.parts;
    mine.drawRows(flaws.filter((flaw) => flaw.is_mine));
    others.drawRows(flaws.filter((flaw) => !flaw.is_mine));
    suggestions.drawRows();
    this.drawAgreement(store.told.agreement);
    show(this.undoing, store.canUndo);
    show(this.content, true);
    this.alert.replaceChildren(...tabUnstored(store.outbox, this.run, (entry) => store.wordsOf(entry)));
    this.bar.draw();
    this.drawMarks();
  }

  drawAgreement(agreement) {
    const told = agreement ? [agreement.any?.words, agreement.spans?.words].filter(Boolean) : [];
    this.agreement.replaceChildren(...told.map((words, at) => el("p", { class: "fx-hint" }, at ? null : el("b", { text: "Agreement" }), el("span", { text: words }))));
  }

  /* ---------- texts ---------- */

  columnOf(output) {
    const { columns } = this.caseView;
    return columns.find((column) => column.outputId === output && column.role !== "best") || columns.find((column) => column.outputId === output) || null;
  }

  /* Each text once: the pick is a candidate, too. */
  get outputs() {
    return this.caseView.columns.filter((column) => column.outputId && this.columnOf(column.outputId) === column);
  }

  drawMarks() {
    if (!this.isShown || !this.store.told) return;
    const marks = [];
    const draw = (row, kind, className) => { if (this.isOn[kind] && row.start !== null) marks.push({ output: row.output_id, ...this.lookOf(row, className) }); };
    for (const flaw of this.store.flaws) draw(flaw, flaw.is_mine ? "mine" : "others", flaw.is_mine ? "is-mine" : "is-other");
    for (const row of this.parts[2].shown) draw(row, "model", "is-model");
    const { passage } = this.bar;
    if (passage) marks.push({ output: passage.output_id, start: passage.start, end: passage.end, label: "?", className: "ct-mark is-draft", title: "Being marked" });
    for (const column of this.caseView.columns) {
      const own = marks.filter(({ output }) => output === column.outputId);
      const told = JSON.stringify(own);
      if (column.ctMarks === told || this.aim.isIn(column)) continue; // drawing would drop the selection
      column.ctMarks = told;
      column.setMarks(own);
    }
  }

  lookOf({ start, end, mark, severity, category, rater, member }, className) {
    const found = this.store.taxonomy.severity(severity);
    const level = found && FLAW_SEVERITIES.includes(found.key) ? found.key : "0";
    return { start, end, label: mark, className: `ct-mark ${className} is-severity-${level}`, title: `${this.store.named({ category, severity })} (${className === "is-model" ? `suggested by ${member}` : rater})` };
  }

  async jump(row) {
    const column = this.columnOf(row.output_id);
    if (!column) return;
    await column.drawn();
    column.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (row.start !== null) column.jumpTo(row.mark);
    (column.body || column.node).focus({ preventScroll: true });
  }

  /* ---------- acts ---------- */

  remove(id) {
    this.store.remove(id);
    this.caseView.say("Removed. Undo brings it back.", true);
  }

  undo() {
    if (!this.store.canUndo) return;
    this.bar.close();
    this.store.undo();
  }

  async takeOver({ id, output_id, start, end, category, severity, note }) {
    const kept = await this.store.add({ output_id, start, end, category, severity, note, suggestion_id: id });
    if (kept) this.caseView.say("Taken over: it is now a flaw you have marked, and you can change it.", true);
  }

  /* ---------- keys ---------- */

  addKeys() {
    if (this.hasKeys) return;
    this.hasKeys = true;
    const layer = "flaws";
    const { classes, severities } = this.store.taxonomy;
    const chosen = [
      ...severities.map(({ name, key, label }) => ({ id: `flaw-severity-${name}`, chord: String(key), words: `Severity: ${label}`, act: () => this.bar.rate(name) })),
      ...classes.map(({ name, key, label }) => ({ id: `flaw-class-${name}`, chord: key.toLowerCase(), words: label, act: () => this.bar.classify(name) })),
      { id: "flaw-note", chord: "n", words: "Write a note", isFree: true, act: () => { if (this.bar.mode) this.bar.note.focus(); } },
      { id: "flaw-save", chord: "enter", words: "Save the mark", isFixed: true, act: () => this.bar.store() },
      { id: "flaw-remove", chord: "delete", words: "Remove the mark", act: () => this.bar.remove() },
      { id: "flaw-close", chord: "escape", words: "Leave the mark, give the keys back", isFixed: true, isFree: true, act: () => this.bar.close() },
      { id: "flaw-undo", chord: "mod+z", words: "Undo the last act", isFixed: true, isFree: true, act: () => this.undo() },
      { id: "flaw-word", chord: "arrowright", words: "Select the next word", isFree: true, isWalk: true, act: () => this.aim.walk("forward", "word", false) },
      { id: "flaw-word-back", chord: "arrowleft", words: "Select the previous word", isFree: true, isWalk: true, act: () => this.aim.walk("backward", "word", false) },
      { id: "flaw-more", chord: "shift+arrowright", words: "Select one word more", isFree: true, isWalk: true, act: () => this.aim.walk("forward", "word", true) },
      { id: "flaw-less", chord: "shift+arrowleft", words: "Select one word less", isFree: true, isWalk: true, act: () => this.aim.walk("backward", "word", true) },
      { id: "flaw-line", chord: "arrowdown", words: "Select in the next line", isWalk: true, act: () => this.aim.walk("forward", "line", false) },
      { id: "flaw-line-back", chord: "arrowup", words: "Select in the previous line", isWalk: true, act: () => this.aim.walk("backward", "line", false) },
      { id: "flaw-text", chord: ".", words: "Go to the next text", isFree: true, act: () => this.aim.next(1) },
      { id: "flaw-whole", chord: ",", words: "Mark the whole text", isFree: true, act: () => this.bar.aimWhole(this.aim.column) },
    ];
    for (const binding of chosen) {
      if (!this.keys.objection(binding.chord, layer, binding.id)) this.keys.add({ ...binding, layer, group: "flaws" }); // without a key it is still a button
    }
  }

  heard(event) {
    if (!this.node.isConnected || event.isComposing || event.defaultPrevented || !this.store.told) return;
    const { target } = event;
    if (document.querySelector("dialog[open]") || (target !== document.body && !this.caseView.node.contains(target))) return;
    const chord = chordOf(event);
    if (target.matches(TYPING)) {
      if (chord === "escape" && this.bar.node.contains(target)) this.stopAt(event, () => (this.caseView.node.tabIndex >= 0 ? this.caseView.node : this.node).focus());
      return;
    }
    this.aim.catchUp();
    const found = this.keys.find(chord, "flaws");
    if (found && found.group === "flaws" && this.mayAct(found, event)) this.stopAt(event, found.act);
  }

  mayAct({ id, isFree, isWalk }, event) {
    if (isWalk && event.target.closest(FLAW_ARROWS_ELSEWHERE)) return false;
    if (event.repeat && !isWalk) return false;
    if (id === "flaw-close" || id === "flaw-note") return this.bar.mode !== null;
    if (id === "flaw-save") return this.bar.mode === "new" && !event.target.closest(PRESSED_BY_ENTER);
    return isFree || this.bar.isLive;
  }

  stopAt(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
