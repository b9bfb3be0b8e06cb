/* Votes: which answer was read where, how the answers were grouped, and, where the program read or compared them wrongly,
   the groups put right by a person: drawn at once, counted by the server, saved with a note, undone with one press. */

class VotesTab {
  static name = "votes";

  static label = "Votes";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.person = new TabPerson(caseView);
    this.board = new ClusterBoard({ caseView, changed: (focus) => this.changed(focus) });
    this.compare = new VotesCompare();
    this.count = settled(() => this.preview(), 150);
    this.steps = [
      button("Back one step", "redo", () => this.stepBack(), { class: "fx-btn fx-quiet" }),
      button("As it was read", null, () => this.asRead(), { class: "fx-btn fx-quiet" }),
    ];
    this.note = el("textarea", { class: "fx-input ct-note", rows: "2", maxlength: "2000", dir: "auto", "aria-label": "Why", placeholder: "Why? (kept in the log)", input: () => this.draft.say(this.note.value) });
    this.save = button("Save the groups", "check", () => this.store(), { class: "fx-btn fx-primary" });
    this.drop = button("Discard", "cross", () => this.discard());
    this.alert = el("div", { class: "fx-alert" });
    this.editing = el("section", { class: "ct-editing", "aria-label": "Your correction", hidden: true }, el("h3", { class: "ct-h3", text: "Your correction, not saved yet" }),
      this.compare.node, el("div", { class: "ct-row ct-saving" }, this.note, this.save, this.drop), this.alert);
    this.chart = new PathChart();
    this.path = tabSection("How the evidence grew", this.chart.node);
    this.log = el("ol", { class: "ct-log" });
    this.undoing = button("Undo the last edit", "redo", () => this.undo());
    this.history = tabSection("Edits of the groups", this.log);
    this.stands = el("p", { class: "ct-stands" });
    this.told = el("div", { class: "fx-alert" });
    this.node = el("div", { class: "ct-tab" },
      el("div", { class: "ct-row" }, el("p", { class: "ct-lead", text: "Wrongly read or compared? Drag a card or a whole group onto another, or choose where it belongs." }), el("span", { class: "ct-row" }, ...this.steps)),
      this.stands, this.told, this.board.node, this.editing, this.path, this.history);
  }

  draw(case_) {
    const isOther = this.run !== this.caseView.runId;
    this.run = this.caseView.runId;
    if (isOther) this.mayReplace = null;
    const isTyping = document.activeElement === this.note;
    const past = !isOther && this.draft ? this.draft.past : [];
    this.draft = new ClusterDraft(this.run, case_.regrouping);
    this.draft.past = past;
    if (!isTyping) this.note.value = this.draft.note;
    this.case = case_;
    this.previewed = null;
    this.told.replaceChildren();
    this.alert.replaceChildren();
    this.board.give(case_, this.draft);
    this.path.hidden = true;
    this.standing = null;
    this.drawLog(case_.regrouping);
    write(this.stands, case_.vote.would_stop || case_.vote.why);
    this.changed();
    this.trace();
  }

  /* The evidence draw by draw, as the answers are grouped now. */
  async trace() {
    const { case: case_ } = this;
    try {
      const { path } = await this.caseView.call("/regroup/preview", { body: case_.regrouping.body });
      if (case_ !== this.case) return;
      this.standing = path;
      this.drawPath();
    } catch {
      show(this.path, false); // an aid: the tab is whole without it
    }
  }

  /* After every step: drawn here at once, counted by the server soon after. */
  changed(focus) {
    const { draft } = this;
    this.board.draw();
    const [back, asRead] = this.steps;
    show(back, draft.past.length);
    show(asRead, !draft.isEmpty);
    show(this.editing, draft.isDirty);
    if (draft.isDirty) {
      this.previewed = null;
      this.compare.draw(this.case.vote, null);
      this.count();
    }
    this.drawPath();
    const control = focus && focus();
    if (control) control.focus();
  }

  async preview() {
    const { body } = this.draft;
    const run = this.run;
    if (!this.draft.isDirty) return;
    try {
      const counted_ = await this.caseView.call("/regroup/preview", { body });
      if (run !== this.run || body !== this.draft.body) return;
      this.previewed = counted_;
      this.compare.draw(this.case.vote, counted_.vote);
      this.drawPath();
    } catch (error) {
      if (run === this.run && body === this.draft.body) this.compare.trouble(error.message, () => this.preview());
    }
  }

  drawPath() {
    const path = (this.previewed && this.previewed.path) || this.standing;
    const isDrawn = path && path.rule in STOP_RULES && path.steps.length > 0;
    show(this.path, isDrawn);
    if (isDrawn) this.chart.draw({ path, rule: path.rule, threshold: path.threshold, stop: stepOfStop(path, path.rule, path.threshold) });
  }

  stepBack() {
    this.draft.back();
    this.changed();
  }

  asRead() {
    this.draft.reset({ aliases: {}, answers: {} });
    this.changed();
  }

  discard() {
    this.draft.discard();
    this.note.value = "";
    this.alert.replaceChildren();
    this.changed();
  }

  /* ---------- saving ---------- */

  async store() {
    const { draft } = this;
    if (draft.isBehind && this.mayReplace !== draft.seq) {
      this.mayReplace = draft.seq;
      this.alert.replaceChildren(tabNotice("Somebody has saved other groups since you began (see the log). Saving replaces them with yours.", button("Save mine", "check", () => this.store()), button("Discard mine", "cross", () => this.discard())));
      return;
    }
    await this.send({ key: draft.key, body: draft.body, note: draft.note.trim(), seen: draft.seq }, () => draft.discard(), "The groups are saved.");
  }

  /* The groups as they were before the last edit. */
  async undo() {
    const [last, before] = this.case.regrouping.log;
    if (this.undoKey?.seq !== last.seq) this.undoKey = { seq: last.seq, key: newKey() };
    await this.send({ key: this.undoKey.key, body: before ? before.body : { aliases: {}, answers: {} }, note: `Undone: edit ${last.seq}`, seen: last.seq }, () => {}, "The last edit is undone.");
  }

  async send(told, kept, words) {
    if (this.isSaving) return;
    const { run } = this;
    const rater = await this.person.asked();
    if (!rater) return;
    this.busy(true);
    try {
      await new CaseCalls(run).ask("/regroup", { rater, ...told });
      kept();
      if (run === this.run) await this.acknowledged(words);
    } catch (error) {
      if (run !== this.run) return;
      if (error.status === 409) {
        await this.overtaken(error);
        return;
      }
      const place = this.draft.isDirty ? this.alert : this.told;
      place.replaceChildren(tabNotice(`Not saved: ${error.message} Nothing you did is lost.`, button("Try again", "redo", () => this.send(told, kept, words))));
    } finally {
      this.busy(false);
    }
  }

  /* It is saved, even where the case cannot be told anew just now. */
  async acknowledged(words) {
    this.caseView.say(words, true);
    try {
      await this.caseView.refresh();
    } catch (error) {
      this.caseView.tell(`${words} The case could not be loaded anew: ${error.message}`);
    }
  }

  /* Somebody else was quicker: what they saved is shown, and what was done here waits beside it. */
  async overtaken(error) {
    await this.caseView.refresh();
    if (this.draft.isDirty) await this.store();
    else this.told.replaceChildren(tabNotice(error.message));
  }

  busy(isSaving) {
    this.isSaving = isSaving;
    for (const control of [this.save, this.undoing]) {
      if (isSaving) control.setAttribute("aria-disabled", "true");
      else control.removeAttribute("aria-disabled");
    }
    relabel(this.save, isSaving ? "Saving …" : "Save the groups");
  }

  /* ---------- the log ---------- */

  drawLog({ log }) {
    show(this.history, log.length);
    this.log.replaceChildren(...log.map((edit, at) => el("li", {},
      el("p", { class: "ct-who" }, el("b", { text: `${edit.seq}` }), foreign(edit.rater, "ct-name"), el("span", { class: "fx-hint", text: moment(edit.created_at) }), at ? null : badge("lead", "check", "Stands now")),
      el("p", { class: "ct-edit" }, ...this.wordsOf(edit.body)), edit.note ? el("p", { class: "ct-flaw-note", dir: "auto", text: edit.note }) : null, at ? null : this.undoing)));
  }

  wordsOf({ aliases, answers }) {
    const positions = new Map(this.case.candidates.map(({ output_id: output, position }) => [output, position]));
    const parts = [
      ...Object.entries(aliases).map(([from, to]) => [foreign(clipped(from, 40), "fx-key"), " means ", foreign(clipped(to, 40), "fx-key")]),
      ...Object.entries(answers).map(([output, answer]) => [positions.has(output) ? `candidate ${positions.get(output)}` : "the fused answer", answer === null ? " gives no answer" : " answers ", answer === null ? "" : foreign(clipped(answer, 40), "fx-key")]),
    ];
    return parts.length ? parts.flatMap((each, at) => [at ? "; " : "", ...each]) : ["All answers as they were read."];
  }
}
