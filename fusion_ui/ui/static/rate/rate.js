/* The rating screen: one trial after the other. A verdict is drawn at once, posted, and acknowledged before the next
   item comes. Phases: entry, loading, ready, saving, failed, told (feedback or reveal), done. */

const TASKS = { pairwise: Pairwise, "best-worst": BestWorst, ranking: Ranking, rubric: Rubric };
const BREAK_AFTER_S = 45 * 60;
const TOAST_MS = 6_000;

class RateScreen {
  constructor(root) {
    this.root = root;
    this.keys = new Keys();
    this.phase = "entry";
    this.rater = new URLSearchParams(location.search).get("rater") || memory.get("fx-rater") || "";
    this.progress = null;
    this.trial = null;
    this.saving = new Saving(this);
    this.supply = new Supply(this);
    this.clock = new Clock({ onPause: () => this.pause(), onResume: () => this.unpause() });
    this.addKeys();
    this.build();
    this.listen();
    this.enter();
  }

  addKeys() {
    const act = (name, ...rest) => () => this[name](...rest);
    this.keys.add(
      { id: "submit", chord: "enter", words: "Save and go on", act: act("submit"), isFixed: true },
      { id: "submit-typing", chord: "mod+enter", layer: "all", words: "Save and go on, from a text box", act: act("submit"), isFixed: true },
      { id: "skip", chord: "s", words: "Skip, with a reason", act: act("askSkip") },
      { id: "undo", chord: "u", words: "Undo the last decision", act: act("undo") },
      { id: "undo-too", chord: "mod+z", layer: "all", words: "Undo the last decision, or the last mark", act: act("undoAny"), isFixed: true },
      { id: "diff", chord: "d", words: "Difference of two answers", act: act("showDiff") },
      { id: "flaws", chord: "e", layer: "all", words: "Mark errors", act: act("toggleFlaws") },
      { id: "raw", chord: "m", layer: "all", words: "Raw or rendered text", act: act("toggleRaw") },
      { id: "linked", chord: "l", words: "Scroll the answers together", act: act("toggleLinked") },
      { id: "fold", chord: "p", words: "Fold the prompt", act: () => this.prompt.toggle() },
      { id: "guide", chord: "g", words: "Guidelines", act: () => this.guide.open() },
      { id: "history", chord: "h", words: "Decided so far", act: () => this.history.ask() },
      { id: "help", chord: "?", layer: "all", words: "This sheet", act: () => this.sheet.ask(), isFixed: true },
      { id: "leave", chord: "escape", layer: "all", words: "Leave a text box, a dialog, the errors, an old item", act: act("leave"), isFixed: true },
    );
  }

  build() {
    this.answers = new Answers(this);
    this.prompt = new PromptCard(this.keys);
    this.bar = new RateBar(this);
    this.skipping = new SkipDialog(this);
    this.guide = new GuideDialog();
    this.sheet = new KeySheet(this.keys);
    this.diff = new DiffDialog(this);
    this.history = new History(this);
    this.entry = new Entry({ onName: (name) => this.called(name), onStudy: (study) => this.open(study) });
    this.notice = el("div", { class: "fx-alert rate-notice", role: "alert" });
    this.paused = el("div", { class: "rate-paused fx-card", role: "alertdialog", "aria-label": "Paused", tabindex: "-1", hidden: true },
      el("p", { class: "fx-h", text: "Paused" }), el("p", { text: "Nothing happened for two minutes, so the clock stands still. Your work is kept." }), el("p", { class: "fx-hint", text: "Press any key or click to go on." }));
    this.skeleton = el("div", { class: "rate-skeleton", "aria-hidden": "true", hidden: true }, ...[1, 2].map(() => el("div", { class: "fx-card" }, el("div", { class: "fx-skeleton" }, ...Array.from({ length: 9 }, () => el("i"))))));
    this.end = el("section", { class: "rate-end fx-card", "aria-label": "End", tabindex: "-1", hidden: true });
    this.panel = el("div", { class: "rate-panel-slot" });
    this.middle = el("div", { class: "rate-middle" }, this.answers.node, this.panel);
    this.dock = this.buildDock();
    this.toast = el("div", { class: "rate-toast", hidden: true });
    this.main = el("div", { class: "rate-main" }, this.entry.node, this.skeleton, this.end, this.prompt.node, this.middle, this.dock);
    this.node = el("div", { class: "rate" }, this.bar.node, this.saving.alert, this.notice, this.main, this.toast, this.paused,
      ...[this.skipping, this.guide, this.sheet, this.diff, this.history].map(({ node }) => node));
    this.root.append(this.node);
    this.draw();
  }

  buildDock() {
    const tool = (id, words, act, props) => {
      const node = el("button", { type: "button", class: "fx-btn rate-tool", click: act, ...props }, this.keys.cap(id), el("span", { text: words }));
      return node;
    };
    this.tools = {
      skip: tool("skip", "Skip", () => this.askSkip()),
      undo: tool("undo", "Undo", () => this.undo()),
      diff: tool("diff", "Difference", () => this.showDiff()),
      flaws: tool("flaws", "Errors", () => this.toggleFlaws(), { "aria-pressed": "false" }),
      raw: tool("raw", "Raw", () => this.toggleRaw(), { "aria-pressed": "false" }),
      linked: tool("linked", "Linked scroll", () => this.toggleLinked(), { "aria-pressed": "false" }),
    };
    this.back = button("Back to the open item", "arrow", () => this.leavePast(), { class: "fx-btn" });
    this.submitter = el("button", { type: "button", class: "fx-btn fx-primary rate-submit", click: () => this.submit() }, el("span", { text: "Save" }), this.keys.cap("submit"));
    this.taskSlot = el("div", { class: "rate-task" });
    this.detailSlot = el("div", { class: "rate-detail-slot" });
    this.told = el("div", { class: "rate-feedback", role: "status" });
    this.said = el("p", { class: "rate-hint fx-hint", "aria-live": "polite" });
    return el("section", { class: "rate-dock fx-card", "aria-label": "Your judgement" }, this.told, this.taskSlot, this.detailSlot,
      el("div", { class: "rate-tools" }, ...Object.values(this.tools), this.said, el("span", { class: "rate-space" }), this.back, this.submitter));
  }

  listen() {
    this.heard = (event) => this.hear(event);
    document.addEventListener("keydown", this.heard);
    document.addEventListener("selectionchange", () => { if (this.flaws) this.flaws.notice(); });
    window.addEventListener("pagehide", () => this.supply.leave());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.supply.leave(); });
    this.paused.addEventListener("click", () => this.clock.resume());
  }

  /* ---------- the way in ---------- */

  async enter() {
    try {
      const said = await call(`/studies?${asRater(this.rater)}`);
      this.isNamed = Boolean(said.name) && said.name !== this.rater;
      this.rater = said.name || this.rater;
      if (!this.rater) this.entry.askName();
      else this.choose(said.studies);
    } catch (error) {
      this.fail(`The studies could not be listed: ${error.message}`, () => this.enter(), error.status === 401);
    }
  }

  called(name) {
    this.rater = name;
    memory.set("fx-rater", name);
    this.enter();
  }

  choose(studies) {
    const wanted = new URL(location.href).searchParams.get("study");
    const study = studies.find(({ id }) => id === wanted);
    if (study) this.open(study);
    else if (wanted && studies.length === 0) this.open({ id: wanted, title: "Rate" });
    else this.entry.askStudy(studies, this.rater, this.isNamed ? null : () => this.forget());
  }

  forget() {
    memory.set("fx-rater", null);
    this.rater = "";
    this.entry.askName();
  }

  async open(study) {
    const address = new URL(location.href);
    address.searchParams.set("study", study.id);
    history.replaceState(history.state, "", address);
    write(this.bar.title, study.title);
    show(this.entry.node, false);
    this.supply.start(study.id);
    this.to("loading");
    await this.saving.flush(this.rater);
    await Promise.all([this.history.load(study.id, this.rater).catch(() => {}), this.next()]);
    this.draw();
  }

  /* ---------- trials ---------- */

  async next() {
    if (!this.supply.ahead) this.to("loading");
    let said;
    try {
      said = await this.supply.next();
    } catch (error) {
      this.fail(`The next item could not be loaded: ${error.message}`, () => this.next(), error.status === 401);
      return;
    }
    if (said.progress) this.progress = said.progress;
    if (said.trial) this.show(said.trial);
    else this.finish(said.finished);
  }

  show(trial, isPast) {
    this.notice.replaceChildren();
    this.trial = trial;
    this.isPast = Boolean(isPast);
    const letters = trial.answers.map(({ letter }) => letter);
    const Task = TASKS[trial.task];
    const stands = trial.judgement && trial.judgement.said ? trial.judgement.said : null;
    const draft = this.supply.draftOf(trial);
    this.judgement = new Judgement(draft || stands);
    this.judgement.supersedes = trial.judgement ? trial.judgement.id : null;
    this.keys.remove("trial");
    const own = [...Task.keys(this, letters, trial), ...Details.keys(this, letters, trial), ...(trial.taxonomy ? Flaws.keys(this, trial) : []), ...this.turning(trial)];
    this.keys.add(...own.map((binding) => ({ ...binding, group: "trial" })));
    this.task = new Task(this, letters, trial);
    this.details = new Details(this, letters, trial);
    this.flaws = trial.taxonomy ? new Flaws(this, trial) : null;
    this.answers.show(trial, (letter) => this.task.toolsOf(letter));
    this.prompt.show(trial);
    this.guide.show(trial.instructions_html);
    this.taskSlot.replaceChildren(this.task.node);
    this.detailSlot.replaceChildren(...(this.details.isWanted ? [this.details.node] : []));
    this.panel.replaceChildren(...(this.flaws ? [this.flaws.node] : []));
    this.node.dataset.task = trial.task;
    this.clock.start((draft && draft.active_seconds) || 0);
    this.hintOfBroken(trial);
    if (this.flaws) this.flaws.draw();
    this.to("ready");
    this.supply.keepLease(trial);
    if (!isPast) this.fetchAhead(trial);
  }

  /* What is inert loses focus: whoever had it there gets it back where the next thing to read begins. */
  hold(isInert, isBusy) {
    this.isHeld ||= isInert && this.dock.contains(document.activeElement);
    this.dock.inert = isInert;
    if (isBusy || !this.isHeld) return;
    this.isHeld = false;
    const next = { done: this.end, told: this.submitter }[this.phase] || this.prompt.box;
    setTimeout(() => { if (document.activeElement === document.body) next.focus({ preventScroll: true }); });
  }

  /* Previous and next decided item: with the arrows, unless these walk the grid. */
  turning(trial) {
    const hasArrows = trial.task !== "rubric";
    return [[-1, "past", "Previous decided item", "arrowleft", "["], [1, "future", "Next decided item", "arrowright", "]"]].map(([by, id, words, arrow, sign]) => (
      { id, chord: hasArrows ? arrow : sign, words, act: () => this.turn(by) }));
  }

  fetchAhead(trial) {
    afterFrame(() => this.supply.fetchAhead(trial));
  }

  hintOfBroken({ answers }) {
    const broken = answers.filter(({ text }) => !text.trim()).map(({ letter }) => letter);
    this.brokenSkip = broken.length ? "broken output" : null;
    this.say(broken.length ? `Answer ${broken.join(" and ")} is empty. Judge it so, or skip the item.` : "");
  }

  turn(by) {
    const to = this.isPast ? this.history.beside(this.trial.id, by) : by < 0 ? this.history.beside(null, -1) : null;
    if (to) this.revisit(to.trial_id);
    else if (this.isPast && by > 0) this.leavePast();
    else this.say(by < 0 ? "There is nothing before this." : "There is nothing after this.");
  }

  /* An item decided before, with what was said of it. The open one waits. */
  async revisit(id) {
    if (this.phase !== "ready" && this.phase !== "done") return;
    const from = this.phase;
    if (this.trial && !this.isPast && from === "ready") this.waiting = this.trial;
    this.to("loading");
    try {
      const trial = await call(`${trialPath(id)}?${asRater(this.rater)}`);
      this.show(trial, Boolean(trial.judgement && trial.judgement.said));
    } catch (error) {
      this.to(from);
      this.say(`It could not be opened: ${error.message}`);
    }
  }

  leavePast() {
    const { waiting } = this;
    this.waiting = null;
    if (waiting) this.show({ ...waiting, draft: null });
    else this.next();
  }

  /* ---------- judging ---------- */

  get isChosen() {
    return Boolean(this.task) && this.task.isChosen(this.judgement);
  }

  /* Something was chosen, written or marked. */
  changed() {
    if (this.phase !== "ready") return;
    this.say("");
    if (!this.isPast) this.supply.keepDraft(this.trial, { ...this.judgement.values, active_seconds: this.clock.seconds, at: Date.now() });
    if (this.flaws) this.flaws.draw();
    this.draw();
  }

  say(words) {
    write(this.said, words);
  }

  submit() {
    if (this.phase === "told") {
      this.goOn();
      return;
    }
    if (this.phase !== "ready") return;
    const problem = this.task.problem(this.judgement) || (this.flaws && this.flaws.problem(this.judgement));
    if (problem) {
      this.say(problem);
      if (this.flaws && !this.task.problem(this.judgement)) this.showFlaws();
      return;
    }
    if (document.activeElement && document.activeElement.matches(TYPING)) document.activeElement.blur();
    this.save(this.judgement.values);
  }

  askSkip() {
    if (this.phase === "ready") this.skipping.ask(this.trial.asks.skip_reasons || [], this.brokenSkip);
  }

  skip(why) {
    this.save({ ...structuredClone(NO_VERDICT), verdict: "skip", skip_reason: why, note: this.judgement.note.trim(), aids: [...this.judgement.aids] });
  }

  async save(values) {
    const { trial, clock, judgement } = this;
    this.to("saving");
    const body = { ...values, active_seconds: clock.seconds, ticks: clock.ticks.length, viewport: [innerWidth, innerHeight], view: this.answers.isRaw ? "raw" : "rendered", supersedes: judgement.supersedes };
    try {
      const reply = await this.saving.send(trial, "judgement", body, (late) => this.acknowledged(trial, body, late));
      if (reply !== "later") this.acknowledged(trial, body, reply);
      this.after(trial, reply === "later" ? {} : reply);
    } catch (error) {
      this.refused(error);
    }
  }

  /* The server has it: said in the status, in the history, and with a way back. */
  acknowledged(trial, body, reply) {
    this.supply.dropDraft(trial);
    const isNew = !trial.judgement || !trial.judgement.said;
    if (isNew && this.progress) this.progress = { ...this.progress, done: this.progress.done + 1 };
    this.history.note(trial, body, reply.saved_at);
    this.markSaved("Saved", reply.saved_at);
    this.inform(`Item ${trial.number}: ${verdictWords(body)}.`);
    this.draw();
  }

  markSaved(what, at) {
    write(this.bar.status, `${what} ${clockTime(at)}`);
  }

  after(trial, reply) {
    if (reply.reveal || reply.feedback) {
      this.answers.reveal(reply.reveal && reply.reveal.answers);
      this.told.replaceChildren(...[reply.feedback && el("p", { text: reply.feedback, dir: "auto" }), reply.reveal && el("p", { text: "Saved. Above is whose answers these are; what is changed from now on counts as changed after the reveal." })].filter(Boolean));
      this.to("told");
    } else {
      this.goOn();
    }
  }

  goOn() {
    this.told.replaceChildren();
    if (this.isPast || this.waiting) this.leavePast();
    else this.next();
  }

  /* The server will not take it: told in its words; what was said stays on the screen. */
  refused(error) {
    this.to("ready");
    const isGone = error.status === 409 || error.status === 404;
    this.fail(`Not saved: ${error.message}`, null, false, isGone ? button("Next item", "arrow", () => { this.supply.dropDraft(this.trial); this.waiting = null; this.next(); }) : null);
  }

  expired(error) {
    this.fail(`${error.message} What you chose stays here until you go on.`, null, false, button("Next item", "arrow", () => { this.waiting = null; this.next(); }));
  }

  troubled() {
    if (this.phase === "saving") {
      this.to("failed");
      this.saving.tell();
      this.saving.retry.focus();
    }
  }

  async undo() {
    const before = this.phase;
    if (!["ready", "done"].includes(before)) return;
    const { last } = this.history;
    if (this.phase === "ready" && !this.isPast && !this.judgement.isEmpty) {
      this.clear();
      return;
    }
    if (!last) {
      this.say("There is nothing to undo.");
      return;
    }
    if (this.trial && !this.isPast && this.phase === "ready" && this.trial.id !== last.trial_id) this.waiting = this.trial;
    this.to("saving");
    try {
      const reply = await this.saving.send({ id: last.trial_id, number: last.number }, "undo", {}, (late) => this.takenBack(last, late));
      this.to(before);
      if (reply === "later") return;
      this.takenBack(last, reply);
      await this.revisit(last.trial_id);
    } catch (error) {
      this.to(before);
      this.fail(`Not taken back: ${error.message}`);
    }
  }

  takenBack(last, { saved_at: at }) {
    this.history.forget(last.trial_id);
    if (this.progress) this.progress = { ...this.progress, done: Math.max(this.progress.done - 1, 0) };
    this.inform(`Item ${last.number} is open again.`);
    this.markSaved("Taken back", at);
    this.draw();
  }

  /* First what is chosen here and not saved goes; the next press takes back the last save. */
  clear() {
    const { supersedes, aids } = this.judgement;
    this.judgement = new Judgement(null);
    Object.assign(this.judgement, { supersedes, aids });
    this.details.note.value = "";
    this.changed();
    this.say("Cleared. Once more takes back the last decision.");
  }

  undoAny() {
    if (this.flaws && this.flaws.isOpen && this.phase === "ready" && this.flaws.undo()) return;
    this.undo();
  }

  /* ---------- aids ---------- */

  aid(name) {
    this.judgement.aids.add(name);
  }

  showDiff() {
    if (this.phase !== "ready" && this.phase !== "told") return;
    this.aid("diff");
    this.diff.ask(this.trial);
  }

  toggleRaw() {
    if (!this.trial) return;
    const isRaw = this.answers.toggleRaw();
    this.tools.raw.setAttribute("aria-pressed", String(isRaw));
    if (isRaw) this.aid("raw");
  }

  toggleLinked() {
    this.tools.linked.setAttribute("aria-pressed", String(this.answers.toggleLinked()));
  }

  toggleFlaws() {
    if (!this.flaws || this.phase !== "ready") return;
    const isOpen = this.flaws.toggle();
    this.tools.flaws.setAttribute("aria-pressed", String(isOpen));
    this.node.classList.toggle("has-panel", isOpen);
    this.draw();
  }

  showFlaws() {
    if (!this.flaws.isOpen) this.toggleFlaws();
    this.flaws.draw();
  }

  /* ---------- phases ---------- */

  to(phase) {
    this.phase = phase;
    this.node.dataset.phase = phase;
    this.clock.isRunning = phase === "ready";
    const told = { saving: "Saving …", failed: "Not saved yet" }[phase];
    if (told) write(this.bar.status, told);
    this.draw();
  }

  draw() {
    const { phase, trial } = this;
    const hasTrial = Boolean(trial) && !["entry", "loading", "done"].includes(phase);
    for (const node of [this.prompt.node, this.middle, this.dock]) show(node, hasTrial);
    show(this.skeleton, phase === "loading");
    show(this.end, phase === "done");
    show(this.back, this.isPast || this.waiting);
    show(this.tools.flaws, trial && trial.taxonomy);
    show(this.tools.diff, trial && trial.answers.length > 1);
    this.tools.linked.setAttribute("aria-pressed", String(this.answers.isLinked));
    this.tools.raw.setAttribute("aria-pressed", String(this.answers.isRaw));
    const isBusy = ["saving", "failed", "loading"].includes(phase);
    this.main.setAttribute("aria-busy", String(isBusy));
    this.hold(phase === "saving" || phase === "failed", isBusy);
    for (const node of [this.taskSlot, this.detailSlot, this.panel]) node.inert = phase !== "ready";
    relabel(this.submitter, phase === "told" ? "Next item" : this.isPast ? "Save the change" : "Save");
    this.submitter.classList.toggle("is-ready", phase === "told" || this.isChosen);
    this.dock.classList.toggle("has-choice", this.isChosen);
    this.bar.tell({ trial: hasTrial ? trial : null, progress: this.progress, isPast: this.isPast });
    if (!hasTrial) return;
    this.task.draw(this.judgement);
    this.details.draw(this.judgement);
    if (this.flaws && !this.flaws.isOpen) this.node.classList.remove("has-panel");
    if (this.flaws) this.tools.flaws.setAttribute("aria-pressed", String(this.flaws.isOpen));
  }

  finish(why) {
    this.trial = null;
    const words = { done: ["Thank you, that was all.", "Everything that was yours to judge is done."], closed: ["This study is closed.", "No more judgements are taken. Thank you for yours."] };
    const [head, rest] = words[why] || ["Nothing is free right now.", "Other people hold the remaining items. Some may come back; look again in a while."];
    const { done = 0, median_seconds: pace } = this.progress || {};
    this.end.replaceChildren(el("h2", { class: "fx-h", text: head }), el("p", { text: rest }), el("p", { class: "fx-hint", text: `${counted(done, "item")} judged by you${pace ? `, about ${told(pace)} each` : ""}.` }),
      el("div", { class: "rate-end-tools" }, words[why] ? null : button("Look again", "redo", () => this.next(), { class: "fx-btn fx-primary" }), button("Undo", "redo", () => this.undo()), button("Decided so far", null, () => this.history.ask()), button("Other studies", null, () => this.otherStudies())));
    this.to("done");
  }

  otherStudies() {
    const address = new URL(location.href);
    address.searchParams.delete("study");
    history.replaceState(history.state, "", address);
    this.to("entry");
    write(this.bar.title, "Rate");
    this.enter();
  }

  pause() {
    this.node.classList.add("is-paused");
    show(this.paused, true);
    this.returnTo = document.activeElement;
    this.paused.focus();
  }

  unpause() {
    this.node.classList.remove("is-paused");
    show(this.paused, false);
    if (this.returnTo && this.returnTo.isConnected) this.returnTo.focus();
    this.supply.renew(this.trial);
  }

  /* A message that goes by itself. */
  inform(words) {
    const hasWorkedLong = this.clock.session > BREAK_AFTER_S;
    if (hasWorkedLong) this.clock.session = 0;
    this.toast.replaceChildren(el("span", { text: hasWorkedLong ? `${words} You have rated for a while: a short break keeps the eye fresh.` : words }));
    show(this.toast, true);
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => show(this.toast, false), hasWorkedLong ? 3 * TOAST_MS : TOAST_MS);
  }

  fail(words, again, mustSignIn, more) {
    if (this.phase === "loading") this.to(this.trial ? "ready" : "entry");
    const signIn = mustSignIn ? el("a", { class: "fx-btn", href: "/login", text: "Sign in" }) : null;
    const retry = again ? button("Try again", "redo", () => { this.notice.replaceChildren(); again(); }) : null;
    const close = again || mustSignIn ? null : button("Close", "cross", () => this.notice.replaceChildren(), { class: "fx-btn" });
    this.notice.replaceChildren(el("p", {}, icon("warn"), el("span", { text: words }), ...[more, retry, signIn, close].filter(Boolean)));
  }

  /* ---------- keys ---------- */

  leave() {
    if (this.flaws && this.flaws.isOpen) this.toggleFlaws();
    else if (this.phase === "ready" && (this.isPast || this.waiting)) this.leavePast();
  }

  hear(event) {
    if (!this.root.isConnected) {
      document.removeEventListener("keydown", this.heard);
      return;
    }
    if (this.clock.isPaused) {
      if (["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return;
      event.preventDefault();
      this.clock.resume();
      return;
    }
    if (event.repeat || event.isComposing || event.defaultPrevented || this.node.querySelector("dialog[open]")) return;
    const { target } = event;
    if (target !== document.body && !this.root.contains(target)) return;
    const chord = chordOf(event);
    if (target.matches(TYPING)) this.hearTyping(event, chord);
    else if (!this.belongsTo(target, chord)) this.press(event, chord);
  }

  hearTyping(event, chord) {
    if (chord === "escape") event.target.blur();
    else if (chord === "mod+enter") this.press(event, chord);
  }

  /* What a focused control does with a key itself. Enter on a verdict that is chosen already saves, as it does elsewhere. */
  belongsTo(target, chord) {
    if (target.closest("dialog:not([open])")) return false; // it was closed just now, and the focus is still on its way back
    if (target.matches("input[type=radio]") && chord.startsWith("arrow")) return true;
    if (chord !== "enter" || !target.matches(PRESSED_BY_ENTER)) return false;
    return !target.matches(".rate-verdict[aria-pressed=true], .rate-pick[aria-pressed=true], .rate-reason, .rate-tier .rate-chip");
  }

  press(event, chord) {
    const layer = this.flaws && this.flaws.isOpen ? "spans" : "judge";
    const found = this.keys.find(chord, layer) || (layer === "spans" && chord === "enter" ? this.keys.find(chord, "judge") : null);
    if (!found || !this.mayAct(found)) return;
    event.preventDefault();
    found.act();
  }

  /* While loading or saving nothing acts; after a save is told, only going on and looking. */
  mayAct({ id }) {
    if (this.phase === "ready") return true;
    if (this.phase === "told") return ["submit", "submit-typing", "diff", "raw", "linked", "fold", "guide", "help"].includes(id);
    if (this.phase === "done") return ["undo", "undo-too", "history", "help"].includes(id);
    return this.phase === "entry" && id === "help";
  }
}

new RateScreen(element.querySelector(".fx"));
