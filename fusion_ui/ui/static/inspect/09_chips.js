/* The filters that are on, each with a button that takes it off. A set of chosen runs is one filter. */

class FilterChips {
  constructor(browser) {
    this.browser = browser;
    this.list = el("ul", { class: "in-chips", "aria-label": "Filters that are on" });
    this.clear = button("Clear all", null, () => browser.clear(), { class: "fx-btn fx-quiet" });
    this.node = el("div", { class: "in-chosen", hidden: true }, this.list, this.clear);
  }

  draw(labels) {
    const { address } = this.browser;
    const ids = address.values("ids");
    const single = address.filters.filter(([name]) => name !== "ids" && name !== "q");
    const chips = single.map(([name, value]) => this.chip(...filterWords(name, value, labels), address.filters.filter((each) => each[0] !== name || each[1] !== value)));
    if (ids.length) chips.push(this.chip("Chosen", counted(ids.length, "run"), address.replaced("ids", "")));
    const place = [...this.list.children].findIndex((node) => node.contains(document.activeElement));
    this.list.replaceChildren(...chips);
    show(this.node, chips.length);
    show(this.clear, chips.length > 1);
    if (place >= 0) (this.list.children[Math.min(place, chips.length - 1)]?.querySelector("button") || this.browser.search.input).focus();
  }

  chip(name, words, rest) {
    return el("li", {}, el("button", { type: "button", class: "in-chip", "aria-label": `Take off: ${name}, ${words}`, click: () => this.browser.filter(rest) },
      el("span", { class: "in-chip-name", text: `${name}` }), foreign(clipped(words, 60)), icon("cross")));
  }
}
