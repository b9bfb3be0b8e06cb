/* One study as its owner sees it while people judge. It asks the server now and then, only while it is looked at. */

const POLL_MS = 5000;
const SLOWEST_MS = 30000;
const EXPORTS = { JSONL: "jsonl", CSV: "csv", Parquet: "parquet" };

class Board {
  constructor(page) {
    this.page = page;
    Object.assign(this, section("Study", "", "study"));
    this.card = this.node;
    this.aside.append(button("All studies", null, () => page.go({}), { class: "fx-btn fx-quiet" }));
    this.banner = el("p", { class: "st-banner", role: "status", hidden: true }, icon("check"), el("span", { text: "The study is made. Send the link below, or judge the first item yourself." }));
    this.signs = el("div", { class: "st-row" });
    this.bar = el("div", { class: "st-progress" });
    this.live = el("span", { class: "fx-hint st-live" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.tools = el("div", { class: "st-tools" });
    this.content = el("div", { class: "st-board", hidden: true });
    this.body.append(this.banner, this.trouble, this.signs, this.bar, this.tools);
    this.buildTools();
    this.judgements = new Judgements(this);
    this.links = new Links(this);
    this.contrasts = new Contrasts();
    this.parts = [this.contrasts, this.links, new Raters(this), new Units(this), new Leaks(this), new Exclusions(), new Definition()];
    this.content.append(el("div", { class: "st-halves" }, this.contrasts.node, this.links.node), ...this.parts.slice(2).map(({ node }) => node));
    this.node = el("div", { class: "st-study" }, this.card, this.content);
    document.addEventListener("visibilitychange", () => this.wake());
  }

  buildTools() {
    this.rate = el("a", { class: "fx-btn fx-primary" }, icon("arrow"), el("span", { text: "Judge it yourself" }));
    this.closing = command("Close the study", "stop", () => this.close(), { "data-act": "close" });
    this.version = button("New version", "pen", () => this.page.go({ new: "1", base: this.id }));
    this.files = el("span", { class: "st-exports", role: "group", "aria-label": "Export" });
    this.tools.append(this.rate, this.closing.node, this.version, el("span", { class: "st-export" }, el("span", { class: "fx-hint", text: "Export" }), this.files), el("span", { class: "st-row st-refreshing" }, this.live, button("Refresh", "redo", () => this.refresh(), { class: "fx-btn fx-quiet" })));
  }

  get path() {
    return `${STUDIES}/${encodeURIComponent(this.id)}`;
  }

  async open({ study, rater, unit }, { isMade } = {}) {
    if (this.id !== study) {
      Object.assign(this, { id: study, facts: null, stamp: null, wait: POLL_MS });
      show(this.content, false);
      show(this.tools, false);
      show(this.banner, isMade);
      this.trouble.replaceChildren();
      write(this.heading, "Study");
      write(this.hint, "Reading …");
      this.signs.replaceChildren();
      this.bar.replaceChildren();
      await this.refresh();
    }
    if (!this.facts || this.id !== study) return;
    if (rater !== null || unit !== null) this.judgements.open({ rater, unit });
    else this.judgements.leave();
  }

  leave() {
    clearTimeout(this.timer);
    this.id = null;
    this.judgements.leave();
  }

  /* Fast while something happens, slower and slower while nothing does. */
  async refresh() {
    clearTimeout(this.timer);
    const id = this.id;
    try {
      const told = await get(`${this.path}/board${this.stamp ? `?since=${encodeURIComponent(this.stamp)}` : ""}`);
      if (this.id !== id) return;
      this.wait = told.unchanged ? Math.min(SLOWEST_MS, this.wait * 1.5) : POLL_MS;
      if (!told.unchanged) this.draw(told);
      write(this.live, `As of ${clockTime(new Date())}`);
      this.trouble.replaceChildren();
    } catch (error) {
      if (this.id !== id) return;
      this.wait = Math.min(SLOWEST_MS, this.wait * 2);
      this.trouble.replaceChildren(complaint(this.facts ? `${error.message} What is shown is of ${this.live.textContent.replace("As of ", "")}; it is asked again.` : error.message));
      if (!this.facts) write(this.hint, "");
    }
    if (!document.hidden && this.facts) this.timer = setTimeout(() => this.refresh(), this.wait);
  }

  wake() {
    if (this.id && this.facts && !document.hidden) this.refresh();
  }

  draw(board) {
    this.facts = board;
    this.stamp = board.stamp;
    show(this.content, true);
    show(this.tools, true);
    document.title = `${board.title} – Studies`;
    write(this.heading, board.title);
    write(this.hint, `${TASKS[board.protocol.task]} · ${counted(board.counts.units, "item")} × ${counted(board.protocol.overlap, "person", "people")}`);
    this.mark(board);
    for (const part of this.parts) part.draw(board);
  }

  mark(board) {
    const { counts, version, is_closed: isClosed, is_frozen: isFrozen, superseded_by: newer, protocol } = board;
    const told = JSON.stringify([counts, version, isClosed, isFrozen, newer]);
    if (told === this.told) return;
    this.told = told;
    this.signs.replaceChildren(chips(isClosed ? ["plain", "closed", "stop"] : ["live", "open"], ["plain", `version ${version}`], isFrozen ? ["plain", "frozen"] : ["plain", "not frozen yet"], ["plain", protocol.is_blind ? "blind" : "not blind"]),
      ...(newer ? [el("a", { class: "lab-open", href: addressOf({ study: newer }).href, text: "There is a newer version" })] : []));
    this.bar.replaceChildren(progressBar(counts.done, counts.wanted, "Judgements of the study"), el("p", {}, el("strong", { text: `${plain(counts.done)} of ${plain(counts.wanted)}` }), ` ${counts.wanted === 1 ? "judgement" : "judgements"}`,
      el("span", { class: "fx-hint", text: [counts.open && `${plain(counts.open)} being judged`, counts.skips && `${plain(counts.skips)} skipped`, counts.revisions && counted(counts.revisions, "revision"), counts.excluded && `${plain(counts.excluded)} left out`].filter(Boolean).map((words) => ` · ${words}`).join("") })));
    this.rate.href = `/rate?study=${encodeURIComponent(this.id)}`;
    show(this.rate, !isClosed);
    relabel(this.closing.control, isClosed ? "Reopen the study" : "Close the study");
    this.files.replaceChildren(...Object.entries(EXPORTS).map(([words, format]) => el("a", { class: "fx-btn", href: `${this.path}/export?format=${format}`, download: true, "aria-label": `Export as ${words}`, text: words })));
  }

  async close() {
    await post(`${this.path}/${this.facts.is_closed ? "reopen" : "close"}`, {});
    this.page.forget();
    await this.refresh();
  }

  exclude(what, then) {
    excludeSheet({ page: this.page, study: this.id, ...what, done: async () => {
      await this.refresh();
      if (then) await then();
    } });
  }
}
