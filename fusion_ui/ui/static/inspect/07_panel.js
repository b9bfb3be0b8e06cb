/* All filters: a column beside the list, and a sheet over the page where there is no room for a column. */

class FilterPanel {
  constructor(browser) {
    this.browser = browser;
    this.facets = new Map(CHOICES.map((choice) => [choice.name, new Facet(browser, choice)]));
    this.ranges = RANGES.map((range) => new RangeField(browser, range));
    this.day = new DayField(browser);
    const before = ["disagree", "is", "loss", "flaw", "severity"];
    const nodes = (names) => names.map((name) => this.facets.get(name).node);
    this.numbers = el("details", { class: "in-facet", open: true }, el("summary", {}, el("span", { text: "Figures and days" })), el("div", { class: "in-ranges" }, ...this.ranges.map(({ node }) => node), this.day.node));
    this.parts = el("div", { class: "in-facets" }, ...nodes(before), this.numbers, ...nodes(CHOICES.map(({ name }) => name).filter((name) => !before.includes(name))));
    this.side = el("aside", { class: "fx-card in-side", "aria-label": "Filters" }, this.parts);
    this.sheet = new Sheet("Filters", { className: "in-filter-sheet", left: () => this.side.append(this.parts) });
    this.done = button("Show the cases", "check", () => this.sheet.close(), { class: "fx-btn fx-primary" });
    this.clear = button("Clear all", "cross", () => browser.clear(), { class: "fx-btn" });
    this.sheet.node.append(el("footer", { class: "in-sheet-foot" }, this.clear, this.done));
  }

  /* Whether the column is there; else a sheet holds the filters. */
  get isColumn() {
    return getComputedStyle(this.side).display !== "none";
  }

  draw({ facets, ranges, matching }) {
    const { address } = this.browser;
    for (const [name, facet] of this.facets) facet.draw(facets[name] || [], address.values(name));
    for (const field of this.ranges) field.draw(ranges?.[field.range.name], address.value(field.range.name));
    this.day.draw(ranges?.day, address.value("day"));
    show(this.numbers, [...this.ranges, this.day].some(({ node }) => !node.hidden));
    this.isEmpty = [...this.parts.children].every(({ hidden }) => hidden);
    show(this.side, !this.isEmpty);
    relabel(this.done, `Show ${counted(matching, "case")}`);
  }

  open() {
    if (this.isEmpty) return false;
    if (this.isColumn) {
      this.parts.querySelector("details:not([hidden]) > summary").focus();
      return true;
    }
    this.sheet.body.append(this.parts);
    this.sheet.open(this.browser.node);
    return true;
  }
}
