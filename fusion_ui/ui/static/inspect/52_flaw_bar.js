/* The bar at the foot of the window while something is being marked. It is a draft until it has all it needs ("new"),
   then stands stored ("after"), and can be opened again ("edit"). Letters and digits are the bar's only in "new" and
   "edit"; otherwise they are the case's. */

class FlawBar {
  constructor(tab) {
    this.tab = tab;
    this.mode = null;
    this.draft = null;
    this.aimedAt = el("p", { class: "ct-aimed", "aria-live": "polite" });
    this.classes = el("div", { class: "ct-classes", role: "group", "aria-label": "Class" });
    this.severities = el("div", { class: "ct-severities", role: "group", "aria-label": "Severity" });
    this.kind = el("select", { class: "fx-input ct-kind", "aria-label": "Kind", change: () => this.setKind(this.kind.value) });
    this.note = el("input", { class: "fx-input ct-note", type: "text", maxlength: "2000", dir: "auto", "aria-label": "Note", placeholder: "Note (optional)",
      change: () => this.setNote(), keydown: (event) => this.hearNote(event) });
    this.hint = el("p", { class: "fx-hint ct-explained" });
    this.whole = button("Whole text", "tall", () => this.aimWhole(this.draft.column), { class: "fx-btn fx-quiet" });
    this.save = button("Save", "check", () => this.store(), { class: "fx-btn fx-primary" });
    this.edit = button("Change", "pen", () => this.open(this.draft.id), { class: "fx-btn fx-quiet" });
    this.undo = button("Undo", "redo", () => this.tab.undo(), { class: "fx-btn fx-quiet" });
    const close = button("Close", "cross", () => this.close(), { class: "fx-btn fx-quiet", "aria-label": "Close the bar of marks" });
    this.node = el("section", { class: "fx-card ct-bar", "aria-label": "Mark a flaw", hidden: true, focusin: () => this.pin() },
      el("div", { class: "ct-bar-head" }, this.aimedAt, el("span", { class: "ct-row" }, this.whole, this.edit, this.undo, close)),
      this.classes, this.hint, el("div", { class: "ct-row" }, this.severities, this.kind, this.note, this.save));
  }

  get flaws() {
    return this.tab.store;
  }

  get taxonomy() {
    return this.tab.store.taxonomy;
  }

  get isLive() {
    return this.mode === "new" || this.mode === "edit";
  }

  /* The buttons, once it is known which classes there are. */
  build() {
    if (this.builtFor === this.tab.store.told.taxonomy.id + this.tab.store.told.taxonomy.version) return;
    this.builtFor = this.tab.store.told.taxonomy.id + this.tab.store.told.taxonomy.version;
    this.classes.replaceChildren(...this.taxonomy.classes.map((one) => this.choice(`flaw-class-${one.name}`, one.label, () => this.classify(one.name), one)));
    this.severities.replaceChildren(...this.taxonomy.severities.map((one) => this.choice(`flaw-severity-${one.name}`, one.label, () => this.rate(one.name), one)));
  }

  choice(id, label, act, { name, definition, example }) {
    const explain = () => write(this.hint, [definition, example && `Example: ${example}`].filter(Boolean).join(" "));
    return el("button", { type: "button", class: "fx-btn ct-choice", "aria-pressed": "false", "data-name": name, click: act, focus: explain, mouseenter: explain,
      pointerdown: (event) => event.preventDefault() /* would drop the selection */ }, this.tab.keys.cap(id), el("span", { text: label }));
  }

  /* ---------- what is meant ---------- */

  /* Words were selected, or no longer are. */
  aim(aimed) {
    if (!aimed) {
      if (this.mode === "new" && !this.isPinned) this.close();
      return;
    }
    const { column, start, end } = aimed;
    const isUnplaced = start === undefined;
    this.draft = { ...(this.mode === "new" ? this.draft : this.empty()), id: null, column, output_id: column.outputId, start: isUnplaced ? null : start, end: isUnplaced ? null : end, isUnplaced };
    this.to("new");
  }

  aimWhole(column) {
    if (!column) return;
    const kept = this.isLive ? this.draft : this.empty();
    this.draft = { ...kept, column, output_id: column.outputId, start: null, end: null, isUnplaced: false };
    if (kept.id) this.change({ start: null, end: null });
    this.tab.aim.clear();
    this.isPinned = true;
    this.to(kept.id ? "edit" : "new");
  }

  empty() {
    return { id: null, category: "", severity: "", note: "", isUnplaced: false };
  }

  open(id) {
    const flaw = this.flaws.flaw(id);
    if (!flaw) return;
    this.tab.aim.clear();
    this.draft = { ...flaw, column: this.tab.columnOf(flaw.output_id) };
    this.to("edit");
  }

  /* The focus goes into the bar, where a selection in the text would not last: what is meant is drawn instead. */
  pin() {
    if (this.mode !== "new" || this.isPinned) return;
    this.isPinned = true;
    this.tab.drawMarks();
  }

  /* What is meant but not stored yet, to be drawn in the text. */
  get passage() {
    return this.mode === "new" && this.isPinned && this.draft.start !== null ? this.draft : null;
  }

  /* ---------- what is said of it ---------- */

  classify(name) {
    if (!this.isLive || this.draft.isUnplaced) return;
    const known = this.mode === "new" && this.flaws.same(this.draft, name);
    if (known) {
      this.open(known.id);
      return;
    }
    const hasFlaw = this.taxonomy.classes.find((one) => one.name === name).is_flaw;
    this.draft = { ...this.draft, category: name, ...(hasFlaw ? {} : { severity: "", start: null, end: null }) };
    if (this.mode === "edit") this.change(hasFlaw ? { category: name } : { category: name, start: null, end: null, severity: this.taxonomy.usualSeverity(name) });
    else this.proceed();
  }

  rate(name) {
    if (!this.isLive || !this.draft.category || !this.taxonomy.isFlaw(this.draft.category)) return;
    this.draft = { ...this.draft, severity: name };
    if (this.mode === "edit") this.change({ severity: name });
    else this.proceed();
  }

  setKind(kind) {
    const [name] = this.draft.category.split("/");
    this.draft = { ...this.draft, category: kind ? `${name}/${kind}` : name };
    if (this.draft.id) this.change({ category: this.draft.category });
    this.draw();
  }

  setNote() {
    const note = this.note.value.trim();
    if (note === this.draft.note) return;
    this.draft = { ...this.draft, note };
    if (this.draft.id) this.change({ note });
    this.draw();
  }

  hearNote(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.setNote();
    this.note.blur(); // letters and digits are keys again
    if (this.mode === "new") this.store();
  }

  /* Stored as soon as nothing is missing. */
  proceed() {
    this.isPinned = true;
    this.tab.aim.clear();
    if (this.flaws.missing(this.draft)) this.to("new");
    else this.store();
    if (this.mode === "new" && this.flaws.missing(this.draft) === "note") this.note.focus();
  }

  async store() {
    const missing = this.flaws.missing(this.draft);
    if (this.mode !== "new" || this.isStoring) return;
    if (missing) {
      write(this.aimedAt, { class: "Choose a class first.", severity: "How bad is it? Choose a severity.", note: "This class needs a note that says what is wrong." }[missing]);
      return;
    }
    this.isStoring = true;
    const draft = this.draft;
    const id = await this.flaws.add(draft).finally(() => { this.isStoring = false; });
    if (!id || this.draft !== draft) return;
    this.draft = { ...draft, id };
    this.to("after");
  }

  change(changes) {
    this.draft = { ...this.draft, id: this.flaws.idOf(this.draft.id) };
    this.flaws.change(this.draft.id, changes);
    this.draw();
  }

  remove() {
    if (this.mode !== "edit") return;
    this.flaws.remove(this.draft.id);
    this.close();
  }

  close() {
    const wasOpen = this.mode !== null;
    this.mode = null;
    this.draft = null;
    this.isPinned = false;
    if (this.node.contains(document.activeElement)) (this.tab.aim.column?.body || this.tab.node).focus({ preventScroll: true });
    show(this.node, false);
    if (wasOpen) this.tab.aim.clear();
    this.tab.drawMarks();
  }

  /* ---------- drawing ---------- */

  to(mode) {
    this.mode = mode;
    if (mode !== "new") this.isPinned = false;
    this.draw();
    this.tab.drawMarks();
    this.keepInSight();
  }

  /* The bar must not cover the words that it speaks of. */
  keepInSight() {
    if (!this.draft || this.draft.start === null) return;
    const selection = document.getSelection();
    const words = selection.isCollapsed ? this.draft.column.prose.querySelector(".ct-mark.is-draft") : selection.getRangeAt(0);
    if (!words) return;
    const covered = words.getBoundingClientRect().bottom + 16 - this.node.getBoundingClientRect().top;
    if (covered > 0) window.scrollBy({ top: covered, behavior: "instant" });
  }

  draw() {
    show(this.node, this.mode);
    if (!this.mode) return;
    const { draft, mode } = this;
    const one = draft.category ? this.taxonomy.of(draft.category) : null;
    const isFlaw = Boolean(one && one.is_flaw);
    this.node.dataset.mode = mode;
    this.node.classList.toggle("has-class", Boolean(one));
    write(this.aimedAt, this.sentence(one));
    this.press(this.classes, one?.name);
    this.press(this.severities, draft.severity);
    show(this.classes, mode !== "after");
    show(this.hint, mode !== "after");
    write(this.hint, one ? one.definition : draft.isUnplaced ? "" : "Press the letter of a class, then the digit of how bad it is.");
    show(this.severities, mode !== "after" && isFlaw);
    this.drawKinds(one, draft.category);
    show(this.note, one);
    if (document.activeElement !== this.note) this.note.value = draft.note;
    this.note.placeholder = one?.needs_note ? "What is wrong? (needed)" : "Note (optional)";
    show(this.save, mode === "new" && one);
    show(this.whole, this.isLive && draft.start !== null);
    show(this.edit, mode === "after");
    show(this.undo, mode === "after");
  }

  press(group, name) {
    for (const choice of group.children) choice.setAttribute("aria-pressed", String(choice.dataset.name === name));
  }

  drawKinds(one, category) {
    show(this.kind, one && one.subtypes.length);
    if (!one) return;
    this.kind.replaceChildren(el("option", { value: "", text: "Which kind? (optional)" }), ...one.subtypes.map((subtype) => el("option", { value: subtype, text: subtype })));
    this.kind.value = this.taxonomy.subtype(category);
  }

  sentence(one) {
    const { draft, mode } = this;
    if (draft.isUnplaced) return "These words have no certain place in the text. Switch to the raw text and select them there.";
    const where = draft.start === null ? `${capital(draft.column.name)}, the whole text` : `${capital(draft.column.name)}: “${clipped(wordsAt(draft.column.text, draft), 90)}”`;
    const refusal = draft.id && this.flaws.flaw(draft.id)?.refusal;
    if (refusal) return `Not stored: ${refusal}`;
    if (mode === "after") return `Marked. ${where}: ${this.flaws.named(draft)}.`;
    if (!one) return `${where}. What is wrong with it?`;
    return `${where}: ${this.taxonomy.named(draft.category)}${mode === "new" && one.is_flaw && !draft.severity ? ". How bad is it?" : "."}`;
  }
}
