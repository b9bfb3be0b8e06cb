/* One case: what three strategies made of one pool of candidates, and the evidence. One run at a time: what was asked
   for an earlier one never comes back (see CaseCalls), and a run under way is looked at again until it has ended. */

const CASE_LIVE_MS = 1200;
const CASE_TABS = () => [VotesTab, JudgeTab, LedgerTab, FlawsTab, DiffTab, CostTab, RawTab, HistoryTab];
const CASE_TAB_KEYS = { votes: "v", judge: "g", ledger: "l", flaws: "e", diff: "d", cost: "c", raw: "w", history: "h" };
const CASE_NOTE_MS = 300; // browsers refuse more than about 100 changes of the address in 30 seconds
const CASE_ELSEWHERE = { candidate: null, first: null, second: null, level: null };

class CaseView {
  constructor({ screen }) {
    this.screen = screen;
    this.runId = null;
    this.case = null;
    this.calls = null;
    this.onColumn = null;
    this.columns = [];
    this.marking = false;
    const tabs = CASE_TABS();
    this.addKeys(tabs);
    this.actions = new CaseActions(this);
    this.head = new CaseHead(this);
    this.strategies = new CaseStrategies(this);
    this.candidates = new CaseCandidates(this);
    this.tabs = new CaseTabs(this, tabs);
    this.status = el("p", { class: "case-said", role: "status" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.waiting = el("div", { class: "fx-card case-waiting", "aria-hidden": "true", hidden: true }, skeleton());
    this.main = el("div", { class: "case-main", hidden: true }, this.head.node, this.strategies.node, this.candidates.node, this.tabs.node);
    this.node = el("div", { class: "case" }, this.head.bar, this.trouble, this.waiting, this.main, this.status);
  }

  addKeys(tabs) {
    const add = (id, chord, words, act, more) => this.screen.keys.add({ id: `case-${id}`, chord, words, act, layer: "case", ...more });
    const here = () => this.candidates.here;
    const onCandidate = (act) => () => (here() === null ? this.say("Focus a candidate first: press its digit.", true) : act(here()));
    add("previous", "[", "Previous case", () => this.stepCase("previous"));
    add("next", "]", "Next case", () => this.stepCase("next"));
    add("focus", "1", "Go to candidate 1 to 9", (chord) => this.focus(Number(chord)), { also: ["2", "3", "4", "5", "6", "7", "8", "9"] });
    add("down", "j", "Next candidate", () => this.candidates.step(1), { isRepeated: true });
    add("up", "k", "Previous candidate", () => this.candidates.step(-1), { isRepeated: true });
    add("pin", "p", "Pin the candidate", onCandidate((position) => this.candidates.pin(position)));
    add("leave-out", "x", "Leave the candidate out of the next fusion", onCandidate((position) => this.candidates.leaveOut(position)));
    add("refuse", "shift+x", "Fuse again without those left out", () => this.candidates.again?.click());
    for (const Tab of tabs) add(`tab-${Tab.name}`, CASE_TAB_KEYS[Tab.name], Tab.name === "diff" ? "Diff, with the pinned candidate" : Tab.label, () => this.openTab(Tab.name));
    add("rerun", "r", "Run this prompt again", () => this.actions.rerun());
    add("study", "a", "Send to a study", () => this.actions.toStudy());
    add("copy", "m", "Copy as Markdown", () => this.actions.copyMarkdown());
    add("back", "escape", "Back to all cases", () => this.back());
  }

  /* A key cap. Not `Keys.cap`, which remembers every one it ever made: here cards come and go with each case. */
  cap(id) {
    return el("kbd", { "aria-hidden": "true", text: capOf(this.screen.keys.bindings.find((binding) => binding.id === id).chord) });
  }

  // ---------- one case at a time ----------

  open(runId, tab) {
    const name = this.tabs.tabs.has(tab) ? tab : this.tabs.shown || "votes";
    if (runId === this.runId) return this.case ? this.tabs.show(name) : undefined;
    this.leave();
    this.runId = runId;
    this.calls = new CaseCalls(runId);
    this.tab = name;
    this.head.giveNeighbours(null);
    show(this.waiting, this.main.hidden);
    this.main.inert = true;
    this.main.classList.add("is-leaving");
    this.load();
    return this.findNeighbours();
  }

  /* What was drawn stays, dimmed, until the next case is there. */
  leave() {
    if (!this.runId) return;
    this.tabs.leave();
    this.calls.leave();
    clearTimeout(this.looking);
    clearTimeout(this.noting);
    this.leaveColumns();
    this.runId = null;
    this.case = null;
    this.tell("");
    write(this.status, "");
  }

  leaveColumns() {
    if (this.sight) this.sight.leave();
    for (const { box } of this.columns) box.leave();
  }

  close() {
    this.leave();
    show(this.main, false);
  }

  async load() {
    let told;
    try {
      told = await this.ask();
    } catch (error) {
      this.fail(error);
      return;
    }
    this.give(...told);
  }

  /* The case, and who disagrees in it: null where that cannot be told, for the case can be read without. */
  ask() {
    return Promise.all([this.call(`?rater=${encodeURIComponent(this.screen.rater || "")}`), this.call("/parties").catch(() => null)]);
  }

  fail(error) {
    show(this.waiting, false);
    show(this.main, false);
    const words = error.status === 404 ? "There is no such run in this database." : `The case could not be opened: ${error.message}`;
    this.trouble.replaceChildren(el("p", {}, icon("warn"), el("span", { text: words }), error.status === 404 ? null : button("Try again", "redo", () => {
      this.tell("");
      show(this.waiting, true);
      this.load();
    })));
  }

  give(case_, parties) {
    const isOther = !this.case;
    const before = isOther ? null : this.places();
    this.case = case_;
    show(this.waiting, false);
    show(this.main, true);
    this.main.inert = false;
    this.main.classList.remove("is-leaving");
    this.leaveColumns();
    this.sight = new CaseSight();
    this.head.give(case_);
    this.head.giveParties(parties);
    this.board = this.strategies.give(case_);
    this.candidates.give(case_, isOther);
    for (const [position, { node, column }] of this.candidates.cards) if (column) this.board.cards.set(position, { position, node, prose: { inner: column.prose } });
    this.actions.draw(this.head.tools);
    this.columns = [...this.strategies.columns, ...[...this.candidates.cards.values()].map(({ column }) => column).filter(Boolean)];
    document.title = `Case: ${clipped(case_.run.prompt, 60)}`;
    this.tabs.show(isOther ? this.tab : this.tabs.shown);
    if (before) this.restore(before);
    else requestAnimationFrame(() => this.case === case_ && this.arrived()); // with the frame's own layout, not one of its own
    clearTimeout(this.looking);
    if (case_.run.state !== "live" && this.isUnplaced) this.findNeighbours();
    if (case_.run.state === "live") this.looking = setTimeout(() => this.refresh().catch((error) => this.tell(error.message)), CASE_LIVE_MS);
  }

  arrived() {
    scrollTo(0, 0);
    this.screen.say(this.case.run.status);
    const position = Number(this.screen.address.place.candidate);
    if (position) this.focus(position);
    else if (!document.activeElement || document.activeElement === document.body) this.head.title.focus({ preventScroll: true });
  }

  async refresh() {
    this.give(...(await this.ask()));
  }

  /* Where everybody was, so that telling the case anew moves nothing. */
  places() {
    const key = ({ role, outputId }) => `${role} ${outputId}`;
    return { page: scrollY, row: this.candidates.row.scrollLeft, here: this.candidates.here, columns: new Map(this.columns.map((column) => [key(column), column.body.scrollTop])), key };
  }

  restore({ page, row, here, columns, key }) {
    for (const column of this.columns) if (columns.get(key(column))) column.body.scrollTop = columns.get(key(column));
    this.candidates.row.scrollLeft = row;
    if (here !== null) this.candidates.focus(here);
    scrollTo(0, page);
  }

  // ---------- the way around ----------

  async findNeighbours() {
    this.neighbours = null;
    this.isUnplaced = false;
    try {
      const query = this.screen.address.query();
      this.neighbours = await this.calls.askBeside(`/cases/${encodeURIComponent(this.runId)}/neighbours${query ? `?${query}` : ""}`);
      this.head.giveNeighbours(this.neighbours);
    } catch {
      this.isUnplaced = true; // a run under way has no place among the others yet; it can be read without
      this.head.giveNeighbours(null);
    }
  }

  stepCase(which) {
    const id = this.neighbours && this.neighbours[which];
    if (id) this.goTo(id);
    else this.say(which === "next" ? "This is the last case." : "This is the first case.", true);
  }

  hrefOf(runId) {
    return this.screen.address.href({ run: runId, ...CASE_ELSEWHERE });
  }

  goTo(runId) {
    this.screen.go({ run: runId, ...CASE_ELSEWHERE });
  }

  back() {
    this.screen.go({ run: null, tab: null, ...CASE_ELSEWHERE });
  }

  showTab(name) {
    this.screen.note({ tab: name });
    this.tabs.show(name);
  }

  /* By a key: the tab, brought into sight. */
  openTab(name) {
    if (!this.case) return;
    const here = this.candidates.here;
    this.showTab(name);
    if (name === "diff") this.diffWith(here);
    this.tabs.tabs.get(name).control.focus({ preventScroll: true });
    this.tabs.node.scrollIntoView({ block: "start" });
  }

  /* The candidate that is looked at against the pinned one, or against the fusion where none is pinned. */
  diffWith(here) {
    const { pinned, cards } = this.candidates;
    const idOf = (position) => cards.get(position)?.candidate.output_id;
    const fused = this.case.fusion.state === "finished" ? this.case.fusion.output_id : null;
    const first = idOf(pinned) || fused;
    const second = idOf(here) && idOf(here) !== first ? idOf(here) : fused;
    if (first && second && first !== second && (pinned !== null || here !== null)) this.tabs.tabs.get("diff").tab.compare(first, second);
  }

  /* So that the link leads to the candidate that is looked at. */
  noteCandidate(position) {
    clearTimeout(this.noting);
    this.noting = setTimeout(() => this.screen.note({ candidate: String(position) }), CASE_NOTE_MS);
  }

  focus(position) {
    return this.case ? this.candidates.focus(position) : false;
  }

  /* A small button that leads to a candidate. */
  pointer(position, click = () => this.focus(position)) {
    return el("button", { type: "button", class: `fx-pointer ${hue(position)}`, text: String(position), "aria-label": `Go to candidate ${position}`, click });
  }

  // ---------- for the tabs ----------

  call(path, body) {
    return this.calls.ask(path, body);
  }

  get isMarking() {
    return this.marking;
  }

  /* While passages are marked, the fused answer is shown with the places of its words instead of its sources. */
  set isMarking(isMarking) {
    this.marking = isMarking;
    const column = this.case && this.strategies.fusedColumn;
    if (!column) return;
    column.box.draw();
    if (isMarking) column.drawn().catch((error) => this.tell(error.message));
  }

  /* For the ear; with `isShown` for the eye, too. */
  say(words, isShown = false) {
    this.screen.say(isShown ? "" : words);
    clearTimeout(this.fading);
    write(this.status, isShown ? words : "");
    if (isShown) this.fading = setTimeout(() => write(this.status, ""), 4000);
  }

  tell(words) {
    this.trouble.replaceChildren(...(words ? [complaint(words)] : []));
  }
}
