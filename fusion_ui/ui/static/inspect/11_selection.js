/* The runs that are selected, on whatever page they stand, and what can be done with them. */

const FORMATS = { JSONL: "jsonl", CSV: "csv", Parquet: "parquet" };
const exportHref = (query, format) => `${API}/export?${query}${query ? "&" : ""}format=${format}`;

function exportLinks(hrefOf, what) {
  return Object.entries(FORMATS).map(([words, format]) => el("a", { class: "fx-btn", download: true, href: hrefOf(format), "aria-label": `Export ${what} as ${words}` }, el("span", { text: words })));
}

class RunSelection {
  constructor(browser) {
    this.browser = browser;
    this.ids = new Set();
    this.count = el("strong", {});
    this.all = command("Select all", null, () => this.selectAll());
    this.study = el("a", { class: "fx-btn fx-primary", target: "_self" }, icon("arrow"), el("span", { text: "Send to a study" }));
    this.files = el("span", { class: "in-files", role: "group", "aria-label": "Export the selected runs" });
    this.copy = button("Copy the link", "link", () => copyText(this.href(), this.copy));
    const clear = button("Clear", "cross", () => this.clear(), { class: "fx-btn fx-quiet" });
    this.node = el("div", { class: "fx-card in-selected", role: "region", "aria-label": "Selected runs", hidden: true },
      el("p", {}, this.count, " selected"), this.all.node, el("span", { class: "in-selected-acts" }, this.study, el("span", { class: "fx-hint", text: "Export" }), this.files, this.copy, clear));
  }

  has(id) {
    return this.ids.has(id);
  }

  set(id, isSelected) {
    if (isSelected) this.ids.add(id);
    else this.ids.delete(id);
    this.draw();
  }

  clear() {
    this.ids.clear();
    this.draw();
    this.browser.list.step(0);
  }

  get chosen() {
    return [...this.ids].map((id) => ["ids", id]);
  }

  query() {
    return this.browser.address.query({}, this.chosen);
  }

  /* These runs and nothing else, as a list of their own. */
  href() {
    return this.browser.address.href({ ...NO_PLACE, filters: this.chosen });
  }

  /* At most a thousand, which is what the server names. */
  async selectAll() {
    const { run_ids: ids, matching } = await this.browser.screen.call(`/ids?${this.browser.address.query()}`);
    for (const id of ids) this.ids.add(id);
    this.draw();
    if (matching > ids.length) throw new Error(`The first ${plain(ids.length)} of ${plain(matching)} are selected: no more at a time.`);
  }

  draw() {
    const { list } = this.browser;
    const number = this.ids.size;
    show(this.node, number);
    write(this.count, plain(number));
    this.browser.screen.say(number ? `${counted(number, "run")} selected` : "");
    for (const row of list.rows) row.mark(this.has(row.id));
    relabel(this.all.control, `Select all ${plain(list.matching)}`);
    show(this.all.node, list.matching > list.rows.length || list.rows.some(({ id }) => !this.has(id)));
    if (!number) return;
    const chosen = new URLSearchParams([["new", "1"], ...[...this.ids].map((id) => ["run", id])]);
    this.study.href = `/studies?${chosen}`;
    this.files.replaceChildren(...exportLinks((format) => exportHref(this.query(), format), "the selected runs"));
  }
}
