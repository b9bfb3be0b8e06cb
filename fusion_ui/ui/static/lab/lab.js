/* The Lab: one choice of recorded answers, and what each card makes of it. */

const SLOTS = { replay: "replay", weights: "weights", transfer: "transfer", subsets: "transfer", curve: "learning" };

class Lab {
  constructor(root) {
    this.address = new Address();
    this.catalogue = { recordings: [], runs: { prompts: 0, candidates: 0 }, reports: [] };
    this.pool = null;
    this.known = []; // members that could be chosen
    this.sources = new Sources(this);
    this.replay = new Replay(this);
    this.strip = new Strip(this);
    this.weights = new Weights(this);
    this.transfer = new Transfer(this);
    this.learning = new Learning(this);
    this.reports = new Reports(this);
    this.needing = [this.replay, this.strip, this.weights, this.learning];
    this.cards = [this.sources, this.replay, this.strip, this.weights, this.transfer, this.learning, this.reports];
    this.contents = el("nav", { class: "lab-contents", "aria-label": "On this page" }, ...this.cards.map(({ node }) => el("a", { href: `#${node.id}`, text: node.querySelector("h2").textContent })));
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.node = el("div", { class: "lab" }, this.contents, this.trouble, ...this.cards.map(({ node }) => node));
    root.append(this.node);
    this.mark();
    this.begin();
  }

  async begin() {
    if (!(await this.refresh())) return;
    const ids = this.address.reports;
    if (ids.length) {
      const hasChoice = this.address.recordings.length || this.address.runs;
      await Promise.all(ids.map((id) => this.fetchReport(id))).then((reports) => this.adopt(reports.filter(Boolean), !hasChoice));
    }
    if (this.address.isFresh && this.catalogue.recordings.length) {
      const newest = this.catalogue.recordings.reduce((one, other) => (other.loaded_at > one.loaded_at ? other : one));
      this.address.recordings = [String(newest.id)];
    }
    this.sources.mark();
    await this.choose({});
  }

  /* What is in the database. */
  async refresh() {
    try {
      this.catalogue = await ask(LAB);
    } catch (error) {
      this.sources.tell(error.message);
      return false;
    }
    for (const card of [this.sources, this.transfer, this.reports]) card.draw();
    this.mark();
    return true;
  }

  async loaded(recordings) {
    await this.refresh();
    await this.choose({ recordings: recordings.map(({ id }) => String(id)), runs: false, members: null });
  }

  /* Another choice of answers: all cards follow once the server has put it together. */
  async choose(changes) {
    this.address.set(changes);
    this.sources.mark();
    this.mark();
    this.transfer.draw();
    const asked = Symbol("asked");
    this.asked_for = asked;
    const { selection } = this.address;
    if (!selection.recordings.length && !selection.runs) return this.give(null, this.catalogue.recordings.length || this.catalogue.runs.candidates ? "Choose at least one recording." : "");
    try {
      const reply = await post(`${LAB}/set`, { selection });
      if (this.asked_for === asked) this.give(new Pool(reply), "");
    } catch (error) {
      if (this.asked_for === asked) this.give(null, error.message);
    }
  }

  give(pool, trouble) {
    this.pool = pool;
    this.known = this.couldBe(pool);
    this.sources.tell(trouble);
    this.sources.mark();
    for (const card of [this.sources, this.weights, this.strip]) card.give(pool);
    this.mark();
  }

  /* Everybody who could be a member of the mixture: those of the chosen recordings, and of the runs once all were seen. */
  couldBe(pool) {
    const { recordings, members, runs } = this.address;
    const recorded = this.catalogue.recordings.filter(({ id }) => recordings.includes(String(id))).flatMap((row) => row.members);
    const seen = pool ? pool.members : [];
    return [...new Set([...recorded, ...(runs && members ? this.known : []), ...(members || []), ...seen])];
  }

  mark() {
    for (const card of this.needing) show(card.node, this.pool);
    show(this.transfer.node, this.catalogue.recordings.length);
    show(this.reports.node, this.catalogue.recordings.length || this.catalogue.reports.length);
    for (const link of this.contents.children) show(link, !document.querySelector(link.hash)?.hidden);
    show(this.contents, [...this.contents.children].filter(({ hidden }) => !hidden).length > 1);
    const now = JSON.stringify(this.address.selection);
    for (const about of this.node.querySelectorAll(".lab-about")) show(about.querySelector(".fx-warning"), about.dataset.selection && !isSameChoice(about.dataset.selection, now));
  }

  /* The mixture to draw from, and how it is asked for: no weights means uniform ones. */
  mixture() {
    return this.address.mix === "bars" ? this.weights.bars.weights : this.pool.uniform;
  }

  asked() {
    return this.address.mix === "bars" ? Object.fromEntries(this.pool.members.map((member, place) => [member, this.weights.bars.weights[place]])) : null;
  }

  mixed(mix) {
    this.address.set({ mix });
    this.strip.draw();
  }

  weighed(weights) {
    this.address.set({ weights });
    if (this.address.mix === "bars") {
      clearTimeout(this.redrawing);
      this.redrawing = setTimeout(() => this.strip.draw(), 300);
    }
  }

  openQuestion(name, { isQuiet } = {}) {
    this.strip.open(name);
    if (isQuiet) return;
    this.strip.node.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    this.strip.names.focus({ preventScroll: true });
  }

  /* A fresh report: shown in its card, in the address, and in the list. */
  made(report) {
    this.present(report);
    this.refresh();
  }

  present(report) {
    const slot = SLOTS[report.kind];
    this.shown = { ...this.shown, [slot]: report.id };
    this.address.set({ reports: Object.values(this.shown) });
    this[slot].show(report);
    this.mark();
  }

  async fetchReport(id) {
    try {
      return await ask(`${LAB}/reports/${encodeURIComponent(id)}`);
    } catch (error) {
      this.trouble.replaceChildren(complaint(`The report could not be opened: ${error.message}`));
      return null;
    }
  }

  /* Stored reports with the settings they were made with; the last one's choice of answers is taken over, if asked. */
  adopt(reports, takesChoice) {
    for (const report of reports) {
      const { request } = report;
      if (takesChoice && request.selection) this.address.set({ ...request.selection, recordings: request.selection.recordings.map(String) });
      if (report.kind === "replay") this.address.set(request.weights ? { mix: "bars", weights: request.weights } : { mix: "uniform" });
      this.address.set({ seed: String(report.seed) });
      this.replay.mix.set(this.address.mix);
      this[SLOTS[report.kind]].restore(request);
      this.present(report);
    }
  }

  async openReport(id) {
    this.trouble.replaceChildren();
    const report = await this.fetchReport(id);
    if (!report) return;
    this.adopt([report], true);
    await this.choose({});
    this[SLOTS[report.kind]].node.scrollIntoView({ block: "start" });
  }
}

/* The order in which recordings were ticked does not matter. */
function isSameChoice(one, other) {
  const [first, second] = [one, other].map((text) => {
    const { recordings, runs, members } = JSON.parse(text);
    return JSON.stringify([recordings.map(String).sort(), !!runs, members && [...members].sort()]);
  });
  return first === second;
}

new Lab(element.querySelector(".fx"));
