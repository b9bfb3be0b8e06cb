/* The runs that match, fifty a page, with what is still being read, errors in words, and the keys that walk along them. */

const AGAIN_MS = 1500;

class RunList {
  constructor(browser) {
    this.browser = browser;
    this.rows = [];
    this.matching = 0;
    this.selection = browser.selection;
    this.count = el("h2", { class: "fx-h in-count", tabindex: "-1", text: "Runs" });
    this.sort = select(SORTS, USUAL_SORT, (sort) => browser.screen.go({ sort, page: null }), { "aria-label": "Sorted by" });
    this.exports = el("details", { class: "in-export", focusout: ({ relatedTarget }) => { if (!this.exports.contains(relatedTarget)) this.exports.open = false; } }, el("summary", { class: "fx-btn" }, el("span", { text: "Export" })), el("div", { class: "in-export-menu" }));
    this.reading = el("p", { class: "in-reading", hidden: true });
    this.list = el("ol", { class: "in-rows", "aria-label": "Runs" });
    this.empty = el("div", { class: "in-empty", hidden: true });
    this.pager = el("nav", { class: "in-pager", "aria-label": "Pages", hidden: true });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.nothing = new NothingFound(browser);
    this.node = el("section", { class: "fx-card in-list", "aria-label": "Runs" }, el("header", { class: "in-head" }, this.count, el("span", { class: "in-head-acts" }, this.exports, this.sort)),
      this.reading, this.trouble, this.list, this.empty, this.pager);
    this.skeleton();
  }

  skeleton() {
    this.list.replaceChildren(...Array.from({ length: 8 }, () => el("li", { class: "in-row is-empty", "aria-hidden": "true" }, el("span", { class: "fx-skeleton" }, el("i"), el("i"), el("i")))));
  }

  wait() {
    this.node.setAttribute("aria-busy", "true");
  }

  draw(reply, labels, isQuiet) {
    const { total, matching, page, pages, cases } = reply;
    const told = JSON.stringify(cases);
    this.matching = matching;
    this.node.removeAttribute("aria-busy");
    this.trouble.replaceChildren();
    this.head(total, matching);
    this.progress(reply);
    if (told !== this.last) this.fill(cases);
    this.last = told;
    this.page(page, pages);
    this.lack(reply, labels);
    this.selection.draw();
    if (!isQuiet) this.browser.screen.say(matching === total ? counted(total, "run") : `${plain(matching)} of ${counted(total, "run")}`);
  }

  head(total, matching) {
    const isAll = matching === total;
    this.count.replaceChildren(el("span", { text: isAll ? counted(total, "run") : plain(matching) }), isAll ? "" : el("span", { class: "in-of", text: `of ${counted(total, "run")}` }));
    this.sort.value = this.browser.address.sort;
    show(this.exports, matching);
    this.exports.querySelector("div").replaceChildren(...exportLinks((format) => exportHref(this.browser.address.query(), format), "all that match"));
  }

  /* Runs that are not read yet cannot be found yet, and the page says so. */
  progress({ indexing, reading }) {
    const under = indexing || reading;
    show(this.reading, under);
    if (!under) return;
    const { done, left } = under;
    const words = indexing ? `${plain(left)} of ${counted(done + left, "run")} are still being read; what is found will grow.` : `Looking the phrase up in the texts: ${plain(left)} of ${counted(done + left, "case")} to go.`;
    const bar = el("span", { class: "st-bar", "aria-hidden": "true" }, el("i"));
    bar.firstChild.style.inlineSize = `${(100 * done) / (done + left)}%`;
    this.reading.replaceChildren(bar, el("span", { text: words }));
  }

  fill(cases) {
    const held = this.rows.find(({ node }) => node.contains(document.activeElement));
    const wasTick = held && document.activeElement === held.tick;
    this.rows = cases.map((card) => new RunRow(this, card));
    this.list.replaceChildren(...this.rows.map(({ node }) => node));
    const same = held && this.rows.find(({ id }) => id === held.id);
    if (same) (wasTick ? same.tick : same.link).focus({ preventScroll: true });
  }

  page(page, pages) {
    show(this.pager, pages > 1);
    if (pages <= 1) return;
    const { screen } = this.browser;
    const step = (words, to, isThere) => (isThere ? stepTo(screen.address.href({ page: to > 1 ? String(to) : null }), () => this.turn(to), { class: "fx-btn" }, el("span", { text: words })) : el("span", { class: "fx-btn is-off", "aria-hidden": "true" }, el("span", { text: words })));
    this.pager.replaceChildren(step("Previous", page - 1, page > 1), el("span", { text: `Page ${plain(page)} of ${plain(pages)}` }), step("Next", page + 1, page < pages));
  }

  turn(to) {
    this.isTurning = true;
    this.browser.screen.go({ page: to > 1 ? String(to) : null });
  }

  /* After a page was turned its first run has the focus. */
  turned() {
    if (!this.isTurning) return;
    this.isTurning = false;
    this.node.scrollIntoView({ block: "start" });
    this.rows[0]?.link.focus({ preventScroll: true });
  }

  lack({ total, matching, indexing, reading }, labels) {
    const kind = matching ? null : total || this.browser.address.filters.length ? "nothing" : indexing ? null : "none";
    show(this.list, matching);
    show(this.empty, kind);
    if (kind === "none") this.empty.replaceChildren(firstSteps());
    if (kind !== "nothing" || reading) return;
    const asked = this.browser.address.query();
    this.empty.replaceChildren(this.nothing.node);
    this.nothing.open(labels, () => this.browser.address.query() === asked && this.matching === 0);
  }

  /* The server's words, and the filter they are about as one that can be taken off. */
  fail(error) {
    this.node.removeAttribute("aria-busy");
    this.trouble.replaceChildren(el("p", {}, icon("warn"), el("span", { dir: "auto", text: error.message }), this.remedy(error)));
    if (this.last) return;
    this.list.replaceChildren();
    this.browser.panel.draw({ facets: {}, ranges: {}, matching: 0 });
  }

  remedy({ status, message }) {
    const { browser } = this;
    if (!status || status >= 500) return button("Try again", "redo", () => browser.open());
    const name = blamed(message, browser.address.filters);
    if (name === "sort") return button("Newest first", "redo", () => browser.screen.go({ sort: USUAL_SORT, page: null }));
    if (!name) return button("Clear all filters", "cross", () => browser.clear());
    return button(`Take off ${filterWords(name, "")[0]}`, "cross", () => browser.replace(name, ""));
  }

  /* ---------- keys ---------- */

  get at() {
    return this.rows.findIndex(({ node }) => node.contains(document.activeElement));
  }

  /* To the next or the last run by ±1, or to the one that was left; by 0 to the first. */
  step(by) {
    if (!this.rows.length) return;
    const at = this.at;
    const next = at < 0 ? (by ? this.place ?? 0 : 0) : Math.max(0, Math.min(this.rows.length - 1, at + by));
    this.place = next;
    this.rows[next].link.focus();
    this.rows[next].node.scrollIntoView({ block: "nearest" });
  }

  tick() {
    const row = this.rows[this.at];
    if (!row) return false;
    this.selection.set(row.id, !this.selection.has(row.id));
    return true;
  }

  enter() {
    const row = this.rows[this.at];
    if (!row) return false;
    this.openCase(row.id);
    return true;
  }

  openCase(id) {
    this.browser.screen.openCase(id);
  }

  /* Back from a case: on the run that was open. */
  back(id) {
    const row = this.rows.find((each) => each.id === id);
    if (!row) return;
    row.link.focus({ preventScroll: true });
    row.node.scrollIntoView({ block: "nearest" });
  }
}
