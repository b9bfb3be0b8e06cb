/* Errors marked in the answers: select words, press the letter of a class, then the digit of a severity. Without a
   selection the whole answer is meant. Every change can be undone. */

class Flaws {
  constructor(screen, trial) {
    this.screen = screen;
    this.taxonomy = new Taxonomy(trial.taxonomy);
    this.past = [];
    this.active = -1;
    this.found = null;
    this.letter = trial.answers[0].letter;
    this.said = el("p", { class: "rate-selected", "aria-live": "polite" });
    this.explained = el("p", { class: "rate-explained fx-hint" });
    this.classes = this.taxonomy.classes.map((one) => this.classButton(one));
    this.list = el("ol", { class: "rate-flaws", "aria-label": "Marked errors" });
    this.node = el("section", { class: "rate-panel fx-card", "aria-label": "Errors", hidden: true },
      el("header", {}, el("h2", { class: "fx-h", text: "Errors" }), el("span", { class: "rate-space" }),
        button("Undo mark", "redo", () => this.undo(), { class: "fx-btn fx-quiet" }),
        button("Close", "cross", () => screen.toggleFlaws(), { class: "fx-btn fx-quiet", "aria-label": "Close errors" })),
      this.said, el("div", { class: "rate-classes", role: "group", "aria-label": "Class of the error" }, ...this.classes), this.explained, this.list);
  }

  static keys(screen, trial) {
    const layer = "spans";
    const taxonomy = new Taxonomy(trial.taxonomy);
    const classes = taxonomy.classes.map(({ key, name, label }) => ({ id: `class-${name}`, chord: key.toLowerCase(), layer, words: label, act: () => screen.flaws.add(name) }));
    return [
      ...classes.filter(({ chord, id }) => !screen.keys.objection(chord, layer, id)), // a class without a key is still a button
      ...taxonomy.severities.map((severity, at) => ({ id: `severity-${severity.name}`, chord: String(severity.key), layer, words: `Severity: ${severity.label}`, act: () => screen.flaws.setSeverity(at) })),
      { id: "unmark", chord: "delete", layer, words: "Remove the mark", act: () => screen.flaws.remove() },
      { id: "word", chord: "arrowright", layer, words: "Select the next word", act: () => screen.flaws.walk("forward", "word", false) },
      { id: "word-back", chord: "arrowleft", layer, words: "Select the previous word", act: () => screen.flaws.walk("backward", "word", false) },
      { id: "more", chord: "shift+arrowright", layer, words: "Select one word more", act: () => screen.flaws.walk("forward", "word", true) },
      { id: "less", chord: "shift+arrowleft", layer, words: "Select one word less", act: () => screen.flaws.walk("backward", "word", true) },
      { id: "line", chord: "arrowdown", layer, words: "Select in the next line", act: () => screen.flaws.walk("forward", "line", false) },
      { id: "line-back", chord: "arrowup", layer, words: "Select in the previous line", act: () => screen.flaws.walk("backward", "line", false) },
      { id: "other", chord: ".", layer, words: "Go to the next answer", act: () => screen.flaws.nextAnswer() },
      { id: "whole", chord: ",", layer, words: "Clear the selection: the whole answer is meant", act: () => screen.flaws.clearSelection() },
    ];
  }

  get spans() {
    return this.screen.judgement.spans;
  }

  classButton({ name, label, definition, example }) {
    const explain = () => write(this.explained, [definition, example && `Example: ${example}`].filter(Boolean).join(" "));
    return el("button", { type: "button", class: "fx-btn rate-class", click: () => this.add(name), focus: explain, mouseenter: explain,
      pointerdown: (event) => event.preventDefault() /* would drop the selection */ }, this.screen.keys.cap(`class-${name}`), el("span", { text: label }));
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    if (this.node.hidden) this.clearSelection();
    else this.notice();
    return !this.node.hidden;
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /* What is selected now, told in words. */
  notice() {
    if (!this.isOpen) return;
    const selection = document.getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const column = range && this.screen.answers.columns.find(({ prose }) => prose.contains(range.commonAncestorContainer));
    this.found = column ? passageOf(range, column.prose, column.text) : null;
    if (column) this.letter = column.letter;
    if (this.found) write(this.said, `Answer ${this.letter}: “${clipped(wordsAt(column.text, this.found), 90)}”. Now the class.`);
    else if (column) write(this.said, "These words have no certain place in the text. Press M and select them in the raw text.");
    else write(this.said, `Nothing selected: a class means the whole of answer ${this.letter}. Select words, or walk them with the arrows.`);
    this.isUnplaced = Boolean(column && !this.found);
  }

  clearSelection() {
    document.getSelection().removeAllRanges();
  }

  /* The selection moved by keyboard, kept inside one answer. */
  walk(direction, unit, isLonger) {
    const { prose, body } = this.screen.answers.column(this.letter);
    const range = walkSelection(prose, { direction, unit, isLonger });
    if (range) bringIntoView(body, range);
    this.notice();
  }

  nextAnswer() {
    const { columns } = this.screen.answers;
    const at = columns.findIndex(({ letter }) => letter === this.letter);
    const next = columns[(at + 1) % columns.length];
    this.clearSelection();
    this.letter = next.letter;
    next.body.focus();
    this.notice();
  }

  change(spans, active) {
    this.past.push({ spans: structuredClone(this.spans), active: this.active });
    this.screen.judgement.spans = spans;
    this.active = active;
    this.screen.changed();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return false;
    this.screen.judgement.spans = before.spans;
    this.active = before.active;
    this.screen.changed();
    return true;
  }

  add(category) {
    this.notice(); // the browser tells of a new selection a moment later than it is there
    if (this.isUnplaced) return;
    const passage = this.found || { start: null, end: null };
    const isSame = (span) => span.letter === this.letter && span.start === passage.start && span.end === passage.end && this.taxonomy.of(span.category).name === category;
    const known = this.spans.findIndex(isSame);
    if (known >= 0) {
      this.active = known;
      this.draw();
      return;
    }
    const span = { letter: this.letter, start: passage.start, end: passage.end, category, severity: this.taxonomy.usualSeverity(category), note: "" };
    this.clearSelection();
    this.change([...this.spans, span], this.spans.length);
    this.notice();
  }

  update(at, what) {
    this.change(this.spans.map((span, number) => (number === at ? { ...span, ...what } : span)), at);
  }

  setSeverity(number) {
    const span = this.spans[this.active];
    const severity = this.taxonomy.severities[number];
    if (span && severity && this.taxonomy.isFlaw(span.category)) this.update(this.active, { severity: severity.name });
  }

  remove() {
    if (this.spans[this.active]) this.change(this.spans.filter((_, at) => at !== this.active), Math.min(this.active, this.spans.length - 2));
  }

  jump(at) {
    this.active = at;
    this.draw();
    const { letter } = this.spans[at];
    this.screen.answers.column(letter).node.scrollIntoView({ inline: "center", block: "nearest" });
    this.screen.answers.column(letter).jumpTo(this.labelOf(at));
  }

  labelOf(at) {
    return `${this.taxonomy.of(this.spans[at].category).key}${at + 1}`;
  }

  draw() {
    const spans = this.spans;
    this.screen.answers.mark(spans.flatMap((span, at) => (span.start === null ? [] : [{ letter: span.letter, passage: span, label: this.labelOf(at),
      className: `rate-mark is-severity-${this.severityNumber(span)}`, title: this.taxonomy.named(span.category) }])));
    const holder = this.list.contains(document.activeElement) ? document.activeElement.closest("li") : null;
    const heldAt = holder ? [...this.list.children].indexOf(holder) : -1;
    const isNote = holder && document.activeElement.matches("input");
    if (isNote && this.list.children.length === spans.length) return;
    this.list.replaceChildren(...spans.map((span, at) => this.row(span, at)));
    show(this.list, spans.length);
    const again = this.list.children[Math.min(heldAt, spans.length - 1)];
    if (heldAt >= 0 && again) again.querySelector("button").focus();
    const active = this.list.querySelector(".is-active");
    if (active && this.isOpen) active.scrollIntoView({ block: "nearest" });
  }

  severityNumber({ severity }) {
    const found = this.taxonomy.severity(severity);
    return found ? found.key : "0";
  }

  row(span, at) {
    const one = this.taxonomy.of(span.category);
    const column = this.screen.answers.column(span.letter);
    const words = span.start === null ? "the whole answer" : `“${clipped(wordsAt(column.text, span), 60)}”`;
    const severity = this.taxonomy.severity(span.severity);
    const state = !this.taxonomy.isFlaw(span.category) ? "" : severity ? severity.label : "severity?";
    const jump = el("button", { type: "button", class: "rate-flaw-jump", click: () => this.jump(at), focus: () => { this.active = at; } },
      el("b", { text: this.labelOf(at) }), el("span", { text: ` ${span.letter}, ${this.taxonomy.named(span.category)}: ` }), el("bdi", { text: words }),
      state ? el("span", { class: `rate-severity ${severity ? "" : "is-open"}`, text: state }) : null);
    const severities = this.taxonomy.isFlaw(span.category) ? el("span", { class: "rate-flaw-severities", role: "group", "aria-label": `Severity of ${this.labelOf(at)}` },
      ...this.taxonomy.severities.map((each, number) => el("button", { type: "button", class: "fx-btn", "aria-pressed": String(each.name === span.severity), click: () => { this.active = at; this.setSeverity(number); } },
        el("kbd", { "aria-hidden": "true", text: each.key }), el("span", { text: each.label })))) : null;
    const isActive = at === this.active;
    return el("li", { class: isActive ? "is-active" : "" }, jump,
      isActive ? el("div", { class: "rate-flaw-more" }, severities, this.subtypes(span, at, one), this.noteField(span, at)) : null,
      button("Remove", "cross", () => { this.active = at; this.remove(); }, { class: "fx-btn fx-quiet rate-flaw-remove", "aria-label": `Remove ${this.labelOf(at)}` }));
  }

  subtypes(span, at, one) {
    if (!one.subtypes.length) return null;
    const select = el("select", { class: "fx-input", "aria-label": `Kind of ${this.labelOf(at)}`, change: () => this.update(at, { category: select.value ? `${one.name}/${select.value}` : one.name }) },
      el("option", { value: "", text: "Which kind? (optional)" }), ...one.subtypes.map((subtype) => el("option", { value: subtype, text: subtype })));
    select.value = this.taxonomy.subtype(span.category);
    return select;
  }

  noteField(span, at) {
    const input = el("input", { class: "fx-input", type: "text", maxlength: "2000", placeholder: "Note", "aria-label": `Note on ${this.labelOf(at)}`, dir: "auto",
      change: () => this.update(at, { note: input.value.trim() }) });
    input.value = span.note || "";
    return input;
  }

  problem(judgement) {
    const { taxonomy } = this;
    const open = judgement.spans.findIndex(({ category, severity }) => taxonomy.isFlaw(category) && severity === null);
    const silent = judgement.spans.findIndex(({ category, note }) => taxonomy.needsNote(category) && !note);
    if (open < 0 && silent < 0) return null;
    this.active = open < 0 ? silent : open;
    const label = this.labelOf(this.active);
    return open < 0 ? `Mark ${label} needs a note that says what is wrong.`
      : `Mark ${label} has no severity yet: ${taxonomy.severities.map(({ key, label: words }) => `${key} ${words}`).join(", ")}.`;
  }
}
